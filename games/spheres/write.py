"""Writing a model down as a scenario file (`docs/scenarios.md`), from what its source kept and what has changed since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from games import files
from games.errors import OutputError, ScenarioError
from games.spheres import inputs

if TYPE_CHECKING:
    from games.spheres.model import SpheresModel

__all__ = ["dump", "tree_of", "write"]

_SWITCHES = ("claims", "defence_advantage", "pact_cost", "left_out")


def write(model: SpheresModel, path: str | Path) -> None:
    """Write a model as a scenario file, TOML or an Excel workbook by the ending, whole or not at all.

    Raises ScenarioError for one built by hand, OutputError if the file cannot be written.
    """
    tree = tree_of(model)
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in (".toml", ".xlsx"):
        raise OutputError(f"{target}: a scenario file ends in .toml or .xlsx")
    if ending == ".xlsx":
        from games.codecs import scenario_book

        content = scenario_book.to_bytes(tree, str(target))
    else:
        content = dump(tree).encode()
    files.write(target, content)


def tree_of(model: SpheresModel) -> dict[str, Any]:
    """A scenario's tree from which the model can be read back."""
    if model.source is None:
        raise ScenarioError(f"the model {model.name!r} was built by hand and keeps no record of its source")
    tree: dict[str, Any] = {
        "version": 2,
        "name": model.name,
        "title": model.title or model.name,
        **{k: v for k, v in model.source.tree.items() if k not in ("version", "name", "title")},
    }
    tree["benchmark"] = model.benchmark
    tree["on_table"] = list(model.on_table)
    tree["maps"] = {
        name: {region: entry or "nobody" for region, entry in entries.items()}
        for name, entries in model.maps.items()
        if entries
    }
    tree["regimes"] = {name: [list(group) for group in groups] for name, groups in model.blocs.items()}
    tree["observed"] = {
        name: {"contests": [list(pair) for pair in seen.contests], "source": seen.source}
        for name, seen in model.observed.items()
    }
    switches = {name: getattr(model.parameters, name) for name in _SWITCHES}
    tree["switches"] = {**switches, "index": model.index}
    numbers = json.loads(json.dumps(tree.get("numbers", {})))
    now = inputs.values(model)
    for path, assumption in model.assumptions.items():
        if assumption != model.source.assumptions.get(path):
            entry = {
                "value": now[path],
                "tag": "assumed",
                "low": min(assumption.low, now[path]),
                "high": max(assumption.high, now[path]),
                "reason": assumption.reason or "stated",
                "law": assumption.law,
            }
            _place(numbers, path, entry)
        elif now[path] != assumption.value:
            raise ScenarioError(
                f"{path} is {now[path]:g}, but its assumption says {assumption.value:g}; use vary()"
            )
    tree["numbers"] = numbers
    return {key: value for key, value in tree.items() if value not in ({}, [], "")}


def _place(numbers: dict[str, Any], path: str, entry: Mapping[str, Any]) -> None:
    kind, _, rest = path.partition(".")
    if not rest:
        numbers[kind] = dict(entry)
        return
    name, _, key = rest.rpartition(".")
    numbers.setdefault(kind, {}).setdefault(name, {})[key] = dict(entry)


def dump(tree: Mapping[str, Any]) -> str:
    """A tree of tables, lists, texts and numbers as TOML: plain keys first, then tables; tables of plain values on one line.

    >>> print(dump({"a": 1, "b": {"c d": [True, "x"]}}))
    a = 1
    <BLANKLINE>
    [b]
    "c d" = [true, "x"]
    """
    lines: list[str] = []
    _table(tree, (), lines)
    return "\n".join(lines).strip() + "\n"


def _table(table: Mapping[str, Any], path: tuple[str, ...], lines: list[str]) -> None:
    plain = {k: v for k, v in table.items() if not _is_table(v)}
    if path and (plain or not table):
        lines += ["", f"[{'.'.join(map(_key, path))}]"]
    lines += [f"{_key(k)} = {_value(v)}" for k, v in plain.items()]
    for key, value in table.items():
        if _is_table(value):
            _table(value, (*path, key), lines)


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and "tag" not in value


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else _text(key)


def _text(text: str) -> str:
    # JSON's escapes are TOML's, but for the one control character that JSON leaves alone.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items() if v is not None) + " }"
    return "[" + ", ".join(_value(v) for v in value) + "]"
