"""All Nash equilibria of a tree in behaviour strategies."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any, Literal

from games.arguments import checked
from games.errors import MethodError
from games.extensive import ExtensiveGame
from solvers.base.deadline import Deadline, TimeOver, checkpoint
from solvers.base.precision import refuse_lost_differences
from solvers.base.rounding import same_profile
from solvers.equilibrium.corners import all_corners
from solvers.equilibrium.results import Equilibria
from solvers.equilibrium.sequence_form import of_tree
from solvers.sequential._results import BehaviourComponent, BehaviourEquilibria, BehaviourEquilibrium

__all__ = ["find_all"]

_DUST = 1e-14

Method = Literal["auto", "sequence form", "reduced normal form"]


@checked
def find_all(
    tree: ExtensiveGame,
    *,
    method: Method = "auto",
    seed: int = 0,
    time_limit: float | None = None,
    limit: int = 50_000,
) -> BehaviourEquilibria:
    """Find all Nash equilibria of a tree with perfect recall, and say whether that succeeded.

    Parameters
    ----------
    tree : ExtensiveGame
    method : `sequence form` (two players; exact and complete), `reduced normal form` (any number of players, with the
        guarantees of `nash.find_all`), or `auto`: the first where it applies
    seed : of the path tracker for three and more players; the answer does not depend on it
    time_limit : seconds of wall time after which the search stops and hands over what it has, marked incomplete
    limit : vertices of a polytope that may be held at once in the sequence form

    Returns
    -------
    BehaviourEquilibria
        For two players the corners of all connected sets of equilibria, in fractions. Two equilibria that differ only where
        a player's own strategy keeps play from coming count as one; such information sets are `free`.

    Raises
    ------
    GameError
        If a player has imperfect recall.
    MethodError
        If the method does not exist or does not apply to this number of players.
    SizeError
        If the search would take too long to finish.

    Examples
    --------
    >>> from games.extensive import Decision, Terminal
    >>> entry = ExtensiveGame(Decision("Entrant", {
    ...     "Out": Terminal([0, 2]),
    ...     "In": Decision("Incumbent", {"Fight": Terminal([-1, -1]), "Accommodate": Terminal([1, 1])}),
    ... }))
    >>> found = find_all(entry)
    >>> [e.describe() for e in found]
    ['Entrant 1: Out; Incumbent 1: Fight', 'Entrant 1: Out; Incumbent 1: Fight (1/2), Accommodate (1/2)',
     'Entrant 1: In; Incumbent 1: Accommodate']
    >>> found.complete
    True
    """
    if method not in ("auto", "sequence form", "reduced normal form"):
        raise MethodError(
            f"there is no method {method!r}; known: 'auto', 'sequence form', 'reduced normal form'"
        )
    if method == "sequence form" and tree.n_players != 2:
        raise MethodError(f"the sequence form is for two players; this tree has {tree.n_players}")
    tree.require_recall("finding all equilibria in behaviour strategies")
    refuse_lost_differences(tree)
    begun = time.process_time()
    deadline = Deadline(time_limit)
    if tree.n_players == 2 and method != "reduced normal form":
        return _sequence_form(tree, limit, deadline, begun)
    from solvers.nash import find_all as find_all_nash

    return _from_normal_form(tree, find_all_nash(tree.normal_form(), seed=seed, time_limit=time_limit), begun)


def _sequence_form(tree: ExtensiveGame, limit: int, deadline: Deadline, begun: float) -> BehaviourEquilibria:
    form = of_tree(tree)

    method = "vertex enumeration of the sequence form in rational arithmetic"
    try:
        with deadline.enforced():
            corners = all_corners(form, limit, checkpoint)
    except (TimeOver, KeyboardInterrupt) as reason:
        why = "The time limit was reached." if isinstance(reason, TimeOver) else "The search was interrupted."
        return BehaviourEquilibria(
            tree, (), False, method + ", broken off", time.process_time() - begun, notes=(why,)
        )
    first = [form.first.behaviour(plan) for plan in corners.first]
    second = [form.second.behaviour(plan) for plan in corners.second]
    own = [[k for k, s in enumerate(tree.information_sets) if s.player == i] for i in range(2)]
    found = []
    for i, j in corners.pairs:
        entries: list[Any] = [None] * len(tree.information_sets)
        free = []
        for numbers, vectors in zip(own, (first[i], second[j])):
            for k, vector in zip(numbers, vectors):
                size = len(tree.information_sets[k].actions)
                entries[k] = [Fraction(1, size)] * size if vector is None else vector
                if vector is None:
                    free.append(k)
        found.append(BehaviourEquilibrium(tree, tree.behaviour(entries), "exact", tuple(sorted(free))))
    components = []
    for members in corners.components:
        if len(members) > 1:
            pairs = {corners.pairs[m] for m in members}
            shapes = [f"{len(a)} x {len(b)}" for a, b in corners.blocks if (a[0], b[0]) in pairs]
            shown = ", ".join(shapes[:6]) + (", ..." if len(shapes) > 6 else "")
            sets = "1 maximal Nash subset" if len(shapes) == 1 else f"{len(shapes)} maximal Nash subsets"
            components.append(BehaviourComponent(members, f"{sets}, extreme plans: {shown}"))
    notes: tuple[str, ...] = ()
    if components:
        count = "One connected set" if len(components) == 1 else f"{len(components)} connected sets"
        notes = (f"{count} of equilibria {'is' if len(components) == 1 else 'are'} given by the corners.",)
    if form.zero_sum is not None:
        method = "the optimal faces of the sequence form in rational arithmetic (the payoffs are zero-sum)"
    return BehaviourEquilibria(
        tree,
        tuple(found),
        True,
        method,
        time.process_time() - begun,
        components=tuple(components),
        notes=notes,
    )


def _from_normal_form(tree: ExtensiveGame, equilibria: Equilibria, begun: float) -> BehaviourEquilibria:
    """Behaviour strategies of the equilibria of the reduced normal form; those that realise the same are given once."""
    kept: dict[tuple[Any, ...], BehaviourEquilibrium] = {}
    where: list[tuple[Any, ...]] = []
    for e in equilibria:
        profile: list[Any] = [_without_dust(v) for v in e.profile]
        proof = e.proof
        if proof == "exact":
            simple = [[_simple(p) for p in v] for v in e.profile]
            if all(sum(v) == 1 for v in simple):
                profile = simple
            else:
                proof = "numeric"
        behaviour = tree.to_behaviour(profile)
        free = _free(tree, profile)
        key = tuple(
            () if k in free else tuple(round(float(p), 9) for p in v) for k, v in enumerate(behaviour)
        )
        where.append(key)
        kept.setdefault(key, BehaviourEquilibrium(tree, behaviour, proof, free))
    order = {key: k for k, key in enumerate(kept)}
    components = []
    for c in equilibria.components:
        members = {
            k
            for k, e in zip((order[key] for key in where), equilibria)
            for vertex in c.vertices
            if same_profile(vertex, e.profile)
        }
        if len(members) > 1:
            components.append(BehaviourComponent(tuple(sorted(members)), c.note))
    return BehaviourEquilibria(
        tree,
        tuple(kept.values()),
        equilibria.complete,
        f"{equilibria.method}, on the reduced normal form",
        time.process_time() - begun,
        components=tuple(components),
        notes=equilibria.notes,
    )


def _without_dust(vector: Any) -> list[float]:
    """The probabilities without those below rounding, which would make every node reached."""
    kept = [p if p > _DUST else 0.0 for p in vector.tolist()]
    total = sum(kept)
    return [p / total for p in kept]


def _simple(p: float) -> Fraction:
    """The simplest fraction near a float; exact equilibria come as fractions rounded to floats."""
    guess = Fraction(float(p)).limit_denominator(1000)
    return guess if abs(float(guess) - p) < 1e-12 else Fraction(float(p)).limit_denominator(10**9)


def _free(tree: ExtensiveGame, profile: list[list[Any]]) -> tuple[int, ...]:
    from games.extensive.forms import realised, strategies

    out = []
    for i, weights in enumerate(profile):
        played = realised(tree, i, strategies(tree, i, True))
        mass = [sum(w for w, on in zip(weights, column) if on) for column in played.T]
        out += [
            k
            for k, s in enumerate(tree.information_sets)
            if s.player == i and not mass[int(tree.sequence_of[s.nodes[0], i])] > 0
        ]
    return tuple(sorted(out))
