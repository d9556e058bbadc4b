"""Finding scenario files and laying patches over their bases.

A file with a `base` key is a *patch*: the base scenario with the patch's keys laid over it, tables merged key by key. A bare
number in the place of a tagged one changes its value; an observed number so changed becomes an assumed one. `remove`
lists paths of entries to drop, as in `remove = ["regions.Greenland", "maps.hemispheres.Greenland"]`.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from games.errors import ScenarioError, did_you_mean

__all__ = ["ENDINGS", "VERSION", "find", "places", "resolve", "shipped", "tree_of"]

VERSION = 2
NUMBER_KEYS = {"value", "tag", "source", "year", "low", "high", "reason", "law"}
ENDINGS = (".toml", ".xlsx")
"""The endings of scenario files."""
# A scenario is a page or two of text; anything much larger is a mistake or an attack.
_LARGEST_FILE = 2_000_000


@cache
def shipped() -> dict[str, Path]:
    """Paths of the scenarios that come with the project, by name."""
    folder = Path(str(files("games"))) / "scenario" / "shipped"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def find(scenario: str | Path, beside: Path | None = None) -> Path:
    """The file of a scenario given by name or path. Raises ScenarioError."""
    name = str(scenario)
    candidates = [Path(name)] if beside is None else [beside / name, beside / f"{name}.toml"]
    for path in candidates:
        if path.suffix.lower() in ENDINGS and _is_file(path):
            return path
    if name in shipped():
        return shipped()[name]
    if name.lower().endswith(ENDINGS) or "/" in name or "\\" in name:
        raise ScenarioError(f"there is no scenario file {name!r}")
    raise ScenarioError(f"there is no scenario {name!r}{did_you_mean(name, shipped())}")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def places(path: Path) -> dict[str, str]:
    """Where in a workbook each entry stands, by its path: sheet and row. Empty for a TOML file."""
    from games.codecs import scenario_book

    return scenario_book.from_bytes(_content(path), str(path))[1] if path.suffix.lower() == ".xlsx" else {}


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ScenarioError(f"{path}: a scenario file has at most {_LARGEST_FILE:,} bytes")
        return path.read_bytes()
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}") from None


def tree_of(path: Path) -> dict[str, Any]:
    """The tree of one file, TOML or Excel. Raises ScenarioError."""
    content = _content(path)
    if path.suffix.lower() == ".xlsx":
        from games.codecs import scenario_book

        return scenario_book.from_bytes(content, str(path))[0]
    try:
        return tomllib.loads(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: this is not valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise ScenarioError(f"{path}: this is not a text file in UTF-8") from None
    except RecursionError:
        raise ScenarioError(f"{path}: tables are nested too deep") from None


def resolve(path: Path, chain: tuple[Path, ...] = ()) -> dict[str, Any]:
    """The tree of a file with the bases under it merged in. Raises ScenarioError."""
    here = path.resolve()
    if here in chain:
        names = " -> ".join(p.name for p in (*chain, here))
        raise ScenarioError(f"{path}: the patches go round in a circle: {names}")
    tree = tree_of(path)
    if tree.get("version") != VERSION:
        raise ScenarioError(
            f"{path}: version is {tree.get('version')!r}; this release reads version {VERSION}"
            + (
                ""
                if tree.get("version") != 1
                else " (version 1 described another model; see docs/scenarios.md)"
            )
        )
    data = tree.get("data")
    if isinstance(data, str):
        # A folder of tables lies beside the file that names it.
        tree["data"] = str(path.parent / data)
    if "base" not in tree:
        if "remove" in tree:
            raise ScenarioError(f"{path}: remove needs a base")
        return tree
    base = tree.pop("base")
    if not isinstance(base, str):
        raise ScenarioError(f"{path}: base is {base!r}; it names a scenario or a file")
    try:
        below = find(base, beside=path.parent)
    except ScenarioError as error:
        raise ScenarioError(f"{path}: base: {error}") from None
    merged = resolve(below, (*chain, here))
    merged.pop("name", None)
    removed = tree.pop("remove", [])
    if not (isinstance(removed, list) and all(isinstance(entry, str) for entry in removed)):
        raise ScenarioError(
            f"{path}: remove is {removed!r}; it is a list of paths such as 'regions.Greenland'"
        )
    for entry in removed:
        try:
            parent, key = step_to(merged, entry)
        except ScenarioError as error:
            raise ScenarioError(f"{path}: remove: {error}") from None
        del parent[key]
    _lay_over(merged, tree, str(path))
    return merged


def step_to(tree: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """The table that holds the last key of a path, and that key. Raises ScenarioError if there is no such entry."""
    node: Any = tree
    *parents, last = path.split(".")
    for depth, key in enumerate((*parents, last)):
        table = node if isinstance(node, dict) and not is_number(node) else {}
        if key not in table:
            place = ".".join(parents[:depth]) or "the scenario"
            raise ScenarioError(f"there is no {path!r}: {place} has no {key!r}{did_you_mean(key, table)}")
        if depth < len(parents):
            node = node[key]
    return node, last


def _lay_over(tree: dict[str, Any], patch: Mapping[str, Any], where: str, path: tuple[str, ...] = ()) -> None:
    for key, new in patch.items():
        old: Any = tree.get(key)
        if is_number(old) and isinstance(new, (int, float)) and not isinstance(new, bool):
            tree[key] = changed(old, new, f"changed by {Path(where).name}")
        elif is_number(old) and isinstance(new, Mapping) and "tag" in new:
            tree[key] = dict(new)
        elif isinstance(old, dict) and isinstance(new, Mapping):
            _lay_over(old, new, where, (*path, key))
        elif is_number(old):
            # Checked with all the others, which names every number that is wrong.
            tree[key] = copy.deepcopy(new)
        elif isinstance(old, dict) and path != ("regions",):
            raise ScenarioError(f"{where}: {'.'.join((*path, key))} is {new!r}; the base has a table there")
        else:
            tree[key] = copy.deepcopy(new)


def is_number(entry: Any) -> bool:
    """Whether a table is a tagged number."""
    return isinstance(entry, dict) and "value" in entry and entry.keys() <= NUMBER_KEYS


def changed(old: Mapping[str, Any], value: float, reason: str) -> dict[str, Any]:
    """A tagged number with another value: no longer observed, its range widened to hold both."""
    bounds = [x for x in (old.get("low"), old.get("high"), old["value"], value) if x is not None]
    law = old.get("law", "uniform") if min(bounds) > 0 else "uniform"
    return {
        "value": value,
        "tag": "assumed",
        "low": min(bounds),
        "high": max(bounds),
        "reason": reason,
        "law": law,
    }
