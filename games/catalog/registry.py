"""How a game enters the catalogue: its title, source, tags and known equilibria stand beside the function that makes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import GameError
from games.normal_form import NormalFormGame
from games.types import MixedProfile

__all__ = [
    "ENTRIES",
    "Entry",
    "KnownProfile",
    "Maker",
    "Number",
    "at_least",
    "from_cells",
    "game",
    "ordered_symmetric",
]

Number: TypeAlias = int | float | Fraction
Maker: TypeAlias = Callable[..., NormalFormGame]
KnownProfile: TypeAlias = tuple[str | Sequence[Fraction | float], ...]


@dataclass(frozen=True)
class Entry:
    """A game of the catalogue.

    Attributes
    ----------
    name : the name of the function that makes it
    title : what people call it
    source : author, year and where; where the numbers are ours, that is said
    make : the function; called without arguments it gives the game for which the equilibria are listed
    known : equilibria at the default parameters. A player's strategy is an action label, a string of probabilities
        such as `"1/3 2/3"`, or a sequence of numbers
    count : how many equilibria there are in all; None where they form a continuum or are not all known
    tags : words to search by
    note : what the game is known for
    """

    name: str
    title: str
    source: str
    make: Maker
    known: tuple[KnownProfile, ...]
    count: int | None
    tags: tuple[str, ...]
    note: str = ""

    @property
    def complete(self) -> bool:
        """True if `known` lists every Nash equilibrium at the default parameters."""
        return self.count == len(self.known)

    def equilibria(self) -> tuple[MixedProfile, ...]:
        """The known equilibria as tuples of probability vectors.

        >>> from games import catalog
        >>> catalog.entry("hawk_dove").equilibria()[2]
        (array([0.5, 0.5]), array([0.5, 0.5]))
        """
        game = self.make()
        return tuple(game.mixed([_strategy(s, game.actions[i]) for i, s in enumerate(p)]) for p in self.known)

    def exact_equilibria(self) -> tuple[tuple[tuple[Fraction, ...], ...], ...]:
        """The known equilibria whose probabilities are rational, as fractions."""
        game = self.make()
        out = []
        for profile in self.known:
            vectors = [_strategy(s, game.actions[i]) for i, s in enumerate(profile)]
            if all(isinstance(p, Fraction) for vector in vectors for p in vector):
                out.append(tuple(tuple(Fraction(p) for p in vector) for vector in vectors))
        return tuple(out)


ENTRIES: dict[str, Entry] = {}


def game(
    title: str,
    source: str,
    known: Sequence[Sequence[Any]],
    count: int | None,
    tags: str,
    note: str = "",
) -> Callable[[Maker], Maker]:
    """Enter the decorated function into the catalogue under its own name."""

    def enter(made_by: Maker) -> Maker:
        make = checked(made_by)
        name = make.__name__
        profiles = tuple(tuple(profile) for profile in known)
        ENTRIES[name] = Entry(name, title, source, make, profiles, count, tuple(tags.split()), note)
        return make

    return enter


def from_cells(
    n: int, actions: int, payoff: Callable[[tuple[int, ...]], Sequence[Fraction | float]]
) -> npt.NDArray[np.object_]:
    """Payoff array of n players with equally many actions, filled from a function of the profile; numbers stay exact."""
    out = np.empty((actions,) * n + (n,), dtype=object)
    for cell in product(range(actions), repeat=n):
        out[cell] = payoff(cell)
    return out


def at_least(number: int, least: int, what: str = "players") -> None:
    """Raise GameError unless `number` is at least `least`."""
    if number < least:
        raise GameError(f"this game needs at least {least} {what}; got {number}")


def _strategy(given: Any, labels: tuple[str, ...]) -> list[Fraction | float]:
    if isinstance(given, str):
        if given in labels:
            return [Fraction(int(label == given)) for label in labels]
        return [Fraction(p) for p in given.split()]
    return list(given)


def ordered_symmetric(
    payoffs: dict[str, Number],
    order: str,
    actions: tuple[str, str] = ("Cooperate", "Defect"),
    players: tuple[str, str] | None = None,
    title: str = "",
) -> NormalFormGame:
    """A symmetric 2x2 game from T, R, P and S, whose order (such as `TRPS`, best first) is checked.

    Raises GameError if the payoffs are in another order.
    """
    for better, worse in pairwise(order):
        if not payoffs[better] > payoffs[worse]:
            raise GameError(
                f"{title or 'this game'} needs {' > '.join(order)}; "
                f"got {better} = {payoffs[better]} and {worse} = {payoffs[worse]}"
            )
    T, R, P, S = (payoffs[letter] for letter in "TRPS")
    return NormalFormGame([[[R, R], [S, T]], [[T, S], [P, P]]], players, [actions, actions], title)
