"""The parts from which a tree is put together: decisions, moves of chance and ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from games.errors import GameError

__all__ = ["Chance", "Decision", "Node", "Number", "Terminal"]

Number: TypeAlias = int | float | Fraction | Decimal | str


class Terminal:
    """An end of the game.

    Parameters
    ----------
    payoffs : one number for each player in the order of the game's players, or a mapping from players to numbers
        Players that a mapping leaves out get 0.
    name : str, optional
        What has happened, such as `war`.

    Examples
    --------
    >>> Terminal([2, 0], name="peace")
    <Terminal 'peace': 2, 0>
    """

    __slots__ = ("name", "payoffs")

    def __init__(self, payoffs: Sequence[Number] | Mapping[str, Number], name: str = "") -> None:
        self.payoffs = payoffs
        self.name = str(name)

    def __repr__(self) -> str:
        values = self.payoffs.items() if isinstance(self.payoffs, Mapping) else self.payoffs
        shown = ", ".join(f"{v[0]} {v[1]}" if isinstance(v, tuple) else str(v) for v in values)
        return f"<Terminal{f' {self.name!r}' if self.name else ''}: {shown}>"


class Decision:
    """A point at which a player moves.

    Parameters
    ----------
    player : str
    branches : mapping from action labels to what follows, in order
    information : str, optional
        The name of an information set. Decisions of one player with the same name are points that it cannot tell apart; they
        need the same actions. A decision without a name is an information set of its own.
    name : str, optional
        A name of the node itself.

    Examples
    --------
    >>> Decision("Row", {"stop": Terminal([1, 0]), "go": Terminal([0, 3])})
    <Decision of Row: stop, go>
    """

    __slots__ = ("branches", "information", "name", "player")

    def __init__(
        self, player: str, branches: Mapping[str, Node], information: str | None = None, name: str = ""
    ) -> None:
        if not isinstance(branches, Mapping):
            raise GameError(
                f"the branches of a decision are a mapping from actions to nodes; got {branches!r}"
            )
        self.player = str(player)
        self.branches = dict(branches)
        self.information = information
        self.name = str(name)

    def __repr__(self) -> str:
        known = f" at {self.information!r}" if self.information else ""
        return f"<Decision of {self.player}{known}: {', '.join(map(str, self.branches))}>"


class Chance:
    """A move of chance.

    Parameters
    ----------
    branches : mapping from labels to pairs (probability, what follows), in order
        Probabilities are integers, fractions or floats. A float stands for the shortest decimal that spells it, so that .1, .2
        and .7 add up to 1; floats that add up to 1 within 1e-9 are divided by their sum.
    name : str, optional

    Examples
    --------
    >>> Chance({"heads": (Fraction(1, 2), Terminal([1])), "tails": (Fraction(1, 2), Terminal([0]))})
    <Chance: heads 1/2, tails 1/2>
    """

    __slots__ = ("branches", "name")

    def __init__(self, branches: Mapping[str, tuple[Any, Node]], name: str = "") -> None:
        if not isinstance(branches, Mapping):
            raise GameError(
                f"the branches of a chance move are a mapping from labels to (probability, node); got {branches!r}"
            )
        self.branches: dict[str, tuple[Any, Node]] = {}
        for label, branch in branches.items():
            if not isinstance(branch, tuple) or len(branch) != 2:
                raise GameError(
                    f"branch {label!r} of a chance move must be a pair (probability, node); got {branch!r}"
                )
            self.branches[label] = branch
        self.name = str(name)

    def __repr__(self) -> str:
        return f"<Chance: {', '.join(f'{label} {p}' for label, (p, _) in self.branches.items())}>"


Node: TypeAlias = Decision | Chance | Terminal
"""A part of a tree: a decision, a move of chance, or an end."""
