"""A tree in other forms: normal, reduced normal and agent form, mixed and behaviour strategies, subgames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from math import lcm, prod
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from games.errors import GameError, SizeError
from games.extensive.parts import Parts
from games.normal_form import MixedProfile, NormalFormGame

if TYPE_CHECKING:
    from games.extensive._game import Behaviour, ExtensiveGame

__all__ = [
    "agent_form",
    "chance_reach",
    "edge_probabilities",
    "normal_form",
    "reach",
    "realised",
    "strategies",
    "subgame",
    "subgame_roots",
    "to_behaviour",
    "to_mixed",
]

Plan: TypeAlias = tuple[int | None, ...]

_MAX_STRATEGIES = 20_000
_MAX_PROFILES = 2_000_000
# Products of at most this many entries are held at once.
_CHUNK = 1 << 23
_EXACT_FLOAT = 1 << 53


# ------------------------------------------------------------------ probabilities of nodes


def edge_probabilities(
    tree: ExtensiveGame, strategy: Behaviour | None, players: Callable[[int], bool] = lambda _: True
) -> list[Any]:
    """For each node the probability of the branch that leads to it; 1 for moves of players who are left out."""
    one: list[Any] = [Fraction(1)] * tree.n_nodes
    mover, information = tree.mover.tolist(), tree.information.tolist()
    branch = tree.branch.tolist()
    chance = tree.chance
    for node, parent in enumerate(tree.parent.tolist()):
        if parent < 0:
            continue
        if mover[parent] == -1:
            one[node] = chance[parent].probabilities[branch[node]]
        elif strategy is not None and players(mover[parent]):
            one[node] = strategy[information[parent]][branch[node]]
    return one


def _along(tree: ExtensiveGame, edges: Sequence[Any]) -> list[Any]:
    out = list(edges)
    for node, parent in enumerate(tree.parent.tolist()):
        if parent >= 0:
            before = out[parent]
            # Most branches are certain or impossible; multiplying fractions costs a hundred times a comparison.
            out[node] = before if edges[node] == 1 else edges[node] if before == 1 else before * edges[node]
    return out


def reach(tree: ExtensiveGame, strategy: Behaviour) -> npt.NDArray[Any]:
    """The probability of each node, shape (nodes,)."""
    floats = bool(strategy) and strategy[0].dtype != object
    values = _along(tree, edge_probabilities(tree, strategy))
    out = np.empty(tree.n_nodes, dtype=np.float64 if floats else object)
    out[:] = values
    return out


def chance_reach(tree: ExtensiveGame) -> list[Fraction]:
    """The probability that chance leaves of each node, if the players play towards it."""
    return _along(tree, edge_probabilities(tree, None))


# ------------------------------------------------------------------ pure strategies


def strategies(tree: ExtensiveGame, player: int, reduced: bool) -> tuple[Plan, ...]:
    """Pure strategies of a player: an action number for each of its information sets, None where not needed."""
    own = [k for k, s in enumerate(tree.information_sets) if s.player == player]
    slots = {k: slot for slot, k in enumerate(own)}
    sizes = [len(tree.information_sets[k].actions) for k in own]
    name = tree.players[player]
    if not reduced or tree.recall_fault is not None:
        _limit(prod(sizes), name)
        plans: list[Plan] = list(product(*(range(k) for k in sizes)))
        if reduced:
            plans = list(dict.fromkeys(_without_unreached(tree, player, slots, plan) for plan in plans))
        return tuple(plans)
    # With perfect recall an information set follows one sequence, so plans are put together from the end.
    after: dict[int, list[int]] = {}
    for k in own:
        after.setdefault(int(tree.sequence_of[tree.information_sets[k].nodes[0], player]), []).append(k)
    number = {(h, a): n for n, (_, h, a) in enumerate(tree.sequences[player])}
    found: dict[int, list[dict[int, int]]] = {}
    for sequence in reversed(range(len(tree.sequences[player]))):
        ways: list[dict[int, int]] = [{}]
        for k in after.get(sequence, ()):
            choices = [
                {slots[k]: a, **rest}
                for a in range(len(tree.information_sets[k].actions))
                for rest in found.get(number.get((k, a), -1), [{}])
            ]
            _limit(len(ways) * len(choices), name)
            ways = [{**one, **other} for one in ways for other in choices]
        found[sequence] = ways
    plans = [tuple(way.get(slot) for slot in range(len(own))) for way in found[0]]
    return tuple(sorted(plans, key=lambda plan: tuple(-1 if a is None else a for a in plan)))


def _limit(count: int, player: str) -> None:
    if count > _MAX_STRATEGIES:
        raise SizeError(
            f"{player} has more than {_MAX_STRATEGIES:,} pure strategies; the normal form of this tree is out of reach. "
            "solvers.sequential works on the tree itself (backward induction, sequence form)"
        )


def _without_unreached(tree: ExtensiveGame, player: int, slots: dict[int, int], plan: Plan) -> Plan:
    """The plan with None at information sets to which it never lets play come."""
    sequences = tree.sequences[player]
    open_ = [True] * len(sequences)
    for n, (before, h, a) in enumerate(sequences):
        if n:
            open_[n] = open_[before] and plan[slots[h]] == a
    reached = {
        k for k in slots if any(open_[tree.sequence_of[v, player]] for v in tree.information_sets[k].nodes)
    }
    return tuple(a if k in reached else None for k, a in zip(slots, plan))


def realised(tree: ExtensiveGame, player: int, plans: Sequence[Plan]) -> npt.NDArray[np.bool_]:
    """Which of the player's sequences each plan plays, shape (plans, sequences)."""
    own = [k for k, s in enumerate(tree.information_sets) if s.player == player]
    slots = {k: slot for slot, k in enumerate(own)}
    table = np.array([[-1 if a is None else a for a in plan] for plan in plans], dtype=np.int64)
    table = table.reshape(len(plans), len(own))
    out = np.ones((len(plans), len(tree.sequences[player])), dtype=np.bool_)
    for n, (before, h, a) in enumerate(tree.sequences[player]):
        if n:
            out[:, n] = out[:, before] & (table[:, slots[h]] == a)
    return out


# ------------------------------------------------------------------ normal and agent form


def normal_form(tree: ExtensiveGame, reduced: bool) -> NormalFormGame:
    """The (reduced) normal form, payoffs exact."""
    plans = [strategies(tree, i, reduced) for i in range(tree.n_players)]
    masks = [
        realised(tree, i, plans[i])[:, tree.sequence_of[tree.terminals, i]] for i in range(tree.n_players)
    ]
    return NormalFormGame(
        _payoffs(tree, masks, range(tree.n_players)),
        tree.players,
        [_strategy_labels(tree, i, plans[i]) for i in range(tree.n_players)],
        tree.title,
    )


def agent_form(tree: ExtensiveGame) -> NormalFormGame:
    """The agent normal form: a player for each information set, with the payoffs of the player it belongs to."""
    masks = []
    before = _before(tree)
    for k, s in enumerate(tree.information_sets):
        mask = np.ones((len(s.actions), len(tree.terminals)), dtype=np.bool_)
        for z, moves in enumerate(before):
            for action in moves.get(k, ()):
                mask[:, z] &= np.arange(len(s.actions)) == action
        masks.append(mask)
    if not masks:
        raise GameError("nobody moves in this tree: it has no agent form")
    return NormalFormGame(
        _payoffs(tree, masks, [s.player for s in tree.information_sets]),
        [s.label for s in tree.information_sets],
        [s.actions for s in tree.information_sets],
        tree.title,
    )


def _before(tree: ExtensiveGame) -> list[dict[int, list[int]]]:
    """For each end the actions taken on the way, by information set."""
    parent, branch, information = tree.parent.tolist(), tree.branch.tolist(), tree.information.tolist()
    out = []
    for end in tree.terminals.tolist():
        moves: dict[int, list[int]] = {}
        node = end
        while parent[node] >= 0:
            if information[parent[node]] >= 0:
                moves.setdefault(information[parent[node]], []).append(branch[node])
            node = parent[node]
        out.append(moves)
    return out


def _payoffs(
    tree: ExtensiveGame, masks: Sequence[npt.NDArray[np.bool_]], owners: Sequence[int]
) -> npt.NDArray[Any]:
    """Expected payoffs of all pure profiles, exactly: (k_1, ..., k_M, M) for M masks (k_m, ends)."""
    shape = tuple(len(mask) for mask in masks)
    if prod(shape) * len(shape) > 2 * _MAX_PROFILES:
        raise SizeError(
            f"the normal form has {prod(shape):,} profiles of {len(shape)} players; at most "
            f"{2 * _MAX_PROFILES // len(shape):,} can be held. solvers.sequential works on the tree itself"
        )
    chance = chance_reach(tree)
    columns = sorted(set(owners))
    weights = [
        [chance[v] * x for x in (tree.exact[z, c] for c in columns)]
        for z, v in enumerate(tree.terminals.tolist())
    ]
    common = lcm(*(x.denominator for row in weights for x in row))
    whole = [[x.numerator * (common // x.denominator) for x in row] for row in weights]
    safe = max((sum(map(abs, column)) for column in zip(*whole)), default=0) < _EXACT_FLOAT
    # Sums of integers below 2 ** 53 are exact in floats, whose products of matrices are fast.
    W = np.array(whole, dtype=np.float64 if safe else object).reshape(len(whole), len(columns))
    kind: Any = np.float64 if safe else object
    acc = np.ones((1, len(whole)), dtype=np.bool_)
    for mask in masks[:-1]:
        acc = (acc[:, None, :] & mask[None, :, :]).reshape(-1, len(whole))
    last = masks[-1].T.astype(kind)
    sums = np.empty((len(columns), len(acc), shape[-1]), dtype=np.int64 if safe else object)
    step = max(1, _CHUNK // max(1, len(whole)))
    for start in range(0, len(acc), step):
        block = acc[start : start + step].astype(kind)
        for c in range(len(columns)):
            sums[c, start : start + step] = (block * W[:, c]) @ last
    table = sums.reshape(len(columns), *shape)
    if common != 1:
        distinct = {int(x): Fraction(int(x), common) for x in np.unique(table.reshape(-1)).tolist()}
        exact = np.empty(table.size, dtype=object)
        exact[:] = [distinct[int(x)] for x in table.reshape(-1).tolist()]
        table = exact.reshape(table.shape)
    return np.stack([table[columns.index(owner)] for owner in owners], axis=-1)


def _strategy_labels(tree: ExtensiveGame, player: int, plans: Sequence[Plan]) -> list[str]:
    own = [s for s in tree.information_sets if s.player == player]
    if not own:
        return ["no move"]
    labels = [", ".join("*" if a is None else s.actions[a] for s, a in zip(own, plan)) for plan in plans]
    counts = Counter(labels)
    return [label if counts[label] == 1 else f"{label} ({k + 1})" for k, label in enumerate(labels)]


# ------------------------------------------------------------------ Kuhn's theorem


def to_behaviour(tree: ExtensiveGame, mixed: Sequence[Any], reduced: bool) -> Behaviour:
    """Behaviour strategies that realise a mixed profile; see `ExtensiveGame.to_behaviour`."""
    if isinstance(mixed, str) or not hasattr(mixed, "__len__") or len(mixed) != tree.n_players:
        raise GameError(f"a mixed profile has one vector for each of {', '.join(tree.players)}")
    entries: list[Any] = [None] * len(tree.information_sets)
    for i, given in enumerate(mixed):
        plans = strategies(tree, i, reduced)
        weights = list(given)
        if len(weights) != len(plans):
            raise GameError(
                f"the strategy of {tree.players[i]} has {len(weights)} probabilities; the "
                f"{'reduced ' if reduced else ''}normal form has {len(plans)} strategies for it"
            )
        exact = all(isinstance(w, (int, Fraction)) for w in weights)
        weights = [Fraction(w) if exact else float(w) for w in weights]
        played = realised(tree, i, plans)
        mass = [sum((w for w, on in zip(weights, column) if on), weights[0] * 0) for column in played.T]
        number = {(h, a): n for n, (_, h, a) in enumerate(tree.sequences[i])}
        for k, s in enumerate(tree.information_sets):
            if s.player != i:
                continue
            total = mass[int(tree.sequence_of[s.nodes[0], i])]
            if total > 0:
                entries[k] = [mass[number[k, a]] / total for a in range(len(s.actions))]
            else:
                entries[k] = [Fraction(1, len(s.actions))] * len(s.actions)
    return tree.behaviour(entries)


def to_mixed(tree: ExtensiveGame, strategy: Behaviour, reduced: bool) -> MixedProfile:
    """The mixed profile that a behaviour profile stands for: products over information sets."""
    out = []
    for i in range(tree.n_players):
        own = [k for k, s in enumerate(tree.information_sets) if s.player == i]
        weights = []
        for plan in strategies(tree, i, reduced):
            weight: Any = 1
            for k, a in zip(own, plan):
                if a is not None:
                    weight = weight * strategy[k][a]
            weights.append(weight)
        floats = any(isinstance(w, float) for w in weights)
        vector = np.empty(len(weights), dtype=np.float64 if floats else object)
        vector[:] = weights
        out.append(vector)
    return tuple(out)


# ------------------------------------------------------------------ subgames


def _ends_of_subtrees(tree: ExtensiveGame) -> list[int]:
    """For each node the number after the last node below it."""
    last = list(range(1, tree.n_nodes + 1))
    for node in reversed(range(tree.n_nodes)):
        parent = int(tree.parent[node])
        if parent >= 0:
            last[parent] = max(last[parent], last[node])
    return last


def subgame_roots(tree: ExtensiveGame) -> tuple[int, ...]:
    """Nodes at which a subgame begins, in order."""
    last = _ends_of_subtrees(tree)
    low, high = list(range(tree.n_nodes)), list(range(tree.n_nodes))
    for s in tree.information_sets:
        for v in s.nodes:
            low[v], high[v] = s.nodes[0], s.nodes[-1]
    alone = [lo == hi for lo, hi in zip(low, high)]
    for node in reversed(range(1, tree.n_nodes)):
        parent = int(tree.parent[node])
        low[parent], high[parent] = min(low[parent], low[node]), max(high[parent], high[node])
    return tuple(
        v
        for v in range(tree.n_nodes)
        if (tree.mover[v] != -2 and alone[v] and low[v] >= v and high[v] < last[v]) or v == 0
    )


def subgame(tree: ExtensiveGame, node: int) -> ExtensiveGame:
    """The subgame at a node; information sets keep their labels."""
    if node not in subgame_roots(tree):
        raise GameError(f"no subgame begins at node {node}")
    parts = tree._parts
    last = _ends_of_subtrees(tree)[node]
    out = Parts(list(parts.players), parts.title)
    numbers: dict[int, int] = {}
    for v in range(node, last):
        info = parts.information[v]
        if info >= 0 and info not in numbers:
            numbers[info] = len(numbers)
            out.sets.append(parts.sets[info])
        parent = parts.parent[v] - node if v > node else -1
        new = out.add(
            parent, parts.branch[v] if v > node else -1, parts.mover[v], numbers.get(info, -1), parts.names[v]
        )
        if v in parts.chance:
            out.chance[new] = parts.chance[v]
        out.outcome[new] = parts.outcome[v]
    out.outcomes = list(parts.outcomes)
    # What has been paid before comes on top of everything that follows.
    before = [Fraction(0)] * len(parts.players)
    v = parts.parent[node]
    while v >= 0:
        if parts.outcome[v] >= 0:
            before = [a + Fraction(b) for a, b in zip(before, parts.outcomes[parts.outcome[v]][1])]
        v = parts.parent[v]
    if any(before):
        own = parts.outcomes[out.outcome[0]][1] if out.outcome[0] >= 0 else [0] * len(before)
        out.outcome[0] = len(out.outcomes)
        out.outcomes.append(("", tuple(a + Fraction(b) for a, b in zip(before, own))))
    return type(tree)._from_parts(out)
