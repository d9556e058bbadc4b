"""What the sections share."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from games.words import capital, with_articles
from reports.document import Mark, MarkStyle, Paragraph
from reports.tables import ZERO, interval, text
from solvers.base.rounding import TOLERANCE

if TYPE_CHECKING:
    from games.errors import SizeError
    from reports.document import Cell, Column
    from solvers.compare import Comparison

__all__ = [
    "called",
    "fares",
    "groups_note",
    "legend_regimes",
    "mark",
    "reference",
    "sentences",
    "span",
    "too_large",
    "yes",
]


def called(result: Comparison) -> str:
    """What the deal is called: the name of its regime."""
    return result.regime


def fares(result: Comparison, power: str) -> str:
    """How a power fares in the deal over the equilibria of competition."""
    s = result.standing
    premium = s.premium[:, result.players.index(power)]
    small = TOLERANCE * max(float(s.game.ranges[result.players.index(power)]), 1e-300)
    if premium.min() > small:
        return "gains"
    if premium.max() < -small:
        return "loses"
    return "neither gains nor loses" if max(premium.max(), -premium.min()) <= small else "gains or loses"


def legend_regimes(result: Comparison) -> tuple[tuple[str, str], ...]:
    return (
        ("concert", called(result)),
        ("competition", "competition: the Nash equilibria, lowest to highest"),
        ("other", "other regimes"),
    )


def mark(style: MarkStyle, low: Any, high: Any) -> Mark:
    """A mark from low to high; a point where they are the same to rounding."""
    a, b = float(low), float(high)
    return Mark(style, a) if math.isclose(a, b, rel_tol=1e-9, abs_tol=ZERO) else Mark(style, a, b)


def span(values: Any, column: Column) -> tuple[Cell, str]:
    """The interval from the lowest to the highest of some numbers, as a cell and in words."""
    cell = interval(min(values), max(values))
    return cell, text(cell, column)


def reference(result: Comparison) -> str:
    """The benchmark that stands for competition where there is room for one, in words."""
    name = result.standing.benchmark_names[result.reference]
    profile = result.standing.benchmark_profiles[result.reference]
    parts = []
    for power, actions, weights in zip(result.players, result.benchmark_game.actions, profile):
        played = [(label, w) for label, w in zip(actions, weights.tolist()) if w > 0]
        words = ", ".join(label if len(played) == 1 else f"{label} ({w:.0%})" for label, w in played)
        parts.append(f"{power}: {with_articles(words, result.players)}")
    return f"“{name}” ({'; '.join(parts)})"


def groups_note(labels: Iterable[str]) -> tuple[str, ...]:
    """What "Germany +6" means, where a picture shortens the names of regions to it."""
    groups = [label for label in labels if re.fullmatch(r".+ and \d+ others?", label)]
    return ("A region of several states may be shortened: “+6” stands for “and 6 others”.",) if groups else ()


def yes(value: Any) -> str:
    return str(value) if isinstance(value, str) else "yes" if value else "no"


def too_large(error: SizeError) -> Paragraph:
    """What stands in the place of divisions that are too many, with what a scenario can do about it."""
    remedy = " In the scenario, `on_table` names the regions to divide." if error.advice else ""
    return Paragraph(f"Not computed here: {error.fact}.{remedy}")


def sentences(parts: Iterable[str]) -> str:
    return " ".join(f"{capital(part)}." for part in parts)
