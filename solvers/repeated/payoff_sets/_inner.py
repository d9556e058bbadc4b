"""Self-generating polytopes: what proves that payoffs are equilibrium payoffs.

A polytope V inside B(V), deviators held to its own worst payoffs, consists of equilibrium payoffs (Abreu, Pearce and Stacchetti
1990). Given an outer polytope W, one is looked for inside it: W itself, or W pulled in a little. With curved surfaces, W is
shrunk until it generates itself, and then grown by the operator, which keeps it so. Every polytope that is handed back has been
checked, vertex by vertex.
"""

from __future__ import annotations

import numpy as np

from games.normal_form import FloatArray
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets._contraction import contracted, generates_itself
from solvers.repeated.payoff_sets._fixed_point import EXACT, settled
from solvers.repeated.payoff_sets._operator import Generated, Stage, generate
from solvers.repeated.payoff_sets.directions import directions, enclosing, furthest
from solvers.repeated.payoff_sets.polytope import ROUNDING, Polytope, distinct

__all__ = ["at_once", "lighter", "within"]

_MANY = 200
_COARSE = 250
_TRIES = 12
_SHARES, _LITTLE = (0.7, 0.55, 0.4), (0.3, 0.2, 0.1, 0.05)
_ROUNDS = 10
_TOO_MANY = 600
_GROWTH = 200
# Movement of W above which four players and more have too many corners for pulling it in a little to help.
_LOOSE = 1e-6


def lighter(W: Polytope, stage: Stage, moved: float, tolerance: float, outwards: bool) -> Polytope:
    """W on fewer vertices, where they have become many, at an error well below the movement that is left."""
    if stage.equal_discount:
        for share in (0.1, 0.3) if len(W.vertices) > _MANY else ():
            thin = W.thinned(share * max(moved, tolerance), outwards)
            if len(thin.vertices) < 0.7 * len(W.vertices):
                return thin
        if outwards and len(W.vertices) > 2 * _MANY and 2 < len(stage.scale) == W.dimension:
            # Thin sets resist being thinned by moving vertices; moving a few facets always covers them.
            rough = W.thinned(0.02 * max(moved, tolerance), outwards=False)
            unit = distinct(rough.normals, 12)
            enclosed = enclosing(W.vertices, W, unit)
            if (
                enclosed is not None
                and len(enclosed[0].vertices) < 0.7 * len(W.vertices)
                and W.furthest(enclosed[0].vertices) < max(moved, tolerance)
            ):
                return enclosed[0]
        return W
    error = (1.0 - float(stage.discount.max())) * max(0.2 * moved, tolerance)
    return W if len(W.vertices) <= _COARSE else W.thinned(error, outwards)


def _image(stage: Stage, V: Polytope) -> tuple[Polytope, float]:
    """What V generates with its own worst payoffs as punishments, and how far V sticks out of that: infinitely out of nothing."""
    found: Generated = generate(stage, V, V.lowest)
    if not len(found.payoffs):
        return Polytope.nothing(len(stage.scale)), np.inf
    image = Polytope.hull(found.payoffs)
    out = float(image.excess(V.vertices).max())
    return image, out if out > EXACT else float(image.distance(V.vertices).max())


def _inner_solid(
    stage: Stage, W: Polytope, tolerance: float, deadline: Deadline
) -> tuple[Polytope | None, float]:
    """As `within`, for sets with curved surfaces: a self-generating core, grown in the directions of W's facets."""
    normals = distinct(W.normals, 6)
    core = _core(stage, W, deadline)
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
        if beyond <= EXACT:
            return image, image.furthest(W.vertices)
    return core[0], core[0].furthest(W.vertices)


def _core(stage: Stage, W: Polytope, deadline: Deadline) -> tuple[Polytope, FloatArray] | None:
    """A self-generating polytope inside W, and what it generates: W shrunk, or where it settles, and the stage equilibria."""
    parts = [stage.steady]
    found = _shrunk(stage, W, _SHARES) or _settling(stage, W, deadline) or _shrunk(stage, W, _LITTLE)
    if found is not None:
        parts.append(found.vertices)
    points = np.vstack(parts)
    if not len(points):
        return None
    # The hull of two self-generating sets is self-generating.
    V = Polytope.hull(points)
    return V, generate(stage, V, V.lowest).payoffs


def _shrunk(stage: Stage, W: Polytope, shares: tuple[float, ...]) -> Polytope | None:
    """The first of these multiples of W, around its centre of gravity, that generates itself."""
    centre = W.centroid
    for share in shares:
        V = Polytope.hull(centre + share * (W.vertices - centre))
        if _image(stage, V)[1] <= EXACT:
            return V
    return None


def _settling(stage: Stage, W: Polytope, deadline: Deadline) -> Polytope | None:
    """A polytope that generates itself near where W settles, if possible on few vertices: those furthest out somewhere."""
    facets = distinct(W.normals, 6)
    outwards = W.vertices - W.centroid
    outwards = outwards / np.sqrt((outwards**2).sum(axis=1))[:, None]
    for normals in (facets, directions(len(stage.scale)), np.vstack([facets, outwards]), None):
        V, closest, least = W, W, np.inf
        for _ in range(_ROUNDS):
            made = generate(stage, V, V.lowest)
            if not len(made.payoffs) or deadline.passed:
                break
            image = Polytope.hull(made.payoffs)
            if len(image.vertices) > _TOO_MANY:
                break
            out = float(image.excess(V.vertices).max())
            if out <= EXACT:
                return V
            size = float(np.ptp(V.vertices, axis=0).max())
            if out < least * size:
                closest, least = V, out / size
            few = image.vertices
            if normals is not None:
                few = few[np.unique(furthest(few, normals))]
            points = settled(stage, V.vertices, few, made, to_the_end=False)
            V = Polytope.hull(few if points is None else points)
        for pull in (1.0, 3.0, 10.0, 30.0):
            less = pull * least / (1.0 - float(stage.discount.max()))
            if less < 0.5:
                trial = closest.pulled(1.0 - less)
                if _image(stage, trial)[1] <= EXACT:
                    return trial
    return None


def within(
    stage: Stage, W: Polytope, known: Polytope | None, moved: float, tolerance: float, deadline: Deadline
) -> tuple[Polytope, float]:
    """A self-generating polytope as close to W as can be had, and how far W's vertices lie from it.

    `known` is one that was met before, if any. `moved` is how far the operator still moves W.
    """
    best: Polytope | None = None
    gap = np.inf
    if not stage.equal_discount and W.dimension == len(stage.scale) > 2:
        best, gap = _inner_solid(stage, W, 5.0 * tolerance, deadline)
        if best is not None:
            return best, gap
    unit = moved / (1.0 - float(stage.discount.max()))
    if stage.equal_discount and W.dimension == len(stage.scale) > 3 and moved > _LOOSE:
        return _held(stage, W, known, deadline)
    if known is not None:
        best, gap = _grown(stage, W, known, _image(stage, known)[0], tolerance, deadline)
    near = gap <= 100.0 * unit
    for pull in (0.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 1e4, 1e5, 1e6):
        if pull and (near or pull * unit > 0.5 or deadline.passed):
            break
        V = W.pulled(1.0 - pull * unit) if pull else W
        for _ in range(_TRIES if pull else 3 * _TRIES):
            if deadline.passed:
                break
            image, out = _image(stage, V)
            if not len(image.vertices):
                break
            if out <= EXACT:
                if V is W:
                    # Corners that rounding alone has made go, if the set stands without them.
                    plain = W.thinned(10.0 * ROUNDING, outwards=False)
                    return (plain if _image(stage, plain)[1] <= EXACT else W), 0.0
                near = True
                other, distance = _grown(stage, W, V, image, tolerance, deadline)
                if distance < gap:
                    best, gap = other, distance
                break
            V = lighter(image, stage, moved, tolerance, outwards=False)
    if best is None and len(stage.steady):
        core = Polytope.hull(stage.steady)
        image, out = _image(stage, core)
        if out > EXACT:
            return core, core.furthest(W.vertices)
        best, gap = _grown(stage, W, core, image, tolerance, deadline)
    return (Polytope.nothing(len(stage.scale)) if best is None else best), gap


def _held(stage: Stage, W: Polytope, known: Polytope | None, deadline: Deadline) -> tuple[Polytope, float]:
    """As `within`, for solids of four players and more that W does not hold closely."""
    parts = [stage.steady]
    parts += [V.vertices for V in (known, contracted(stage, W, deadline)) if V is not None]
    points = np.concatenate(parts)
    if not len(points):
        return Polytope.nothing(len(stage.scale)), np.inf
    # The hull of self-generating sets is self-generating. Rounding may say otherwise; then each is tried alone.
    for part in (points, *parts[::-1]):
        if len(part):
            V = Polytope.hull(part)
            if generates_itself(stage, V):
                return V, V.furthest(W.vertices)
    return Polytope.nothing(len(stage.scale)), np.inf


def at_once(stage: Stage, W: Polytope, known: Polytope | None) -> tuple[Polytope, float]:
    """A self-generating polytope without any search: the known one, or the stage equilibria; and how far W reaches beyond."""
    if known is None and not len(stage.steady):
        return Polytope.nothing(len(stage.scale)), np.inf
    core = Polytope.hull(stage.steady) if known is None else known
    # An upper bound on the gap: the nearest vertex.
    away = np.full(len(W.vertices), np.inf)
    for vertex in core.vertices:
        np.minimum(away, np.sqrt(((W.vertices - vertex) ** 2).sum(axis=1)), out=away)
    return core, float(away.max())


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
        image, out = _image(stage, V)
        if out > EXACT:
            break
    return V, gap
