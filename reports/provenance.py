"""Where a result comes from: version, scenario and its digest, command, seed, and what was changed from the scenario."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reports.document import Cell, Change, Provenance

if TYPE_CHECKING:
    from games.spheres import SpheresModel

__all__ = ["bibtex", "changes", "citation", "command_line", "digest", "of", "version"]

_OUTPUTS = ("-o", "--output", "--figures", "--tables")
_FLAGS = ("--json",)


def of(
    model: SpheresModel | None,
    *,
    base: SpheresModel | None = None,
    file: Path | None = None,
    command: str = "",
    seed: int | None = None,
) -> Provenance:
    """The provenance of a result computed from a model.

    `base` is the model as the scenario file has it, and `file` that file. If they are left out and the model's scenario is one
    of those that come with the package, they are looked up by its name.
    """
    if model is None:
        return Provenance(version=version(), command=command, seed=seed)
    if file is None and base is None:
        file, base = _shipped(model)
    return Provenance(
        version=version(),
        scenario=model.name if file is None or file.stem == model.name else f"{model.name} in {file.name}",
        digest=digest(file.read_bytes()) if file is not None else "",
        command=command,
        seed=seed,
        changes=changes(base, model) if base is not None else (),
    )


def changes(base: SpheresModel, model: SpheresModel) -> tuple[Change, ...]:
    """Each input of the model that differs from the base's: numbers, words, holders.

    >>> from games import load
    >>> model = load("us-china-russia-2025")
    >>> changes(model, model.vary({"half_distance": 3000}))
    (Change(path='half_distance', old=2000.0, new=3000.0),)
    """
    if base is model:
        return ()
    return tuple(_changes(base, model))


def _changes(base: SpheresModel, model: SpheresModel) -> Iterator[Change]:
    old, new = _inputs(base), _inputs(model)
    for path in dict.fromkeys((*old, *new)):
        if old.get(path) != new.get(path):
            yield Change(path, old.get(path), new.get(path))


def _inputs(model: SpheresModel) -> dict[str, Cell]:
    """Every input by path: numbers as the model lists them, then words and holders."""
    frame = model.inputs()
    out: dict[str, Cell] = dict(zip(frame["path"].tolist(), frame["value"].tolist()))
    for field in fields(model.parameters):
        value = getattr(model.parameters, field.name)
        if field.name not in out:
            out[field.name] = value if isinstance(value, (str, bool, float, int)) else str(value)
    out |= {"index": model.index, "benchmark": model.benchmark, "powers": ", ".join(model.players)}
    for region, holder, mode in zip(model.region_names, model.holder_names(), model.modes()):
        out[f"regions.{region}.holder"] = f"{holder} by {mode}" if mode else holder
    return out


def command_line(words: Sequence[str]) -> str:
    """A command as it would be typed again, without the names of output files.

    >>> command_line(["report", "-o", "a.html", "--map", "Ukraine to Russia", "--json"])
    "concert report --map 'Ukraine to Russia'"
    """
    import shlex

    kept: list[str] = []
    skip = False
    for word in words:
        name = word.split("=", 1)[0]
        if skip:
            skip = False
        elif name in _OUTPUTS:
            skip = "=" not in word
        elif word.startswith("-o") and not word.startswith("--"):
            continue
        elif word not in _FLAGS:
            kept.append(word)
    return shlex.join(["concert", *kept])


def digest(content: bytes) -> str:
    """The SHA-256 of a file's content, in hexadecimal digits."""
    from hashlib import sha256

    return sha256(content).hexdigest()


_AUTHOR, _YEAR = "The concert-of-powers founders", "2026"
_TITLE = "concert-of-powers: a game-theory toolkit for great-power concerts and spheres of influence"


def citation() -> str:
    """How to cite the program, in words; CITATION.cff holds the same.

    >>> citation()
    'The concert-of-powers founders (2026). concert-of-powers: a game-theory toolkit ... spheres of influence. Version ...'
    """
    return f"{_AUTHOR} ({_YEAR}). {_TITLE}. Version {version()}."


def bibtex() -> str:
    """How to cite the program, for BibTeX."""
    return "\n".join(
        [
            "@software{concert_of_powers,",
            f"  author  = {{{{{_AUTHOR}}}}},",
            f"  title   = {{{_TITLE}}},",
            f"  version = {{{version()}}},",
            f"  year    = {{{_YEAR}}}",
            "}",
        ]
    )


@cache
def version() -> str:
    """The version of the package."""
    import games

    known = getattr(games, "__version__", None)
    if known:
        return str(known)
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed

    try:
        return installed("concert-of-powers")
    except PackageNotFoundError:
        return "not installed"


def _shipped(model: SpheresModel) -> tuple[Path | None, SpheresModel | None]:
    """File and model of the scenario of this name that comes with the package; nothing for models built by hand."""
    from importlib.resources import files

    from games import load, scenarios

    if model.source is None or model.name not in scenarios():
        return None, None
    path = Path(str(files("games"))) / "scenario" / "shipped" / f"{model.name}.toml"
    return (path, load(model.name)) if path.is_file() else (None, None)
