"""Random trees for property tests, small and with ties, chance and information sets."""

from __future__ import annotations

import random
from fractions import Fraction

from games.extensive import Chance, Decision, ExtensiveGame, Node, Terminal

__all__ = ["perfect_information", "random_behaviour", "simultaneous", "with_recall"]


def perfect_information(
    seed: int, nodes: int, players: int = 3, top: int = 3, chance: bool = False
) -> ExtensiveGame:
    """A tree of perfect information with about so many nodes; payoffs from 0 to top, so that ties are many."""
    rng = random.Random(seed)
    names = [f"P{k + 1}" for k in range(players)]
    children: dict[int, list[int]] = {0: []}
    open_ = [0]
    count = 1
    while count < nodes:
        v = open_.pop(rng.randrange(len(open_)))
        width = rng.choice((1, 2, 2, 3))
        children[v] = list(range(count, count + width))
        for c in children[v]:
            children[c] = []
            open_.append(c)
        count += width

    def build(v: int) -> Node:
        if not children[v]:
            return Terminal([rng.randint(0, top) for _ in names])
        below = {f"a{k}": build(c) for k, c in enumerate(children[v])}
        if chance and len(below) == 2 and rng.random() < 0.3:
            return Chance({label: (Fraction(1, 2), node) for label, node in below.items()})
        return Decision(rng.choice(names), below)

    return ExtensiveGame(build(0), names)


def with_recall(
    seed: int,
    players: int = 2,
    depth: int = 4,
    top: int = 4,
    chance: bool = True,
    widths: tuple[int, ...] = (2, 2, 3),
) -> ExtensiveGame:
    """A tree in which players see their own moves and a random part of the others', so that all have perfect recall."""
    rng = random.Random(seed)
    names = [f"P{k + 1}" for k in range(players)]
    order = [rng.randrange(-1 if chance else 0, players) for _ in range(depth)]
    width = [rng.choice(widths) for _ in range(depth)]
    seen = [[rng.random() < 0.5 for _ in range(depth)] for _ in range(depth)]

    def build(level: int, history: tuple[int, ...]) -> Node:
        if level == depth:
            return Terminal([rng.randint(-top, top) for _ in names])
        mover = order[level]
        below = {str(k): build(level + 1, (*history, k)) for k in range(width[level])}
        if mover < 0:
            return Chance({k: (Fraction(1, width[level]), node) for k, node in below.items()})
        # What was seen once stays seen: the last own information set is part of the memory.
        memory = []
        for earlier in range(level):
            own = order[earlier] == mover
            known = own or any(
                seen[between][earlier]
                for between in range(earlier, level + 1)
                if between == level or order[between] == mover
            )
            if known:
                memory.append((earlier, history[earlier]))
        return Decision(names[mover], below, f"{names[mover]} level {level} {memory}")

    return ExtensiveGame(build(0, ()), names)


def simultaneous(A: list[list[int]], B: list[list[int]]) -> ExtensiveGame:
    """A bimatrix game as a tree: the second player does not see what the first does."""
    root = Decision(
        "Row",
        {
            f"r{i}": Decision(
                "Column", {f"c{j}": Terminal([A[i][j], B[i][j]]) for j in range(len(A[0]))}, "Column"
            )
            for i in range(len(A))
        },
    )
    return ExtensiveGame(root, ("Row", "Column"))


def random_behaviour(tree: ExtensiveGame, seed: int, zeros: bool = True) -> list[list[Fraction]]:
    """A behaviour profile in fractions, with some probabilities at zero."""
    rng = random.Random(seed)
    out = []
    for s in tree.information_sets:
        weights = [rng.randint(0 if zeros else 1, 4) for _ in s.actions]
        if not any(weights):
            weights[rng.randrange(len(weights))] = 1
        out.append([Fraction(w, sum(weights)) for w in weights])
    return out
