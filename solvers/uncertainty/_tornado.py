"""One number at a time over its range: how far each moves the premiums, and which turns a verdict over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.errors import MethodError, did_you_mean
from games.normal_form import BoolArray, FloatArray
from games.spheres import STATUS_QUO, MapLike, SpheresModel
from games.spheres.parameters import SWITCHES
from games.words import capital, counted, listed, the
from solvers.base.deadline import keeps_time
from solvers.base.result import Result
from solvers.uncertainty._evaluate import evaluate
from solvers.uncertainty._laws import Setting, check_number, one_at_a_time, ranged, settings
from solvers.uncertainty._names import COMPETITION
from solvers.uncertainty._outcomes import Outcomes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Tornado", "tornado"]


@dataclass(frozen=True, eq=False, repr=False)
class Tornado(Result):
    """What follows when one number or switch at a time takes another value.

    Attributes
    ----------
    outcomes : Outcomes of 1 + K settings: the model's own values first, then one changed setting each
    rows : the K changed settings, (name, value)
    regime, against : the deal and its benchmark
    """

    outcomes: Outcomes
    rows: tuple[tuple[str, Setting], ...]
    regime: str
    against: str

    _rows_shown = 30

    @property
    def base(self) -> FloatArray:
        """Premiums at the model's own values, (N,), the least over the equilibria of competition."""
        return np.asarray(self._premiums[0])

    @cached_property
    def _premiums(self) -> FloatArray:
        return self.outcomes.premium(self.regime, self.against).low

    @cached_property
    def _holds(self) -> BoolArray:
        return self.outcomes.condition("holds", self.regime)

    @property
    def settings(self) -> pd.DataFrame:
        """One row for each setting, the model's own first: number, setting, each power's premium (points), pays all, holds."""
        import pandas as pd

        frame = pd.DataFrame([("", "the model's own"), *self.rows], columns=["number", "setting"])
        for i, power in enumerate(self.outcomes.players):
            frame[power] = self._premiums[:, i]
        frame["pays all"] = self.outcomes.condition("pays all", self.regime, self.against)
        frame["holds"] = self._holds
        return frame

    @cached_property
    def swings(self) -> pd.DataFrame:
        """One row for each number or switch, the widest first.

        The columns `POWER low` and `POWER high` hold each power's least and largest premium, in points, over its settings and the
        model's own. `widest` is the widest of these spans, in per cent of the power's own capability. `turns` names what changes
        sign or truth: a power's gain, or `holds`.
        """
        import pandas as pd

        names = list(dict.fromkeys(name for name, _ in self.rows))
        scale = self.outcomes.capability[0]
        table = {}
        for name in names:
            index = [0, *(k + 1 for k, (n, _) in enumerate(self.rows) if n == name)]
            values = self._premiums[index]
            low, high = values.min(axis=0), values.max(axis=0)
            row: dict[str, object] = {}
            for i, power in enumerate(self.outcomes.players):
                row[f"{power} low"], row[f"{power} high"] = low[i], high[i]
            row["widest"] = float(np.nanmax(100 * (high - low) / scale, initial=0.0))
            turned = [p for i, p in enumerate(self.outcomes.players) if low[i] <= 0 < high[i]]
            if self._holds[index].any() != self._holds[index].all():
                turned.append("holds")
            row["turns"] = ", ".join(turned)
            table[name] = row
        frame = pd.DataFrame.from_dict(table, orient="index")
        frame.index.name = "number"
        return frame.sort_values("widest", ascending=False, kind="stable")

    def turned_by(self, what: str) -> tuple[str, ...]:
        """The settings that turn over a power's gain (its name) or `holds`, in words: `half_distance = 4000`."""
        powers = self.outcomes.players
        if what == "holds":
            truth = self._holds
        elif what in powers:
            truth = self._premiums[:, powers.index(what)] > 0
        else:
            raise MethodError(f"there is no power {what!r}{did_you_mean(what, (*powers, 'holds'))}")
        changed = np.flatnonzero(truth[1:] != truth[0])
        return tuple(words(*self.rows[k]) for k in changed)

    def summary(self) -> str:
        own = self.outcomes.condition("holds", self.regime)[0]
        names = list(dict.fromkeys(name for name, _ in self.rows))
        parts = [
            f"{counted(len(self.rows), 'change')} of {len(names)} numbers and switches, one at a time, from the "
            f"{self.regime} on the map {self.outcomes.map!r} against {self.against}."
        ]
        for i, power in enumerate(self.outcomes.players):
            changed = self.turned_by(power)
            sign = "gains" if self.base[i] > 0 else "does not gain"
            if changed:
                parts.append(
                    f"{capital(the(power))} {sign} at the model's own values; that turns with {listed(_few(changed))}."
                )
            else:
                parts.append(f"{capital(the(power))} {sign} in all of them.")
        changed = self.turned_by("holds")
        if changed:
            parts.append(
                f"The deal {'holds' if own else 'does not hold'}; that turns with {listed(_few(changed))}."
            )
        else:
            parts.append(f"The deal {'holds' if own else 'does not hold'} in all of them.")
        return " ".join(parts)

    def to_frame(self) -> pd.DataFrame:
        """`swings`."""
        return self.swings.copy()


def words(name: str, setting: Setting) -> str:
    """A setting in words.

    >>> words("half_distance", 4000.0), words("left_out", "Taiwan")
    ('half_distance = 4000', 'Taiwan left out')
    """
    if name == "left_out":
        return f"{setting} left out" if setting else "no region left out"
    return f"{name} = {setting}" if isinstance(setting, str) else f"{name} = {setting:.4g}"


def _few(items: Sequence[str], most: int = 6) -> list[str]:
    return list(items) if len(items) <= most else [*items[: most - 1], f"{len(items) - most + 1} more"]


@checked
@keeps_time("the tornado", "name fewer numbers and switches")
def tornado(
    model: SpheresModel,
    map: MapLike = STATUS_QUO,
    regime: str = "concert",
    against: str = COMPETITION,
    numbers: Sequence[str] | None = None,
    switches: Sequence[str] | None = None,
    *,
    time_limit: float | None = None,
) -> Tornado:
    """Move one number at a time to either end of its range, and one switch at a time to each other level.

    Parameters
    ----------
    model : SpheresModel
    map, regime : the deal
    against : `competition` or the name of an observed profile
    numbers : names of assumed numbers, by default all that have a range
    switches : names of switches (see `games.spheres.parameters.SWITCHES`), by default all; `left_out` leaves out one region
        after the other
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    MethodError
        For an unknown number, switch or benchmark, or nothing to vary.

    Examples
    --------
    >>> from games import world
    >>> model = world.build(2021, ["United States", "China", "Russia"])
    >>> found = tornado(model, numbers=["half_distance", "contest_cost"], switches=())
    >>> len(found.rows), sorted(found.swings.index)
    (4, ['contest_cost', 'half_distance'])
    """
    chosen = ranged(model) if numbers is None else tuple(numbers)
    for name in chosen:
        check_number(model, name, "numbers")
    switched = tuple(SWITCHES) if switches is None else tuple(switches)
    for name in switched:
        if name not in SWITCHES:
            raise MethodError(f"switches: there is no switch {name!r}{did_you_mean(name, SWITCHES)}")
    rows = tuple((name, setting) for name in (*chosen, *switched) for setting in settings(model, name))
    if not rows:
        raise MethodError("there is nothing to vary: no number has a range, and no switch was named")
    observed = None if against == COMPETITION else (against,)
    outcomes = evaluate(
        model, one_at_a_time(model, rows), map, (regime,), observed=observed or (), mixed="where none"
    )
    return Tornado(outcomes, rows, regime, against)
