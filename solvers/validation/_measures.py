"""How good predicted chances of a yes-or-no outcome are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["auc", "auc_within", "brier", "log_score", "reliability"]


def auc(outcome: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """The chance that a case with the outcome is ranked above one without it, ties counting half; NaN without both kinds.

    >>> auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    y, p = np.asarray(outcome, dtype=np.bool_), np.asarray(predicted, dtype=np.float64)
    return auc_within(y, p, np.zeros(len(y)))


def auc_within(outcome: npt.ArrayLike, predicted: npt.ArrayLike, groups: npt.ArrayLike) -> float:
    """The same over pairs of cases of one group: what is left when the groups' own levels are known."""
    y, p = np.asarray(outcome, dtype=np.bool_), np.asarray(predicted, dtype=np.float64)
    group = np.asarray(groups)
    won, count = 0.0, 0
    for g in np.unique(group):
        yes, no = p[(group == g) & y], p[(group == g) & ~y]
        difference = yes[:, None] - no[None]
        won += float((difference > 0).sum() + 0.5 * (difference == 0).sum())
        count += difference.size
    return won / count if count else float("nan")


def brier(outcome: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Mean squared difference (Brier 1950); 0 is perfect, and .25 is what a coin gets.

    >>> brier([0, 1], [0.1, 0.8])
    0.025
    """
    return float(
        np.mean((np.asarray(outcome, dtype=np.float64) - np.asarray(predicted, dtype=np.float64)) ** 2)
    )


def log_score(outcome: npt.ArrayLike, predicted: npt.ArrayLike) -> float:
    """Mean of minus the log of the chance given to what happened; 0 is perfect, and .693 is what a coin gets."""
    y, p = np.asarray(outcome, dtype=np.float64), np.asarray(predicted, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return float(-np.mean(np.where(y > 0, np.log(p), np.log1p(-p))))


def reliability(outcome: npt.ArrayLike, predicted: npt.ArrayLike, bins: int = 5) -> pd.DataFrame:
    """What was seen where so much was predicted: one row for each of `bins` equal parts of [0, 1] that has cases.

    Columns: from, to, predicted (mean), seen (share), low, high (95 % interval of the share), cases.
    """
    import pandas as pd

    from solvers.uncertainty._shares import share

    y, p = np.asarray(outcome, dtype=np.bool_), np.asarray(predicted, dtype=np.float64)
    which = np.minimum((p * bins).astype(np.int64), bins - 1)
    rows = []
    for k in range(bins):
        at = which == k
        if at.any():
            seen = share(int(y[at].sum()), int(at.sum()))
            rows.append(
                (k / bins, (k + 1) / bins, float(p[at].mean()), seen.value, seen.low, seen.high, seen.draws)
            )
    return pd.DataFrame(rows, columns=["from", "to", "predicted", "seen", "low", "high", "cases"])
