"""What a player can get at best against the others' behaviour, and what its own behaviour gets."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from games.extensive import Behaviour, ExtensiveGame
from games.extensive.forms import edge_probabilities
from games.normal_form import FloatArray

__all__ = ["best_payoff", "regret"]


def best_payoff(tree: ExtensiveGame, behaviour: Behaviour, player: int) -> Any:
    """The largest expected payoff of a player with perfect recall against the others' behaviour.

    Exact if the behaviour is in fractions; in floats it is measured from the player's smallest payoff.
    Sequences are taken from the last to the first. A sequence is worth what it pays where
    no further own move follows, plus the best of what follows at each information set.
    """
    exact = not behaviour or behaviour[0].dtype == object
    weights: list[Any] = list(edge_probabilities(tree, behaviour, lambda i: i != player))
    for node, parent in enumerate(tree.parent.tolist()):
        if parent >= 0:
            before = weights[parent]
            weights[node] = before if weights[node] == 1 else before * weights[node] if before else before
    sequences = tree.sequences[player]
    value: list[Any] = [0] * len(sequences)
    payoffs = (tree.exact if exact else tree.above_lowest)[:, player].tolist()
    at = tree.sequence_of[tree.terminals, player].tolist()
    for end, payoff, sequence in zip(tree.terminals.tolist(), payoffs, at):
        if weights[end]:
            value[sequence] += (weights[end] if exact else float(weights[end])) * payoff
    best: dict[int, Any] = {}
    # A sequence stands after the one that it continues, so all that follows is complete when it is reached; an information
    # set is complete when its first action, whose sequence is the lowest, has been seen.
    first: dict[int, int] = {}
    for number, (_, h, _) in enumerate(sequences):
        first.setdefault(h, number)
    for number in reversed(range(1, len(sequences))):
        before, h, _ = sequences[number]
        best[h] = max(best[h], value[number]) if h in best else value[number]
        if first[h] == number:
            value[before] += best[h]
    return value[0]


def regret(tree: ExtensiveGame, behaviour: Behaviour) -> FloatArray:
    """What each player could still gain by another strategy, shape (N,)."""
    outcome = tree.reach(behaviour)[tree.terminals]
    exact = outcome.dtype == object
    table: npt.NDArray[Any] = tree.exact if exact else tree.above_lowest
    out = []
    for i in range(tree.n_players):
        own = sum((p * u for p, u in zip(outcome.tolist(), table[:, i].tolist()) if p), 0)
        out.append(max(0.0, float(best_payoff(tree, behaviour, i) - own)))
    return np.array(out)
