"""What follows in every draw, and the shares of draws in which something is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from games.errors import MethodError, did_you_mean
from games.normal_form import BoolArray, FloatArray, Profile
from games.spheres import Draws, SpheresModel
from games.types import IntArray
from games.words import counted, listed, the
from solvers.base.result import Result
from solvers.uncertainty import _tables
from solvers.uncertainty._names import COMPETITION, weights
from solvers.uncertainty._shares import Share, share_of
from solvers.uncertainty._stages import Bounds, pairs

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CONDITIONS", "VALUES", "Outcomes", "joined"]

CONDITIONS: Mapping[str, str] = {
    "pays all": "every power gains by the deal",
    "holds": "no power gains by breaking it at its own patience (Nash reversion)",
    "could hold": "no power gains by breaking it if it could be held to its minmax value, which no punishment beats",
    "holds by ostracism": "no power gains by breaking it if all others then contest it",
    "pays all and holds": "both",
    "equilibrium": "it is an equilibrium of the year's game, so that no patience is needed",
    "no pair leaves": "no two powers gain by leaving it together, in the year itself",
    "firm": "it pays all, holds, and no pair leaves it",
}
VALUES = ("premium low", "premium high", "gain", "critical discount", "payoff")


@dataclass(frozen=True, eq=False, repr=False)
class Outcomes(Result):
    """What follows in each of D draws, for G regimes on one map and O observed profiles on the status quo map.

    Arrays have the draws first; N powers, P pairs, R regions. Payoffs and gains are in points.

    Attributes
    ----------
    model, draws : what was evaluated
    map : the map of the deals, in words
    regimes, profiles : names of the G regimes and their action numbers
    observed, observed_profiles : names of the O observed profiles and their action numbers
    payoffs : array (D, G, N), of each regime on the map
    gains : array (D, G, N), of each power's best deviation in the year; negative where every deviation costs
    nash, nash_mildest, status_quo, ostracism, minmax, minmax_pure : arrays (D, G, N)
        Critical discount factors, in this order: reversion to the equilibrium of the deal's own map that is harshest
        (mildest) for the deviator; to the harshest of the status quo map; being contested by all others. The last
        two are bounds: what the others can hold the deviator to when they randomise together, or play one profile.
        inf: no discount factor is high enough. NaN: not computed.
    pair_leaves : bool array (D, G, P), does the pair gain by leaving the regime together? None for seven powers and more
    competition : Bounds of arrays (D, N), least and largest payoff over the equilibria of the status quo map
    reversion : Bounds of arrays (D, N), the same over the equilibria of the deal's own map
    equilibria : int array (M, 1 + N), draw and action numbers of every pure equilibrium of the status quo map
    count : int array (D,), equilibria found on the status quo map, mixed ones included
    mixed : bool array (D,), whether mixed ones are among them
    complete : bool array (D,), whether these are all that were asked for
    observed_payoffs, observed_gains, observed_nash : arrays (D, O, N), as above for the observed profiles
    autonomy : array (D, G, R), of each region under each regime; NaN where it was not asked for
    autonomy_observed : array (D, O, R)
    autonomy_competition : Bounds of arrays (D, R)
    weighed_competition : Bounds of arrays (D, 2): autonomy under competition summed over the regions, weighed by population
        (millions) and by output ($bn)
    discount, capability : arrays (D, N), own yearly discount factors, and capability in points
    mixed_rule : which mixed equilibria were asked for
    """

    model: SpheresModel
    draws: Draws
    map: str
    regimes: tuple[str, ...]
    profiles: tuple[Profile, ...]
    observed: tuple[str, ...]
    observed_profiles: tuple[Profile, ...]
    payoffs: FloatArray
    gains: FloatArray
    nash: FloatArray
    nash_mildest: FloatArray
    status_quo: FloatArray
    ostracism: FloatArray
    minmax: FloatArray
    minmax_pure: FloatArray
    pair_leaves: BoolArray | None
    competition: Bounds
    reversion: Bounds
    equilibria: IntArray
    count: IntArray
    mixed: BoolArray
    complete: BoolArray
    observed_payoffs: FloatArray
    observed_gains: FloatArray
    observed_nash: FloatArray
    autonomy: FloatArray
    autonomy_observed: FloatArray
    autonomy_competition: Bounds
    weighed_competition: Bounds
    discount: FloatArray
    capability: FloatArray
    mixed_rule: str

    def __len__(self) -> int:
        return len(self.draws)

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the powers."""
        return self.model.players

    @property
    def pairs(self) -> tuple[str, ...]:
        """Names of the pairs of powers."""
        names = self.players
        return tuple(f"{names[i]} and {names[j]}" for i, j in pairs(len(names)))

    def take(self, rows: npt.ArrayLike) -> Outcomes:
        """The outcomes in some of the draws, by a mask or row numbers."""
        index = np.asarray(rows)
        if index.dtype == np.bool_:
            index = np.flatnonzero(index)
        if not len(index):
            raise MethodError("outcomes need at least one draw")
        changed: dict[str, Any] = {"draws": self.draws.take(index)}
        for name in _BY_DRAW:
            value = getattr(self, name)
            if isinstance(value, Bounds):
                changed[name] = Bounds(*(v[index] for v in value))
            elif value is not None:
                changed[name] = value[index]
        first = np.searchsorted(self.equilibria[:, 0], index, side="left")
        last = np.searchsorted(self.equilibria[:, 0], index, side="right")
        counts = last - first
        rows_of = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
        chosen = self.equilibria[rows_of].copy()
        chosen[:, 0] = np.repeat(np.arange(len(index)), counts)
        changed["equilibria"] = chosen
        return replace(self, **changed)

    # ------------------------------------------------------------------ numbers and conditions by name

    def _regime(self, regime: str | None) -> int:
        if regime is None:
            return 0
        if regime not in self.regimes:
            raise MethodError(
                f"there is no regime {regime!r} among these outcomes{did_you_mean(regime, self.regimes)}"
            )
        return self.regimes.index(regime)

    def _power(self, power: str) -> int:
        if power not in self.players:
            raise MethodError(f"there is no power {power!r}{did_you_mean(power, self.players)}")
        return self.players.index(power)

    def _against(self, against: str) -> int | None:
        if against == COMPETITION:
            return None
        if against not in self.observed:
            raise MethodError(
                f"there is no benchmark {against!r}{did_you_mean(against, (COMPETITION, *self.observed))}"
            )
        return self.observed.index(against)

    def premium(self, regime: str | None = None, against: str = COMPETITION) -> Bounds:
        """What a regime pays each power above a benchmark, (D, N): the least and the most over the equilibria of `competition`,
        or twice the same number against an observed profile."""
        deal = self.payoffs[:, self._regime(regime)]
        k = self._against(against)
        if k is None:
            return Bounds(deal - self.competition.high, deal - self.competition.low)
        difference = deal - self.observed_payoffs[:, k]
        return Bounds(difference, difference)

    def value(
        self, name: str, power: str, regime: str | None = None, against: str = COMPETITION
    ) -> FloatArray:
        """A number of one power in each draw, (D,): `premium low`, `premium high`, `gain`, `critical discount` or `payoff`.

        Raises MethodError for another name, power, regime or benchmark.
        """
        g, i = self._regime(regime), self._power(power)
        if name in ("premium low", "premium high"):
            return np.asarray(getattr(self.premium(regime, against), name.split()[1])[:, i])
        arrays = {"gain": self.gains, "critical discount": self.nash, "payoff": self.payoffs}
        if name not in arrays:
            raise MethodError(f"there is no value {name!r}{did_you_mean(name, VALUES)}")
        return np.asarray(arrays[name][:, g, i])

    def condition(self, name: str, regime: str | None = None, against: str = COMPETITION) -> BoolArray:
        """In which draws something is true of a regime, (D,).

        `name` is one of `CONDITIONS`, or `NAME gains` for a power. A power gains if the deal pays it more than every
        equilibrium of competition, or than the observed profile that `against` names. The regime is the first by default.

        Raises MethodError for another name, regime or benchmark, or for a bound that was not computed.
        """
        g = self._regime(regime)
        gaining = [f"{power} gains" for power in self.players]
        if name in gaining:
            return np.asarray(self.premium(regime, against).low[:, gaining.index(name)] > 0)
        if name not in CONDITIONS:
            raise MethodError(f"there is no condition {name!r}{did_you_mean(name, (*CONDITIONS, *gaining))}")
        if name == "pays all":
            return np.asarray((self.premium(regime, against).low > 0).all(axis=1))
        if name == "equilibrium":
            return np.asarray((self.nash[:, g] == 0).all(axis=1))
        if name == "no pair leaves":
            if self.pair_leaves is None:
                raise MethodError("joint deviations were not computed: they need at most six powers")
            return np.asarray(~self.pair_leaves[:, g].any(axis=1))
        if name in _THRESHOLDS:
            critical = getattr(self, _THRESHOLDS[name])[:, g]
            if np.isnan(critical).all():
                raise MethodError(f"{name!r} was not computed: it needs the whole stage game")
            return np.asarray((self.discount >= critical).all(axis=1))
        out = self.condition("pays all", regime, against) & self.condition("holds", regime)
        return out & self.condition("no pair leaves", regime) if name == "firm" else out

    def share(self, name: str, regime: str | None = None, against: str = COMPETITION) -> Share:
        """The share of draws in which a condition is true, with its error."""
        return share_of(self.condition(name, regime, against))

    def lost(self, regime: str | None = None) -> Bounds:
        """Autonomy that a regime takes from the regions against competition, (D, 2): by people (millions) and output ($bn).

        Negative where it gives some. NaN if autonomy was not asked for.
        """
        deal = self.autonomy[:, self._regime(regime)] @ weights(self.model)
        return Bounds(self.weighed_competition.low - deal, self.weighed_competition.high - deal)

    # ------------------------------------------------------------------ tables

    def shares(self, against: str | None = None) -> pd.DataFrame:
        """Shares of draws with their errors, one row for each regime, condition and benchmark.

        Columns: regime, condition, against (`competition`, an observed profile, or empty where none is needed), share, error
        (half the 95 % interval), low, high, draws. `against` narrows the table to one benchmark.
        """
        return _tables.shares(self, against)

    @property
    def known_conditions(self) -> list[str]:
        """Names of the conditions of which it was computed in which draws they are true."""
        names = [f"{power} gains" for power in self.players] + list(CONDITIONS)
        missing = {k for k, v in _THRESHOLDS.items() if np.isnan(getattr(self, v)).all()}
        if self.pair_leaves is None:
            missing |= {"no pair leaves", "firm"}
        return [name for name in names if name not in missing]

    def observed_shares(self) -> pd.DataFrame:
        """How often each observed profile is an equilibrium, is kept at own patience, and how often each pure profile is one.

        Rows: every profile that is an equilibrium in some draw, the most frequent first, and the observed ones. Columns:
        profile (who contests whom), observed (its name), share, error, rank among all profiles, kept (the share of draws in
        which an observed profile is sustainable by Nash reversion at own patience).
        """
        return _tables.observed_shares(self)

    def premiums(self, against: str = COMPETITION, percent: bool = True) -> pd.DataFrame:
        """Quantiles over the draws of each power's premium, one row for each regime and power.

        Columns: regime, power, 5 %, 25 %, median, 75 %, 95 %, gains (share of draws), error. In per cent of the power's own
        capability, or in points. Against `competition` quantiles are of the least premium over its equilibria.
        """
        return _tables.premiums(self, against, percent)

    def regions(self, regime: str | None = None) -> pd.DataFrame:
        """Autonomy by region under a regime and under competition: median and 90 % range over the draws, and what it loses.

        Columns: deal, 5 %, 95 %, competition (median of the least over its equilibria), loses (share of draws in which the deal
        leaves it less than every equilibrium of competition does), error.
        """
        return _tables.regions(self, self._regime(regime))

    def summary(self) -> str:
        regime = self.regimes[0]
        pays, holds, both = (self.share(c, regime) for c in ("pays all", "holds", "pays all and holds"))
        gains = [f"{the(p)} in {self.share(f'{p} gains', regime)}" for p in self.players]
        text = (
            f"{counted(len(self), 'draw')}. The {regime} on the map {self.map!r}, against competition, pays "
            f"{listed(gains)} of them; it pays all in {pays}, holds in {holds}, and does both in {both}."
        )
        none = int((self.count == 0).sum())
        if none:
            text += (
                f" In {counted(none, 'draw')} no equilibrium was found to compare with; in such a draw nobody counts as "
                "gaining."
            )
        if not self.complete.all():
            text += f" In {counted(int((~self.complete).sum()), 'draw')} there may be further equilibria."
        return text + " A share is of these draws; it is not a chance that something happens."

    @cached_property
    def _frame(self) -> pd.DataFrame:
        return _tables.frame(self)

    def to_frame(self) -> pd.DataFrame:
        """One row a draw: its numbers, and what follows; columns are named `REGIME: QUANTITY, POWER`."""
        return self._frame.copy()

    def __repr__(self) -> str:
        return f"{self.summary()}\n{self.shares(COMPETITION).to_string(max_rows=40, float_format=_number)}"

    def _repr_html_(self) -> str:
        from html import escape

        table = self.shares(COMPETITION).to_html(border=0, escape=True, float_format=_number, index=False)
        return f"<p>{escape(self.summary())}</p>{table}"


_THRESHOLDS = {"holds": "nash", "could hold": "minmax", "holds by ostracism": "ostracism"}
_FIXED = (
    "model",
    "draws",
    "map",
    "regimes",
    "profiles",
    "observed",
    "observed_profiles",
    "equilibria",
    "mixed_rule",
)
_BY_DRAW = tuple(f.name for f in fields(Outcomes) if f.name not in _FIXED)


def _number(x: float) -> str:
    return format(x, ".3g")


def joined(parts: Sequence[Outcomes]) -> Outcomes:
    """Outcomes of several sets of draws of one deal as one, in order; one set at least.

    >>> from games import world
    >>> from solvers.uncertainty import evaluate
    >>> model = world.build(2021, ["United States", "China"])
    >>> draws = model.draws(8)
    >>> parts = [evaluate(model, part, regimes="concert", autonomy=False) for part in draws.chunks(4)]
    >>> len(joined(parts))
    8
    """
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    columns = {name: np.concatenate([p.draws[name] for p in parts]) for name in first.draws.names}
    changed: dict[str, Any] = {"draws": Draws(columns, first.draws.ranges, first.draws.how, first.draws.seed)}
    for name in _BY_DRAW:
        values = [getattr(p, name) for p in parts]
        if isinstance(values[0], Bounds):
            changed[name] = Bounds(*(np.concatenate(v) for v in zip(*values)))
        elif values[0] is not None:
            changed[name] = np.concatenate(values)
    offset, tables = 0, []
    for part in parts:
        table = part.equilibria.copy()
        table[:, 0] += offset
        tables.append(table)
        offset += len(part)
    changed["equilibria"] = np.concatenate(tables)
    return replace(first, **changed)
