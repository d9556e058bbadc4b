"""Rows of the tables over draws as typed tuples, for `solvers.base.rows.typed`. Tuples hold one value a power."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DealRow", "IndexRow", "LearnedRow", "PremiumRow", "ShareRow", "SwingRow"]


class DealRow(NamedTuple):
    """A row of `Assessment.by_deal`: shares of draws; autonomy handed over in million people. NaN where too few draws fit."""

    map: str
    worlds: str
    draws: int
    pays_all: float
    holds: float
    pays_all_and_holds: float
    error: float
    handed_over: float


class PremiumRow(NamedTuple):
    """A row of `Outcomes.premiums`: quantiles over the draws, in per cent of the power's capability or in points."""

    regime: str
    power: str
    percentile_5: float
    median: float
    percentile_95: float


class ShareRow(NamedTuple):
    """A row of `Outcomes.shares`: the share of draws in which a condition is true, and its 95 % interval."""

    regime: str
    condition: str
    share: float
    low: float
    high: float


class LearnedRow(NamedTuple):
    """A row of `Matched.learned`: a number before and after the match. NaN for a switch, which has no quantiles."""

    number: str
    before_median: float
    after_median: float
    after_percentile_5: float
    after_percentile_95: float
    distance: float
    by_chance: float


class SwingRow(NamedTuple):
    """A row of `Tornado.swings`: each power's least and largest premium over one number's range, in points."""

    number: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    turns: str


class IndexRow(NamedTuple):
    """A row of `SobolIndices.of`: indices of one number, with half of the 95 % interval of the total index."""

    number: str
    first: float
    total: float
    total_error: float
