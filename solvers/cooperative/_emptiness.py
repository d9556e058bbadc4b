"""What a core says of itself, and the proof that it is empty, for players one by one and by types."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from solvers.base.rational import solve_exactly

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["balanced_above", "balanced_frame", "words"]


def words(
    balanced: Sequence[tuple[str, Fraction]], worth: float, missing: float, rounded: bool = False
) -> str:
    """Sentences on a core: why it is not empty, or the weights that show that it is."""
    if not balanced:
        return (
            "The core is not empty: the allocation shown satisfies every coalition, as checked in exact arithmetic"
            f"{' (up to the rounding of the worths)' if rounded else ''}. Needs a common unit of payoffs."
        )
    proof = " + ".join(f"{w} * v({label})" for label, w in balanced)
    return (
        f"The core is empty: {proof} = {worth + missing:.6g}, more than the {worth:.6g} of all together, though "
        f"every player's weights add up to 1. All together lack {missing:.6g}. Needs a common unit of payoffs."
    )


def balanced_frame(
    balanced: Sequence[tuple[str, Fraction]], worths: Sequence[float], name: str
) -> pd.DataFrame:
    """The balanced coalitions with their weights and worths."""
    import pandas as pd

    return pd.DataFrame(
        {"weight": [float(w) for _, w in balanced], "worth": list(worths)},
        index=pd.Index([label for label, _ in balanced], name=name),
    )


def balanced_above(
    support: Sequence[int],
    rows: Sequence[Sequence[Fraction]],
    sizes: Sequence[Fraction],
    worths: Sequence[Fraction],
    whole: Fraction,
    rounding: Fraction = Fraction(0),
) -> tuple[tuple[tuple[int, Fraction], ...], Fraction] | None:
    """Weights of the supporting coalitions under which their worths exceed the whole, and by how much; None if there are none.

    `rows[i]` says how many members of kind i each coalition has, and `sizes[i]` what the weights must add up to there.
    """
    weights = solve_exactly([list(row) for row in rows], list(sizes))
    if weights is None or min(weights) < 0:
        return None
    total = sum((w * worth for worth, w in zip(worths, weights)), Fraction(0))
    if total <= whole + rounding:
        return None
    return tuple((s, w) for s, w in zip(support, weights) if w > 0), total - whole
