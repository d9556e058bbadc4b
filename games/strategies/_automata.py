"""Strategies for repeated play as finite automata: a state says what to do, what was played says what state is next.

Notation: there are S states, and `outputs[s]` is what is played in state s. Transitions are indexed by the state and by the whole
action profile of the period, so that every history leads somewhere. A transition may be a lottery over states: publicly observed
in an `Automaton` (one state for the whole table), private in a `Machine` (one player's own).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, SupportsInt, TypeAlias

import numpy as np
import numpy.typing as npt

from games.errors import AutomatonError, SizeError, did_you_mean
from games.normal_form import NormalFormGame
from games.strategies._checks import (
    checked,
    in_words,
    reach,
    starting_lottery,
    state_names,
    steps,
    transition_table,
    within_reach,
)
from games.types import FloatArray, IntArray
from games.words import counted

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Automaton", "IntArray", "Machine"]

Target: TypeAlias = "str | Mapping[str, float]"
Rule: TypeAlias = "Callable[[str, tuple[str, ...]], Target]"

_LARGEST = 50_000_000


class _Transitions:
    """What automata and machines share: named states, checked transitions, a start."""

    game: NormalFormGame
    names: tuple[str, ...]
    transitions: npt.NDArray[Any]
    start: FloatArray

    def _set(
        self,
        game: NormalFormGame,
        count: int,
        transitions: npt.ArrayLike,
        initial: int | str | npt.ArrayLike,
        names: Sequence[str] | None,
    ) -> None:
        self.game = game
        self.names = state_names(names, count)
        self.transitions = checked(game, transitions, self.names)
        self.start = starting_lottery(initial, self.names)

    @cached_property
    def reachable(self) -> npt.NDArray[np.bool_]:
        """Can each state be reached from the start if anything may be played? Shape (S,)."""
        return reach(self.start, steps(self.transitions, self.n_states, self.is_random))

    @property
    def n_states(self) -> int:
        """Number of states S."""
        return len(self.names)

    @property
    def is_random(self) -> bool:
        """True if transitions are lotteries over states."""
        return self.transitions.ndim == self.game.n_players + 2

    @property
    def initial(self) -> str:
        """Name of the initial state, or of the likeliest one if the start is a lottery."""
        return self.names[int(self.start.argmax())]

    @cached_property
    def flat(self) -> npt.NDArray[Any]:
        """The transitions with all action profiles on one axis: int (S, A), or probabilities (S, A, S)."""
        states = self.n_states
        return self.transitions.reshape((states, -1, states) if self.is_random else (states, -1))

    @cached_property
    def probabilities(self) -> FloatArray:
        """The transitions as probabilities of the next state, shape (S, A, S), A profiles in array order."""
        if self.is_random:
            return np.asarray(self.flat, dtype=np.float64)
        states, profiles = self.flat.shape
        if states * states * profiles > _LARGEST:
            raise SizeError(
                f"{states} states and {profiles} action profiles make a table of {states * states * profiles:.2g} "
                f"probabilities; {_LARGEST:.2g} fit"
            )
        return np.asarray(np.eye(states)[self.flat])

    def state(self, state: str | SupportsInt) -> int:
        """Index of a state given by name or index."""
        if isinstance(state, str):
            if state in self.names:
                return self.names.index(state)
            raise AutomatonError(f"there is no state {state!r}{did_you_mean(state, self.names)}")
        if not 0 <= int(state) < self.n_states:
            raise AutomatonError(
                f"there is no state with index {state}; indices run from 0 to {self.n_states - 1}"
            )
        return int(state)

    def after(self, state: str | SupportsInt, profile: Sequence[str | SupportsInt]) -> dict[str, float]:
        """Which states follow `state` when `profile` is played, with their probabilities."""
        row = self.transitions[(self.state(state), *self.game.profile(profile))]
        if not self.is_random:
            return {self.names[int(row)]: 1.0}
        return {self.names[t]: float(row[t]) for t in np.flatnonzero(row)}


class Automaton(_Transitions):
    """A strategy for the whole table: in each state an action profile, and a public state that all can follow.

    Parameters
    ----------
    game : NormalFormGame
        The stage game.
    outputs : array (S, N) of action indices, or S profiles of labels
        What everybody is to play in each state.
    transitions : int array (S, k_1, ..., k_N), or array of probabilities (S, k_1, ..., k_N, S)
        The state after each state and played profile, or the public lottery over next states.
    initial : int, str or array (S,) of probabilities
    names : sequence of S distinct strings, optional

    Raises
    ------
    AutomatonError
        For a transition that is missing, leads nowhere or is not a lottery. A state that nothing leads to is allowed.
    ProfileError
        For an output that is not in the game.

    Examples
    --------
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
    >>> grim = Automaton.build(
    ...     pd,
    ...     outputs={"concert": ("C", "C"), "war": ("D", "D")},
    ...     transitions={"concert": {("C", "C"): "concert", ...: "war"}, "war": "war"},
    ... )
    >>> grim.after("concert", ("C", "D"))
    {'war': 1.0}
    """

    def __init__(
        self,
        game: NormalFormGame,
        outputs: npt.ArrayLike | Sequence[Sequence[str | SupportsInt]],
        transitions: npt.ArrayLike,
        initial: int | str | npt.ArrayLike = 0,
        names: Sequence[str] | None = None,
    ) -> None:
        given: Any = outputs
        self.outputs: IntArray = np.array(
            [game.profile(tuple(row)) for row in given], dtype=np.int64
        ).reshape(-1, game.n_players)
        self.outputs.setflags(write=False)
        self._machines: tuple[Machine, ...] | None = None
        self._set(game, len(self.outputs), transitions, initial, names)

    @classmethod
    def build(
        cls,
        game: NormalFormGame,
        outputs: Mapping[str, Sequence[str | SupportsInt]],
        transitions: Mapping[str, Target | Mapping[Any, Target]] | Rule,
        initial: str | None = None,
    ) -> Automaton:
        """Make an automaton by hand.

        `outputs` maps each state to its profile. `transitions` is a function of the state's name and the labels
        played, or a mapping from each state. It leads to the next state, or to a mapping from played profiles to the
        next state, in which `...` stands for all others. A next state is a name, or a mapping from names to
        probabilities. The initial state is the first unless named.
        """
        names = list(outputs)
        table = transition_table(game, names, transitions)
        return cls(game, list(outputs.values()), table, names[0] if initial is None else initial, names)

    @classmethod
    def compose(cls, machines: Sequence[Machine]) -> Automaton:
        """Seat one machine for each player at the table: the automaton of all their reachable joint states.

        Joint states are named by the players' states with a bar between them, as in `grim | forgive`. Private lotteries are
        independent.
        """
        seats = [machine.player for machine in machines]
        game = machines[0].game if machines else None
        if game is None or seats != list(range(game.n_players)):
            raise AutomatonError("compose needs one machine for each player, in the order of the players")
        for machine in machines:
            if machine.game is not game and machine.game != game:
                raise AutomatonError("the machines belong to different games")
        if any(m.is_random for m in machines) or any((m.start > 0).sum() != 1 for m in machines):
            automaton = cls._compose_random(game, machines)
        else:
            automaton = cls._compose_certain(game, machines)
        automaton._machines = tuple(machines)
        return automaton

    @classmethod
    def _compose_certain(cls, game: NormalFormGame, machines: Sequence[Machine]) -> Automaton:
        sizes = tuple(m.n_states for m in machines)
        first = int(np.ravel_multi_index([int(m.start.argmax()) for m in machines], sizes))
        number = {first: 0}
        rows: list[IntArray] = []
        order = [first]
        while len(rows) < len(order):
            states = np.unravel_index(order[len(rows)], sizes)
            after = np.ravel_multi_index([m.flat[s] for m, s in zip(machines, states)], sizes)
            for code in np.unique(after):
                if int(code) not in number:
                    number[int(code)] = len(order)
                    order.append(int(code))
            rows.append(np.asarray(after, dtype=np.int64))
            if len(order) * rows[0].size > _LARGEST:
                raise SizeError(
                    f"these machines reach more than {len(order)} joint states of {rows[0].size} action profiles each"
                )
        codes = np.array(order)
        position = np.argsort(codes)
        table = position[np.searchsorted(codes[position], np.array(rows))].reshape(-1, *game.shape)
        joint = np.array(np.unravel_index(codes, sizes)).T
        outputs = np.stack([m.outputs[s] for m, s in zip(machines, joint.T)], axis=1)
        names = [" | ".join(m.names[s] for m, s in zip(machines, row)) for row in joint]
        return cls(game, outputs, table, 0, names)

    @classmethod
    def _compose_random(cls, game: NormalFormGame, machines: Sequence[Machine]) -> Automaton:
        states = int(np.prod([m.n_states for m in machines]))
        profiles = int(np.prod(game.shape))
        if states * states * profiles > _LARGEST:
            raise SizeError(
                f"{states} joint states and {profiles} action profiles are too many for random transitions"
            )
        # One axis after another: the joint lottery is the product of the private ones.
        joint = np.ones((1, profiles, 1))
        start: FloatArray = np.ones(1)
        for m in machines:
            joint = np.einsum("iaj,kal->ikajl", joint, m.probabilities)
            joint = joint.reshape(joint.shape[0] * joint.shape[1], profiles, -1)
            start = np.multiply.outer(start, m.start).reshape(-1)
        step = np.asarray((joint > 0).any(axis=1))
        kept = np.flatnonzero(reach(start, step))
        sizes = tuple(m.n_states for m in machines)
        each = np.array(np.unravel_index(kept, sizes)).T
        outputs = np.stack([m.outputs[s] for m, s in zip(machines, each.T)], axis=1)
        names = [" | ".join(m.names[s] for m, s in zip(machines, row)) for row in each]
        table = joint[np.ix_(kept, np.arange(profiles), kept)].reshape(len(kept), *game.shape, len(kept))
        return cls(game, outputs, table, start[kept], names)

    def machine(self, player: str | int) -> Machine:
        """One player's part: the machine it was composed of, or one that follows the public state."""
        i = self.game.player_index(player)
        if self._machines is not None:
            return self._machines[i]
        return Machine(self.game, i, self.outputs[:, i], self.transitions, self.start, self.names)

    @property
    def machines(self) -> tuple[Machine, ...] | None:
        """The private machines it was composed of, or None if all follow one public state."""
        return self._machines

    def starting(self, initial: int | str | npt.ArrayLike) -> Automaton:
        """The same automaton with another initial state (states that are then out of reach are left out)."""
        start = starting_lottery(initial, self.names)
        kept, table = within_reach(self.transitions, start, self.is_random)
        return Automaton(self.game, self.outputs[kept], table, start[kept], [self.names[s] for s in kept])

    @cached_property
    def played(self) -> IntArray:
        """Flat index of the action profile that each state asks for, shape (S,)."""
        return np.asarray(np.ravel_multi_index(tuple(self.outputs.T), self.game.shape), dtype=np.int64)

    @cached_property
    def path_matrix(self) -> FloatArray:
        """Probability of each next state when everybody does as told, shape (S, S)."""
        states = np.arange(self.n_states)
        if self.is_random:
            return np.asarray(self.flat[states, self.played], dtype=np.float64)
        matrix = np.zeros((self.n_states, self.n_states))
        matrix[states, self.flat[states, self.played]] = 1.0
        return matrix

    def __repr__(self) -> str:
        how = "public lotteries" if self.is_random else "certain transitions"
        return f"<Automaton: {counted(self.n_states, 'state')}, {how}, starts in {self.initial!r}>\n{self.to_frame().to_string()}"

    def _repr_html_(self) -> str:
        return str(self.to_frame().to_html(border=0))

    def to_frame(self) -> pd.DataFrame:
        """One row for each state: what is played, what follows if kept, and what follows each player's deviations."""
        import pandas as pd

        rows = []
        for s, name in enumerate(self.names):
            profile = tuple(int(x) for x in self.outputs[s])
            row = {"state": name}
            row.update(zip(self.game.players, self.game.labels(profile)))
            row["if kept"] = in_words([self.after(s, profile)])
            for i, player in enumerate(self.game.players):
                row[f"if {player} deviates"] = in_words(
                    [
                        self.after(s, (*profile[:i], b, *profile[i + 1 :]))
                        for b in range(self.game.shape[i])
                        if b != profile[i]
                    ]
                )
            rows.append(row)
        return pd.DataFrame(rows).set_index("state")


class Machine(_Transitions):
    """One player's strategy: its own states, what it does in each, and how it moves on after what it saw.

    Parameters
    ----------
    game : NormalFormGame
    player : str or int
    outputs : array (S,) of the player's action indices or labels
    transitions : int array (S, k_1, ..., k_N), or probabilities (S, k_1, ..., k_N, S) of a private lottery
    initial : int, str or array (S,) of probabilities
    names : sequence of S distinct strings, optional

    Raises
    ------
    AutomatonError, ProfileError
        As for `Automaton`.
    """

    def __init__(
        self,
        game: NormalFormGame,
        player: str | int,
        outputs: Sequence[str | SupportsInt] | npt.ArrayLike,
        transitions: npt.ArrayLike,
        initial: int | str | npt.ArrayLike = 0,
        names: Sequence[str] | None = None,
    ) -> None:
        self.player = game.player_index(player)
        given: Any = outputs
        self.outputs: IntArray = np.array([game.action_index(self.player, a) for a in given], dtype=np.int64)
        self.outputs.setflags(write=False)
        self._set(game, len(self.outputs), transitions, initial, names)

    def __repr__(self) -> str:
        labels = self.game.actions[self.player]
        does = ", ".join(f"{name}: {labels[a]}" for name, a in zip(self.names, self.outputs))
        return f"<Machine of {self.game.players[self.player]}: {does}; starts in {self.initial!r}>"
