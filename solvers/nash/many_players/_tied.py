"""Games with ties: support profiles are decided exactly, one after another, as far as that reaches."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from games.normal_form import NormalFormGame
from games.types import BoolArray, MixedProfile, ObjectArray
from solvers.base.deadline import Deadline, TimeOver, checkpoint
from solvers.base.rounding import TOLERANCE
from solvers.equilibrium.proof import Certificate, prove
from solvers.nash.many_players._decide import Undecided, decide, integers
from solvers.nash.many_players._families import families
from solvers.nash.many_players._ideals import roots
from solvers.nash.many_players._pieces import Piece, Supports
from solvers.nash.many_players._pieces import groups as connected
from solvers.nash.many_players._search import Search, same_point, solve_groups, support_groups
from solvers.nash.many_players._supports import balanced, supports_of, undominated, weakly_undominated

__all__ = ["Decisions", "decide_supports", "has_ties", "solve_tied"]


@dataclass
class Decisions:
    """What is decided exactly, and what is left.

    Attributes
    ----------
    pieces : the connected sets of equilibria found so far
    alive : boolean over support profiles: balanced ones that are left to the search for regular equilibria
    unbalanced : the profiles left that have more equations than unknowns
    finished : False if the time was over first
    """

    pieces: list[Piece] = field(default_factory=list)
    alive: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    unbalanced: list[Supports] = field(default_factory=list)
    finished: bool = True


def has_ties(game: NormalFormGame) -> bool:
    """Whether some player is indifferent between two actions against some actions of the others."""
    payoffs = game.payoffs if game.floats_are_exact else game.exact
    for i in range(game.n_players):
        own = np.sort(np.moveaxis(payoffs[..., i], i, 0), axis=0)
        if bool((own[1:] == own[:-1]).any()):
            return True
    return False


def decide_supports(game: NormalFormGame, payoffs: Sequence[ObjectArray], deadline: Deadline) -> Decisions:
    """Decide every support profile with few mixing players exactly, small supports first.

    `payoffs` are those of `_decide.integers`.
    """
    out = Decisions()
    possible = weakly_undominated(game.payoffs if game.floats_are_exact else game.exact)
    out.alive = np.zeros_like(possible)
    masks = np.argwhere(possible)
    sizes = np.bitwise_count(masks)
    for row in np.argsort(sizes.sum(axis=1), kind="stable").tolist():
        if deadline.passed:
            out.finished = False
            break
        mask = masks[row]
        try:
            with deadline.enforced():
                out.pieces += decide(payoffs, supports_of(mask, game.shape))
        except TimeOver:
            out.finished = False
            break
        except Undecided:
            if balanced(sizes[row].tolist()):
                out.alive[tuple(mask)] = True
            else:
                out.unbalanced.append(supports_of(mask, game.shape))
    return out


def solve_tied(search: Search, seed: int, deadline: Deadline) -> None:
    """Decide small support profiles exactly, look for regular equilibria in the others, and decide what that leaves open."""
    core = search.core
    possible = undominated(search.payoffs)
    payoffs = integers(core)
    decisions = decide_supports(core, payoffs, deadline)
    for piece in decisions.pieces:
        _add_piece(search, piece)
    solve_groups(search, support_groups(search.payoffs, decisions.alive), seed, deadline)
    search.prove_candidates(deadline)
    undecided: list[Supports] = []
    unbalanced: list[Supports] = []
    for rest, out in ((search.left, undecided), (decisions.unbalanced, unbalanced)):
        for supports in dict.fromkeys(rest):
            found = _exactly(payoffs, supports, deadline)
            if found is None:
                out.append(supports)
                continue
            decisions.pieces += found
            for piece in found:
                _add_piece(search, piece)
    if unbalanced and not undecided:
        # Once every balanced profile has been searched to its borders, these hold nothing if all equilibria are regular.
        search.left = []
        beyond = possible & _beyond(core.shape) & ~decisions.alive
        solve_groups(search, support_groups(search.payoffs, beyond), seed, deadline)
        search.prove_candidates(deadline)
        undecided = search.left
    if not decisions.finished:
        search.interrupted = "The time limit was reached."
    search.unresolved = len(undecided)
    regular = search.regular
    # That the indices of regular equilibria add up is a check that costs nothing.
    search.decided = (
        not (search.interrupted or search.skipped or undecided)
        and (regular or bool(search.singular))
        and (regular or not unbalanced)
    )
    _add_components(search, decisions.pieces)


def _exactly(payoffs: Sequence[ObjectArray], supports: Supports, deadline: Deadline) -> list[Piece] | None:
    with suppress(TimeOver), deadline.enforced():
        for way in (roots, families):
            checkpoint()
            with suppress(Undecided):
                return way(payoffs, supports)
    return None


def _beyond(shape: tuple[int, ...]) -> BoolArray:
    """The support profiles that `_decide` does not reach: three players with two actions or more, not just two each."""
    sizes = [np.bitwise_count(np.arange(2**k)) for k in shape]
    grid = np.stack(np.meshgrid(*sizes, indexing="ij"), axis=-1)
    mixing = (grid > 1).sum(axis=-1)
    return np.asarray((mixing > 3) | ((mixing == 3) & (grid > 2).any(axis=-1)))


def _add_piece(search: Search, piece: Piece) -> None:
    held = [point for point in (piece.middle, *piece.points) if _holds(search.core, point)]
    if len(held) <= len(piece.points):
        # Near ties can move an end far more than the rounding of the number that it is computed from.
        search.left.append(piece.supports)
    if piece.dimension == 0:
        if not held:
            return
        verdict = prove(search.core, piece.middle, piece.supports)
        index = verdict.index if isinstance(verdict, Certificate) else None
        radius = verdict.radius if isinstance(verdict, Certificate) else None
        pure_or_singular = index is None or all(len(s) == 1 for s in piece.supports)
        if not any(same_point(piece.middle, other.profile) for other in search.points):
            search.add(
                piece.middle,
                "exact" if pure_or_singular else "interval",
                index,
                None if pure_or_singular else radius,
            )
        return
    for point in piece.points:
        if not any(point is other for other in held):
            continue
        if not any(same_point(point, other.profile) for other in search.points):
            search.add(point, "exact", None)


def _holds(game: NormalFormGame, point: MixedProfile) -> bool:
    return bool((game.regret(point) <= TOLERANCE * game.ranges).all())


def _add_components(search: Search, pieces: Sequence[Piece]) -> None:
    for group in connected(pieces):
        members = [pieces[k] for k in group]
        ends = [point for piece in members for point in (piece.middle, *piece.points)]
        here = [
            k
            for k, point in enumerate(search.points)
            if point.index is None and any(same_point(point.profile, end) for end in ends)
        ]
        if here:
            search.components.append(here)
            search.shapes.append((max(p.dimension for p in members), tuple(p.supports for p in members)))
