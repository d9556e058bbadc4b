"""Consistent beliefs (Kreps and Wilson 1982): limits of what Bayes' rule gives when every action is a possible mistake.

An action a that the profile does not play gets the probability c_a e^(K_a) with c_a > 0 and K_a > 0, and e goes to zero. A node x
then has probability of the order K . n_x, where n_x counts the mistakes on the way to it. The belief at an
information set lies on its nodes of least order. There it is proportional to b_x c^(n_x), with b_x the probability
of all moves that are not mistakes. Every consistent belief system is such a limit (Kreps and Wilson 1982, appendix;
Streufert 2006 completes the proof), so that consistency comes apart in two questions: is there a K (a linear
program), and is there a c (linear in logarithms).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, combinations, product
from math import gcd, prod
from typing import Any

from solvers.base.exact_programs import maximise
from solvers.sequential._assessment import Profile

__all__ = ["consistent", "find_consistent"]

Belief = tuple[Fraction, ...]

_MAX_SUPPORTS = 20_000
_STARTS = 30


@dataclass
class _Mistakes:
    """The mistakes on the way to every node of every information set."""

    profile: Profile

    def __post_init__(self) -> None:
        tree = self.profile.tree
        self.unplayed = {
            (k, a): n
            for n, (k, a) in enumerate(
                (k, a)
                for k, vector in enumerate(self.profile.vectors)
                for a, p in enumerate(vector)
                if p == 0
            )
        }
        self.counts: list[list[tuple[int, ...]]] = []
        self.weights: list[list[Fraction]] = []
        for s in tree.information_sets:
            rows, weights = [], []
            for v in s.nodes:
                row, weight = self._on_the_way(v)
                rows.append(row)
                weights.append(weight)
            self.counts.append(rows)
            self.weights.append(weights)

    def _on_the_way(self, node: int) -> tuple[tuple[int, ...], Fraction]:
        p = self.profile
        count = [0] * len(self.unplayed)
        weight = Fraction(1)
        while p.parent[node] >= 0:
            parent = p.parent[node]
            key = (p.information[parent], p.branch[node])
            if p.mover[parent] >= 0 and key in self.unplayed:
                count[self.unplayed[key]] += 1
            else:
                weight *= p.edge[node]
            node = parent
        return tuple(count), weight

    def orders_exist(self, supports: Mapping[int, Sequence[int]]) -> bool:
        """Whether some K > 0 makes exactly these nodes of each information set the likeliest."""
        n = len(self.unplayed)
        at_most: list[tuple[list[int], int]] = []
        equal: list[tuple[list[int], int]] = []
        for number, support in supports.items():
            rows = self.counts[number]
            base = rows[support[0]]
            for x, row in enumerate(rows):
                difference = [a - b for a, b in zip(row, base)]
                # K is 1 plus something not negative.
                ones = sum(difference)
                if x in support:
                    if any(difference):
                        equal.append((difference, -ones))
                else:
                    if not any(difference):
                        return False
                    at_most.append(([-d for d in difference], ones - 1))
        if not at_most and not equal:
            return True
        return maximise([0] * n, at_most, equal) is not None


def consistent(profile: Profile, beliefs: Sequence[Belief]) -> str | None:
    """None if the beliefs are consistent with the profile, else why they are not."""
    mistakes = _Mistakes(profile)
    tree = profile.tree
    supports = {k: [x for x, p in enumerate(belief) if p > 0] for k, belief in enumerate(beliefs)}
    for k, support in supports.items():
        if not mistakes.orders_exist({k: support}):
            return f"the nodes believed possible at {tree.information_sets[k].label!r} cannot be the likeliest mistakes"
    if not mistakes.orders_exist(supports):
        return "no single order of how unlikely the mistakes are fits the beliefs at all information sets"
    rows: list[tuple[int, ...]] = []
    ratios: list[Fraction] = []
    for k, support in supports.items():
        first = support[0]
        for x in support[1:]:
            rows.append(tuple(a - b for a, b in zip(mistakes.counts[k][x], mistakes.counts[k][first])))
            ratios.append(
                beliefs[k][x] / beliefs[k][first] * mistakes.weights[k][first] / mistakes.weights[k][x]
            )
    tolerance = 0 if profile.exact else Fraction(1, 10**6)
    for relation in _left_null(rows):
        value = prod((r**m for r, m in zip(ratios, relation) if m), start=Fraction(1))
        if abs(value - 1) > tolerance:
            involved = sorted({tree.information_sets[k].label for k, _ in _owners(supports, relation)})
            return f"the beliefs at {' and '.join(map(repr, involved))} cannot come from the same mistakes"
    return None


def _owners(supports: Mapping[int, Sequence[int]], relation: Sequence[int]) -> list[tuple[int, int]]:
    positions = [(k, x) for k, support in supports.items() for x in support[1:]]
    return [place for place, m in zip(positions, relation) if m]


def _left_null(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    """A basis of the integer relations among rows: vectors m with sum of m_r rows_r = 0."""
    width = len(rows[0]) if rows else 0
    table = [
        [Fraction(v) for v in row] + [Fraction(int(r == k)) for k in range(len(rows))]
        for r, row in enumerate(rows)
    ]
    place = 0
    for c in range(width):
        pivot = next((r for r in range(place, len(table)) if table[r][c]), None)
        if pivot is None:
            continue
        table[place], table[pivot] = table[pivot], table[place]
        for r in range(place + 1, len(table)):
            if table[r][c]:
                factor = table[r][c] / table[place][c]
                table[r] = [a - factor * b for a, b in zip(table[r], table[place])]
        place += 1
    out = []
    for row in table[place:]:
        relation = row[width:]
        common = 1
        for v in relation:
            common = common * v.denominator // gcd(common, v.denominator)
        out.append([int(v * common) for v in relation])
    return out


@dataclass
class _Cluster:
    """Information sets whose beliefs come from the same products of mistakes, up to a common factor.

    `vectors` are the exponents of the products, relative to the first; `members` lists (information set, node, exponent).
    """

    vectors: list[tuple[int, ...]]
    members: list[tuple[int, int, int]] = field(default_factory=list)


def find_consistent(profile: Profile) -> tuple[list[Belief] | None, bool]:
    """Consistent beliefs that make every action that is played optimal, and whether the search for them was complete.

    (beliefs, True) or (None, True: there are none) or (None, False: none found).
    """
    mistakes = _Mistakes(profile)
    tree = profile.tree
    fixed: dict[int, list[int]] = {}
    open_: list[int] = []
    for k, rows in enumerate(mistakes.counts):
        reached = [x for x, row in enumerate(rows) if not any(row)]
        if reached or len(rows) == 1:
            fixed[k] = reached or [0]
        else:
            open_.append(k)
    choices = []
    total = 1
    for k in open_:
        own = [s for s in _subsets(len(mistakes.counts[k])) if mistakes.orders_exist({k: s})]
        choices.append(own)
        total *= len(own)
    decided = total <= _MAX_SUPPORTS
    count = 0
    for chosen in product(*choices):
        count += 1
        if count > _MAX_SUPPORTS:
            break
        supports = {**fixed, **dict(zip(open_, map(list, chosen)))}
        if len(open_) > 1 and not mistakes.orders_exist(supports):
            continue
        beliefs, sure = _beliefs(profile, mistakes, supports)
        if beliefs is not None:
            return [beliefs[k] for k in range(len(tree.information_sets))], True
        decided = decided and sure
    return None, decided


def _subsets(n: int) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(range(n), size) for size in range(1, n + 1))


def _beliefs(
    profile: Profile, mistakes: _Mistakes, supports: Mapping[int, Sequence[int]]
) -> tuple[dict[int, Belief] | None, bool]:
    """Beliefs with these supports that make the profile rational, and whether their absence is certain."""
    clusters = _clusters(mistakes, supports)
    independent = _rank([v for c in clusters for v in c.vectors[1:]]) == sum(
        len(c.vectors) - 1 for c in clusters
    )
    solution: list[list[Fraction]] = []
    for cluster in clusters:
        weights = _weights(profile, mistakes, cluster)
        if weights is None:
            return None, True
        solution.append(weights)
    if not independent:
        numbers = _by_numbers(profile, mistakes, clusters)
        if numbers is None:
            return None, False
        solution = numbers
    out: dict[int, Belief] = {}
    for cluster, weights in zip(clusters, solution):
        for k in {k for k, _, _ in cluster.members}:
            own = [Fraction(0)] * len(mistakes.counts[k])
            for number, x, e in cluster.members:
                if number == k:
                    own[x] = weights[e] * mistakes.weights[k][x]
            total = sum(own)
            out[k] = tuple(w / total for w in own)
    return out, True


def _clusters(mistakes: _Mistakes, supports: Mapping[int, Sequence[int]]) -> list[_Cluster]:
    clusters: list[_Cluster] = []
    for k, support in sorted(supports.items(), key=lambda item: -len(item[1])):
        vectors = [mistakes.counts[k][x] for x in support]
        placed = False
        if len(set(vectors)) > 1:
            for cluster in clusters:
                shift = _shift(vectors, cluster.vectors)
                if shift is not None:
                    for x, v in zip(support, vectors):
                        moved = tuple(a + b for a, b in zip(v, shift))
                        cluster.members.append((k, x, cluster.vectors.index(moved)))
                    placed = True
                    break
        if not placed:
            base = vectors[0]
            relative = [tuple(a - b for a, b in zip(v, base)) for v in vectors]
            distinct = list(dict.fromkeys(relative))
            clusters.append(
                _Cluster(distinct, [(k, x, distinct.index(v)) for x, v in zip(support, relative)])
            )
    return clusters


def _shift(vectors: Sequence[tuple[int, ...]], known: Sequence[tuple[int, ...]]) -> tuple[int, ...] | None:
    """What must be added to all vectors so that each is among the known ones; None if nothing does."""
    for target in known:
        shift = tuple(a - b for a, b in zip(target, vectors[0]))
        if all(tuple(a + b for a, b in zip(v, shift)) in known for v in vectors):
            return shift
    return None


def _rank(rows: Sequence[Sequence[int]]) -> int:
    return len(rows) - len(_left_null(rows)) if rows else 0


def _constraints(profile: Profile, mistakes: _Mistakes, cluster: _Cluster) -> tuple[list[Any], list[Any]]:
    """What the products of mistakes of a cluster must satisfy: rows that are at least -tolerance, and rows that are zero.

    With consistent beliefs it is enough that no change of a single action pays (Hendon, Jacobsen and Sloth 1996).
    """
    at_least, zero = [], []
    tree = profile.tree
    for k in dict.fromkeys(k for k, _, _ in cluster.members):
        s = tree.information_sets[k]
        vector = profile.vectors[k]
        played = next(a for a, p in enumerate(vector) if p > 0)
        for a, p in enumerate(vector):
            if a == played:
                continue
            row = [Fraction(0)] * len(cluster.vectors)
            for number, x, e in cluster.members:
                if number == k:
                    below = tree.children[s.nodes[x]]
                    gain = profile.values[below[played]][s.player] - profile.values[below[a]][s.player]
                    row[e] += mistakes.weights[k][x] * gain
            if any(row):
                total = sum(mistakes.weights[k][x] for number, x, _ in cluster.members if number == k)
                slack = profile.tolerance[s.player] * total
                if p > 0 and not slack:
                    zero.append(row)
                else:
                    at_least.append((row, slack))
                    if p > 0:
                        at_least.append(([-v for v in row], slack))
    return at_least, zero


def _weights(profile: Profile, mistakes: _Mistakes, cluster: _Cluster) -> list[Fraction] | None:
    """Positive weights of the products in a cluster that make what is played optimal, as even as possible."""
    m = len(cluster.vectors)
    at_least, zero = _constraints(profile, mistakes, cluster)
    # Unknowns: weights less t, and t, to be as large as possible; the weights add up to 1.
    at_most = [([*(-v for v in row), -sum(row)], slack) for row, slack in at_least]
    equal: list[tuple[list[Any], Any]] = [([*row, sum(row)], 0) for row in zero]
    equal.append(([1] * m + [m], 1))
    answer = maximise([0] * m + [1], at_most, equal)
    if answer is None or answer[1] <= 0:
        return None
    *rest, t = answer[0]
    return [w + t for w in rest]


def _by_numbers(
    profile: Profile, mistakes: _Mistakes, clusters: Sequence[_Cluster]
) -> list[list[Fraction]] | None:
    """A search for mistakes c whose products suit all clusters at once; what it finds is checked in fractions."""
    import numpy as np
    from scipy.optimize import minimize

    tables = [_constraints(profile, mistakes, c) for c in clusters]
    exponents = [np.array(c.vectors, dtype=float) for c in clusters]
    n = len(mistakes.unplayed)

    def violation(z: Any) -> float:
        total = 0.0
        for (at_least, zero), vectors in zip(tables, exponents):
            log = vectors @ z
            w = np.exp(log - log.max())
            w /= w.sum()
            for row, slack in at_least:
                total += min(0.0, float(np.dot(np.array(row, dtype=float), w)) + float(slack)) ** 2
            for row in zero:
                total += float(np.dot(np.array(row, dtype=float), w)) ** 2
        return total

    rng = np.random.default_rng(0)
    for start in range(_STARTS):
        z = np.zeros(n) if start == 0 else rng.normal(scale=2.0, size=n)
        answer = minimize(violation, z, method="Nelder-Mead" if n <= 6 else "BFGS", options={"maxiter": 2000})
        if answer.fun > 1e-10:
            continue
        for denominator in (1, 4, 12, 60, 1000, 10**6):
            c = [
                max(Fraction(float(np.exp(v))).limit_denominator(denominator), Fraction(1, 10**6))
                for v in answer.x
            ]
            out = [
                [
                    prod((x**m for x, m in zip(c, vector) if m), start=Fraction(1))
                    for vector in cluster.vectors
                ]
                for cluster in clusters
            ]
            if all(
                all(sum(a * b for a, b in zip(row, w)) + slack * sum(w) >= 0 for row, slack in at_least)
                and all(sum(a * b for a, b in zip(row, w)) == 0 for row in zero)
                for (at_least, zero), w in zip(tables, out)
            ):
                return out
    return None
