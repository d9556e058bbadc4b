"""Backward induction in games of perfect information, with every tie followed.

From the ends up, each node keeps the set of payoff vectors that subgame perfect equilibria of its subgame have, and how many pure
ones have each. When is an action with value v played in some equilibrium at a node of player i? Exactly if every
other action has an equilibrium value that gives i no more than v does (Kuhn 1953; Selten 1965).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product
from math import lcm, prod
from typing import Any, TypeAlias

import numpy as np

from games.arguments import checked
from games.errors import MethodError, SizeError
from games.extensive import ExtensiveGame
from solvers.base.deadline import checkpoint, keeps_time, steps
from solvers.base.precision import refuse_lost_differences
from solvers.sequential._results import BehaviourEquilibria, BehaviourEquilibrium

__all__ = ["backward_induction"]

Value: TypeAlias = tuple[Any, ...]

# Payoff vectors that one node may have in equilibrium, and combinations of them at a move of chance.
_MAX_VALUES = 20_000


@checked
@keeps_time("backward induction", "break ties between payoffs")
def backward_induction(
    tree: ExtensiveGame, *, limit: int = 1_000, time_limit: float | None = None
) -> BehaviourEquilibria:
    """Every pure subgame perfect equilibrium of a game of perfect information.

    Parameters
    ----------
    tree : a game in which every information set is a single node; chance may move
    limit : how many equilibria to write out; `total` says how many there are, whatever the limit
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Returns
    -------
    BehaviourEquilibria
        `total` is exact. Where a player is indifferent, mixtures of the tied actions give further equilibria, which a note tells.
        Without such a tie the one equilibrium is the only one, mixtures included.

    Raises
    ------
    MethodError
        If the game has an information set of two nodes or more (see `subgame_perfect`), or the limit is not positive.
    SizeError
        If ties lead to more than 20,000 payoff vectors at one node.

    Examples
    --------
    The mover gets the same by both actions, and the other player does not:

    >>> from games.extensive import Decision, Terminal
    >>> tie = ExtensiveGame(Decision("A", {
    ...     "stop": Terminal([1, 1]), "go": Decision("B", {"left": Terminal([0, 2]), "right": Terminal([3, 2])}),
    ... }))
    >>> found = backward_induction(tie)
    >>> [e.describe() for e in found], found.total
    (['A 1: stop; B 1: left', 'A 1: go; B 1: right'], 2)
    """
    if not tree.perfect_information:
        several = next(s for s in tree.information_sets if len(s.nodes) > 1)
        raise MethodError(
            f"backward induction needs perfect information; information set {several.label!r} holds {len(several.nodes)} nodes. "
            "subgame_perfect solves such games"
        )
    if limit < 1:
        raise MethodError(f"limit is {limit}; at least one equilibrium must be written out")
    begun = time.process_time()
    refuse_lost_differences(tree)
    induction = _Induction(tree)
    found = tuple(
        BehaviourEquilibrium(tree, tree.behaviour(actions), "exact")
        for actions in islice(induction.profiles(), limit)
    )
    count = sum(induction.counts[0].values())
    notes = []
    if induction.ties:
        labels = [tree.information_sets[k].label for k in sorted(induction.ties)]
        shown = ", ".join(labels[:5]) + (", ..." if len(labels) > 5 else "")
        notes.append(
            f"Pure equilibria only: players are indifferent at {len(labels)} "
            f"{'decision' if len(labels) == 1 else 'decisions'} ({shown}), where mixtures give further equilibria."
        )
    if count > len(found):
        notes.append(f"The first {len(found):,} are written out; raise limit for more.")
    return BehaviourEquilibria(
        tree,
        found,
        count == len(found),
        "backward induction in rational arithmetic",
        time.process_time() - begun,
        kind="pure subgame perfect" if induction.ties else "subgame perfect",
        total=count,
        notes=tuple(notes),
    )


@dataclass
class _Induction:
    """The values of all nodes: `counts[v]` maps each equilibrium value of node v to the number of pure equilibria with it."""

    tree: ExtensiveGame
    counts: list[dict[Value, int]] = field(default_factory=list)
    ties: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        tree = self.tree
        # Whole numbers are compared a good deal faster than fractions.
        scales = [lcm(*(x.denominator for x in column), 1) for column in tree.exact.T.tolist()]
        rows = [
            tuple(x.numerator * (scale // x.denominator) for x, scale in zip(row, scales))
            for row in tree.exact.tolist()
        ]
        ends = iter(rows)
        self.counts = [{next(ends): 1} if mover == -2 else {} for mover in tree.mover.tolist()]
        movers, information = tree.mover.tolist(), tree.information.tolist()
        self.chance = tree.chance
        for node in steps(reversed(range(tree.n_nodes)), tree.n_nodes, "nodes"):
            if movers[node] >= 0:
                self._decision(node, movers[node], information[node])
            elif movers[node] == -1:
                self._chance(node)

    def _decision(self, node: int, i: int, number: int) -> None:
        below = [self.counts[c] for c in self.tree.children[node]]
        if all(len(values) == 1 for values in below):
            options = [(next(iter(v)), next(iter(v.values()))) for v in below]
            best = max(value[i] for value, _ in options)
            ways = prod(count for _, count in options)
            out: dict[Value, int] = {}
            tied = 0
            for value, _ in options:
                if value[i] == best:
                    out[value] = out.get(value, 0) + ways
                    tied += 1
            if tied > 1:
                self.ties.add(number)
            self.counts[node] = out
            return
        out = {}
        levels: dict[Any, set[int]] = {}
        sorted_below = [_cumulated(values, i) for values in below]
        for a, values in enumerate(below):
            for value, count in values.items():
                checkpoint()
                ways = count
                for b, others in enumerate(sorted_below):
                    if b != a:
                        ways *= _up_to(others, value[i])
                if ways:
                    out[value] = out.get(value, 0) + ways
                    levels.setdefault(value[i], set()).add(a)
        if any(len(actions) > 1 for actions in levels.values()):
            self.ties.add(number)
        self._limit(len(out), node)
        self.counts[node] = out

    def _chance(self, node: int) -> None:
        weights = self.chance[node].probabilities
        below = [self.counts[c] for c in self.tree.children[node]]
        self._limit(prod(map(len, below)), node)
        out: dict[Value, int] = {}
        for combination in product(*(values.items() for values in below)):
            checkpoint()
            value = _mixture(weights, [v for v, _ in combination])
            out[value] = out.get(value, 0) + prod(count for _, count in combination)
        self.counts[node] = out

    def _limit(self, size: int, node: int) -> None:
        if size > _MAX_VALUES:
            where = " after " + ", ".join(self.tree.path(node)) if node else " at the root"
            raise SizeError(
                f"ties lead to more than {_MAX_VALUES:,} equilibrium payoffs{where}; break ties between payoffs"
            )

    def profiles(self) -> Iterator[list[int]]:
        """Every pure equilibrium as action numbers by information set, one after the other, by going back and forth."""
        tree = self.tree
        movers, information, children = tree.mover.tolist(), tree.information.tolist(), tree.children
        inner = [v for v in range(tree.n_nodes) if movers[v] != -2]
        actions = [0] * len(tree.information_sets)
        allowed: list[Any] = [None] * tree.n_nodes
        allowed[0] = self.counts[0]
        if not inner:
            yield actions
            return

        def ways(v: int) -> Iterator[tuple[int, list[Any]]]:
            """What may be done at a node: an action, and for each child the values that it may have then."""
            below = [self.counts[c] for c in children[v]]
            if movers[v] == -1:
                for combination in product(*below):
                    if _mixture(self.chance[v].probabilities, combination) in allowed[v]:
                        yield -1, [(value,) for value in combination]
                return
            i = movers[v]
            for a, values in enumerate(below):
                for value in values:
                    if value not in allowed[v]:
                        continue
                    rest: list[Any] = [
                        (value,) if b == a else [w for w in others if w[i] <= value[i]]
                        for b, others in enumerate(below)
                    ]
                    if all(rest):
                        yield a, rest

        stack = [ways(inner[0])]
        while stack:
            checkpoint()
            v = inner[len(stack) - 1]
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                continue
            action, rest = step
            if movers[v] >= 0:
                actions[information[v]] = action
            for child, values in zip(children[v], rest):
                allowed[child] = values
            if len(stack) == len(inner):
                yield list(actions)
            else:
                stack.append(ways(inner[len(stack)]))


def _mixture(weights: Sequence[Fraction], values: Sequence[Value]) -> Value:
    return tuple(sum(p * x for p, x in zip(weights, column)) for column in zip(*values))


def _cumulated(values: dict[Value, int], i: int) -> tuple[list[Any], list[int]]:
    """Player i's payoffs in order, and how many equilibria pay it no more than each."""
    pairs = sorted((value[i], count) for value, count in values.items())
    totals = np.cumsum([count for _, count in pairs], dtype=object).tolist()
    return [x for x, _ in pairs], totals


def _up_to(cumulated: tuple[list[Any], list[int]], level: Any) -> int:
    from bisect import bisect_right

    payoffs, totals = cumulated
    place = bisect_right(payoffs, level)
    return totals[place - 1] if place else 0
