"""One equilibrium of a tree, fast."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from games.arguments import checked
from games.errors import ConvergenceError, MethodError, did_you_mean
from games.extensive import ExtensiveGame
from solvers.base.deadline import keeps_time
from solvers.base.precision import refuse_lost_differences
from solvers.sequential._results import BehaviourEquilibrium

__all__ = ["find_one", "methods"]

_EXACT_SIZE = 90
_REGRET = 1e-7


def methods() -> tuple[str, ...]:
    """Names of the methods that `find_one` knows.

    >>> methods()
    ('backward induction', 'linear program', 'lemke')
    """
    return ("backward induction", "linear program", "lemke")


@checked
@keeps_time("the search", "use another method")
def find_one(
    tree: ExtensiveGame, method: str = "auto", *, time_limit: float | None = None
) -> BehaviourEquilibrium:
    """One equilibrium of a tree with perfect recall.

    Parameters
    ----------
    tree : ExtensiveGame
    method : `backward induction` (perfect information; subgame perfect, exact), `linear program` (two players whose payoffs
        add up to a constant; thousands of ends in seconds), `lemke` (two players; exact on small trees), or `auto`: the
        first that applies; for three and more players `nash.find_one` on the reduced normal form
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Returns
    -------
    BehaviourEquilibrium
        `regret` is computed directly from the tree. An equilibrium found in floats says `numeric`.

    Raises
    ------
    MethodError
        If the method is unknown or does not apply.
    ConvergenceError
        If the method ends without an equilibrium.

    Examples
    --------
    >>> from games import catalog
    >>> found = find_one(catalog.trees.kuhn_poker(), "linear program")
    >>> bool(abs(found.payoffs[0] + 1 / 18) < 1e-9)
    True
    """
    if method != "auto" and method not in methods():
        raise MethodError(f"there is no method {method!r}{did_you_mean(method, methods())}")
    tree.require_recall("finding an equilibrium in behaviour strategies")
    refuse_lost_differences(tree)
    sums = {sum(row) for row in tree.exact.tolist()} if tree.n_players == 2 else set()
    if method == "auto":
        if tree.perfect_information:
            method = "backward induction"
        elif tree.n_players == 2:
            method = "linear program" if len(sums) == 1 else "lemke"
        else:
            from solvers.nash import find_one as find_one_nash
            from solvers.sequential._find_all import _free

            equilibrium = find_one_nash(tree.normal_form())
            profile = [list(v) for v in equilibrium.profile]
            return BehaviourEquilibrium(tree, tree.to_behaviour(profile), "numeric", _free(tree, profile))
    if method == "backward induction":
        from solvers.sequential._backward import backward_induction

        return backward_induction(tree, limit=1)[0]
    if tree.n_players != 2:
        raise MethodError(f"{method!r} is for two players; this tree has {tree.n_players}")
    if method == "linear program":
        if len(sums) != 1:
            raise MethodError("the linear program is for payoffs that add up to a constant; use 'lemke'")
        from solvers.sequential._linear_program import solve_zero_sum

        found = _put_together(tree, *solve_zero_sum(tree), "numeric")
    else:
        from solvers.equilibrium.sequence_form import of_tree
        from solvers.sequential._lemke import lemke

        form = of_tree(tree)
        size = form.first.size + form.second.size + 2 * (len(form.first.sets) + len(form.second.sets)) + 4
        exact = size <= _EXACT_SIZE
        try:
            x, y = lemke(form, exact)
        except ConvergenceError:
            if exact:
                raise
            x, y = lemke(form, True)
            exact = True
        if not exact:
            from solvers.sequential._linear_program import _cleaned, as_floats

            x, y = (_cleaned(p, as_floats(v)).tolist() for p, v in ((form.first, x), (form.second, y)))
        vectors = (form.first.behaviour(x), form.second.behaviour(y))
        found = _put_together(tree, *vectors, "exact" if exact else "numeric")
    worst = float((found.regret / [r or 1.0 for r in tree.ranges]).max())
    if worst > _REGRET:
        raise ConvergenceError(
            f"{method} ended at a regret of {worst:.2g} of the payoff range", method, found.behaviour, worst
        )
    return found


def _put_together(tree: ExtensiveGame, first: Any, second: Any, proof: Any) -> BehaviourEquilibrium:
    entries: list[Any] = [None] * len(tree.information_sets)
    free = []
    for i, vectors in enumerate((first, second)):
        own = [k for k, s in enumerate(tree.information_sets) if s.player == i]
        for k, vector in zip(own, vectors):
            size = len(tree.information_sets[k].actions)
            entries[k] = [Fraction(1, size)] * size if vector is None else vector
            if vector is None:
                free.append(k)
    return BehaviourEquilibrium(tree, tree.behaviour(entries), proof, tuple(sorted(free)))
