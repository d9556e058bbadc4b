"""The numbers of a scenario file, by their paths in the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from games.spheres import ASSUMPTIONS, Assumption

if TYPE_CHECKING:
    from games.scenario._schema import Number, ScenarioFile


__all__ = ["as_assumption", "numbers", "reason"]

_EVERY_POWER = ("patience", "survival", "tremble", "growth")


def numbers(file: ScenarioFile, players: Sequence[str]) -> Iterator[tuple[str, Number]]:
    """Every number that the file gives, by its path in the model; a plain one of a power's stands for each power."""
    for name in type(file.numbers).model_fields:
        value = getattr(file.numbers, name)
        if value is None:
            continue
        if name in _EVERY_POWER:
            yield from ((f"powers.{power}.{name}", value) for power in players)
        elif not isinstance(value, dict):
            yield name, value
    for kind in ("powers", "regions", "ties"):
        for owner, table in getattr(file.numbers, kind).items():
            key = " & ".join(sorted(x.strip() for x in owner.split("&"))) if kind == "ties" else owner
            for name in type(table).model_fields:
                value = getattr(table, name)
                if value is not None:
                    yield f"{kind}.{key}.{name}", value


def as_assumption(path: str, number: Number, file: ScenarioFile) -> Assumption:
    """A number tagged assumed, as the model keeps it."""
    known = ASSUMPTIONS.get(path)
    assert number.low is not None
    assert number.high is not None
    # Numbers of powers and ties that share a reason are of one rule.
    rule = number.reason or "" if "." in path else ""
    return Assumption(
        number.value,
        number.low,
        number.high,
        reason(number, file),
        number.law,
        rule,
        known.symbol if known else "",
        known.meaning if known else "",
    )


def reason(number: Number, file: ScenarioFile) -> str:
    reason = number.reason or ""
    return file.rules.get(reason, reason)
