"""All equilibria of a game of two players from its sequence form: the vertices of two polyhedra, exactly.

Player 2's best answers to a realisation plan x of player 1 are found in

    P = { (x, q) : x a realisation plan, q_h >= sum of q over the sets after (h, b) + (x' B)_(h, b) for every set h, action b },

where q_h is what player 2 still gets from information set h on. Take a point of P and one of the polyhedron Q of
player 1. The pair is an equilibrium exactly if a sequence that is played leaves nothing over in the other polyhedron
(complementary slackness; von Stengel 1996, "Efficient computation of behavior strategies", GEB 14, section 5). The
set of equilibria is therefore a union of products of faces, and the pairs of vertices with that property are its
corners, just as for games in normal form (Avis, Rosenberg, Savani and von Stengel 2010). In a zero-sum game the
plans and the answers are optimal solutions of a linear program: there only the face of optimal solutions is
enumerated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from solvers.base.exact_programs import maximise
from solvers.base.rays import extreme_rays
from solvers.equilibrium.bicliques import maximal_bicliques
from solvers.equilibrium.sequence_form import Plans, SequenceForm

__all__ = ["Corners", "all_corners"]

Plan = tuple[Fraction, ...]


@dataclass(frozen=True)
class Corners:
    """The extreme equilibria of a game of two players.

    Attributes
    ----------
    first, second : the realisation plans that occur, distinct
    pairs : which of them are equilibria together
    blocks : maximal sets of plans (numbers of first, numbers of second) all of whose mixtures are equilibria
    components : for each connected set of equilibria the positions of its corners in `pairs`
    """

    first: tuple[Plan, ...]
    second: tuple[Plan, ...]
    pairs: tuple[tuple[int, int], ...]
    blocks: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    components: tuple[tuple[int, ...], ...]


def all_corners(form: SequenceForm, limit: int = 50_000, check: Callable[[], None] = lambda: None) -> Corners:
    """All extreme equilibria; SizeError past `limit` rays, and whatever `check` raises."""
    B = {(r, c): v for (r, c), (_, v) in form.payoffs.items()}
    A = {(c, r): u for (r, c), (u, _) in form.payoffs.items()}
    if form.zero_sum is not None:
        first = _optimal(form.first, form.second, B, limit, check)
        second = _optimal(form.second, form.first, A, limit, check)
        pairs = [(i, j) for i in range(len(first)) for j in range(len(second))]
    else:
        x, x_slack = _vertices(form.first, form.second, B, limit, check)
        y, y_slack = _vertices(form.second, form.first, A, limit, check)
        first, second, pairs = _complementary(x, x_slack, y, y_slack)
    blocks = maximal_bicliques(pairs)
    return Corners(
        tuple(first),
        tuple(second),
        tuple(pairs),
        tuple((tuple(a), tuple(b)) for a, b in blocks),
        _connected(pairs),
    )


def _polyhedron(
    own: Plans, other: Plans, payoffs: dict[tuple[int, int], Fraction]
) -> tuple[list[list[int]], list[list[int]]]:
    """Equalities and inequalities of P in the unknowns (x_0, ..., x_m, q_1, ..., q_l), payoffs in integers."""
    scale = lcm(*(v.denominator for v in payoffs.values()), 1)
    n = own.size + len(other.sets)
    equalities = []
    for before, after in own.sets:
        row = [0] * n
        row[before] = 1
        for s in after:
            row[s] = -1
        equalities.append(row)
    inequalities = []
    number = {s: h for h, (_, after) in enumerate(other.sets) for s in after}
    columns: dict[int, dict[int, int]] = {}
    for (r, c), v in payoffs.items():
        columns.setdefault(c, {})[r] = v.numerator * (scale // v.denominator)
    # The unknown is q + shift * x_0, which is positive wherever q is no larger than it must be.
    shift = sum(abs(v) for column in columns.values() for v in column.values()) + 1
    for c in range(1, other.size):
        row = [0] * n
        for r, whole in columns.get(c, {}).items():
            row[r] -= whole
        row[own.size + number[c]] = 1
        row[0] -= shift
        for h, (before, _) in enumerate(other.sets):
            if before == c:
                row[own.size + h] -= 1
                row[0] += shift
        inequalities.append(row)
    return equalities, inequalities


def _vertices(
    own: Plans, other: Plans, payoffs: dict[tuple[int, int], Fraction], limit: int, check: Callable[[], None]
) -> tuple[list[Plan], list[list[bool]]]:
    """Vertices of P: the plan of each, and for each sequence of the other player whether it leaves something over."""
    equalities, inequalities = _polyhedron(own, other, payoffs)
    n = own.size + len(other.sets)
    rays = extreme_rays(n, equalities, inequalities, limit, check)
    plans, over = [], []
    for ray in rays.tolist():
        if ray[0]:
            plans.append(tuple(Fraction(v, ray[0]) for v in ray[: own.size]))
            over.append([False, *(v > 0 for v in ray[n:])])
    return plans, over


def _complementary(
    x: Sequence[Plan], x_over: Sequence[Sequence[bool]], y: Sequence[Plan], y_over: Sequence[Sequence[bool]]
) -> tuple[list[Plan], list[Plan], list[tuple[int, int]]]:
    """Plans of pairs of vertices in which no sequence that is played leaves something over."""
    if not x or not y:
        return [], [], []
    x_used = np.array([[v > 0 for v in plan] for plan in x], dtype=np.float32)
    y_used = np.array([[v > 0 for v in plan] for plan in y], dtype=np.float32)
    clash = np.array(x_over, dtype=np.float32) @ y_used.T + x_used @ np.array(y_over, dtype=np.float32).T
    found = {(x[i], y[j]) for i, j in np.argwhere(clash == 0).tolist()}
    first = sorted({plan for plan, _ in found}, reverse=True)
    second = sorted({plan for _, plan in found}, reverse=True)
    rows = {plan: k for k, plan in enumerate(first)}
    columns = {plan: k for k, plan in enumerate(second)}
    return first, second, sorted((rows[p], columns[q]) for p, q in found)


def _optimal(
    own: Plans, other: Plans, payoffs: dict[tuple[int, int], Fraction], limit: int, check: Callable[[], None]
) -> list[Plan]:
    """The extreme optimal plans of a player in a zero-sum game: those that leave the other player least."""
    equalities, inequalities = _polyhedron(own, other, payoffs)
    n = own.size + len(other.sets)
    equal: list[tuple[Sequence[int], int]] = [(row, 0) for row in equalities]
    equal.append(([1] + [0] * (n - 1), 1))
    at_most: list[tuple[Sequence[int], int]] = [([-v for v in row], 0) for row in inequalities]
    cost = _cost(own, other, payoffs)
    best = maximise([-v for v in cost], at_most, equal)
    assert best is not None
    # On the face of optimal solutions some unknowns are zero and some inequalities tight throughout; one program for each says
    # which, and every unknown or slack that is not turns up positive in some solution.
    level = [Fraction(c) for c in cost]
    level[0] += best[1]
    common = lcm(*(v.denominator for v in level))
    on_face = [int(v * common) for v in level]
    equal.append((on_face, 0))
    solutions = [best[0]]
    zero, tight = [], []
    for k in range(1, n):
        check()
        if not any(z[k] > 0 for z in solutions):
            answer = maximise(
                [int(j == k) for j in range(n)], [*at_most, ([int(j == k) for j in range(n)], 1)], equal
            )
            assert answer is not None
            if answer[1] == 0:
                zero.append(k)
            else:
                solutions.append(answer[0])
    for row in inequalities:
        check()
        if not any(sum(a * b for a, b in zip(row, z) if a) > 0 for z in solutions):
            answer = maximise(row, [*at_most, (row, 1)], equal)
            assert answer is not None
            if answer[1] == 0:
                tight.append(row)
            else:
                solutions.append(answer[0])
    kept = [k for k in range(n) if k not in set(zero)]
    faces = [[row[k] for k in kept] for row in (*equalities, on_face, *tight)]
    loose = [[row[k] for k in kept] for row in inequalities if row not in tight]
    rays = extreme_rays(len(kept), faces, loose, limit, check)
    plans = set()
    for ray in rays.tolist():
        if ray[0]:
            full = [0] * n
            for k, v in zip(kept, ray):
                full[k] = v
            plans.add(tuple(Fraction(v, ray[0]) for v in full[: own.size]))
    return sorted(plans, reverse=True)


def _cost(own: Plans, other: Plans, payoffs: dict[tuple[int, int], Fraction]) -> list[Fraction | int]:
    """What the other player gets from its first sets on and where it never moves, up to a constant, as a function of (x, q)."""
    scale = lcm(*(v.denominator for v in payoffs.values()), 1)
    cost: list[Fraction | int] = [0] * (own.size + len(other.sets))
    for (r, c), v in payoffs.items():
        if c == 0:
            cost[r] += v * scale
    for h, (before, _) in enumerate(other.sets):
        if before == 0:
            cost[own.size + h] += 1
    return cost


def _connected(pairs: Sequence[tuple[int, int]]) -> tuple[tuple[int, ...], ...]:
    parent: dict[tuple[int, int], tuple[int, int]] = {}

    def root(node: tuple[int, int]) -> tuple[int, int]:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for i, j in pairs:
        parent[root((0, i))] = root((1, j))
    groups: dict[tuple[int, int], list[int]] = {}
    for k, (i, _) in enumerate(pairs):
        groups.setdefault(root((0, i)), []).append(k)
    return tuple(tuple(group) for group in groups.values())
