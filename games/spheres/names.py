"""The rules that names obey, so that they can stand in paths, tables, sentences and spreadsheets."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from games.errors import ScenarioError
from games.spheres.maps import NEUTRAL, NOBODY

__all__ = ["check_name", "check_names", "check_title"]

_RESERVED = (NOBODY, NEUTRAL, "local", "order")
_LONGEST = 80


def check_title(where: str, name: str) -> None:
    """Raise ScenarioError unless the name of a map, regime or observed profile can stand in tables and sentences."""
    if not name or name != name.strip():
        raise ScenarioError(f"{where}: the name {name!r} is empty or begins or ends with a space")
    if len(name) > _LONGEST:
        raise ScenarioError(f"{where}: a name has at most {_LONGEST} characters; this one has {len(name)}")
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in name):
        raise ScenarioError(f"{where}: the name {name!r} holds a control or formatting character")
    if name[0] in "=+-@":
        raise ScenarioError(f"{where}: the name {name!r} would be a formula in a spreadsheet")


def check_name(where: str, name: str) -> None:
    """Raise ScenarioError unless a name of a power or region can also stand in paths and maps."""
    check_title(where, name)
    if "." in name or "&" in name:
        raise ScenarioError(f"{where}: the name {name!r} holds a dot or an ampersand")
    if name.endswith((" by force", " by consent")):
        raise ScenarioError(f"{where}: the name {name!r} ends like a map's entry")
    if name.casefold() in _RESERVED:
        raise ScenarioError(f"{where}: {name!r} is reserved and cannot be a name")


def check_names(what: str, names: Sequence[str]) -> None:
    """Raise ScenarioError unless names are sound and differ by more than capitals and spaces."""
    seen: dict[str, str] = {}
    for name in names:
        check_name(what, name)
        key = " ".join(name.casefold().split())
        if key in seen:
            text = (
                f"two {what} are named {name!r}"
                if seen[key] == name
                else (f"two {what} differ only in capitals or spaces: {seen[key]!r} and {name!r}")
            )
            raise ScenarioError(f"{text}; names must be distinct")
        seen[key] = name
