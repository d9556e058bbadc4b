"""The search for regular equilibria: all roots of the indifference systems of many support profiles, each proven or refuted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from games.normal_form import NormalFormGame
from games.types import BoolArray, FloatArray, IntArray, MixedProfile
from solvers.base.deadline import Deadline
from solvers.base.progress import track
from solvers.base.rounding import same_profile
from solvers.equilibrium.proof import Certificate, prove
from solvers.equilibrium.results import Proof
from solvers.nash.many_players import _homotopy as homotopy
from solvers.nash.many_players._degeneracy import attract, rational
from solvers.nash.many_players._pieces import Supports
from solvers.nash.many_players._product_subdivision import subdivide_product
from solvers.nash.many_players._quadratic import quadratic_roots
from solvers.nash.many_players._subdivision import minors, subdivide
from solvers.nash.many_players._supports import balanced, members, root_count, supports_of
from solvers.nash.many_players._systems import Roots, newton

__all__ = ["Group", "Search", "exact_parts", "same_point", "seconds_for", "solve_groups", "support_groups"]

_CHUNK = 2000
# Cells for a profile that is singular or nearly so, before it counts as unresolved.
_LAST_CELLS = 200
# So that a time limit or an interruption does not wait long, and progress shows.
_CHUNK_SECONDS = 1.0
# Equations that are independent to this share of the largest differ by rounding only.
_DEPENDENT = 1e-13
# A probability, or a loss from an outside action in shares of the payoff range, below this needs a second look.
_DOUBT = 1e-7
# Points of a set that is not isolated are told apart from this distance on.
_SAME = 1e-6


@dataclass
class _Point:
    profile: MixedProfile
    proof: Proof
    index: int | None
    radius: float | None = None


@dataclass
class Search:
    """What has been found so far; it stays meaningful if the search is interrupted."""

    core: NormalFormGame
    parts: tuple[FloatArray, ...]
    payoffs: FloatArray
    points: list[_Point] = field(default_factory=list)
    candidates: list[tuple[MixedProfile, list[list[int]]]] = field(default_factory=list)
    unresolved: int = 0
    skipped: int = 0
    interrupted: str = ""
    components: list[list[int]] = field(default_factory=list)
    # For each component what is known of it: its dimension (None if it may be larger than known) and its supports.
    shapes: list[tuple[int | None, tuple[Supports, ...]]] = field(default_factory=list)
    # What is said of the components, where that is known from elsewhere.
    notes: list[str] = field(default_factory=list)
    # All support profiles are decided, whether or not the equilibria are regular.
    decided: bool = False
    # Support profiles that the search left open, and those in which it met something on the border of being an equilibrium.
    left: list[Supports] = field(default_factory=list)

    def add(
        self, profile: MixedProfile, proof: Proof, index: int | None, radius: float | None = None
    ) -> None:
        self.points.append(_Point(profile, proof, index, radius))

    def prove_candidates(self, deadline: Deadline) -> None:
        """Prove each candidate or refute it; what stays unclear becomes a point without index, or counts as unresolved."""
        while self.candidates:
            profile, supports = self.candidates.pop()
            if deadline.passed:
                self.unresolved += 1
                continue
            verdict = prove(self.core, profile, supports)
            if isinstance(verdict, Certificate):
                self.add(profile, "interval", verdict.index, verdict.radius)
            elif verdict == "unclear":
                self.left.append(tuple(tuple(s) for s in supports))
                if not self.settle(profile):
                    self.unresolved += 1

    def settle(self, profile: MixedProfile) -> bool:
        """Add the equilibrium that a profile leads to, without a proof that it is alone; False if it leads to none."""
        shares = [np.maximum(v, 0.0) for v in profile]
        point = attract(self.core, tuple(v / v.sum() for v in shares))
        if point is None:
            return False
        if not any(same_point(point, other.profile) for other in self.points):
            self.add(point, "exact" if rational(self.core, point) else "numeric", None)
        return True

    @property
    def singular(self) -> list[int]:
        """The points that are not known to be regular equilibria."""
        return [k for k, point in enumerate(self.points) if point.index is None]

    @property
    def index_sum(self) -> int:
        return sum(point.index or 0 for point in self.points)

    @property
    def regular(self) -> bool:
        """Whether nothing hints at a degenerate game: every point has an index, and they add up to +1."""
        return not self.singular and self.index_sum == 1

    @property
    def open(self) -> bool:
        """Whether something is not accounted for."""
        return bool(self.unresolved) or not self.regular


@dataclass(frozen=True)
class Group:
    """Support profiles of one shape: masks (m, N), the mixing players in order, and their d_i."""

    masks: IntArray
    order: tuple[int, ...]
    degrees: tuple[int, ...]


def support_groups(payoffs: FloatArray, alive: BoolArray) -> list[Group]:
    """The support profiles in `alive` with two mixing players and no more equations than unknowns, grouped by shape.

    A profile with more equations than unknowns holds an equilibrium only by coincidence. The edge of the set of such
    equilibria is then a root of another profile, at which a probability or a loss is zero: a candidate that is not
    regular.
    """
    profiles = np.argwhere(alive)
    counts = np.bitwise_count(profiles).astype(np.int64)
    shapes = np.ravel_multi_index(tuple(counts.T), [k + 1 for k in payoffs.shape[:-1]], order="F")
    _, firsts, inverse = np.unique(shapes, return_index=True, return_inverse=True)
    places = np.split(np.argsort(inverse, kind="stable"), np.cumsum(np.bincount(inverse))[:-1])
    groups: list[Group] = []
    for first, here in zip(firsts, places):
        sizes = counts[first].tolist()
        order = tuple(sorted((i for i, s in enumerate(sizes) if s > 1), key=lambda i: sizes[i]))
        if len(order) > 1 and balanced(sizes):
            groups.append(Group(profiles[here], order, tuple(sizes[i] - 1 for i in order)))
    groups.sort(key=lambda g: (root_count(g.degrees), len(g.order)))
    return groups


def solve_groups(search: Search, groups: Sequence[Group], seed: int, deadline: Deadline) -> None:
    batches = list(_batches(search, groups))
    for degrees, parts in track(batches, len(batches), "support profiles"):
        if deadline.passed:
            search.interrupted = "The time limit was reached."
            search.skipped += sum(len(g.masks) for g in parts)
            continue
        rows = [
            np.concatenate(tensors)
            for tensors in zip(*(_rows(search.parts, g.masks, g.order) for g in parts))
        ]
        owner, x, open_ = _roots(rows, degrees, seed, deadline)
        if len(owner):
            with np.errstate(over="ignore", invalid="ignore"):
                x, step, _ = newton([tensor[owner] for tensor in rows], x, steps=3)
            near = np.isfinite(step) & (np.min([v.min(axis=1) for v in x], axis=0) > -_DOUBT)
            owner, x = owner[near], [v[near] for v in x]
        search.unresolved += int(open_.sum())
        masks = np.concatenate([g.masks for g in parts])
        for row in np.flatnonzero(open_).tolist():
            search.left.append(supports_of(masks[row], search.core.shape))
        offset = 0
        for group in parts:
            here = (owner >= offset) & (owner < offset + len(group.masks))
            _sift(search, group, owner[here] - offset, [v[here] for v in x])
            offset += len(group.masks)


def _batches(search: Search, groups: Sequence[Group]) -> Iterator[tuple[tuple[int, ...], list[Group]]]:
    """Groups whose systems have equal shapes are solved together, whoever the players are; large ones in pieces."""
    together: dict[tuple[tuple[int, ...], tuple[int, ...]], list[Group]] = defaultdict(list)
    for group in groups:
        actions = tuple(search.core.shape[i] for i in group.order)
        chunk = _chunk(group.degrees)
        for place in range(0, len(group.masks), chunk):
            piece = Group(group.masks[place : place + chunk], group.order, group.degrees)
            together[(group.degrees, actions)].append(piece)
    for (degrees, _), parts in together.items():
        pending: list[Group] = []
        for part in parts:
            if pending and sum(len(g.masks) for g in pending) + len(part.masks) > _chunk(degrees):
                yield degrees, pending
                pending = []
            pending.append(part)
        yield degrees, pending


def _chunk(degrees: tuple[int, ...]) -> int:
    return max(1, min(_CHUNK, int(_CHUNK_SECONDS / seconds_for(degrees))))


def exact_parts(game: NormalFormGame) -> tuple[FloatArray, ...]:
    """The payoffs as one float each where those are exact, else as sums of two, so that no difference is lost to rounding."""
    return (game.payoffs,) if game.floats_are_exact else game.two_parts


def _rows(parts: Sequence[FloatArray], masks: IntArray, order: Sequence[int]) -> list[FloatArray]:
    """The tensors of `solvers.nash.many_players._systems` for the mixing players, the others' actions being fixed.

    `parts` are arrays whose sum is the payoffs.
    """
    shape = parts[0].shape
    n = shape[-1]
    full = np.array([2**k - 1 for k in shape[:-1]])
    inside = [members(masks[:, j], int(bin(masks[0, j]).count("1"))) for j in range(n)]
    out = []
    for i in order:
        size = inside[i].shape[1]
        outside = members(full[i] & ~masks[:, i], shape[i] - size)
        index = []
        for j in range(n):
            chosen = inside[j] if j != i else np.concatenate([inside[i], outside], axis=1)
            axes = [len(masks)] + [1] * n
            axes[j + 1] = chosen.shape[1]
            index.append(chosen.reshape(axes))
        others = [j for j in order if j != i]
        fixed = [j for j in range(n) if j not in order]
        gain: Any = 0.0
        for part in parts:
            block = part[(*index, i)]
            block = block.transpose([0, i + 1, *(j + 1 for j in others), *(j + 1 for j in fixed)])
            block = block.reshape(block.shape[: 2 + len(others)])
            # Differences of the payoffs as given: rounding these first would blur the small ones beside large ones.
            gain = gain + (block[:, 1:] - block[:, :1])
        size = np.abs(gain).max(axis=tuple(range(2, gain.ndim)), keepdims=True) if gain.shape[1] else 1.0
        out.append(gain / np.where(size > 0, size, 1.0))
    return out


def _roots(
    rows: list[FloatArray], degrees: tuple[int, ...], seed: int, deadline: Deadline
) -> tuple[IntArray, list[FloatArray], npt.NDArray[np.bool_]]:
    """All roots that may be equilibria in a batch of systems: owners, strategies, and which systems stay open."""
    count = len(rows[0])
    found = Roots(
        np.zeros(0, dtype=np.int64), [np.zeros((0, d + 1)) for d in degrees], np.ones(count, dtype=np.bool_)
    )
    if len(degrees) == 2:
        found = _linear(rows, degrees[0])
    elif degrees == (1, 1, 1):
        found = quadratic_roots(rows)
    owner, x, open_ = found.owner, found.x, found.open.copy()
    subdivided = len(degrees) != 3 or _subdivided(degrees)
    for step in range(3):
        left = np.flatnonzero(open_)
        if not len(left) or deadline.passed:
            break
        here = [tensor[left] for tensor in rows]
        if step == 0 and subdivided and len(degrees) == 3:
            more = subdivide(here, deadline)
        elif step == 1 and subdivided:
            more = subdivide_product(
                here, deadline, cells_per_system=_LAST_CELLS if len(degrees) < 4 else None
            )
        elif step == 2 and len(degrees) > 2:
            usable = ~_dependent(here, degrees)
            left, here = left[usable], [tensor[usable] for tensor in here]
            if not len(left):
                break
            # What subdivision leaves open is mostly singular, and another start system would not change that.
            more = homotopy.solve(here, seed, deadline, 1 if subdivided else 3)
        else:
            continue
        owner = np.concatenate([owner, left[more.owner]])
        x = [np.concatenate([v, w]) for v, w in zip(x, more.x)]
        open_[left] = more.open
    return owner, x, open_


def _dependent(rows: Sequence[FloatArray], degrees: Sequence[int]) -> npt.NDArray[np.bool_]:
    """Systems in which some equations of one player follow from its others, (m,): their roots are not isolated.

    No path of a homotopy ends well there (fewer equations than unknowns leave a curve at least), while subdivision may
    still show that the profile holds no equilibrium. Stances whose payoffs add up region by region make such systems.
    """
    out = np.zeros(len(rows[0]), dtype=np.bool_)
    for tensor, d in zip(rows, degrees):
        if d > 1:
            values = np.linalg.svd(tensor[:, :d].reshape(len(tensor), d, -1), compute_uv=False)
            out |= (values.shape[1] < d) | (values[:, -1] <= _DEPENDENT * values[:, 0])
    return out


def _linear(rows: list[FloatArray], d: int) -> Roots:
    """Two mixing players with supports of one size: each one's strategy is the null vector of the other's equations.

    Where there is more than one null vector the profile is left open.
    """
    x = []
    usable = np.ones(len(rows[0]), dtype=np.bool_)
    singular = np.zeros(len(rows[0]), dtype=np.bool_)
    for tensor in (rows[1], rows[0]):
        vector = minors([tensor[:, a] for a in range(d)], np.multiply)
        size, total = np.abs(vector).max(axis=1), vector.sum(axis=1)
        scale = np.abs(tensor[:, :d]).max(axis=2).prod(axis=1)
        singular |= size <= 1e-12 * np.maximum(scale, 1e-300)
        usable &= np.abs(total) > 1e-9 * size
        x.append(vector / np.where(usable, total, 1.0)[:, None])
    usable &= ~singular & (np.minimum(x[0].min(axis=1), x[1].min(axis=1)) > -_DOUBT)
    return Roots(np.flatnonzero(usable), [v[usable] for v in x], singular)


def _sift(search: Search, group: Group, owner: IntArray, x: list[FloatArray]) -> None:
    """Keep what is an equilibrium of the core game, once each, and set apart what is on the border of being one."""
    if not len(owner):
        return
    n = search.core.n_players
    inside = [members(group.masks[:, j], int(bin(group.masks[0, j]).count("1")))[owner] for j in range(n)]
    vectors = []
    for j in range(n):
        vector = np.zeros((len(owner), search.core.shape[j]))
        np.put_along_axis(
            vector, inside[j], x[group.order.index(j)] if j in group.order else np.ones((len(owner), 1)), 1
        )
        vectors.append(vector)
    good = np.ones(len(owner), dtype=np.bool_)
    for i in range(n):
        values = _values(search.payoffs[..., i], vectors, i)
        own = np.einsum("za,za->z", values, vectors[i])
        good &= values.max(axis=1) - own < _DOUBT
    kept: list[int] = []
    for r in np.flatnonzero(good).tolist():
        if not any(
            owner[r] == owner[s] and same_profile([v[r] for v in vectors], [v[s] for v in vectors])
            for s in kept
        ):
            kept.append(r)
            search.candidates.append((tuple(v[r] for v in vectors), [s[r].tolist() for s in inside]))


def _values(tensor: FloatArray, x: Sequence[FloatArray], i: int) -> FloatArray:
    """Payoffs of player i's actions against each of many profiles: tensor (k_1, ..., k_N), strategies (z, k_j)."""
    n = tensor.ndim
    letters = "abcdefghijklmnop"[:n]
    names, out = letters, tensor
    for j in reversed(range(n)):
        if j != i:
            rest = names.replace(letters[j], "")
            source = ("z" if out is not tensor else "") + names
            out = np.einsum(f"{source},z{letters[j]}->z{rest}", out, x[j])
            names = rest
    return out


def same_point(one: MixedProfile, other: MixedProfile) -> bool:
    return all(np.abs(v - w).max() < _SAME for v, w in zip(one, other))


def seconds_for(degrees: tuple[int, ...]) -> float:
    """Roughly what one system costs, as measured on one core of 2020s hardware."""
    roots = root_count(degrees)
    if len(degrees) == 2:
        return 1e-5
    if len(degrees) == 3 and _subdivided(degrees):
        return (4e-5, 1.5e-4 * roots, 1e-3 * roots)[degrees[0] - 1]
    return 5e-4 * roots * len(degrees)


def _subdivided(degrees: tuple[int, ...]) -> bool:
    """Whether subdivision is the better way for three mixing players: not in four dimensions, nor with unequal ones in three."""
    return degrees[0] < 3 or (degrees[0] == 3 and degrees[1] == degrees[2])
