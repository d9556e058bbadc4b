"""Concert against competition: what each power gains, whether the deal would hold, what breaks it, and who else pays.

A deal is a map and a regime of restraint on it. Its premium is measured against competition on the status quo map: every Nash
equilibrium found there, so the premium is an interval. Its incentive constraints are those of the stage game on its
own map, with reversion to an equilibrium there. The named alternative is reversion to an equilibrium of the status
quo map.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from games.arguments import checked
from games.errors import ScenarioError
from games.normal_form import FloatArray, NormalFormGame
from games.spheres import STATUS_QUO, MapLike, SpheresModel
from solvers.base.deadline import keeps_time
from solvers.base.progress import track
from solvers.base.result import Result
from solvers.spheres import third_parties
from solvers.spheres.standing import Standing, stand

if TYPE_CHECKING:
    import pandas as pd

    from solvers.coalitions import JointDeviations
    from solvers.compare._ways import Way
    from solvers.equilibrium.results import Equilibria
    from solvers.partitions import Partitions
    from solvers.spheres.endurance import Endurance

__all__ = ["Comparison", "concert"]


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Result):
    """A deal compared with competition. Made by `concert`; every table is a pandas DataFrame.

    Attributes
    ----------
    standing : the deal under the model's own capability index
    by_map : the same regime on every named map
    by_capability : the same deal under every capability index
    by_variant : the same deal under every structural variant of the model (see `games.spheres.SpheresModel.variants`)
    joint : the best joint deviations of pairs from the deal

    Payoffs, premiums and slacks are in points. Premiums of different powers may be added or compared only because points are a
    common unit; equilibria, deviations and critical discount factors need no such unit.
    """

    standing: Standing
    by_map: dict[str, Standing]
    by_capability: dict[str, Standing]
    by_variant: dict[str, Standing]
    joint: JointDeviations
    regime: str

    # ------------------------------------------------------------------ what was compared

    @property
    def model(self) -> SpheresModel:
        """The model."""
        return self.standing.model

    @property
    def map(self) -> MapLike:
        """The deal's map: its name, or what it changes."""
        return self.standing.map

    @property
    def map_name(self) -> str:
        """The deal's map in words."""
        return self.standing.map_name

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the powers."""
        return self.model.players

    @property
    def game(self) -> NormalFormGame:
        """The stage game on the deal's map."""
        return self.standing.game

    @property
    def benchmark_game(self) -> NormalFormGame:
        """The stage game on the status quo map."""
        return self.standing.benchmark_game

    @property
    def equilibria(self) -> Equilibria:
        """The equilibria of competition on the status quo map, and whether the search was complete."""
        return self.standing.equilibria

    @property
    def discount(self) -> FloatArray:
        """The powers' own yearly discount factors, shape (N,)."""
        return self.model.discount

    @property
    def reference(self) -> int:
        """The benchmark that stands for competition where a table has room for one: the first pure one, else the first."""
        pure = [all((v > 0).sum() == 1 for v in p) for p in self.standing.benchmark_profiles]
        return pure.index(True) if True in pure else 0

    # ------------------------------------------------------------------ quantities 1, 2, 4 and 5

    @cached_property
    def payoffs(self) -> pd.DataFrame:
        """Payoffs of every named regime on the deal's map and of every benchmark: one row each, one column a power."""
        import pandas as pd

        rows = {name: self.game.payoff(labels) for name, labels in self.model.regimes.items()}
        if self.regime not in rows:
            rows = {self.regime: self.standing.payoffs, **rows}
        rows |= dict(zip(self.standing.benchmark_names, self.standing.benchmarks))
        return pd.DataFrame(
            list(rows.values()), index=pd.Index(rows, name="regime"), columns=list(self.players)
        )

    @cached_property
    def premium(self) -> pd.DataFrame:
        """The concert premium of each power as an interval over the benchmarks, with the payoffs behind it.

        `share low` and `share high` are the premium in per cent of the power's own capability.
        """
        size = self.model.capability / 100.0
        return self._per_power(
            {
                "concert": self.standing.payoffs,
                "competition low": self.standing.benchmarks.min(axis=0),
                "competition high": self.standing.benchmarks.max(axis=0),
                "premium low": self.standing.premium.min(axis=0),
                "premium high": self.standing.premium.max(axis=0),
                "share low": self.standing.premium.min(axis=0) / size,
                "share high": self.standing.premium.max(axis=0) / size,
            }
        )

    @cached_property
    def against_observed(self) -> pd.DataFrame:
        """The deal against what the powers were seen to do: one row for each observed profile.

        Columns: source, equilibrium (is the profile an equilibrium of the year's game on the status quo map?), and for each
        power payoff, premium (the deal's payoff less it) and regret (what it would gain by leaving the profile). Empty where
        the scenario names no observed profile.
        """
        from solvers.compare import _frames

        return _frames.against_observed(self)

    @cached_property
    def deviation(self) -> pd.DataFrame:
        """Each power's best one-year deviation from the deal: what it gains (points) and what it does."""
        reversion = self.standing.reversion
        return self._per_power({"gain": reversion.gain, "action": list(reversion.deviation)})

    @cached_property
    def critical_discount(self) -> pd.DataFrame:
        """Critical discount factors of each power (inf where none will do), and its own.

        `nash` reverts to an equilibrium of the deal's own map, `status quo` to a benchmark; `low` with the equilibrium harshest
        for the power, `high` with the mildest. The minmax columns are bounds that no punishment beats.
        """
        s = self.standing
        return self._per_power(
            {
                "nash low": s.reversion.per_player,
                "nash high": s.reversion.worst,
                "status quo low": s.status_quo.per_player,
                "status quo high": s.status_quo.worst,
                "minmax correlated": s.correlated.per_player,
                "minmax pure": s.pure.per_player,
                "own discount": self.discount,
            }
        )

    @cached_property
    def slack(self) -> pd.DataFrame:
        """What each power loses a year by its best deviation (points); negative exactly where deviating pays."""
        s = self.standing
        nash = s.reversion.slack_by_punishment(self.discount).to_numpy()
        base = s.status_quo.slack_by_punishment(self.discount).to_numpy()
        return self._per_power(
            {
                "nash low": nash.min(axis=0),
                "nash high": nash.max(axis=0),
                "status quo low": base.min(axis=0),
                "status quo high": base.max(axis=0),
                "minmax": s.correlated.slack(self.discount),
            }
        )

    # ------------------------------------------------------------------ quantities 6, 7 and 11

    @cached_property
    def coalitions(self) -> pd.DataFrame:
        """Best joint deviation of each pair, whether it is self-enforcing, and the bribe (points; needs the common unit)."""
        return self.joint.to_frame()

    @cached_property
    def burden(self) -> pd.DataFrame:
        """Autonomy lost by each region, weighed by people and by GDP; see `solvers.spheres.third_parties.burden`."""
        deal, benchmarks = self._autonomy
        return third_parties.burden(self.model, deal, benchmarks, self.map)

    @cached_property
    def burden_total(self) -> pd.Series[float]:
        """The burdens summed over the regions, for each benchmark in turn, as an interval: persons (millions) and GDP ($bn)."""
        import pandas as pd

        deal, benchmarks = self._autonomy
        lost = np.array(benchmarks) - deal
        people = lost @ np.array([r.population for r in self.model.regions])
        gdp = lost @ np.array([r.output for r in self.model.regions])
        return pd.Series(
            {
                "person burden low": people.min(),
                "person burden high": people.max(),
                "gdp burden low": gdp.min(),
                "gdp burden high": gdp.max(),
            }
        )

    @cached_property
    def _autonomy(self) -> tuple[FloatArray, list[FloatArray]]:
        """Autonomy of the regions under the deal, and in each benchmark."""
        deal = third_parties.autonomy(self.model, self.game.mixed(self.standing.profile), self.map)
        return deal, [third_parties.autonomy(self.model, p) for p in self.standing.benchmark_profiles]

    @cached_property
    def stability(self) -> pd.DataFrame:
        """Region by region, the holder's margin and the half-distance at which the region flips."""
        from solvers.spheres import stability

        return stability.margins(self.model, self.map)

    # ------------------------------------------------------------------ other maps and other indices

    @cached_property
    def by_index(self) -> pd.DataFrame:
        """The deal under every capability index: does it hold, its overall critical discount, and the premiums."""
        from solvers.compare import _frames

        return _frames.overview(self.by_capability, "index")

    @cached_property
    def maps(self) -> pd.DataFrame:
        """The regime on every named map, against competition on the status quo map."""
        from solvers.compare import _frames

        return _frames.overview(self.by_map, "map")

    @cached_property
    def variants(self) -> pd.DataFrame:
        """The deal under every structural variant of the model, `main` first."""
        from solvers.compare import _frames

        return _frames.overview(self.by_variant, "variant")

    @cached_property
    def what_changes(self) -> tuple[str, ...]:
        """What changes with the capability index or a structural variant, in sentences; empty if nothing does."""
        from solvers.compare import _what_changes

        return _what_changes.what_changes(self)

    @cached_property
    def endurance(self) -> Endurance:
        """How long the deal would last: all punishments, the payoff set, noise, friction, shifts of power."""
        from solvers.spheres.endurance import Endurance

        return Endurance(self.standing)

    @cached_property
    def partitions(self) -> Partitions:
        """Every division of the regions on the table under the same regime; SizeError where they are too many."""
        from solvers import partitions

        return partitions.evaluate(self.model, self.regime)

    # ------------------------------------------------------------------ why, how it breaks, and in words

    @cached_property
    def regions(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What happens in each region under the deal, and in expectation under the reference benchmark on the status quo map.

        Columns: holder, mode, defended (the chance that it is), autonomy, and what each power gets from it.
        """
        deal = self.model.region_frame(self.standing.profile, self.map)
        weights, actions = third_parties.support_profiles(self.standing.benchmark_profiles[self.reference])
        tables = [self.model.region_frame(tuple(a), STATUS_QUO) for a in actions.tolist()]
        base = tables[0].copy()
        numbers = [name for name in base.columns if name not in ("holder", "mode")]
        base[numbers] = sum(w * table[numbers].to_numpy() for w, table in zip(weights, tables))
        return deal, base

    @cached_property
    def ledger(self) -> pd.DataFrame:
        """Why: item by item what each power gets in the deal and in the reference benchmark (points).

        Columns power, item, kind, concert, competition, difference; the rows of a power add up to its payoffs.
        """
        from solvers.compare import _frames

        return _frames.ledger(self)

    @cached_property
    def ways_it_breaks(self) -> pd.DataFrame:
        """The ways in which the deal can break, those that break it now first, as a table."""
        from solvers.compare import _ways

        return _ways.ways_it_breaks(self)

    @cached_property
    def ways(self) -> tuple[Way, ...]:
        """The same as typed rows."""
        from solvers.compare import _ways

        return _ways.ways(self)

    @cached_property
    def verdict(self) -> tuple[str, ...]:
        """Three sentences: who gains, whether it would hold and what breaks it, and who else pays."""
        from solvers.compare import _verdict as verdict

        return verdict.sentences(self)

    @property
    def leaves_out(self) -> tuple[str, ...]:
        """What the model cannot say, in sentences."""
        from solvers.compare import _verdict as verdict

        return verdict.LEAVES_OUT

    def summary(self) -> str:
        return " ".join(self.verdict)

    def to_frame(self) -> pd.DataFrame:
        """The payoff table: one row a power, from the concert's payoff to what binds."""
        frame = self.premium.copy()
        frame["critical discount"] = self.critical_discount["nash low"]
        frame["own discount"] = self.discount
        frame["slack"] = self.slack["nash high"]
        s = self.standing
        frame["what binds"] = [
            "nothing: no deviation gains" if g <= 0 else f"{action}: {g:+.2f} in the year"
            for g, action in zip(s.reversion.gain, s.reversion.deviation)
        ]
        return frame

    def _per_power(self, columns: dict[str, Any]) -> pd.DataFrame:
        import pandas as pd

        return pd.DataFrame(columns, index=pd.Index(self.players, name="power"))


@checked
@keeps_time("the comparison", "ask nash.find_all about the stage game")
def concert(
    model: SpheresModel,
    map: MapLike = STATUS_QUO,
    regime: str = "concert",
    *,
    time_limit: float | None = None,
) -> Comparison:
    """Compare a deal, a regime of restraint on a map, with competition on the status quo map.

    Parameters
    ----------
    model : SpheresModel of two to five powers
    map : the deal's map: one of `model.maps`, or what it changes against the status quo, as in `{"Taiwan": "China"}`
    regime : name of the profile that the deal asks for, one of `model.regimes`
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Returns
    -------
    Comparison

    Raises
    ------
    ScenarioError, ProfileError
        For a map or regime that is not there, or a model that is not one of spheres.
    SizeError
        For six powers and more, whose stage game does not fit in an array.

    Examples
    --------
    >>> from games import load
    >>> result = concert(load("us-china-russia-2025"))
    >>> list(result.premium.index)
    ['United States', 'China', 'Russia']
    """
    from solvers import coalitions

    given: object = model
    if not isinstance(given, SpheresModel):
        hint = "; read it with games.load(...) first" if isinstance(given, str) else ""
        raise ScenarioError(f"compare.concert needs a SpheresModel; got {given!r}{hint}")
    model.holders(map)
    solved: dict[Any, Any] = {}
    standing = stand(model, map, regime, solved)
    # The deal itself is one of the cases on every list.
    by_capability, by_map = dict.fromkeys(model.indices, standing), dict.fromkeys(model.maps, standing)
    changed = model.variants(regions=False)
    by_variant = dict.fromkeys(changed, standing)
    cases: list[tuple[dict[str, Standing], str, SpheresModel, MapLike]] = []
    cases += [
        (by_capability, name, model.with_index(name), map) for name in model.indices if name != model.index
    ]
    cases += [(by_map, name, model, name) for name in model.maps if name != map]
    cases += [(by_variant, name, other, map) for name, other in changed.items() if other is not model]
    for table, name, other, where in track(cases, len(cases), "Comparing"):
        table[name] = stand(other, where, regime, solved)
    joint = coalitions.joint_deviations(standing.game, standing.profile)
    return Comparison(standing, by_map, by_capability, by_variant, joint, regime)
