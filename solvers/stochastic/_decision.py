"""Policy iteration on pairs of a state and a profile: the best policy, and the harshest one against best responses.

Values solve `v = (1 - d) r + d P v` for the pair chosen in each state, so that no number of rounds depends on patience.
"""

from __future__ import annotations

import numpy as np

from games.normal_form import FloatArray
from games.types import BoolArray, IndexArray
from solvers.base.deadline import checkpoint
from solvers.base.discounting import discounted_sums

__all__ = ["best_policy", "harshest_policy", "policy_values"]

# Improvements within rounding, as a share of the largest value, must not make policies go round in circles: some hundred
# times the rounding of a float, what solving for the values of many states may add up.
_LEAST = 1e-13


def policy_values(reward: FloatArray, step: FloatArray, discount: float) -> FloatArray:
    """The value of each state (S, ...) if `reward` (S, ...) is earned there and `step` (S, S) leads on; normalised."""
    return discounted_sums(step, discount, (1.0 - discount) * reward)


def best_policy(
    reward: FloatArray,
    step: FloatArray,
    first: IndexArray,
    discount: float,
    allowed: BoolArray | None = None,
    start: IndexArray | None = None,
) -> tuple[FloatArray, IndexArray]:
    """The largest value of each state (S,) and the pair to choose in each (Howard 1960).

    `reward` (M,) and `step` (M, S) are by pair, `first` (S + 1,) says where each state's pairs begin. Every state needs an
    allowed pair.
    """
    earned = reward if allowed is None else np.where(allowed, reward, -np.inf)
    state = np.repeat(np.arange(len(first) - 1), np.diff(first))
    chosen = _argmax(earned, first, state) if start is None else start
    least = _LEAST * (1.0 + float(np.abs(reward).max(initial=0.0)))
    while True:
        checkpoint()
        values = policy_values(reward[chosen], step[chosen], discount)
        worth = (1.0 - discount) * earned + discount * (step @ values)
        better = _argmax(worth, first, state)
        gains = worth[better] > worth[chosen] + least
        if not gains.any():
            return values, chosen
        chosen = np.where(gains, better, chosen)


def harshest_policy(
    reward: FloatArray,
    step: FloatArray,
    first: IndexArray,
    rivals: IndexArray,
    discount: float,
    allowed: BoolArray | None = None,
) -> tuple[FloatArray, IndexArray]:
    """The smallest value (S,) that the rivals can hold one player to who answers best, and a pair that does it in each state.

    The rivals choose a group of pairs (`rivals`, (M,), numbers the groups) that holds an allowed one; the player any pair
    of the group (Hoffman and Karp 1966, with one side moving after the other). The pair returned is the rivals' choice with the
    player's best response; it need not be allowed itself.
    """
    order = np.argsort(rivals, kind="stable")
    begins = np.flatnonzero(np.diff(rivals[order], prepend=-1))
    state = np.repeat(np.arange(len(first) - 1), np.diff(first))
    group_state = state[order[begins]]
    group_first = np.searchsorted(group_state, np.arange(len(first)))
    usable = np.ones(len(begins), dtype=np.bool_)
    if allowed is not None:
        usable = np.logical_or.reduceat(allowed[order], begins)
    group = _argmax(np.where(usable, 1.0, 0.0), group_first, group_state)
    least = _LEAST * (1.0 + float(np.abs(reward).max(initial=0.0)))
    chosen: IndexArray | None = None
    while True:
        checkpoint()
        mine = np.zeros(len(reward), dtype=np.bool_)
        mine[np.isin(rivals, group)] = True
        values, chosen = best_policy(reward, step, first, discount, mine)
        worth = (1.0 - discount) * reward + discount * (step @ values)
        most = np.maximum.reduceat(worth[order], begins)
        lowest = _argmax(np.where(usable, -most, -np.inf), group_first, group_state)
        gains = most[lowest] < most[group] - least
        if not gains.any():
            return values, chosen
        group = np.where(gains, lowest, group)


def _argmax(values: FloatArray, first: IndexArray, state: IndexArray) -> IndexArray:
    """The number of the first largest entry of each state's stretch."""
    most = np.maximum.reduceat(values, first[:-1])
    hit = np.flatnonzero(values == most[state])
    return np.asarray(hit[np.searchsorted(state[hit], np.arange(len(first) - 1))])
