"""How a tree or a Bayesian game enters the catalogue: its title, source and known equilibria stand beside the function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, TypeAlias

from games.arguments import checked
from games.bayesian import BayesianGame
from games.errors import GameError
from games.extensive import ExtensiveGame

__all__ = ["ENTRIES", "Known", "Maker", "Number", "TreeEntry", "number", "tree"]

Number: TypeAlias = int | float | str | Fraction
Maker: TypeAlias = Callable[..., ExtensiveGame | BayesianGame]


@dataclass(frozen=True)
class Known:
    """An equilibrium that the source gives, or that can be derived from it by hand.

    Attributes
    ----------
    concept : what it is, in the words of `solvers.sequential.CONCEPTS`, or `not sequential`, `bayes-nash`
    behaviour : information sets to what is played there (for a Bayesian game one entry for each player)
    """

    concept: str
    behaviour: Any


@dataclass(frozen=True)
class TreeEntry:
    """A game in extensive form, or a Bayesian game, of the catalogue.

    Attributes
    ----------
    name : the name of the function that makes it
    title : what people call it
    source : author, year and where; where the numbers are ours, that is said
    make : the function; called without arguments it gives the game for which `known` holds
    known : equilibria at the default parameters
    tags : words to search by
    note : what the game is known for
    """

    name: str
    title: str
    source: str
    make: Maker
    known: tuple[Known, ...]
    tags: tuple[str, ...]
    note: str = ""


ENTRIES: dict[str, TreeEntry] = {}


def tree(
    title: str,
    source: str,
    tags: str,
    note: str,
    known: Sequence[tuple[str, Any]] = (),
) -> Callable[[Maker], Maker]:
    """Enter the decorated function into the catalogue under its own name."""

    def enter(made_by: Maker) -> Maker:
        make = checked(made_by)
        equilibria = tuple(Known(concept, behaviour) for concept, behaviour in known)
        ENTRIES[make.__name__] = TreeEntry(
            make.__name__, title, source, make, equilibria, tuple(tags.split()), note
        )
        return make

    return enter


def number(value: Number, what: str, low: Number | None = None, high: Number | None = None) -> Fraction:
    """A parameter as a fraction (a float by its shortest decimal), between `low` and `high`."""
    try:
        out = Fraction(repr(value) if isinstance(value, float) else value)
    except (TypeError, ValueError, ZeroDivisionError):
        raise GameError(f"{what} is {value!r}, which is not a number") from None
    if (low is not None and out < Fraction(low)) or (high is not None and out > Fraction(high)):
        span = (
            f"at least {low}"
            if high is None
            else f"at most {high}"
            if low is None
            else f"between {low} and {high}"
        )
        raise GameError(f"{what} is {value}; it must be {span}")
    return out


def ordered(names: str, values: Mapping[str, Fraction]) -> None:
    """Raise GameError unless the named values fall from one to the next."""
    keys = names.split()
    for one, other in pairwise(keys):
        if not values[one] > values[other]:
            raise GameError(
                f"{one} is {values[one]} and {other} is {values[other]}; this game needs {' > '.join(keys)}"
            )
