"""The payoffs that subgame-perfect equilibria of a repeated game can give, between an outer and an inner polytope.

Pure strategies, perfect monitoring, a public lottery before every period. The set V* of these payoffs is the largest
bounded set with V = B(V) for the operator B of Abreu, Pearce and Stacchetti (1990); see `solvers.repeated.operator`.

*Outer.* Start from a polytope that surely holds V*, with deviators held to their pure minmax, and apply the operator;
raise the threats to the worst payoffs that are left. Every step still holds V*.
*Inner.* A polytope V inside B(V), deviators held to its own worst payoffs, is self-generating and so consists of equilibrium
payoffs. The limit of the outer sequence is one, if it was reached; else it is pulled in a little, and the operator
then grows it back. What is returned has been checked, vertex by vertex.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from games.errors import MethodError
from games.normal_form import FloatArray
from games.repeated import RepeatedGame
from solvers.deadline import Deadline
from solvers.repeated.directions import directions, enclosing, furthest, refined
from solvers.repeated.operator import Generated, Stage, corner_vertices, generate, normalised
from solvers.repeated.polytope import ROUNDING, Polytope
from solvers.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PayoffSet", "Status", "payoff_set"]

Status: TypeAlias = Literal["converged", "iteration limit", "time limit"]

_EXACT = 4.0 * ROUNDING
_MANY = 200
_COARSE = 250
_FACETS = 70
_FIRST, _EVERY, _NEW = 8, 3, 20
_TRIES = 12
_CHOOSE = 6
_SETTLE = 250
_FINE = 1e-4
_SHARES = (0.7, 0.55, 0.4, 0.3, 0.2, 0.1, 0.05)
_GROWTH = 200
_STILL = 2000
_ALMOST = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class PayoffSet(Result):
    """The equilibrium payoffs of a repeated game, bracketed; payoffs in the units of the stage game.

    Attributes
    ----------
    play : RepeatedGame
    outer : Polytope that contains every equilibrium payoff (up to rounding, 1e-11 of the payoff range);
        without vertices if there is none
    inner : Polytope of equilibrium payoffs, checked to be self-generating; without vertices
        if none was found
    gap : distance of the outer polytope's furthest vertex from the inner one, every player's payoff range counted as 1
        (an upper bound); 0 where the two are the same set, infinity without an inner polytope
    empty : True if it is proved that no equilibrium exists (in pure strategies, at these discount factors)
    why_empty : what emptied it, in words; "" unless empty
    status : `converged`, `iteration limit` or `time limit`; outer and inner are sound in every case
    minmax : array (N,), the pure minmax payoffs
    iterations : applications of the operator
    seconds : processor time used
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

    @property
    def converged(self) -> bool:
        """True if the iteration met its tolerance."""
        return self.status == "converged"

    @property
    def exact(self) -> bool:
        """True if outer and inner are one and the same set."""
        return self.gap == 0.0 and not self.empty

    def worst(self, player: str | int) -> float:
        """The player's worst payoff in the inner polytope: the harshest punishment known to be an equilibrium.

        Infinity if there is no inner polytope: then no punishment is known.
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
        end = "" if self.converged else f" Stopped at the {self.status}: more time narrows the gap."
        if self.inner.dimension < 0:
            return (
                f"Equilibrium payoffs lie in {what} with {len(self.outer.vertices)} vertices; no self-generating "
                f"polytope was found inside, which does not show that there is none.{end}"
            )
        if self.exact:
            return (
                f"The equilibrium payoffs (pure strategies, public lotteries) are {what} with "
                f"{len(self.inner.vertices)} vertices, checked to be self-generating.{end}"
            )
        return (
            f"The equilibrium payoffs (pure strategies, public lotteries) fill {what} between an inner polytope with "
            f"{len(self.inner.vertices)} vertices, checked to be self-generating, and an outer one with "
            f"{len(self.outer.vertices)}; they differ by at most {self.gap:.2g} of the payoff range.{end}"
        )

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
        a common discount factor is 1e-13 for two players and 1e-9 for more; with unequal ones, whose sets have very many
        vertices, 1e-5 and 2e-3.
    max_iterations : int
    time_limit : seconds of wall time, optional

    Returns
    -------
    PayoffSet

    Raises
    ------
    MethodError
        If monitoring is not perfect, or an option is out of range.

    Notes
    -----
    Abreu, Pearce and Stacchetti (1990), Econometrica 58, theorems 1 to 5, for the operator; Abreu and Sannikov (2014),
    Theoretical Economics 9, for the payoffs that can be extreme with a common discount factor.

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
    if not play.monitoring.perfect:
        raise MethodError(
            "payoff_set assumes perfect monitoring; this game has false alarms or missed violations"
        )
    if tolerance is not None and not 0.0 < tolerance < 1.0:
        raise MethodError(f"tolerance is {tolerance}; it is a share of the payoff range between 0 and 1")
    if max_iterations < 1:
        raise MethodError(f"max_iterations is {max_iterations}; at least one is needed")
    begun = time.process_time()
    deadline = Deadline(time_limit)
    stage = normalised(play)
    if tolerance is None:
        fine, coarse = (1e-13, 1e-5) if play.n_players <= 2 else (1e-9, 2e-3)
        tolerance = fine if stage.common else coarse
    minmax = stage.scale * stage.minmax + stage.shift
    outer, moved, steps, status = _outer(stage, tolerance, max_iterations, deadline)
    if outer is None:
        why = _why_empty(play, stage, steps)
        spent = time.process_time() - begun
        none = Polytope.nothing(play.n_players)
        return PayoffSet(play, none, none, 0.0, True, why, status, minmax, steps, spent, stage, none)
    inner, gap = _inner(stage, outer, max(moved, tolerance), tolerance, deadline)
    if gap == 0.0:
        outer = inner
    own = [p.scaled(stage.scale, stage.shift) for p in (outer, inner)]
    spent = time.process_time() - begun
    return PayoffSet(play, own[0], own[1], gap, False, "", status, minmax, steps, spent, stage, inner)


def _outer(
    stage: Stage, tolerance: float, max_iterations: int, deadline: Deadline
) -> tuple[Polytope | None, float, int, Status]:
    """Iterate down from a polytope that holds every equilibrium payoff; None once that is empty."""
    W, threat = _start(stage), stage.minmax.copy()
    moved = np.inf
    curved = len(stage.scale) > 2 and not stage.common
    normals = directions(len(stage.scale))
    most = len(normals) + _FACETS
    for step in range(1, max_iterations + 1):
        found = generate(stage, W, threat)
        if not len(found.payoffs):
            return None, 0.0, step, "converged"
        enclosed = enclosing(found.payoffs, W, normals) if curved else None
        refining = False
        if enclosed is not None:
            W, moved = enclosed
            if step >= _FIRST and (step - _FIRST) % _EVERY == 0 and len(normals) < most:
                before = len(normals)
                normals = refined(normals, W, found.payoffs, min(_NEW, most - before), tolerance)
                refining = len(normals) > before
        else:
            image = Polytope.hull(found.payoffs)
            moved = max(0.0, float(image.excess(W.vertices).max(initial=0.0)))
            W = _lighter(image, stage, moved, tolerance, outwards=True)
        threat = np.maximum(threat, W.lowest)
        if moved <= tolerance and not refining:
            return W, moved, step, "converged"
        if deadline.passed:
            return W, moved, step, "time limit"
    return W, moved, max_iterations, "iteration limit"


def _start(stage: Stage) -> Polytope:
    """All feasible payoffs; with unequal discount factors, trade over time can lead anywhere in the players' ranges."""
    if stage.common:
        return Polytope.hull(stage.payoffs)
    low, high = stage.payoffs.min(axis=0), stage.payoffs.max(axis=0)
    corners = np.stack(np.meshgrid(*zip(low, high), indexing="ij"), axis=-1)
    return Polytope.hull(corners.reshape(-1, len(low)))


def _lighter(W: Polytope, stage: Stage, moved: float, tolerance: float, outwards: bool) -> Polytope:
    """W on fewer vertices, where they have become many, at an error well below the movement that is left."""
    if stage.common:
        for share in (0.1, 0.3) if len(W.vertices) > _MANY else ():
            thin = W.thinned(share * max(moved, tolerance), outwards)
            if len(thin.vertices) < 0.7 * len(W.vertices):
                return thin
        if outwards and len(W.vertices) > 2 * _MANY and 2 < len(stage.scale) == W.dimension:
            # Thin sets resist being thinned by moving vertices; moving a few facets always covers them.
            rough = W.thinned(0.02 * max(moved, tolerance), outwards=False)
            unit = rough.normals[np.unique(rough.normals.round(12), axis=0, return_index=True)[1]]
            enclosed = enclosing(W.vertices, W, unit)
            if enclosed is not None and W.furthest(enclosed[0].vertices) < max(moved, tolerance):
                return enclosed[0]
        return W
    error = (1.0 - float(stage.discount.max())) * max(0.2 * moved, tolerance)
    return W if len(W.vertices) <= _COARSE else W.thinned(error, outwards)


def _image(stage: Stage, V: Polytope) -> tuple[Polytope | None, float]:
    """What V generates with its own worst payoffs as threats, and how far V sticks out of that."""
    found: Generated = generate(stage, V, V.lowest)
    if not len(found.payoffs):
        return None, np.inf
    image = Polytope.hull(found.payoffs)
    out = float(image.excess(V.vertices).max())
    return image, out if out > _EXACT else float(image.distance(V.vertices).max())


def _inner_solid(
    stage: Stage, W: Polytope, tolerance: float, deadline: Deadline
) -> tuple[Polytope | None, float]:
    """As `_inner`, for sets with curved surfaces: a self-generating core, grown in the directions of W's facets."""
    normals = W.normals[np.unique(W.normals.round(6), axis=0, return_index=True)[1]]
    core = _core(stage, W)
    if core is None:
        return None, np.inf
    V, points = core
    for _ in range(_GROWTH):
        chosen = points[np.unique(furthest(points, normals))]
        moved = float(V.excess(chosen).max())
        grown = Polytope.hull(np.vstack([V.vertices, chosen]))
        made = generate(stage, grown, grown.lowest)
        if not len(made.payoffs):
            break
        V, points = grown, made.payoffs
        if moved <= tolerance or deadline.passed:
            break
    # Each step is self-generating because the one before is; rounding may add up, so the last is tried like any other.
    for pull in (1.0, 1.0 - 1e-9, 1.0 - 1e-7, 1.0 - 1e-5):
        trial = V if pull == 1.0 else V.pulled(pull)
        image, beyond = _image(stage, trial)
        if image is not None and beyond <= _EXACT:
            return image, image.furthest(W.vertices)
    return core[0], core[0].furthest(W.vertices)


def _core(stage: Stage, W: Polytope) -> tuple[Polytope, FloatArray] | None:
    """A self-generating polytope inside W, and what it generates: W shrunk enough, together with the stage equilibria."""
    parts = []
    steady = stage.payoffs[(stage.costs <= 0.0).all(axis=1)]
    if len(steady):
        parts.append(steady)
    centre = W.centroid
    for share in _SHARES:
        V = Polytope.hull(centre + share * (W.vertices - centre))
        image, out = _image(stage, V)
        if image is not None and out <= _EXACT:
            parts.append(V.vertices)
            break
    if not parts:
        return None
    # The hull of two self-generating sets is self-generating.
    V = Polytope.hull(np.vstack(parts))
    return V, generate(stage, V, V.lowest).payoffs


def _inner_planar(stage: Stage, W: Polytope, deadline: Deadline) -> tuple[Polytope | None, float]:
    """As `_inner`, on few vertices: choose them, let those that are not generated give way, and pull in a little."""
    V, out = W, np.inf
    for step in range(_SETTLE):
        image, _ = _image(stage, V)
        if image is None or deadline.passed:
            return None, np.inf
        if step < _CHOOSE:
            V = image.thinned(_FINE, outwards=False)
            continue
        beyond = image.distance(V.vertices)
        out = float(beyond.max())
        if out <= _EXACT:
            break
        lost = V.vertices[beyond > _EXACT]
        nearest = ((lost[:, None, :] - image.vertices[None]) ** 2).sum(axis=2).argmin(axis=1)
        V = Polytope.hull(np.vstack([V.vertices[beyond <= _EXACT], image.vertices[np.unique(nearest)]]))
    unit = out / (1.0 - float(stage.discount.max()))
    for pull in (0.0, 1.0, 3.0, 10.0, 30.0):
        if pull * unit > 0.5:
            break
        trial = V.pulled(1.0 - pull * unit) if pull else V
        image, beyond_all = _image(stage, trial)
        if image is not None and beyond_all <= _EXACT:
            # The image of a self-generating set is a larger one.
            return image, image.furthest(W.vertices)
    return None, np.inf


def _inner(
    stage: Stage, W: Polytope, moved: float, tolerance: float, deadline: Deadline
) -> tuple[Polytope, float]:
    """A self-generating polytope as close to W as can be had, and how far W's vertices lie from it."""
    best: Polytope | None = None
    gap = np.inf
    if not stage.common and W.dimension == len(stage.scale):
        if len(stage.scale) > 2:
            best, gap = _inner_solid(stage, W, 5.0 * tolerance, deadline)
        else:
            best, gap = _inner_planar(stage, W, deadline)
    unit = moved / (1.0 - float(stage.discount.max()))
    for pull in (0.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 1e4, 1e5, 1e6):
        if best is not None or pull * unit > 0.5 or (deadline.passed and pull > 0.0):
            break
        V = W if pull == 0.0 else W.pulled(1.0 - pull * unit)
        for _ in range(_TRIES if pull else 3 * _TRIES):
            image, out = _image(stage, V)
            if image is None:
                break
            if out <= _EXACT:
                if V is W:
                    # Corners that rounding alone has made go, if the set stands without them.
                    plain = W.thinned(10.0 * ROUNDING, outwards=False)
                    return (plain if _image(stage, plain)[1] <= _EXACT else W), 0.0
                best, gap = _grown(stage, W, V, image, tolerance, deadline)
                break
            V = _lighter(image, stage, moved, tolerance, outwards=False)
    if stage.common and gap > 100.0 * unit and not deadline.passed:
        settled, other = _inner_settled(stage, W, deadline)
        if other < gap:
            best, gap = settled, other
    steady = stage.payoffs[(stage.costs <= 0.0).all(axis=1)]
    if best is None and len(steady):
        # Playing a stage equilibrium for ever is always an equilibrium.
        core = Polytope.hull(steady)
        image, out = _image(stage, core)
        if image is None or out > _EXACT:
            return core, core.furthest(W.vertices)
        best, gap = _grown(stage, W, core, image, tolerance, deadline)
    return (Polytope.nothing(len(stage.scale)) if best is None else best), gap


def _inner_settled(stage: Stage, W: Polytope, deadline: Deadline) -> tuple[Polytope | None, float]:
    """As `_inner`, for great patience: apply the operator until the set stands still to the last digit."""
    V = W
    for _ in range(_STILL):
        image, out = _image(stage, V)
        if image is None or deadline.passed:
            break
        if out <= _EXACT:
            return V, V.furthest(W.vertices)
        V = _lighter(image, stage, min(out, _ALMOST), _EXACT, outwards=False)
    return None, np.inf


def _grown(
    stage: Stage, W: Polytope, V: Polytope, image: Polytope, tolerance: float, deadline: Deadline
) -> tuple[Polytope, float]:
    """Let a self-generating polytope grow: what lies between V and its image is self-generating, too."""
    gap = V.furthest(W.vertices)
    for _ in range(200):
        if len(image.vertices) > _MANY:
            some = image.thinned(0.05 * gap, outwards=False).vertices
            image = Polytope.hull(np.vstack([V.vertices, some]))
        V, before = image, gap
        gap = V.furthest(W.vertices)
        if gap <= tolerance or gap > 0.99 * before or deadline.passed:
            break
        found, out = _image(stage, V)
        if found is None or out > _EXACT:
            break
        image = found
    return V, gap


def _why_empty(play: RepeatedGame, stage: Stage, steps: int) -> str:
    """Which assumption left nothing over."""
    head = "No subgame-perfect equilibrium in pure strategies"
    feasible = _start(stage)
    if not _reaches(feasible, stage.minmax):
        return (
            f"{head}, at any discount factor: no feasible payoffs give every player its pure minmax "
            f"({', '.join(f'{p} {v:.6g}' for p, v in zip(play.stage.players, stage.scale * stage.minmax + stage.shift))}). "
            "It is the restriction to pure strategies that empties the set; in mixed strategies an equilibrium always exists."
        )
    return (
        f"{head} at these discount factors: the stage game has no pure equilibrium, and after {steps} rounds no action "
        "profile is left that any promise or threat could enforce. Either greater patience or mixed strategies, in which "
        "an equilibrium always exists, would be needed."
    )


def _reaches(W: Polytope, floor: FloatArray) -> bool:
    """Is there a point of W with every coordinate at least at its floor?"""
    return len(corner_vertices(W, floor[None, :], binding_only=False)[0]) > 0
