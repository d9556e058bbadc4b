"""The methods of `find_one`: what each is for, which games and options it takes, and where it lives.

A new method is a file with a function `method(game, *, time_limit, ...)` that returns a verified `Equilibrium` or raises
ConvergenceError, and one entry here. Its keyword arguments are its options; `find_one` refuses all others.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from types import MappingProxyType

from games.errors import MethodError
from games.normal_form import NormalFormGame
from solvers.equilibrium.results import Equilibrium

__all__ = ["METHODS", "Method"]


@dataclass(frozen=True)
class Method:
    """One entry: `place` is "module:function", imported when the method is first asked for.

    Attributes
    ----------
    about : what it is for, in words
    place : where the function is
    players : the number of players it needs, or None for any
    partial : True for a method that finds none in some games to which it applies
    """

    about: str
    place: str
    players: int | None = None
    partial: bool = False

    @property
    def solve(self) -> Callable[..., Equilibrium]:
        """The function."""
        module, name = self.place.split(":")
        function: Callable[..., Equilibrium] = getattr(import_module(module), name)
        return function

    @cached_property
    def options(self) -> tuple[str, ...]:
        """The names of its options."""
        return tuple(name for name in inspect.signature(self.solve).parameters if name != "game")

    def check(self, name: str, game: NormalFormGame) -> None:
        """Raise MethodError if it does not apply to the game."""
        if self.players is not None and game.n_players != self.players:
            others = [n for n, m in METHODS.items() if m.players in (None, game.n_players)]
            raise MethodError(
                f"method {name!r} needs {self.players} players; this game has {game.n_players}. These take it: "
                + ", ".join(map(repr, others))
            )


METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "lemke-howson": Method(
            "two players: lexicographic complementary pivoting, from all labels in turn or one of choice; exact",
            "solvers.nash.two_players._lemke_howson:lemke_howson",
            players=2,
        ),
        "linear-program": Method(
            "two players with opposed interests (zero-sum up to their units): optimal strategies",
            "solvers.nash.two_players._zero_sum:linear_program",
            players=2,
        ),
        "logit": Method(
            "any number of players: the end of the principal branch of the logit correspondence",
            "solvers.nash._logit:logit",
        ),
        "newton": Method(
            "any number of players: Newton's method on the complementarity problem from many starts",
            "solvers.nash._newton:newton",
        ),
        "pure": Method(
            "any number of players: the first pure equilibrium, if there is one",
            "solvers.nash._pure:first_pure",
            partial=True,
        ),
        "nashpy": Method(
            "two players: nashpy's Lemke-Howson, with a cap on its pivots",
            "solvers.nash.two_players._nashpy:nashpy_lemke_howson",
            players=2,
        ),
    }
)
