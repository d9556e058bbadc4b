"""All Nash equilibria of games with three and more players, each proven, and a statement whether these are all.

A profile of supports (which actions each player mixes over) turns the equilibrium conditions into a system of
multilinear equations. The systems of all support profiles that conditional dominance leaves are solved: with
two mixing players by linear algebra, with three by subdivision (`_subdivision`), with more by subdivision of products
(`_product_subdivision`), and what these leave open by homotopy (`_homotopy`).
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from games.errors import SizeError
from games.normal_form import FloatArray, MixedProfile, NormalFormGame
from solvers.base.deadline import Deadline
from solvers.base.progress import track
from solvers.equilibrium.proof import Certificate, prove
from solvers.equilibrium.results import Component, Equilibria, Equilibrium, Proof
from solvers.nash._pure import pure
from solvers.nash.many_players import _homotopy as homotopy
from solvers.nash.many_players._degeneracy import attract, clusters, rational
from solvers.nash.many_players._product_subdivision import subdivide_product
from solvers.nash.many_players._reduction import Reduction, reduce
from solvers.nash.many_players._subdivision import minors, subdivide
from solvers.nash.many_players._supports import balanced, members, root_count, undominated
from solvers.nash.many_players._systems import Roots, newton

__all__ = ["enumerate_polynomial"]

IntArray = npt.NDArray[np.int64]
_METHOD = "support enumeration with subdivision and homotopy (all supports of all players)"
_MAX_SECONDS = 120.0
_MAX_MASKS = 2**20
_CHUNK = 2000
# Cells for a profile that is singular or nearly so, before it counts as unresolved.
_LAST_CELLS = 200
# So that a time limit or an interruption does not wait long, and progress shows.
_CHUNK_SECONDS = 1.0
# A probability, or a loss from an outside action in shares of the payoff range, below this needs a second look.
_DOUBT = 1e-7
# Points of a set that is not isolated are told apart from this distance on.
_SAME = 1e-6
_PERTURBATIONS = (1e-2, 1e-3)


@dataclass
class _Point:
    profile: MixedProfile
    proof: Proof
    index: int | None
    radius: float | None = None


@dataclass
class _Search:
    """What has been found so far; it stays meaningful if the search is interrupted."""

    core: NormalFormGame
    raw: FloatArray
    payoffs: FloatArray
    points: list[_Point] = field(default_factory=list)
    candidates: list[tuple[MixedProfile, list[list[int]]]] = field(default_factory=list)
    unresolved: int = 0
    skipped: int = 0
    interrupted: str = ""
    components: list[list[int]] = field(default_factory=list)

    def add(
        self, profile: MixedProfile, proof: Proof, index: int | None, radius: float | None = None
    ) -> None:
        self.points.append(_Point(profile, proof, index, radius))

    def prove_candidates(self) -> None:
        """Prove each candidate or refute it; what stays unclear becomes a point without index, or counts as unresolved."""
        while self.candidates:
            profile, supports = self.candidates.pop()
            verdict = prove(self.core, profile, supports)
            if isinstance(verdict, Certificate):
                self.add(profile, "interval", verdict.index, verdict.radius)
            elif verdict == "unclear" and not self.settle(profile):
                self.unresolved += 1

    def settle(self, profile: MixedProfile) -> bool:
        """Add the equilibrium that a profile leads to, without a proof that it is alone; False if it leads to none."""
        shares = [np.maximum(v, 0.0) for v in profile]
        point = attract(self.core, tuple(v / v.sum() for v in shares))
        if point is None:
            return False
        if not any(_close(point, other.profile) for other in self.points):
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
    def open(self) -> bool:
        """Whether something is not accounted for."""
        return bool(self.unresolved or self.singular or self.index_sum != 1)


def enumerate_polynomial(
    game: NormalFormGame,
    *,
    seed: int = 0,
    time_limit: float | None = None,
    max_paths: int | None = None,
) -> Equilibria:
    """Find all equilibria of a game with three or more players; see `solvers.nash.find_all`."""
    begun = time.process_time()
    deadline = Deadline(time_limit)
    reduction = reduce(game)
    core = reduction.core
    masks = sum(core.shape)
    if masks > np.log2(_MAX_MASKS):
        raise SizeError(
            f"a game of size {_size(core)} (after removing dominated actions) has about 2^{masks} support profiles; "
            f"at most 2^{int(np.log2(_MAX_MASKS))} can be examined. nash.find_one finds one equilibrium, nash.pure the pure ones"
        )
    search = _Search(core, core.payoffs, _normalised(core.payoffs))
    groups = _groups(search.payoffs)
    work = sum(len(g.masks) * root_count(g.degrees) for g in groups)
    seconds = sum(len(g.masks) * _seconds(g.degrees) for g in groups)
    if work > max_paths if max_paths is not None else time_limit is None and seconds > _MAX_SECONDS:
        raise SizeError(
            f"the supports of this {_size(core)} game have {work:,} complex roots to account for, which takes about "
            f"{seconds:,.0f} s. Pass max_paths={work} to go on all the same, or time_limit for a search that stops in time"
        )
    for e in pure(core):
        search.add(e.profile, "exact", e.index)
    try:
        _solve(search, groups, seed, deadline)
        search.prove_candidates()
        if search.open and not search.interrupted:
            _represent(search, seed, deadline)
    except KeyboardInterrupt:
        search.interrupted = "The search was interrupted."
    # What was found before an interruption is proven all the same: that takes milliseconds.
    search.prove_candidates()
    return _result(search, reduction, time.process_time() - begun)


@dataclass(frozen=True)
class _Group:
    """Support profiles of one shape: masks (m, N), the mixing players in order, and their d_i."""

    masks: IntArray
    order: tuple[int, ...]
    degrees: tuple[int, ...]


def _groups(payoffs: FloatArray) -> list[_Group]:
    """The support profiles with two mixing players or more and no more equations than unknowns, grouped by shape.

    A profile with more equations than unknowns holds an equilibrium only by coincidence, and then the edge of the set of such
    equilibria is a root of another profile, at which a probability or a loss is zero: a candidate that is not regular.
    """
    profiles = np.argwhere(undominated(payoffs))
    counts = np.bitwise_count(profiles).astype(np.int64)
    radix = np.cumprod([1, *(k + 1 for k in payoffs.shape[:-2])])
    _, firsts, inverse = np.unique(counts @ radix, return_index=True, return_inverse=True)
    places = np.split(np.argsort(inverse, kind="stable"), np.cumsum(np.bincount(inverse))[:-1])
    groups: list[_Group] = []
    for first, here in zip(firsts, places):
        sizes = counts[first].tolist()
        order = tuple(sorted((i for i, s in enumerate(sizes) if s > 1), key=lambda i: sizes[i]))
        if len(order) > 1 and balanced(sizes):
            groups.append(_Group(profiles[here], order, tuple(sizes[i] - 1 for i in order)))
    groups.sort(key=lambda g: (root_count(g.degrees), len(g.order)))
    return groups


def _solve(search: _Search, groups: Sequence[_Group], seed: int, deadline: Deadline) -> None:
    batches = list(_batches(search, groups))
    for degrees, parts in track(batches, len(batches), "support profiles"):
        if deadline.passed:
            search.interrupted = "The time limit was reached."
            search.skipped += sum(len(g.masks) for g in parts)
            continue
        rows = [
            np.concatenate(tensors) for tensors in zip(*(_rows(search.raw, g.masks, g.order) for g in parts))
        ]
        owner, x, open_ = _roots(rows, degrees, seed, deadline)
        search.unresolved += int(open_.sum())
        offset = 0
        for group in parts:
            here = (owner >= offset) & (owner < offset + len(group.masks))
            _sift(search, group, owner[here] - offset, [v[here] for v in x])
            offset += len(group.masks)


def _batches(search: _Search, groups: Sequence[_Group]) -> Iterator[tuple[tuple[int, ...], list[_Group]]]:
    """Groups whose systems have equal shapes are solved together, whoever the players are; large ones in pieces."""
    together: dict[tuple[tuple[int, ...], tuple[int, ...]], list[_Group]] = defaultdict(list)
    for group in groups:
        actions = tuple(search.core.shape[i] for i in group.order)
        chunk = _chunk(group.degrees)
        for place in range(0, len(group.masks), chunk):
            piece = _Group(group.masks[place : place + chunk], group.order, group.degrees)
            together[(group.degrees, actions)].append(piece)
    for (degrees, _), parts in together.items():
        pending: list[_Group] = []
        for part in parts:
            if pending and sum(len(g.masks) for g in pending) + len(part.masks) > _chunk(degrees):
                yield degrees, pending
                pending = []
            pending.append(part)
        yield degrees, pending


def _chunk(degrees: tuple[int, ...]) -> int:
    return max(1, min(_CHUNK, int(_CHUNK_SECONDS / _seconds(degrees))))


def _rows(payoffs: FloatArray, masks: IntArray, order: Sequence[int]) -> list[FloatArray]:
    """The tensors of `solvers.nash.many_players._systems` for the mixing players, the others' actions being fixed."""
    n = payoffs.shape[-1]
    full = np.array([2**k - 1 for k in payoffs.shape[:-1]])
    inside = [members(masks[:, j], int(bin(masks[0, j]).count("1"))) for j in range(n)]
    out = []
    for i in order:
        size = inside[i].shape[1]
        outside = members(full[i] & ~masks[:, i], payoffs.shape[i] - size)
        index = []
        for j in range(n):
            chosen = inside[j] if j != i else np.concatenate([inside[i], outside], axis=1)
            shape = [len(masks)] + [1] * n
            shape[j + 1] = chosen.shape[1]
            index.append(chosen.reshape(shape))
        block = payoffs[(*index, i)]
        others = [j for j in order if j != i]
        fixed = [j for j in range(n) if j not in order]
        block = block.transpose([0, i + 1, *(j + 1 for j in others), *(j + 1 for j in fixed)])
        block = block.reshape(block.shape[: 2 + len(others)])
        # Differences of the payoffs as given: normalising these first would blur the small ones beside large ones.
        gain = block[:, 1:] - block[:, :1]
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
    elif len(degrees) == 3 and _subdivided(degrees):
        found = subdivide(rows, deadline)
    owner, x, open_ = found.owner, found.x, found.open.copy()
    subdivided = len(degrees) != 3 or _subdivided(degrees)
    for step in range(2):
        left = np.flatnonzero(open_)
        if not len(left) or deadline.passed:
            break
        here = [tensor[left] for tensor in rows]
        if step == 0 and subdivided:
            more = subdivide_product(
                here, deadline, cells_per_system=_LAST_CELLS if len(degrees) < 4 else None
            )
        elif step == 1 and len(degrees) > 2:
            # What subdivision leaves open is mostly singular, and another start system would not change that.
            more = homotopy.solve(here, seed, deadline, 1 if subdivided else 3)
        else:
            continue
        owner = np.concatenate([owner, left[more.owner]])
        x = [np.concatenate([v, w]) for v, w in zip(x, more.x)]
        open_[left] = more.open
    return owner, x, open_


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


def _sift(search: _Search, group: _Group, owner: IntArray, x: list[FloatArray]) -> None:
    """Keep what is an equilibrium of the core game, once each, and set apart what is on the border of being one."""
    if not len(owner):
        return
    rows = [tensor[owner] for tensor in _rows(search.raw, group.masks, group.order)]
    with np.errstate(over="ignore", invalid="ignore"):
        x, step, _ = newton(rows, x, steps=3)
    n = search.core.n_players
    inside = [members(group.masks[:, j], int(bin(group.masks[0, j]).count("1")))[owner] for j in range(n)]
    vectors = []
    for j in range(n):
        vector = np.zeros((len(owner), search.core.shape[j]))
        np.put_along_axis(
            vector, inside[j], x[group.order.index(j)] if j in group.order else np.ones((len(owner), 1)), 1
        )
        vectors.append(vector)
    good = np.isfinite(step) & (np.min([v.min(axis=1) for v in x], axis=0) > -_DOUBT)
    for i in range(n):
        values = _values(search.payoffs[..., i], vectors, i)
        own = np.einsum("za,za->z", values, vectors[i])
        good &= values.max(axis=1) - own < _DOUBT
    kept: list[int] = []
    for r in np.flatnonzero(good).tolist():
        if not any(
            owner[r] == owner[s] and all(np.abs(v[r] - v[s]).max() < 1e-9 for v in vectors) for s in kept
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


def _represent(search: _Search, seed: int, deadline: Deadline) -> None:
    """Add points on sets of equilibria that are not isolated, from the equilibria of nearby games, and group them."""
    rng = np.random.default_rng([seed, 5])
    for size in _PERTURBATIONS:
        if deadline.passed:
            break
        noise = size * rng.uniform(-1.0, 1.0, search.payoffs.shape)
        nearby = _Search(search.core, search.payoffs + noise, search.payoffs + noise)
        _solve(nearby, _groups(nearby.payoffs), seed, deadline)
        kept = nearby.candidates
        kept += [(e.profile, []) for e in pure(NormalFormGame(nearby.payoffs))]
        for profile, _ in kept:
            search.settle(profile)
    singular = search.singular
    groups = clusters(search.core, [search.points[k].profile for k in singular])
    search.components = [[singular[k] for k in group] for group in groups]


def _close(one: MixedProfile, other: MixedProfile) -> bool:
    return all(np.abs(v - w).max() < _SAME for v, w in zip(one, other))


def _result(search: _Search, reduction: Reduction, seconds: float) -> Equilibria:
    """Translate what was found back to the whole game, and say what is guaranteed."""
    order = sorted(
        range(len(search.points)), key=lambda k: tuple(-p for v in search.points[k].profile for p in v)
    )
    notes: list[str] = []
    found: list[Equilibrium] = []
    components: list[Component] = []
    copied = False
    for k in order:
        point = search.points[k]
        copies = reduction.copies(point.profile)
        alone = len(copies) == 1
        proof: Proof = point.proof if alone or point.proof != "interval" else "numeric"
        found.append(
            Equilibrium(
                reduction.game,
                reduction.expand(point.profile),
                proof=proof,
                index=point.index if alone else None,
                radius=point.radius if alone else None,
            )
        )
        if not alone and point.index is not None:
            copied = True
            note = "one equilibrium and all ways to divide its probabilities among identical actions"
            components.append(Component(copies, exact_extreme=False, note=note))
    for group in search.components:
        vertices = tuple(copy for k in group for copy in reduction.copies(search.points[k].profile))
        note = "points on a set of equilibria that is not isolated; the set may be larger"
        components.append(Component(vertices, exact_extreme=False, note=note))
    degenerate = bool(search.singular)
    complete = not (search.interrupted or search.skipped or search.open)
    if search.interrupted:
        notes.append(search.interrupted)
    if search.skipped:
        notes.append(f"{search.skipped} support profiles were not examined.")
    if search.unresolved:
        notes.append(f"{search.unresolved} support profiles could not be resolved.")
    if degenerate:
        notes.append(
            "Equilibria without an index are representatives: connected sets of equilibria may be missing."
        )
    elif not complete and not search.interrupted and search.index_sum != 1:
        notes.append(f"The indices add up to {search.index_sum:+d} and not to +1: equilibria are missing.")
    if copied:
        notes.append(
            "Some actions are identical; each equilibrium that plays one stands for a connected set."
        )
    return Equilibria(
        reduction.game,
        tuple(found),
        complete=complete,
        degenerate=True if degenerate or copied else (False if complete else None),
        method=_METHOD,
        seconds=seconds,
        components=tuple(components),
        notes=tuple(notes),
    )


def _normalised(payoffs: FloatArray) -> FloatArray:
    """Payoffs over their range, from the smallest up, so that one tolerance suits every player."""
    flat = payoffs.reshape(-1, payoffs.shape[-1])
    scale = flat.max(axis=0) - flat.min(axis=0)
    return np.asarray((payoffs - flat.min(axis=0)) / np.where(scale > 0, scale, 1.0))


def _size(game: NormalFormGame) -> str:
    return "x".join(map(str, game.shape))


def _seconds(degrees: tuple[int, ...]) -> float:
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
