"""How long a deal would last: punishments of every kind, noise, trembles, friction, and shifts of power.

The deal is one `solvers.spheres.standing.Standing`. Each quantity is computed when it is first asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from games import RepeatedGame
from games.errors import MethodError, SizeError
from games.normal_form import FloatArray
from games.spheres import STATUS_QUO
from solvers import repeated
from solvers.base.result import Result
from solvers.repeated.payoff_sets import payoff_set

if TYPE_CHECKING:
    import pandas as pd

    from solvers.repeated import Breakdown, CriticalDiscount, PayoffSet, PowerShift
    from solvers.spheres.standing import Standing

__all__ = ["Endurance", "Friction", "Threshold", "Window"]

YEARS = (1, 3, 5, 10)
FALSE_ALARMS = (0.0, 0.01, 0.02, 0.05, 0.1)
DETECTION = (1.0, 0.9, 0.8, 0.7, 0.5)
HORIZON = 30
# Payoff sets of larger stage games take too much time and memory for a comparison.
LARGEST = 1000


class Threshold(NamedTuple):
    """A row of `Endurance.thresholds`: critical discount factors, each power's and the largest."""

    punishment: str
    by_player: tuple[float, ...]
    overall: float


class Friction(NamedTuple):
    """A row of `Endurance.friction`, in points for each unit of distance."""

    power: str
    friction: float
    tolerated: float
    bears_it: bool


class Window(NamedTuple):
    """A row of `Endurance.windows`: costs are shares of what the powers have at stake."""

    declining: str
    rising: str
    largest_yearly_shift: float
    years_open: int
    cost_that_would_close_it: float
    cost_to_the_declining: float
    cost_to_the_rising: float


@dataclass(frozen=True, eq=False, repr=False)
class Endurance(Result):
    """What repeated play says of one deal.

    Examples
    --------
    >>> from games import load
    >>> from solvers import compare
    >>> deal = compare.concert(load("us-china-russia-2025"), map="Ukraine to Russia")
    >>> deal.endurance.breakdown.expected_life
    39.01
    """

    standing: Standing

    @property
    def small(self) -> bool:
        """Is the stage game small enough for its payoff set (at most a thousand profiles, so three powers)?"""
        return self.standing.game.payoffs.size <= LARGEST * self.standing.game.n_players

    def _needs_small(self) -> None:
        if not self.small:
            size = self.standing.game.payoffs.size // self.standing.game.n_players
            raise SizeError(
                f"the payoff set of a stage game with {size:,} profiles is not computed here; at most {LARGEST:,} fit. "
                "Nash reversion and the minmax bound are in `thresholds`"
            )

    # ------------------------------------------------------------------ punishments

    @cached_property
    def optimal(self) -> CriticalDiscount:
        """Critical common discount factor under optimal punishments, bracketed to 1e-6 (Abreu 1988). SizeError if not `small`."""
        self._needs_small()
        return repeated.critical_discount(self.standing.game, self.standing.profile, "optimal")

    @cached_property
    def thresholds(self) -> pd.DataFrame:
        """Critical discount factors by punishment: one row each, one column a power, and `overall` (inf where none).

        Nash reversion uses, for every deviator, the equilibrium of the deal's own map harshest for it. Optimal
        punishments and penance assume that all powers share one discount factor, and are left out of larger games.
        """
        import pandas as pd

        s = self.standing
        rows = {"Nash reversion forever": s.reversion.per_player}
        for years in YEARS:
            name = f"Nash reversion for {years} year{'s' * (years > 1)}"
            rows[name] = repeated.critical_discount(
                s.game, s.profile, "finite", equilibria=s.reversion.punishments, years=years
            ).per_player
        rows["reversion to the status quo"] = s.status_quo.per_player
        if self.small:
            rows |= self._on_the_payoff_set()
        rows["minmax (no punishment beats it)"] = s.correlated.per_player
        players = list(s.game.players)
        frame = pd.DataFrame(list(rows.values()), index=pd.Index(rows, name="punishment"), columns=players)
        frame["overall"] = frame[players].max(axis=1)
        return frame

    def _on_the_payoff_set(self) -> dict[str, FloatArray]:
        s = self.standing
        try:
            penance = repeated.critical_discount(s.game, s.profile, "renegotiation-proof").per_player
        except MethodError:
            penance = np.full(s.game.n_players, np.inf)
        return {"renegotiation-proof penance": penance, "optimal punishments": self.optimal.per_player}

    # ------------------------------------------------------------------ the payoff set

    @property
    def common(self) -> float:
        """The discount factor of the least patient power, at which the payoff set is drawn."""
        return float(self.standing.model.discount.min())

    @cached_property
    def payoff_set(self) -> PayoffSet:
        """Equilibrium payoffs of the deal's own map if all were as impatient as the least patient. May raise SizeError."""
        self._needs_small()
        return payoff_set(RepeatedGame(self.standing.game, self.common))

    @cached_property
    def place(self) -> str:
        """Where the deal's payoffs lie: `inside` (an equilibrium payoff), `outside` (none), or `undecided`."""
        if self.payoff_set.empty:
            return "outside"
        if self.payoff_set.inner.contains(self.standing.payoffs):
            return "inside"
        return "undecided" if self.payoff_set.outer.contains(self.standing.payoffs) else "outside"

    # ------------------------------------------------------------------ noise and wear

    @cached_property
    def breakdown(self) -> Breakdown:
        """The yearly hazard that somebody breaks the deal by accident, and its expected life."""
        return repeated.breakdown(self.standing.model.tremble, self.standing.model.players)

    @cached_property
    def noise(self) -> pd.DataFrame:
        """Common critical discount factor by false-alarm rate (rows) and detection (columns), Nash reversion; inf where none."""
        import pandas as pd

        s = self.standing
        table = [
            [
                repeated.false_alarms(s.game, s.profile, e, q, s.reversion.punishment_values).overall
                for q in DETECTION
            ]
            for e in FALSE_ALARMS
        ]
        return pd.DataFrame(
            table,
            index=pd.Index(FALSE_ALARMS, name="false alarms a year"),
            columns=pd.Index(DETECTION, name="detection"),
        )

    @cached_property
    def friction(self) -> pd.DataFrame:
        """The largest friction that each power bears, with reversion to the status quo benchmark harshest for it."""
        import pandas as pd

        s = self.standing
        tolerated: FloatArray = np.full(len(s.model.players), -np.inf)
        for profile in s.benchmark_profiles:
            found = repeated.model_friction_tolerance(s.model, profile, s.profile, s.map, STATUS_QUO)
            tolerated = np.maximum(tolerated, found)
        return pd.DataFrame(
            {"friction": s.model.friction, "tolerated": tolerated, "bears it": tolerated >= s.model.friction},
            index=pd.Index(s.model.players, name="power"),
        )

    @cached_property
    def shifts(self) -> dict[tuple[str, str], PowerShift]:
        """Powell's window for every pair (declining, rising) over thirty years of the capability growth that the scenario gives.

        A power's chance in a war is its share of the pair's capability. Its yearly cost of a contest that both wage
        is `war_cost` times its capability. It counts as a share of all that the power has at stake in the regions
        that others lead or dispute.
        """
        model = self.standing.model
        growth = np.array([p.growth for p in model.powers])
        path = model.capability * (1.0 + growth) ** np.arange(HORIZON + 1)[:, None]
        at_stake = model.stakes().sum(axis=0)
        out = {}
        for i, j in combinations(range(len(model.players)), 2):
            falls, rises = (i, j) if growth[i] <= growth[j] else (j, i)
            cost = [
                model.parameters.war_cost * model.capability[k] / max(at_stake[k], np.finfo(float).tiny)
                for k in (falls, rises)
            ]
            chance = path[:, rises] / (path[:, rises] + path[:, falls])
            pair = model.players[falls], model.players[rises]
            out[pair] = repeated.power_shift(chance, float(model.discount[falls]), cost[0], cost[1])
        return out

    @cached_property
    def windows(self) -> pd.DataFrame:
        """One row for each pair: the largest yearly shift, years in which the window is open, closing cost, costs."""
        import pandas as pd

        rows = []
        for (falls, rises), shift in self.shifts.items():
            rows.append(
                {
                    "declining": falls,
                    "rising": rises,
                    "largest yearly shift": float(np.diff(shift.strength).max()),
                    "years open": len(shift.window),
                    "cost that would close it": shift.closing_cost,
                    "cost to the declining": shift.cost_declining,
                    "cost to the rising": shift.cost_rising,
                }
            )
        return pd.DataFrame(rows)

    # ------------------------------------------------------------------ in words

    def summary(self) -> str:
        kind, best = (
            ("optimal punishments", self.optimal.overall)
            if self.small
            else ("Nash reversion", self.standing.reversion.overall)
        )
        need = (
            "needs no patience: no deviation pays"
            if best == 0
            else f"needs a common discount factor of at least {best:.3f}"
            if np.isfinite(best)
            else "holds at no discount factor"
        )
        life = self.breakdown.expected_life
        lasts = (
            f"If only accidents end it, it lasts {life:.0f} years on average."
            if np.isfinite(life)
            else "No accident ends it."
        )
        return f"With {kind} the deal {need}; the least patient power's is {self.common:.3f}. {lasts}"

    def to_frame(self) -> pd.DataFrame:
        """The critical discount factors by punishment; see `thresholds`."""
        return self.thresholds
