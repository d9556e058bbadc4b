"""The sequence form of a game of two players (Koller, Megiddo and von Stengel 1996): its size is that of the tree.

A *sequence* is what a player has done on the way to a node. A *realisation plan* gives every sequence a weight: the empty one
weight 1, and the sequences that continue it at an information set weights that add up to its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from games.bayesian import BayesianGame
from games.extensive import ExtensiveGame
from games.extensive.forms import chance_reach

__all__ = ["Plans", "SequenceForm", "of_bayesian", "of_tree"]


@dataclass(frozen=True)
class Plans:
    """One player's sequences; sequence 0 is the empty one.

    Attributes
    ----------
    before : for each sequence the one that it continues; -1 for the empty one
    sets : for each information set (the sequence before it, the sequences that continue it by its actions)
    """

    before: tuple[int, ...]
    sets: tuple[tuple[int, tuple[int, ...]], ...]

    @property
    def size(self) -> int:
        """Number of sequences."""
        return len(self.before)

    def behaviour(self, plan: Sequence[Any]) -> list[list[Any] | None]:
        """For each information set the probabilities of its actions; None where the plan keeps play from coming."""
        return [
            [plan[s] / plan[before] for s in after] if plan[before] > 0 else None
            for before, after in self.sets
        ]

    def plan(self, behaviour: Sequence[Sequence[Any]]) -> list[Any]:
        """The realisation plan of a behaviour strategy."""
        out: list[Any] = [1] * self.size
        for (before, after), vector in sorted(zip(self.sets, behaviour), key=lambda x: x[0][1]):
            for s, p in zip(after, vector):
                out[s] = out[before] * p
        return out


@dataclass(frozen=True)
class SequenceForm:
    """Two players' sequences and what pairs of them pay.

    Attributes
    ----------
    first, second : the players' sequences
    payoffs : {(sequence of 1, sequence of 2): (payoff of 1, payoff of 2)}, weighted by the moves of chance; pairs left out
        pay nothing
    weights : {(sequence of 1, sequence of 2): probability that chance leaves of the ends there}
    zero_sum : the constant that the players' payoffs add up to at every end, or None
    """

    first: Plans
    second: Plans
    payoffs: dict[tuple[int, int], tuple[Fraction, Fraction]]
    weights: dict[tuple[int, int], Fraction]
    zero_sum: Fraction | None


def of_tree(tree: ExtensiveGame) -> SequenceForm:
    """The sequence form of a tree of two players with perfect recall."""
    plans = []
    for i in range(2):
        own = [k for k, s in enumerate(tree.information_sets) if s.player == i]
        number = {(h, a): n for n, (_, h, a) in enumerate(tree.sequences[i])}
        sets = tuple(
            (
                int(tree.sequence_of[tree.information_sets[k].nodes[0], i]),
                tuple(number[k, a] for a in range(len(tree.information_sets[k].actions))),
            )
            for k in own
        )
        plans.append(Plans(tuple(before for before, _, _ in tree.sequences[i]), sets))
    chance = chance_reach(tree)
    pairs: dict[tuple[int, int], tuple[Fraction, Fraction]] = {}
    weights: dict[tuple[int, int], Fraction] = {}
    at = tree.sequence_of[tree.terminals].tolist()
    for z, (r, c) in enumerate(at):
        weight = chance[int(tree.terminals[z])]
        u, v = tree.exact[z]
        old = pairs.get((r, c))
        new = (weight * u, weight * v)
        pairs[r, c] = new if old is None else (old[0] + new[0], old[1] + new[1])
        weights[r, c] = weights.get((r, c), Fraction(0)) + weight
    sums = {u + v for u, v in tree.exact.tolist()}
    return SequenceForm(plans[0], plans[1], pairs, weights, sums.pop() if len(sums) == 1 else None)


def of_bayesian(game: BayesianGame) -> SequenceForm:
    """The sequence form of a Bayesian game of two players: an information set for each type."""
    plans = []
    for i in range(2):
        k = game.shape[i]
        sets = tuple((0, tuple(1 + t * k + a for a in range(k))) for t in range(game.n_types[i]))
        plans.append(Plans((-1, *[0] * (k * game.n_types[i])), sets))
    pairs = {}
    weights = {}
    sums = set()
    for (s, t), weight, stage in game.type_profiles():
        exact = stage.exact
        for a in range(game.shape[0]):
            for b in range(game.shape[1]):
                u, v = exact[a, b]
                sums.add(u + v)
                key = (1 + s * game.shape[0] + a, 1 + t * game.shape[1] + b)
                pairs[key] = (weight * u, weight * v)
                weights[key] = weight
    return SequenceForm(plans[0], plans[1], pairs, weights, sums.pop() if len(sums) == 1 else None)
