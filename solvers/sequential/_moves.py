"""The theory of moves: where players end up who may move on from a state in turn and look ahead (Brams 1994)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from games.arguments import checked
from games.errors import MethodError
from games.normal_form import NormalFormGame
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Moves", "theory_of_moves"]

State: TypeAlias = tuple[int, int]


@dataclass(frozen=True, eq=False, repr=False)
class Moves(Result):
    """Where play ends from each state of a 2x2 game under the rules of the theory of moves.

    Attributes
    ----------
    game : NormalFormGame
    survivors : (state, who moves first) -> the state in which play then ends
    outcomes : state -> the state in which play ends if it starts there; None if each player would move first
        to a different end, so that it depends on who has the power to decide the order of moves
    """

    game: NormalFormGame
    survivors: dict[tuple[State, int], State]
    outcomes: dict[State, State | None]

    @property
    def non_myopic(self) -> tuple[State, ...]:
        """The non-myopic equilibria: the states in which play ends from some initial state, in order."""
        ends = {end for end in self.outcomes.values() if end is not None}
        for state, end in self.outcomes.items():
            if end is None:
                ends |= {self.survivors[state, i] for i in range(2)}
        return tuple(sorted(ends))

    def summary(self) -> str:
        shown = ", ".join("/".join(self.game.labels(s)) for s in self.non_myopic)
        return f"Non-myopic equilibria by the theory of moves: {shown}."

    def to_frame(self) -> pd.DataFrame:
        """One row for each initial state: where play ends if either player moves first, and where it ends."""
        import pandas as pd

        def named(state: State | None) -> str:
            return "depends on who moves first" if state is None else "/".join(self.game.labels(state))

        rows = [
            [named(s), *(named(self.survivors[s, i]) for i in range(2)), named(end)]
            for s, end in self.outcomes.items()
        ]
        first = [f"if {player} moves first" for player in self.game.players]
        return pd.DataFrame(rows, columns=["initial state", *first, "outcome"])


@checked
def theory_of_moves(game: NormalFormGame) -> Moves:
    """Non-myopic equilibria of a 2x2 game whose players rank all four states strictly (Brams 1994, chapter 1).

    From an initial state a player may move by changing its own action. The other may then answer by changing its own, and so on
    in turn. Play ends when somebody stays, or when it is back at the initial state. Each looks ahead to the end. A player does
    not move from the initial state if it gains nothing by that or play only comes back (rule 5 and rule 6). If one wants to move
    and the other does not, the one that moves decides.

    Raises
    ------
    MethodError
        If the game does not have two players with two actions each, or a player is indifferent between two states.

    Examples
    --------
    >>> from games import catalog
    >>> dilemma = theory_of_moves(catalog.prisoners_dilemma())
    >>> [dilemma.game.labels(s) for s in dilemma.non_myopic]
    [('Cooperate', 'Cooperate'), ('Defect', 'Defect')]
    """
    if game.shape != (2, 2):
        raise MethodError(
            f"the theory of moves is for two players with two actions each; this game is {'x'.join(map(str, game.shape))}"
        )
    states: list[State] = [(0, 0), (0, 1), (1, 0), (1, 1)]
    for i, player in enumerate(game.players):
        if len({game.exact[s][i] for s in states}) < 4:
            raise MethodError(
                f"{player} is indifferent between two states; the theory of moves needs strict ranks"
            )
    survivors = {(s, i): _end(game, s, i) for s in states for i in range(2)}
    outcomes: dict[State, State | None] = {}
    for s in states:
        ends = {i: survivors[s, i] for i in range(2) if survivors[s, i] != s}
        if not ends:
            outcomes[s] = s
        elif len(set(ends.values())) == 1:
            outcomes[s] = next(iter(ends.values()))
        else:
            outcomes[s] = None
    return Moves(game, survivors, outcomes)


def _end(game: NormalFormGame, start: State, first: int) -> State:
    """Where play ends from a state if one player may move first: backward induction around the four states."""
    path = [start]
    for k in range(3):
        mover = (first + k) % 2
        state = list(path[-1])
        state[mover] = 1 - state[mover]
        path.append((state[0], state[1]))
    end = start
    for k in reversed(range(4)):
        mover = (first + k) % 2
        if game.exact[path[k]][mover] >= game.exact[end][mover]:
            end = path[k]
    return end
