"""Rows of a comparison's tables as typed tuples, for `solvers.base.rows.typed`. Tuples hold one value a power."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CaseRow", "ObservedRow", "RegionRow", "SlackRow"]


class CaseRow(NamedTuple):
    """A row of `Comparison.maps`, `by_index` and `variants`: the same deal elsewhere. Premiums in points."""

    holds_nash: bool
    holds_minmax: bool
    critical_overall_low: float
    critical_overall_high: float
    premium_low: tuple[float, ...]
    premium_high: tuple[float, ...]


class ObservedRow(NamedTuple):
    """A row of `Comparison.against_observed`: what the powers were seen to do. Premium and regret in points."""

    observed: str
    source: str
    equilibrium: bool
    premium: tuple[float, ...]
    regret: tuple[float, ...]


class RegionRow(NamedTuple):
    """A row of `Comparison.regions`: what becomes of a region. `by_player` is what it brings each power, in points."""

    region: str
    holder: str
    mode: str
    defended: float
    autonomy: float
    by_player: tuple[float, ...]


class SlackRow(NamedTuple):
    """A row of `Comparison.slack`: what a power loses a year by its best deviation, in points."""

    power: str
    nash_low: float
    nash_high: float
    status_quo_low: float
    status_quo_high: float
    minmax: float
