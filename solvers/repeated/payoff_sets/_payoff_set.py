"""The payoffs that subgame-perfect equilibria of a repeated game can give, between an outer and an inner polytope.

Pure strategies, perfect monitoring, a public lottery before every period. The set V* of these payoffs is the largest
bounded set with V = B(V) for the operator B of Abreu, Pearce and Stacchetti (1990); see `_operator`.

*Outer.* Start from a polytope that contains V*, with deviators held to their pure minmax, and apply the operator;
raise the punishment values to the worst payoffs that are left. The polytope contains V* after every step.
*Inner.* A polytope V inside B(V), deviators held to its own worst payoffs, is self-generating and so consists of equilibrium
payoffs; see `_inner` for how one is found. The polytope that is returned has been checked, vertex by vertex.
*Both at once.* With two players or a common discount factor the iteration is interrupted now and then to look for
the polytope to which it tends (`_fixed_point`). Duality then proves that no equilibrium payoff lies outside
(`_largest`). If that succeeds, as it nearly always does with a common discount factor, the set is known up to
rounding; if not, iteration continues.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from games.arguments import instance, number, whole
from games.errors import DiscountError, MethodError
from games.normal_form import FloatArray
from games.repeated import RepeatedGame
from games.words import counted
from solvers.base.deadline import Deadline, TimeOver
from solvers.base.precision import refuse_lost_differences
from solvers.base.result import Result
from solvers.repeated.payoff_sets._inner import at_once, lighter, within
from solvers.repeated.payoff_sets._operator import Stage, corner_vertices, generate, normalised
from solvers.repeated.payoff_sets._outer_many import self_generating, steps_of_many
from solvers.repeated.payoff_sets.directions import FINEST, directions, enclosing, widened
from solvers.repeated.payoff_sets.polytope import Polytope

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PayoffSet", "Status", "payoff_set"]

Status: TypeAlias = Literal["converged", "iteration limit", "time limit"]

_IMPATIENCE = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class PayoffSet(Result):
    """The equilibrium payoffs of a repeated game, bracketed; payoffs in the units of the stage game.

    Attributes
    ----------
    play : RepeatedGame
    outer : Polytope that contains every equilibrium payoff, up to rounding; without vertices if there is none
    inner : Polytope of equilibrium payoffs, checked to be self-generating; without vertices
        if none was found
    gap : distance of the outer polytope's furthest vertex from the inner one, every player's payoff range counted as 1
        (an upper bound); infinity without an inner polytope, 0 where the two are the same set: then every vertex generates itself
        to 1e-11 of the payoff range, and no equilibrium payoff lies further outside than 1e-9
    empty : True if it is proved that no equilibrium exists (in pure strategies, at these discount factors)
    why_empty : why it is empty, in words; "" unless empty
    status : `converged`, `iteration limit` or `time limit`; outer and inner are correct in every case
    minmax : array (N,), the pure minmax payoffs
    iterations : applications of the operator to the outer polytope
    seconds : processor time used
    tolerance : movement of the outer polytope, in units of the payoff range, at which iteration was to stop
    """

    play: RepeatedGame
    outer: Polytope
    inner: Polytope
    gap: float
    empty: bool
    why_empty: str
    status: Status
    minmax: FloatArray
    iterations: int
    seconds: float
    stage: Stage = field(compare=False)
    core: Polytope = field(compare=False)
    tolerance: float = field(compare=False)

    @property
    def converged(self) -> bool:
        """True if the iteration met its tolerance."""
        return self.status == "converged"

    @property
    def exact(self) -> bool:
        """True if outer and inner are the same set."""
        return self.gap == 0.0 and not self.empty

    def worst(self, player: str | int) -> float:
        """The player's worst payoff in the inner polytope: the harshest punishment known to be an equilibrium.

        Infinity if there is no inner polytope, so that no punishment is known.
        """
        i = self.play.stage.player_index(player)
        return float(self.inner.lowest[i])

    def best(self, player: str | int) -> float:
        """The player's best payoff in the inner polytope; minus infinity if there is none."""
        i = self.play.stage.player_index(player)
        return float(self.inner.highest[i])

    def summary(self) -> str:
        if self.empty:
            return self.why_empty
        what = {0: "a point", 1: "a segment", 2: "a polygon"}.get(
            self.outer.dimension, f"a polytope of dimension {self.outer.dimension}"
        )
        end = (
            ""
            if self.converged
            else f" The computation stopped at the {self.status}; more time narrows the gap."
        )
        if self.inner.dimension < 0:
            return (
                f"All equilibrium payoffs lie in {what} with "
                f"{counted(len(self.outer.vertices), 'vertex', 'vertices')}; no self-generating "
                f"polytope was found inside it (one may still exist).{end}"
            )
        if self.exact:
            return (
                f"The equilibrium payoffs (pure strategies, public lotteries) are {what} with "
                f"{counted(len(self.inner.vertices), 'vertex', 'vertices')}: the set is self-generating, and no "
                f"equilibrium payoff lies outside.{end}"
            )
        return (
            f"The equilibrium payoffs (pure strategies, public lotteries) fill {what} between an inner polytope with "
            f"{counted(len(self.inner.vertices), 'vertex', 'vertices')}, checked to be self-generating, and an outer one with "
            f"{len(self.outer.vertices)}. They differ by at most {self.gap:.2g} of the payoff range.{end or self._coarse}"
        )

    @property
    def _coarse(self) -> str:
        """For four players and more, whose default is coarse: at which tolerance this was computed."""
        few = self.play.n_players <= 3 or self.tolerance < FINEST
        return "" if few else f" A tolerance below {self.tolerance:g} narrows the gap and takes longer."

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: minmax, and the worst and best payoffs of the outer and the inner polytope."""
        import pandas as pd

        frame = pd.DataFrame({"minmax": self.minmax}, index=pd.Index(self.play.stage.players, name="player"))
        for name, found in (("outer", self.outer), ("inner", self.inner)):
            frame[f"worst ({name})"] = found.lowest if len(found.vertices) else np.nan
            frame[f"best ({name})"] = found.highest if len(found.vertices) else np.nan
        return frame


def payoff_set(
    play: RepeatedGame,
    *,
    tolerance: float | None = None,
    max_iterations: int = 5000,
    time_limit: float | None = None,
) -> PayoffSet:
    """The subgame-perfect equilibrium payoffs in pure strategies with public lotteries and perfect monitoring.

    Parameters
    ----------
    play : RepeatedGame
        Two or more players; discount factors may differ, and payoffs may then lie outside the hull of the stage payoffs.
    tolerance : float, optional
        Iteration stops when the outer polytope moves by less than this, in units of the payoff range. The default with
        a common discount factor is 1e-13 for two players and 1e-9 for three; with unequal ones, whose sets have very many
        vertices, 1e-5 and 2e-3. For four players and more it is 2e-3 in both cases: a few seconds for two actions each, with
        a gap of a few hundredths to a sixth. Below 1e-4 their corners are followed one by one, for minutes.
        With unequal ones and three players or more it also sets the number of facets, down to 1e-4,
        and the gap is many times the tolerance: for three powers 2e-3 leaves a tenth of the payoff range in .2 seconds, 5e-4 a
        thirtieth in a second, 2e-4 a seventieth in five.
    max_iterations : int
    time_limit : seconds of wall time, optional
        Kept within a second; what is known by then is returned.

    Returns
    -------
    PayoffSet

    Raises
    ------
    MethodError
        If monitoring is not perfect, or an option is out of range.
    DiscountError
        For a discount factor nearer to 1 than 1e-9. Constraints count as met to 1e-12 of the payoff range, so that at a
        discount factor of d stage gains below 1e-12 / (1 - d) of it go unnoticed.
    PrecisionError
        If the payoffs are floats whose rounding has erased a player's differences.

    Notes
    -----
    Abreu, Pearce and Stacchetti (1990), Econometrica 58, for the operator; Abreu and Sannikov (2014),
    Theoretical Economics 9, for the payoffs that can be extreme with a common discount factor. With more than two players
    these may be infinitely many; in most games they are not, and then the set comes out whole.

    Examples
    --------
    >>> from games import NormalFormGame, RepeatedGame
    >>> pd = NormalFormGame.from_bimatrix([[9, 1], [10, 3]], [[9, 10], [1, 3]])
    >>> found = payoff_set(RepeatedGame(pd, 0.75))
    >>> sorted(found.inner.vertices.round(6).tolist()), found.exact
    ([[3.0, 3.0], [3.0, 9.75], [9.0, 9.0], [9.75, 3.0]], True)
    >>> pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    >>> payoff_set(RepeatedGame(pennies, 0.9)).empty
    True
    """
    if not instance(play, RepeatedGame, "the repeated game").monitoring.perfect:
        raise MethodError(
            "payoff_set assumes perfect monitoring; this game has false alarms or missed violations"
        )
    if (1.0 - play.discount).min() < _IMPATIENCE:
        raise DiscountError(
            f"a discount factor is within {float((1.0 - play.discount).min()):.2g} of 1; nearer than {_IMPATIENCE:g}, one period "
            "weighs too little to be distinguished from rounding"
        )
    if tolerance is not None:
        what = "tolerance is a share of the payoff range between 0 and 1"
        tolerance = number(tolerance, what, MethodError, above=0.0, below=1.0)
    max_iterations = whole(max_iterations, "max_iterations is a whole number, at least 1", least=1)
    refuse_lost_differences(play.stage)
    begun = time.process_time()
    deadline = Deadline(time_limit)
    stage = normalised(play)
    if tolerance is None:
        fine, coarse = (1e-13, 1e-5) if play.n_players <= 2 else (1e-9, 2e-3)
        tolerance = fine if stage.equal_discount and play.n_players <= 3 else coarse
    minmax = stage.scale * stage.minmax + stage.shift
    outer, known, moved, steps, status = _outer(stage, tolerance, max_iterations, deadline)
    if outer is None:
        why = _why_empty(play, stage, steps)
        spent = time.process_time() - begun
        none = Polytope.nothing(play.n_players)
        return PayoffSet(
            play, none, none, 0.0, True, why, status, minmax, steps, spent, stage, none, tolerance
        )
    if outer is known:
        inner, gap = outer, 0.0
    else:
        try:
            with deadline.enforced():
                inner, gap = within(stage, outer, known, max(moved, tolerance), tolerance, deadline)
        except TimeOver:
            status = "time limit"
            inner, gap = at_once(stage, outer, known)
    if gap == 0.0:
        outer = inner
    inside = inner.scaled(stage.scale, stage.shift)
    outside = inside if outer is inner else outer.scaled(stage.scale, stage.shift)
    spent = time.process_time() - begun
    return PayoffSet(
        play, outside, inside, gap, False, "", status, minmax, steps, spent, stage, inner, tolerance
    )


def _outer(
    stage: Stage, tolerance: float, max_iterations: int, deadline: Deadline
) -> tuple[Polytope | None, Polytope | None, float, int, Status]:
    """Iterate down from a polytope that contains every equilibrium payoff; None once that is empty.

    A polytope found on the way that generates itself is returned as well. It is the outer one if it was proved
    to contain every equilibrium payoff.
    """
    W = _start(stage)
    known: Polytope | None = None
    moved, step = np.inf, 0
    # A finer tolerance than any number of half-spaces can serve is met corner by corner.
    several = len(stage.scale) > 3 and stage.equal_discount and tolerance >= FINEST
    steps = steps_of_many if several else _steps
    try:
        with deadline.enforced():
            for state in steps(stage, W, stage.minmax.copy(), tolerance, max_iterations, deadline):
                outer, known, moved, step, status = state
                if status is not None or outer is None:
                    return outer, known, moved, step, status or "converged"
                W = outer
    except TimeOver:
        # What the step that was interrupted started from still contains every equilibrium payoff.
        return W, known, moved, step, "time limit"
    return W, known, moved, max_iterations, "iteration limit"


def _steps(
    stage: Stage,
    W: Polytope,
    punishment: FloatArray,
    tolerance: float,
    max_iterations: int,
    deadline: Deadline,
) -> Iterator[tuple[Polytope | None, Polytope | None, float, int, Status | None]]:
    """The outer polytope after each step, with a status once iteration is to stop; see `_outer`."""
    n = len(stage.scale)
    known: Polytope | None = None
    moved = np.inf
    curved = n > 2 and not stage.equal_discount
    normals = directions(n)
    attempt = 1
    for step in range(1, max_iterations + 1):
        found = generate(stage, W, punishment)
        if not len(found.payoffs):
            yield None, None, 0.0, step, "converged"
            return
        if deadline.passed:
            yield W, known, moved, step, "time limit"
            return
        enclosed = enclosing(found.payoffs, W, normals) if curved else None
        refining = False
        if enclosed is not None:
            W, moved = enclosed
            normals, refining = widened(normals, W, found.payoffs, moved, step, tolerance)
        else:
            image = Polytope.hull(found.payoffs)
            moved = max(0.0, float(image.excess(W.vertices).max(initial=0.0)))
            W = lighter(image, stage, moved, tolerance, outwards=True)
        punishment = np.maximum(punishment, W.lowest)
        if (stage.equal_discount or n == 2) and step == attempt:
            attempt *= 2
            known, whole = self_generating(stage, W, known, deadline)
            if whole:
                yield known, known, 0.0, step, "converged"
                return
        if moved <= tolerance and not refining:
            yield W, known, moved, step, "converged"
            return
        yield W, known, moved, step, None


def _start(stage: Stage) -> Polytope:
    """All feasible payoffs; with unequal discount factors, trade over time can reach any point of the players' ranges."""
    if stage.equal_discount:
        return Polytope.hull(stage.payoffs)
    low, high = stage.payoffs.min(axis=0), stage.payoffs.max(axis=0)
    corners = np.stack(np.meshgrid(*zip(low, high), indexing="ij"), axis=-1)
    return Polytope.hull(corners.reshape(-1, len(low)))


def _why_empty(play: RepeatedGame, stage: Stage, steps: int) -> str:
    """Which assumption leaves no equilibrium."""
    head = "No subgame-perfect equilibrium in pure strategies"
    feasible = _start(stage)
    if not _reaches(feasible, stage.minmax):
        return (
            f"{head} exists at any discount factor: no feasible payoffs give every player its pure minmax "
            f"({', '.join(f'{p} {v:.6g}' for p, v in zip(play.stage.players, stage.scale * stage.minmax + stage.shift))}). "
            "The restriction to pure strategies empties the set; in mixed strategies an equilibrium always exists."
        )
    return (
        f"{head} exists at these discount factors: the stage game has no pure equilibrium, and after {steps} rounds no action "
        "profile is left that any promise or punishment could enforce. Higher discount factors may change that; in mixed "
        "strategies an equilibrium always exists."
    )


def _reaches(W: Polytope, floor: FloatArray) -> bool:
    """Is there a point of W with every coordinate at least at its floor?"""
    return len(corner_vertices(W, floor[None, :], binding_only=False).rows) > 0
