"""Values, reach and beliefs at the nodes of a tree, for one behaviour profile, in rational arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from games.extensive import Behaviour, ExtensiveGame
from games.extensive.forms import _ends_of_subtrees

__all__ = ["Profile"]

_ROUNDED = 10**9
_TOLERANCE = Fraction(1, 10**7)


class Profile:
    """A behaviour profile of a tree, taken exactly.

    Floats are read as the nearest fractions with denominators up to 1e9, and then gains of less than 1e-7 of a player's payoff
    range count as none. A profile in fractions is judged exactly.
    """

    def __init__(self, tree: ExtensiveGame, behaviour: Behaviour) -> None:
        self.tree = tree
        self.exact = not behaviour or behaviour[0].dtype == object
        vectors: list[list[Fraction]] = []
        for vector in behaviour:
            values = [
                p if isinstance(p, Fraction) else Fraction(float(p)).limit_denominator(_ROUNDED)
                for p in vector
            ]
            values = [max(p, Fraction(0)) for p in values]
            total = sum(values)
            vectors.append([p / total for p in values])
        self.vectors = vectors
        flat = tree.exact.T.tolist()
        self.tolerance = [
            Fraction(0) if self.exact else (max(column) - min(column)) * _TOLERANCE for column in flat
        ]
        self.mover: list[int] = tree.mover.tolist()
        self.parent: list[int] = tree.parent.tolist()
        self.branch: list[int] = tree.branch.tolist()
        self.information: list[int] = tree.information.tolist()
        self.end = {int(v): z for z, v in enumerate(tree.terminals)}
        chance = tree.chance
        self.edge: list[Fraction] = [Fraction(1)] * tree.n_nodes
        for v, parent in enumerate(self.parent):
            if parent >= 0:
                k = self.branch[v]
                at = self.mover[parent]
                self.edge[v] = (
                    chance[parent].probabilities[k] if at == -1 else vectors[self.information[parent]][k]
                )

    @cached_property
    def values(self) -> list[tuple[Fraction, ...]]:
        """For each node every player's expected payoff if play is there."""
        return self.values_of(self.edge)

    def values_of(self, edge: Sequence[Fraction]) -> list[tuple[Fraction, ...]]:
        """The same for other probabilities of the branches."""
        n = self.tree.n_players
        out: list[Any] = [None] * self.tree.n_nodes
        for v in reversed(range(self.tree.n_nodes)):
            if v in self.end:
                out[v] = tuple(self.tree.exact[self.end[v]])
                continue
            total = [Fraction(0)] * n
            for c in self.tree.children[v]:
                if edge[c]:
                    total = [a + edge[c] * b for a, b in zip(total, out[c])]
            out[v] = tuple(total)
        return out

    @cached_property
    def last(self) -> list[int]:
        """For each node the number after the last node below it."""
        return _ends_of_subtrees(self.tree)

    @cached_property
    def home(self) -> list[int]:
        """For each information set the root of the smallest subgame that holds it."""
        roots = self.tree.subgames()
        out = []
        for s in self.tree.information_sets:
            inside = [r for r in roots if r <= s.nodes[0] and s.nodes[-1] < self.last[r]]
            out.append(inside[-1])
        return out

    def reach_from(self, root: int, node: int) -> Fraction:
        """The probability that play comes from a node to one below it."""
        p = Fraction(1)
        while node != root:
            p *= self.edge[node]
            if not p:
                return p
            node = self.parent[node]
        return p

    def bayes(self, number: int, root: int = 0) -> tuple[Fraction, ...] | None:
        """Beliefs at an information set by Bayes' rule, given that play comes to the root; None if it is not reached."""
        weights = [self.reach_from(root, v) for v in self.tree.information_sets[number].nodes]
        total = sum(weights)
        return tuple(w / total for w in weights) if total else None

    def best_continuation(
        self, number: int, belief: Sequence[Fraction]
    ) -> tuple[Fraction, Fraction, dict[int, int]]:
        """What the player at an information set gets there, the most that it could get, and the actions that do so.

        The others behave as in the profile; the player may change what it does from here on.
        """
        tree = self.tree
        s = tree.information_sets[number]
        i = s.player
        own = sum((p * self.values[v][i] for p, v in zip(belief, s.nodes)), Fraction(0))
        gain: dict[int, Fraction] = {}
        sequences = tree.sequences[i]
        for p, root in zip(belief, s.nodes):
            if not p:
                continue
            weight = {root: p}
            for v in range(root + 1, self.last[root]):
                w = weight.get(self.parent[v], Fraction(0))
                if not w:
                    continue
                if self.mover[self.parent[v]] != i:
                    w = w * self.edge[v]
                if not w:
                    continue
                weight[v] = w
                if v in self.end:
                    q = int(tree.sequence_of[v, i])
                    gain[q] = gain.get(q, Fraction(0)) + w * tree.exact[self.end[v], i]
        start = int(tree.sequence_of[s.nodes[0], i])
        value = dict(gain)
        best: dict[int, Fraction] = {}
        choice: dict[int, int] = {}
        first: dict[int, int] = {}
        for q, (_, h, _) in enumerate(sequences):
            first.setdefault(h, q)
        for q in range(len(sequences) - 1, start, -1):
            before, h, a = sequences[q]
            x = value.get(q, Fraction(0))
            if h not in best or x >= best[h]:
                best[h], choice[h] = x, a
            if first[h] == q:
                if h == number:
                    break
                value[before] = value.get(before, Fraction(0)) + best[h]
        return own, best[number], choice

    def plan_values(self, player: int, choice: dict[int, int]) -> list[tuple[Fraction, ...]]:
        """Values of all nodes if the player takes the chosen actions where there are any."""
        edge = list(self.edge)
        for v, parent in enumerate(self.parent):
            if parent >= 0 and self.mover[parent] == player and self.information[parent] in choice:
                edge[v] = Fraction(int(self.branch[v] == choice[self.information[parent]]))
        return self.values_of(edge)
