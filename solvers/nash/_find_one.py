"""One Nash equilibrium, by a method of choice; whatever is returned has been verified."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from games.errors import ConvergenceError, MethodError, did_you_mean
from games.normal_form import NormalFormGame
from solvers.equilibrium.results import Equilibrium

__all__ = ["find_one", "methods"]

_METHODS = MappingProxyType(
    {
        "lemke-howson": "two players: the lexicographic path from one dropped label; always ends, exact "
        "(options: label, max_pivots)",
        "logit": "any number of players: the end of the principal branch of the logit correspondence (option: time_limit)",
        "newton": "any number of players: Newton's method on the complementarity problem from many starts "
        "(options: starts, seed, max_iterations, time_limit)",
        "pure": "any number of players: the first pure equilibrium, if there is one",
        "nashpy": "two players: nashpy's Lemke-Howson, with a cap on its pivots (options: label, max_pivots)",
    }
)


def methods() -> Mapping[str, str]:
    """The names of the methods of `find_one`, with what each is for.

    >>> list(methods())
    ['lemke-howson', 'logit', 'newton', 'pure', 'nashpy']
    """
    return _METHODS


def find_one(game: NormalFormGame, method: str | None = None, **options: Any) -> Equilibrium:
    """Find one Nash equilibrium.

    Parameters
    ----------
    game : NormalFormGame
    method : one of `methods()`; by default Lemke-Howson for two players, the logit branch for any other number
        and Newton's method where the branch cannot be followed
    options : passed to the method

    Raises
    ------
    MethodError
        If there is no such method or option, or it does not apply to this game.
    ConvergenceError
        If the method found none: this does not mean that there is none. It holds the method's last iterate and residual.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> game = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    >>> find_one(game, method="logit").profile
    (array([0.5, 0.5]), array([0.5, 0.5]))
    """
    if method is None:
        return _default(game, options)
    if method not in _METHODS:
        raise MethodError(f"find_one has no method {method!r}{did_you_mean(method, _METHODS)}")
    solve = _solver(method)
    known = [name for name, p in inspect.signature(solve).parameters.items() if name != "game"]
    for name in options:
        if name not in known:
            raise MethodError(f"method {method!r} has no option {name!r}{did_you_mean(name, known)}")
    return solve(game, **options)


def _default(game: NormalFormGame, options: Mapping[str, Any]) -> Equilibrium:
    if game.n_players == 2:
        return find_one(game, "lemke-howson", **options)
    try:
        return find_one(game, "logit", **options)
    except ConvergenceError as first:
        try:
            return find_one(game, "newton", **options)
        except ConvergenceError as second:
            raise second from first


def _solver(method: str) -> Callable[..., Equilibrium]:
    if method == "lemke-howson":
        from solvers.nash.two_players._lemke_howson import lemke_howson

        return lemke_howson
    if method == "newton":
        from solvers.nash._newton import newton

        return newton
    if method == "nashpy":
        from solvers.nash.two_players._nashpy import nashpy_lemke_howson

        return nashpy_lemke_howson
    return {"logit": _logit, "pure": _pure}[method]


def _logit(game: NormalFormGame, time_limit: float | None = None) -> Equilibrium:
    from solvers.quantal import limiting

    return limiting(game, each_in_its_own_unit=True, time_limit=time_limit)


def _pure(game: NormalFormGame) -> Equilibrium:
    from solvers.nash._pure import pure

    found = pure(game)
    if not len(found):
        raise ConvergenceError(
            "this game has no pure equilibrium; it has mixed ones, which the other methods look for", "pure"
        )
    return found[0]
