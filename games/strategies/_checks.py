"""What goes into an automaton, checked: names of states, transitions, initial lotteries, what is in reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from games.errors import AutomatonError, did_you_mean
from games.lotteries import SUM_TOLERANCE, lotteries
from games.normal_form import NormalFormGame
from games.types import FloatArray

__all__ = [
    "checked",
    "in_words",
    "reach",
    "starting_lottery",
    "state_names",
    "steps",
    "transition_table",
    "within_reach",
]


def reach(start: FloatArray, step: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which states can follow, in any number of steps, those with a positive start (S,); `step` is (S, S)."""
    seen = np.asarray(start > 0)
    while True:
        more = np.logical_or(seen, step[seen].any(axis=0))
        if np.array_equal(more, seen):
            return seen
        seen = more


def steps(transitions: npt.NDArray[Any], states: int, random: bool) -> npt.NDArray[np.bool_]:
    """Can state t follow state s, whatever is played? (S, S)."""
    if random:
        return np.asarray((transitions.reshape(states, -1, states) > 0).any(axis=1))
    step = np.zeros((states, states), dtype=np.bool_)
    step[np.arange(states)[:, None], transitions.reshape(states, -1)] = True
    return step


def within_reach(
    transitions: npt.NDArray[Any], start: FloatArray, random: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[Any]]:
    """The states that can be reached from the start, and the transitions among them."""
    states = len(start)
    kept = np.flatnonzero(reach(start, steps(transitions, states, random)))
    if random:
        return kept, transitions[kept][..., kept]
    number = np.full(states, -1)
    number[kept] = np.arange(len(kept))
    return kept, number[transitions[kept]]


def state_names(names: Sequence[str] | None, count: int) -> tuple[str, ...]:
    """The names given, or `state 1`, `state 2`, ...; AutomatonError for a wrong number or a name used twice."""
    if count == 0:
        raise AutomatonError("an automaton needs at least one state")
    if names is None:
        return tuple(f"state {s + 1}" for s in range(count))
    out = tuple(str(name) for name in names)
    if len(out) != count:
        raise AutomatonError(f"{count} states have outputs, but {len(out)} are named")
    if len(set(out)) != count:
        twice = next(name for name in out if out.count(name) > 1)
        raise AutomatonError(f"two states are named {twice!r}; names must differ")
    return out


def checked(game: NormalFormGame, given: npt.ArrayLike, names: tuple[str, ...]) -> npt.NDArray[Any]:
    """Transitions as a read-only array, int (S, k_1, ..., k_N) or float (S, k_1, ..., k_N, S); AutomatonError if one is bad."""
    table = np.array(given)
    count = len(names)
    certain, random = (count, *game.shape), (count, *game.shape, count)

    def where(position: Sequence[int]) -> str:
        labels = game.labels(tuple(int(x) for x in position[1 : 1 + game.n_players]))
        return f"from state {names[int(position[0])]!r} after ({', '.join(labels)})"

    if table.shape == certain:
        if table.dtype.kind not in "iu":
            with np.errstate(invalid="ignore"):
                whole = table.astype(np.int64) if table.dtype.kind == "f" else None
            if whole is None or not np.array_equal(whole, table):
                raise AutomatonError(
                    "a transition is missing or not a whole number: give the index of the next state"
                )
            table = whole
        bad = np.argwhere(np.logical_or(table < 0, table >= count))
        if bad.size:
            raise AutomatonError(
                f"the transition {where(bad[0])} leads to state {table[tuple(bad[0])]}, which does not exist; "
                f"states are numbered 0 to {count - 1}"
            )
        table = table.astype(np.int64)
    elif table.shape == random:
        return lotteries(
            table.astype(np.float64),
            lambda at, total, _: AutomatonError(
                f"the transition {where(at)} is missing or not a lottery: its probabilities sum to {total:g}, they must be "
                "non-negative and sum to 1"
            ),
        )
    else:
        raise AutomatonError(
            f"transitions have shape {table.shape}; {count} states of this game need one for every state and profile: "
            f"shape {certain} of next states, or {random} of probabilities"
        )
    table.setflags(write=False)
    return table


def starting_lottery(initial: int | str | npt.ArrayLike, names: tuple[str, ...]) -> FloatArray:
    """Probabilities of the initial state (S,), from its index, name or a lottery."""
    start = np.zeros(len(names))
    if isinstance(initial, str):
        if initial not in names:
            raise AutomatonError(f"there is no initial state {initial!r}{did_you_mean(initial, names)}")
        start[names.index(initial)] = 1.0
    elif np.ndim(initial) == 0:
        index = int(np.asarray(initial))
        if not 0 <= index < len(names):
            raise AutomatonError(f"no initial state {index}; states are numbered 0 to {len(names) - 1}")
        start[index] = 1.0
    else:
        start = np.array(initial, dtype=np.float64)
        if start.shape != (len(names),) or not (start >= 0).all() or abs(start.sum() - 1) > SUM_TOLERANCE:
            raise AutomatonError(
                f"initial must be a state or one probability for each of {len(names)} states"
            )
        start /= start.sum()
    start.setflags(write=False)
    return start


def transition_table(game: NormalFormGame, names: list[str], transitions: Any) -> npt.NDArray[Any]:
    """The array of transitions from a rule or a mapping; see `games.strategies._automata.Automaton.build`."""
    count = len(names)
    table = np.zeros((count, *game.shape, count))
    profiles = list(product(*(range(k) for k in game.shape)))
    for s, name in enumerate(names):
        if callable(transitions):
            moves: Any = None
        elif name not in transitions:
            raise AutomatonError(f"state {name!r} has no transitions; give the state that follows it")
        else:
            moves = transitions[name]
            if isinstance(moves, Mapping) and not set(moves) <= set(names):
                moves = {k if k is Ellipsis else game.profile(k): target for k, target in moves.items()}
        for a in profiles:
            if callable(transitions):
                target = transitions(name, game.labels(a))
            elif not isinstance(moves, Mapping) or set(moves) <= set(names):
                target = moves
            else:
                target = moves.get(a, moves.get(...))
            if target is None:
                raise AutomatonError(
                    f"state {name!r} has no transition after ({', '.join(game.labels(a))}); add one, or one under ... "
                    "for all other profiles"
                )
            for state, probability in target.items() if isinstance(target, Mapping) else [(target, 1.0)]:
                if state not in names:
                    raise AutomatonError(
                        f"state {name!r} leads to {state!r}, which does not exist{did_you_mean(state, names)}"
                    )
                table[(s, *a, names.index(state))] = probability
    certain = ((table == 0) | (table == 1)).all() and (table.sum(axis=-1) == 1).all()
    return np.asarray(table.argmax(axis=-1)) if certain else table


def in_words(lotteries: list[dict[str, float]]) -> str:
    """Lotteries over states as text, each different one once."""
    seen: list[str] = []
    for lottery in lotteries:
        text = " or ".join(name if p == 1 else f"{name} ({p:.4g})" for name, p in lottery.items())
        if text not in seen:
            seen.append(text)
    return "; ".join(seen) if seen else "-"
