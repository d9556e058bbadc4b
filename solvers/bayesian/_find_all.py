"""All Bayes-Nash equilibria of a finite Bayesian game."""

from __future__ import annotations

import time
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from games.arguments import checked
from games.bayesian import BayesianGame
from solvers.base.deadline import Deadline, TimeOver, checkpoint
from solvers.base.precision import refuse_lost_differences
from solvers.base.rounding import same_profile
from solvers.bayesian._results import BayesComponent, BayesEquilibria, BayesEquilibrium

__all__ = ["find_all"]

# The index is computed from the agent form, whose size is exponential in the number of types.
_MAX_AGENT_CELLS = 20_000


@checked
def find_all(
    game: BayesianGame,
    *,
    seed: int = 0,
    time_limit: float | None = None,
    limit: int = 50_000,
) -> BayesEquilibria:
    """Find all Bayes-Nash equilibria, and say whether that succeeded.

    Two players: the corners of all sets of equilibria in behaviour strategies by type, exactly, however many types there are
    (vertex enumeration as for a tree in sequence form). Otherwise: `nash.find_all` on the agent form, with its guarantees.

    Parameters
    ----------
    game : BayesianGame
    seed : of the path tracker, with three or more players; the answer does not depend on it
    time_limit : seconds of wall time after which the search stops and hands over what it has, marked incomplete
    limit : vertices of a polytope that may be held at once, with two players

    Raises
    ------
    ValueError
        If `time_limit` is not positive.
    SizeError
        If the search would take too long to finish.

    Examples
    --------
    >>> from games import catalog
    >>> found = find_all(catalog.trees.kydd_trust())
    >>> [e.describe() for e in found if all(k == "separating" for k in e.kinds)]
    ['First: trustworthy → Cooperate, untrustworthy → Defect; Second: trustworthy → Cooperate, untrustworthy → Defect']
    >>> found.complete
    True
    """
    refuse_lost_differences(game)
    begun = time.process_time()
    deadline = Deadline(time_limit)
    if game.n_players == 2:
        return _two_players(game, limit, deadline, begun)
    from solvers.nash import find_all as find_all_nash
    from solvers.sequential._find_all import _simple

    agents = game.agent_form()
    equilibria = find_all_nash(agents, seed=seed, time_limit=time_limit)
    found = []
    for e in equilibria:
        profile: list[Any] = [v.tolist() for v in e.profile]
        proof = e.proof
        if proof == "exact":
            simple = [[_simple(p) for p in v] for v in e.profile]
            if all(sum(v) == 1 for v in simple):
                profile = simple
            else:
                proof = "numeric"
        found.append(BayesEquilibrium(game, game.from_agents(profile), proof, e.index))
    components = []
    for c in equilibria.components:
        members = {
            k for k, e in enumerate(equilibria) for vertex in c.vertices if same_profile(vertex, e.profile)
        }
        components.append(BayesComponent(tuple(sorted(members)), c.note))
    return BayesEquilibria(
        game,
        tuple(found),
        equilibria.complete,
        equilibria.degenerate,
        f"{equilibria.method}, on the agent form",
        time.process_time() - begun,
        tuple(components),
        equilibria.notes,
    )


def _two_players(game: BayesianGame, limit: int, deadline: Deadline, begun: float) -> BayesEquilibria:
    from solvers.equilibrium.corners import all_corners
    from solvers.equilibrium.sequence_form import of_bayesian

    method = "vertex enumeration over type-contingent strategies in rational arithmetic"
    form = of_bayesian(game)
    try:
        with deadline.enforced():
            corners = all_corners(form, limit, checkpoint)
    except (TimeOver, KeyboardInterrupt) as reason:
        why = "The time limit was reached." if isinstance(reason, TimeOver) else "The search was interrupted."
        return BayesEquilibria(
            game, (), False, None, method + ", broken off", time.process_time() - begun, notes=(why,)
        )
    first = [form.first.behaviour(plan) for plan in corners.first]
    second = [form.second.behaviour(plan) for plan in corners.second]
    strategies = [game.strategy([first[i], second[j]]) for i, j in corners.pairs]
    sets = [members for members in corners.components if len(members) > 1]
    inside = {m for members in sets for m in members}
    indices = _indices(game, strategies, inside)
    found = tuple(BayesEquilibrium(game, s, "exact", index) for s, index in zip(strategies, indices))
    components = []
    for members in sets:
        pairs = {corners.pairs[m] for m in members}
        shapes = [f"{len(a)} x {len(b)}" for a, b in corners.blocks if (a[0], b[0]) in pairs]
        what = "1 maximal Nash subset" if len(shapes) == 1 else f"{len(shapes)} maximal Nash subsets"
        components.append(BayesComponent(members, f"{what}, extreme strategies: {', '.join(shapes[:6])}"))
    regular = not sets and all(index is not None for index in indices) and sum(i or 0 for i in indices) == 1
    return BayesEquilibria(
        game,
        found,
        True,
        True if sets else (False if regular else None),
        method,
        time.process_time() - begun,
        tuple(components),
    )


def _indices(game: BayesianGame, strategies: list[Any], inside: set[int]) -> list[int | None]:
    """The index of each equilibrium outside the connected sets; None where it is not regular or the agent form is too large."""
    if prod(k**count for k, count in zip(game.shape, game.n_types)) > _MAX_AGENT_CELLS:
        return [None] * len(strategies)
    from solvers.equilibrium.proof import Certificate, prove

    agents = game.agent_form()
    out: list[int | None] = []
    for k, strategy in enumerate(strategies):
        certificate: Any = "unclear"
        if k not in inside:
            rows = [np.array([float(Fraction(p)) for p in row]) for own in strategy for row in own]
            certificate = prove(agents, rows)
        out.append(certificate.index if isinstance(certificate, Certificate) else None)
    return out
