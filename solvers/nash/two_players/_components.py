"""The shape of the set of equilibria of a two-player game: connected components and maximal Nash subsets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from games.arguments import checked
from games.errors import MethodError, SizeError
from games.types import FloatArray
from solvers.base.deadline import keeps_time
from solvers.equilibrium.bicliques import Pair, maximal_bicliques
from solvers.equilibrium.results import Component, Equilibria, Equilibrium

__all__ = ["NashSubset", "connected", "maximal_nash_subsets"]


@dataclass(frozen=True, eq=False)
class NashSubset:
    """A maximal Nash subset: every mixture of `first` with every mixture of `second` is an equilibrium.

    `first` holds strategies of player 1, `second` of player 2, as probability vectors.
    """

    first: tuple[FloatArray, ...]
    second: tuple[FloatArray, ...]


@checked
@keeps_time("the list of maximal Nash subsets", "use the list of extreme equilibria")
def maximal_nash_subsets(found: Equilibria, *, time_limit: float | None = None) -> tuple[NashSubset, ...]:
    """The maximal Nash subsets of a two-player game, from all its extreme equilibria.

    The extreme equilibria are the edges of a bipartite graph between strategies of player 1 and of player 2. Its maximal complete
    bipartite subgraphs are the maximal Nash subsets. Their union is the set of all equilibria (Winkels 1979; Avis, Rosenberg,
    Savani and von Stengel 2010, section 2).

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    Raises MethodError unless `found` is complete and of two players, SizeError past 100,000 subsets.

    >>> from games import NormalFormGame
    >>> from solvers.nash.two_players._vertex_enumeration import enumerate_bimatrix
    >>> found = enumerate_bimatrix(NormalFormGame.from_bimatrix([[1, 1], [1, 0]], [[1, 1], [1, 0]]))
    >>> [(len(s.first), len(s.second)) for s in maximal_nash_subsets(found)]
    [(1, 2), (2, 1)]
    """
    if found.game.n_players != 2 or not found.complete:
        raise MethodError(
            "maximal Nash subsets need the complete set of extreme equilibria of a two-player game"
        )
    first: dict[bytes, int] = {}
    second: dict[bytes, int] = {}
    x: list[FloatArray] = []
    y: list[FloatArray] = []
    pairs = []
    for equilibrium in found:
        p, q = equilibrium.profile
        i, j = first.setdefault(p.tobytes(), len(first)), second.setdefault(q.tobytes(), len(second))
        if i == len(x):
            x.append(p)
        if j == len(y):
            y.append(q)
        pairs.append((i, j))
    return tuple(
        NashSubset(tuple(x[i] for i in left), tuple(y[j] for j in right))
        for left, right in maximal_bicliques(pairs)
    )


def connected(found: Sequence[Equilibrium], pairs: Sequence[Pair]) -> tuple[Component, ...]:
    """The connected components of the set of equilibria; `pairs` numbers the two strategies of each extreme one."""
    parent: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while parent.setdefault(node, node) != node:
            parent[node] = node = parent[parent[node]]
        return node

    for i, j in pairs:
        parent[root(("x", i))] = root(("y", j))
    members: dict[tuple[str, int], list[int]] = {}
    for k, (i, _) in enumerate(pairs):
        members.setdefault(root(("x", i)), []).append(k)
    out = []
    for ks in members.values():
        try:
            cliques = maximal_bicliques([pairs[k] for k in ks])
            shapes = ", ".join(f"{len(left)} x {len(right)}" for left, right in cliques[:6])
            more = ", ..." if len(cliques) > 6 else ""
            count = "1 maximal Nash subset" if len(cliques) == 1 else f"{len(cliques)} maximal Nash subsets"
            note = (
                "an isolated equilibrium" if len(ks) == 1 else f"{count}, extreme strategies: {shapes}{more}"
            )
        except SizeError as error:
            note = str(error)
        out.append(Component(tuple(found[k].profile for k in ks), True, note))
    return tuple(out)
