"""One Nash equilibrium, by a method of choice; whatever is returned has been verified."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from games.arguments import checked
from games.errors import ConvergenceError, MethodError, did_you_mean
from games.normal_form import NormalFormGame
from solvers.base.deadline import Deadline
from solvers.base.limits import refuse_unknown, seconds
from solvers.base.matrix_game import opposed
from solvers.base.precision import refuse_lost_differences
from solvers.equilibrium.results import Equilibrium
from solvers.nash._methods import METHODS

__all__ = ["find_one", "methods"]

# Up to this many actions of both players a path of Lemke and Howson is done before a linear program is set up.
_SMALL = 40


def methods() -> Mapping[str, str]:
    """The names of the methods of `find_one`, with what each is for and which options it takes.

    >>> list(methods())
    ['lemke-howson', 'linear-program', 'logit', 'newton', 'pure', 'nashpy']
    >>> methods()["newton"].partition(" (")[2]
    'options: starts, seed, max_iterations, time_limit)'
    """
    words = {}
    for name, method in METHODS.items():
        options = method.options
        named = f"options: {', '.join(options)}" if options else "no options"
        words[name] = f"{method.about} ({named})"
    return MappingProxyType(words)


@checked
def find_one(game: NormalFormGame, method: str | None = None, **options: Any) -> Equilibrium:
    """Find one Nash equilibrium.

    Parameters
    ----------
    game : NormalFormGame
    method : one of `methods()`. The default is a linear program for two players with opposed interests and many
        actions, and Lemke-Howson for other games of two players. For any other number it is the logit branch, then
        Newton's method where the branch cannot be followed.
    options : passed to the method; by default the first of these methods that takes them all

    Raises
    ------
    MethodError
        If there is no such method or option, or it does not apply to this game.
    ConvergenceError
        If the method found none: this does not mean that there is none. It holds the method's last iterate and residual.
    PrecisionError
        If the payoffs are floats whose rounding has erased a player's differences.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> game = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    >>> find_one(game, method="logit").profile
    (array([0.5, 0.5]), array([0.5, 0.5]))
    """
    if method is not None and method not in METHODS:
        raise MethodError(f"find_one has no method {method!r}{did_you_mean(method, METHODS)}")
    names = _default(game) if method is None else [method]
    takers = [name for name in names if set(options) <= set(METHODS[name].options)]
    if not takers:
        refuse_unknown(names[0], options, METHODS[names[0]].options)
    for name in takers:
        METHODS[name].check(name, game)
    deadline = Deadline(seconds("time_limit", options.get("time_limit")))
    refuse_lost_differences(game)
    first: ConvergenceError | None = None
    for name in takers:
        if "time_limit" in options and first is not None:
            if deadline.passed:
                break
            options["time_limit"] = deadline.allowance
        try:
            return METHODS[name].solve(game, **options)
        except ConvergenceError as error:
            error.__cause__ = first
            first = error
    assert first is not None
    raise first


def _default(game: NormalFormGame) -> list[str]:
    if game.n_players != 2:
        return ["logit", "newton"]
    if sum(game.shape) <= _SMALL or not opposed(game):
        return ["lemke-howson"]
    return ["linear-program", "lemke-howson"]
