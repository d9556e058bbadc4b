"""Subgame perfect equilibria of any tree with perfect recall: the equilibria of its subgames, put together
from the inside out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from typing import Any

from games.arguments import checked
from games.errors import MethodError, SizeError
from games.extensive import ExtensiveGame
from games.extensive.forms import _ends_of_subtrees
from games.extensive.parts import Parts
from solvers.base.deadline import Deadline
from solvers.base.precision import refuse_lost_differences
from solvers.sequential._backward import backward_induction
from solvers.sequential._find_all import find_all
from solvers.sequential._results import BehaviourEquilibria, BehaviourEquilibrium

__all__ = ["subgame_perfect"]


@checked
def subgame_perfect(
    tree: ExtensiveGame, *, limit: int = 1_000, seed: int = 0, time_limit: float | None = None
) -> BehaviourEquilibria:
    """All subgame perfect equilibria of a tree with perfect recall (Selten 1965, 1975).

    With perfect information this is `backward_induction`: every pure equilibrium. Otherwise the innermost subgames are
    solved by `find_all`; each of their equilibria in turn is put in their place, and so on to the root.

    Parameters
    ----------
    tree : ExtensiveGame
    limit : the most equilibria to write out, and to combine
    seed, time_limit : as for `find_all`, the time for each subgame

    Returns
    -------
    BehaviourEquilibria
        `complete` if all subgames were solved completely and have finitely many equilibria. Where the equilibria of a
        subgame form connected sets, their corners are used, and equilibria that need a point between them may
        be missing: a note says so.

    Raises GameError for imperfect recall, SizeError if there are more combinations than `limit` or a subgame is too large.

    Examples
    --------
    >>> from games.extensive import Decision, Terminal
    >>> after = Decision("Row", {
    ...     "U": Decision("Column", {"L": Terminal([3, 1]), "R": Terminal([0, 0])}, "meet"),
    ...     "D": Decision("Column", {"L": Terminal([0, 0]), "R": Terminal([1, 3])}, "meet"),
    ... })
    >>> found = subgame_perfect(ExtensiveGame(Decision("Row", {"Out": Terminal([2, 2]), "In": after})))
    >>> [e.payoffs.tolist() for e in found]
    [[3.0, 1.0], [2.0, 2.0], [2.0, 2.0]]
    """
    tree.require_recall("subgame perfection")
    refuse_lost_differences(tree)
    if limit < 1:
        raise MethodError(f"limit is {limit}; at least one equilibrium must be written out")
    if tree.perfect_information:
        return backward_induction(tree, limit=limit)
    begun = time.process_time()
    Deadline(time_limit)
    search = _Search(tree, limit, seed, time_limit)
    ways = search.solve()
    found = []
    for way in ways:
        entries: list[Any] = [None] * len(tree.information_sets)
        for k, vector in way.behaviour.items():
            entries[k] = vector
        behaviour = tree.behaviour(entries)
        exact = not behaviour or behaviour[0].dtype == object
        found.append(
            BehaviourEquilibrium(tree, behaviour, "exact" if exact else "numeric", tuple(sorted(way.free)))
        )
    notes = list(search.notes)
    if search.sets_below:
        notes.append(
            "Equilibria of subgames form connected sets, of which the corners were used: equilibria that need a point between "
            "them may be missing."
        )
    elif search.sets:
        notes.append("Equilibria form connected sets, which are given by their corners.")
    return BehaviourEquilibria(
        tree,
        tuple(found),
        search.complete and not search.sets_below,
        f"equilibria of {len(search.roots)} {'subgame' if len(search.roots) == 1 else 'subgames'}, from the inside out",
        time.process_time() - begun,
        kind="subgame perfect",
        notes=tuple(notes),
    )


@dataclass
class _Way:
    """One equilibrium of a subgame: its payoffs, and what is played at each information set in it."""

    payoffs: tuple[Any, ...]
    behaviour: dict[int, Any]
    free: set[int]


@dataclass
class _Search:
    tree: ExtensiveGame
    limit: int
    seed: int
    time_limit: float | None
    complete: bool = True
    sets: int = 0
    sets_below: bool = False
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.roots = self.tree.subgames()
        self.last = _ends_of_subtrees(self.tree)

    def solve(self) -> list[_Way]:
        solved: dict[int, list[_Way]] = {}
        for root in reversed(self.roots):
            inner = self._directly_inside(root)
            groups = [_by_payoffs(solved.pop(r)) for r in inner]
            ways: list[_Way] = []
            for choice in product(*(group.items() for group in groups)):
                payoffs = {r: value for r, (value, _) in zip(inner, choice)}
                own = self._truncated(root, payoffs)
                for e in own:
                    for rest in product(*(members for _, members in choice)):
                        ways.append(_joined(e, rest))
                        if len(ways) > self.limit:
                            raise SizeError(
                                f"more than {self.limit:,} combinations of equilibria of subgames; raise limit"
                            )
            solved[root] = ways
        return solved[0]

    def _directly_inside(self, root: int) -> list[int]:
        out: list[int] = []
        for r in self.roots:
            if root < r < self.last[root] and not any(o < r < self.last[o] for o in out):
                out.append(r)
        return out

    def _truncated(self, root: int, payoffs: dict[int, tuple[Any, ...]]) -> list[_Way]:
        """The equilibria of the subgame at root with the subgames inside replaced by their payoffs."""
        game, numbers = _truncate(self.tree, root, self.last, payoffs)
        back = {new: old for old, new in numbers.items()}
        found = (
            backward_induction(game, limit=self.limit)
            if game.perfect_information
            else find_all(game, seed=self.seed, time_limit=self.time_limit)
        )
        if not found.complete:
            self.complete = False
            self.notes += [n for n in found.notes if n not in self.notes]
        tied = bool(found.components) or (game.perfect_information and found.kind.startswith("pure"))
        if tied:
            self.sets += 1
            self.sets_below = self.sets_below or root != 0
        return [
            _Way(
                e.exact_payoffs,
                {back[k]: list(v) for k, v in enumerate(e.behaviour)},
                {back[k] for k in e.free},
            )
            for e in found
        ]


def _by_payoffs(ways: Sequence[_Way]) -> dict[tuple[Any, ...], list[_Way]]:
    out: dict[tuple[Any, ...], list[_Way]] = {}
    for way in ways:
        out.setdefault(way.payoffs, []).append(way)
    return out


def _joined(own: _Way, rest: Sequence[_Way]) -> _Way:
    behaviour, free = dict(own.behaviour), set(own.free)
    for way in rest:
        behaviour |= way.behaviour
        free |= way.free
    return _Way(own.payoffs, behaviour, free)


def _truncate(
    tree: ExtensiveGame, root: int, last: Sequence[int], payoffs: dict[int, tuple[Any, ...]]
) -> tuple[ExtensiveGame, dict[int, int]]:
    """The subgame at root with an end, paying what is named, at each root of a subgame inside; and new numbers of its sets."""
    parts = tree._parts
    ends = {int(v): z for z, v in enumerate(tree.terminals)}
    out = Parts(list(parts.players))
    numbers: dict[int, int] = {}
    new: dict[int, int] = {}
    v = root
    while v < last[root]:
        parent = new[parts.parent[v]] if v != root else -1
        branch = parts.branch[v] if v != root else -1
        mover = -2 if v in payoffs else parts.mover[v]
        info = -1 if v in payoffs else parts.information[v]
        if info >= 0 and info not in numbers:
            numbers[info] = len(numbers)
            out.sets.append(parts.sets[info])
        new[v] = out.add(parent, branch, mover, numbers.get(info, -1) if info >= 0 else -1, "")
        if mover == -1:
            out.chance[new[v]] = parts.chance[v]
        if mover == -2:
            values = payoffs[v] if v in payoffs else tuple(tree.exact[ends[v]])
            out.outcome[new[v]] = len(out.outcomes)
            out.outcomes.append(
                ("", tuple(x if isinstance(x, (int, Fraction)) else float(x) for x in values))
            )
        v = last[v] if v in payoffs else v + 1
    return ExtensiveGame._from_parts(out), numbers
