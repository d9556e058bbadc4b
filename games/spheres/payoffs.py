"""Payoffs of the year's game on plain arrays: many worlds and many profiles in one call.

A *world* is one draw of the free numbers on one map. Notation: W worlds, B profiles, N powers, R regions. Arrays
that describe worlds have the W axis last, so that every operation runs over neighbouring memory; results have it first.

A region with a lead h is attacked by the powers outside its bound set that contest h, and by the local actor where it is
held by force. It is defended by the bound powers, and by the local actor where it consents. A *buffer* (no lead) is attacked by
each disputant that contests its guardian against it, and defended by the local actor and by every other power that contests one
of the attackers. With w = stake x strength,

    phi_k = (share of the region that k would take) w_k / (sum of w over the attackers)
    a_D(i) = stake_i if i is bound, -eps stake_i if another holds the region, 0 in a buffer
    a_A(i) = prize phi_i - eps stake_i (sum of phi - phi_i)
    Delta_i = |a_D(i) - a_A(i)| on the side from which i gains, else 0
    rho_i = alpha + (1 - alpha) (share of the attack's weight that i contests back) for bound powers, 1 for others
    W_S = sum over the side of Delta_i E_i rho_i;  p = adv W_D / (adv W_D + W_A), 1 if nobody attacks;  q = 1 - p
    u_i = p a_D + q a_A - p q Delta_i theta_i,  theta_i = Delta_i E_i rho_i / W_S

This is the equilibrium of Tullock's contest between two sides whose members spend at quadratic cost on a public prize
(Esteban and Ray 1999; see `games.spheres.contest`); that another's sphere is a loss follows Jehiel and Moldovanu (1996).

What happens in a region depends on few bits of a profile: who attacks, and who stands up to whom. Distinct *situations* are
solved once and spread over the profiles that lead to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from games.heartbeat import beat
from games.normal_form import BoolArray, FloatArray
from games.types import IntArray

__all__ = ["Arena", "RegionHolders", "RegionParts", "region_holders", "region_parts", "region_totals"]

# Sets of profiles with at most this many stances are remembered: 64 profiles of three powers, 76 of five.
_SMALL = 4096


@dataclass(frozen=True, eq=False)
class Arena:
    """What the contests over R regions depend on, in W worlds.

    Attributes
    ----------
    stake, strength : arrays (N, R, W)
        What the region is worth to each power, and what the power brings to bear there.
    portion : array (N, R, W)
        The share of the region that a power would take if it won alone: 0 for a power without a dispute.
    prize, local_stake, local_strength : arrays (R, W)
        The whole region's worth to whoever takes it; the local actor's stake and strength.
    lead : int array (R,) or (R, W)
        Index of the region's lead, -1 for a buffer.
    bound : bool array (N, R) or (N, R, W)
        Who is bound to defend the region. The lead is among them.
    forced : bool array (R,) or (R, W)
        Whether the region is held by force.
    guardian : int array (N, R, W)
        For a buffer: the power that each disputant must contest to get at it; -1 for powers that do not dispute it or
        meet nobody there.
    externality, reliability, advantage : arrays (W,)
        eps, alpha and adv above.
    """

    stake: FloatArray
    strength: FloatArray
    portion: FloatArray
    prize: FloatArray
    local_stake: FloatArray
    local_strength: FloatArray
    lead: IntArray
    bound: BoolArray
    forced: BoolArray
    guardian: IntArray
    externality: FloatArray
    reliability: FloatArray
    advantage: FloatArray

    @property
    def shape(self) -> tuple[int, int, int]:
        """N, R, W."""
        n, r, w = self.stake.shape
        return n, r, w


class RegionParts(NamedTuple):
    """Region by region: `payoffs` (W, B, R, N), `autonomy` (W, B, R), and `defended` (W, B, R), the chance p that it is held."""

    payoffs: FloatArray
    autonomy: FloatArray
    defended: FloatArray


class RegionHolders(NamedTuple):
    """Region by region: `defended` (W, B, R), the chance p that it is held, and `taken` (W, B, R, N), the chance q phi_k that
    the attack wins and each power takes it."""

    defended: FloatArray
    taken: FloatArray


def region_totals(arena: Arena, contests: BoolArray) -> FloatArray:
    """What each power gets from all regions together.

    Parameters
    ----------
    arena : Arena
    contests : bool array (B, N, N), the same profiles in every world, or (W, B, N, N)
        Entry [i, j]: does i contest j?

    Returns
    -------
    array (W, B, N)
    """
    n, _, worlds = arena.shape
    profiles = contests.shape[-3]
    out = np.zeros((profiles, n, worlds))
    for group in _groups(arena):
        beat()
        if contests.ndim == 3:
            table, where = _situations(group, contests)
            gains = _solve(arena, group, table).payoffs  # (S, N, columns)
            if group.every_world:
                total = gains.reshape(*gains.shape[:2], -1, worlds).sum(axis=2)
                out += total[where]
            else:
                out[:, :, group.worlds] += gains[where]
        else:
            for region, rows in group.by_region(worlds):
                single = group._replace(regions=region, worlds=rows, every_world=False)
                out[:, :, rows] += _per_world(arena, single, contests[rows]).payoffs
    return np.ascontiguousarray(out.transpose(2, 0, 1))


def region_parts(arena: Arena, contests: BoolArray) -> RegionParts:
    """What each power gets from each region, and what is left of the region's autonomy; arguments as for `region_totals`."""
    n, regions, worlds = arena.shape
    profiles = contests.shape[-3]
    payoffs = np.zeros((profiles, regions, n, worlds))
    autonomy = np.ones((profiles, regions, worlds))
    defended = np.ones((profiles, regions, worlds))
    for group in _groups(arena):
        beat()
        for r, rows, (gains, keep, lost, _) in _by_region(arena, group, contests):
            payoffs[:, r, :, rows] = gains.transpose(2, 0, 1)
            defended[:, r, rows] = keep
            # Under force the local actor is autonomous exactly where the attack wins and nobody takes the region.
            autonomy[:, r, rows] = (1 - keep) * (1 - lost) if group.forced else 1 - (1 - keep) * lost
    return RegionParts(
        np.ascontiguousarray(payoffs.transpose(3, 0, 1, 2)),
        np.ascontiguousarray(autonomy.transpose(2, 0, 1)),
        np.ascontiguousarray(defended.transpose(2, 0, 1)),
    )


def region_holders(arena: Arena, contests: BoolArray) -> RegionHolders:
    """Who holds each region once the contest over it is decided; arguments as for `region_totals`."""
    profiles = contests.shape[-3]
    n, regions, worlds = arena.shape
    defended = np.ones((profiles, regions, worlds))
    taken = np.zeros((profiles, regions, n, worlds))
    for group in _groups(arena):
        for r, rows, (_, keep, _, shares) in _by_region(arena, group, contests, shares=True):
            defended[:, r, rows] = keep
            for k, phi in shares.items():
                taken[:, r, k, rows] = (1 - keep) * phi
    return RegionHolders(
        np.ascontiguousarray(defended.transpose(2, 0, 1)), np.ascontiguousarray(taken.transpose(3, 0, 1, 2))
    )


# ------------------------------------------------------------------ groups of regions that are alike


class _Group(NamedTuple):
    """Regions (or single columns of them) in which the same bits of a profile decide.

    Columns of work arrays are `regions` x all worlds if `every_world`, else one region x `worlds`.
    """

    lead: int
    forced: bool
    bound: tuple[bool, ...]
    guardian: tuple[int, ...]
    regions: IntArray
    worlds: IntArray
    every_world: bool

    def by_region(self, worlds: int) -> list[tuple[IntArray, IntArray]]:
        """Pairs (region, its worlds)."""
        rows = np.arange(worlds) if self.every_world else self.worlds
        return [(self.regions[k : k + 1], rows) for k in range(len(self.regions))]

    def take(self, array: FloatArray) -> FloatArray:
        """The group's columns of an array (..., R, W), flat: (..., columns)."""
        if self.every_world:
            chosen = array[..., self.regions, :]
            return chosen.reshape(*array.shape[:-2], -1)
        return np.asarray(array[..., int(self.regions[0]), :][..., self.worlds])

    def take_worlds(self, array: FloatArray) -> FloatArray:
        """The group's columns of an array (W,)."""
        return np.tile(array, len(self.regions)) if self.every_world else array[self.worlds]


def _groups(arena: Arena) -> list[_Group]:
    n, regions, worlds = arena.shape
    lead = np.broadcast_to(arena.lead.reshape(regions, -1), (regions, arena.lead.size // regions))
    bits = (1 << np.arange(n)).astype(np.int64)
    bound = np.tensordot(bits, arena.bound.reshape(n, regions, -1).astype(np.int64), 1)
    forced = arena.forced.reshape(regions, -1).astype(np.int64)
    sphere = ((lead + 1) << (n + 1)) + (forced << n) + bound
    buffer = lead < 0
    if buffer.any():
        powers = (n + 1) ** np.arange(n, dtype=np.int64)
        key = np.broadcast_to(sphere, (regions, worlds)).copy()
        touched = buffer.any(axis=1)
        code = -1 - np.tensordot(powers, arena.guardian[:, touched].astype(np.int64) + 1, 1)
        key[touched] = np.where(np.broadcast_to(buffer, key.shape)[touched], code, key[touched])
    else:
        key = sphere
    same = (key == key[:, :1]).all(axis=1)
    every = np.arange(worlds)
    out: list[_Group] = []
    uniform: dict[int, list[int]] = {}
    for r in range(regions):
        if same[r]:
            uniform.setdefault(int(key[r, 0]), []).append(r)
        else:
            for k in np.unique(key[r]):
                rows = np.flatnonzero(key[r] == k)
                out.append(_decode(int(k), n, np.array([r]), rows, False))
    out += [_decode(k, n, np.array(members), every, True) for k, members in uniform.items()]
    # In a buffer that nobody disputes nothing can happen.
    return [g for g in out if g.lead >= 0 or max(g.guardian) >= 0]


def _decode(key: int, n: int, regions: IntArray, worlds: IntArray, every_world: bool) -> _Group:
    nobody = (-1,) * n
    if key < 0:
        code = -1 - key
        guardian = tuple(code // (n + 1) ** k % (n + 1) - 1 for k in range(n))
        return _Group(-1, False, (False,) * n, guardian, regions, worlds, every_world)
    bound = tuple(bool(key >> i & 1) for i in range(n))
    return _Group((key >> (n + 1)) - 1, bool(key >> n & 1), bound, nobody, regions, worlds, every_world)


# ------------------------------------------------------------------ situations: the bits of a profile that matter


class _Table(NamedTuple):
    """S situations: who attacks, who defends, and whom each bound power contests back; the last axis is 1 or columns."""

    attacks: BoolArray  # (S, N, 1) or (1, N, C)
    defends: BoolArray
    meets: BoolArray | None  # (S, N, N, 1): does the bound power j stand up to the attacker k?


def _stances(group: _Group, contests: BoolArray) -> tuple[BoolArray, BoolArray, BoolArray | None]:
    """Attackers (..., N), defenders (..., N) and who stands up to whom (..., N, N) at contest matrices (..., N, N)."""
    if group.lead >= 0:
        bound = np.array(group.bound)
        attacks = contests[..., group.lead] & ~bound
        meets = contests & bound[:, None] & attacks[..., None, :]
        return attacks, np.broadcast_to(bound, attacks.shape), meets
    attacks = np.zeros(contests.shape[:-1], dtype=np.bool_)
    for k, guardian in enumerate(group.guardian):
        if guardian >= 0:
            attacks[..., k] = contests[..., k, guardian]
    answers = (contests & attacks[..., None, :]).any(axis=-1)
    return attacks, answers & ~attacks, None


def _situations(group: _Group, contests: BoolArray) -> tuple[_Table, npt.NDArray[np.integer]]:
    """The distinct situations of B profiles, and which of them each profile leads to."""
    if contests.size > _SMALL:
        fixed = contests.flags.owndata and not contests.flags.writeable
        return _of_the_whole_game(group, contests) if fixed else _distinct(group, contests)
    return _remembered(group.lead, group.bound, group.guardian, contests.tobytes(), contests.shape)


def _of_the_whole_game(group: _Group, contests: BoolArray) -> tuple[_Table, npt.NDArray[np.integer]]:
    """The same for one read-only array of all profiles, on which many maps and variants are evaluated one after the other."""
    last = _whole.get("last")
    if last is None or last[0] is not contests:
        last = _whole["last"] = (contests, {})
    found = last[1]
    key = (group.lead, group.bound, group.guardian)
    if key not in found:
        if len(found) >= _MOST_GROUPS:
            found.clear()
        table, where = _distinct(group, contests)
        found[key] = table, where.astype(np.min_scalar_type(len(table.attacks)))
    return found[key]


# The array of all profiles met last, and what is known of it by group: at most 2 MB each for the million profiles of five powers.
_whole: dict[str, tuple[BoolArray, dict[tuple[object, ...], tuple[_Table, npt.NDArray[np.integer]]]]] = {}
_MOST_GROUPS = 64


@lru_cache(maxsize=512)
def _remembered(
    lead: int, bound: tuple[bool, ...], guardian: tuple[int, ...], data: bytes, shape: tuple[int, ...]
) -> tuple[_Table, IntArray]:
    """The same for few profiles: stage games and deviations ask for the same ones again and again."""
    nothing = np.zeros(0, dtype=np.int64)
    group = _Group(lead, False, bound, guardian, nothing, nothing, True)
    return _distinct(group, np.frombuffer(data, dtype=np.bool_).reshape(shape))


def _distinct(group: _Group, contests: BoolArray) -> tuple[_Table, IntArray]:
    n = contests.shape[-1]
    attacks, defends, meets = _stances(group, contests)
    if meets is None:
        columns = np.concatenate([attacks, defends], axis=-1)
    else:
        outside = [i for i in range(n) if not group.bound[i]]
        pairs = [meets[..., j, outside] for j in range(n) if group.bound[j]]
        columns = np.concatenate([attacks[..., outside], *pairs], axis=-1)
    columns = columns.astype(np.int64)
    code = columns @ (1 << np.arange(columns.shape[-1], dtype=np.int64))
    _, first, where = np.unique(code, return_index=True, return_inverse=True)
    stands = None if meets is None else meets[first][..., None]
    return _Table(attacks[first][..., None], defends[first][..., None], stands), where.reshape(-1)


# ------------------------------------------------------------------ the contest itself


class _Solved(NamedTuple):
    payoffs: FloatArray  # (S, N, C)
    keep: FloatArray  # (S, C): p
    taken: FloatArray  # (S, C): the sum of phi
    shares: dict[int, FloatArray]  # (S, C) for each power that may take it: phi


def _by_region(
    arena: Arena, group: _Group, contests: BoolArray, shares: bool = False
) -> Iterator[tuple[int, IntArray, _Solved]]:
    """Region by region of a group: its number, its worlds, and what happens there, (B, N, C), (B, C), (B, C).

    `shares` of the powers are filled in where they are asked for.
    """
    regions = group.by_region(arena.shape[2])
    if contests.ndim == 4:
        for region, rows in regions:
            single = group._replace(regions=region, worlds=rows, every_world=False)
            yield int(region[0]), rows, _per_world(arena, single, contests[rows])
        return
    table, where = _situations(group, contests)
    solved = _solve(arena, group, table)
    for k, (region, rows) in enumerate(regions):
        columns = slice(k * len(rows), (k + 1) * len(rows))
        gains, keep, lost = (x[..., columns][where] for x in solved[:3])
        taken = {i: phi[:, columns][where] for i, phi in solved.shares.items()} if shares else {}
        yield int(region[0]), rows, _Solved(gains, keep, lost, taken)


def _per_world(arena: Arena, group: _Group, contests: BoolArray) -> _Solved:
    """The same for profiles of each world's own (C, B, N, N); one region. Results (B, N, C), (B, C), (B, C)."""
    attacks, defends, meets = _stances(group, contests)
    table = _Table(
        attacks.transpose(1, 2, 0),
        defends.transpose(1, 2, 0),
        None if meets is None else meets.transpose(1, 2, 3, 0),
    )
    return _solve(arena, group, table)


def _ratio(a: FloatArray, b: FloatArray) -> FloatArray:
    """a / b, and 0 where b is 0."""
    return np.divide(a, b, out=np.zeros(np.broadcast_shapes(a.shape, b.shape)), where=b > 0)


def _solve(arena: Arena, group: _Group, table: _Table) -> _Solved:
    n = arena.shape[0]
    stake, strength = group.take(arena.stake), group.take(arena.strength)
    portion, prize = group.take(arena.portion), group.take(arena.prize)
    local_stake, local_strength = group.take(arena.local_stake), group.take(arena.local_strength)
    eps, alpha = group.take_worlds(arena.externality), group.take_worlds(arena.reliability)
    advantage = group.take_worlds(arena.advantage)
    sphere = group.lead >= 0
    attacks = table.attacks.astype(np.float64)
    situations = attacks.shape[0]
    columns = stake.shape[-1]
    shape = (situations, columns)
    weight = stake * strength
    attackers = [i for i in range(n) if table.attacks[:, i].any()]

    of_powers = np.zeros(shape)
    for i in attackers:
        of_powers += attacks[:, i] * weight[i]
    total = of_powers + local_stake * local_strength if group.forced else of_powers

    phi: dict[int, FloatArray] = {}
    taken = np.zeros(shape)
    for i in attackers:
        if portion[i].any():
            phi[i] = _ratio(attacks[:, i] * (weight[i] * portion[i]), total)
            taken += phi[i]

    attack = np.zeros(shape)
    defence = np.zeros(shape)
    swing: list[FloatArray] = []  # a_A - a_D
    held: list[FloatArray] = []  # a_D
    effort: list[FloatArray | None] = []  # Delta_i E_i rho_i
    for i in range(n):
        loss = eps * stake[i]
        in_defence = np.zeros(columns) if not sphere else (stake[i] if group.bound[i] else -loss)
        in_attack = prize * phi[i] - loss * (taken - phi[i]) if i in phi else -loss * taken
        difference = in_attack - in_defence
        swing.append(difference)
        held.append(in_defence)
        spent: FloatArray | None = None
        if i in attackers:
            spent = attacks[:, i] * np.maximum(difference, 0.0) * strength[i]
            attack += spent
        if table.defends[:, i].any():
            guard = np.maximum(-difference, 0.0) * strength[i]
            if table.meets is not None:
                met = np.zeros(shape)
                for k in attackers:
                    stands = table.meets[:, i, k]
                    if stands.any():
                        met += stands * weight[k]
                kept = alpha + (1.0 - alpha) * _ratio(met, of_powers)
                guard = guard * np.where(of_powers > 0, kept, 1.0)
            else:
                guard = guard * table.defends[:, i]
            defence += guard
            spent = guard if spent is None else spent + guard
        effort.append(spent)

    local = local_stake * local_strength
    if group.forced:
        attack += local * (1.0 - taken)
    else:
        defence += local * taken
    against = advantage * defence
    contested = attack > 0
    both = np.where(contested, attack + against, 1.0)
    keep = np.where(contested, against / both, 1.0)
    lose = np.where(contested, attack / both, 0.0)
    risk = keep * lose

    payoffs = np.empty((situations, n, columns))
    for i in range(n):
        gain = held[i] + lose * swing[i]
        spent = effort[i]
        if spent is not None:
            # A power is on one side only: on the attack's wherever it attacks.
            side = np.where(table.attacks[:, i], attack, defence)
            gain = gain - risk * np.abs(swing[i]) * _ratio(spent, side)
        payoffs[:, i] = gain
    return _Solved(payoffs, keep, taken, phi)
