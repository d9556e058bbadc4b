"""From facts, free numbers and maps to the arrays of the contests: capability, reach, strength and stake.

    m = 100 CINC^(1 - z) GDP^z                         capability of every state, in per cent of the world
    g_ir = 1 next door by land, else max over places b of beta_b 2^(-d(b, r) / H)
    E_ir = m_i g_ir,    stake_ir = m_r max(g_ir, [i bound to r or disputing it])

Strength falls with distance as in Boulding (1962). Places are a power's own land, and the capitals of states of which it is
the lead on the map: what a map takes away leaves with its bases. `beta_b` is 1 on land reached overland and
`projection` elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.errors import ScenarioError
from games.normal_form import BoolArray, FloatArray
from games.spheres._ties import Costs
from games.spheres.geography import distance_km
from games.spheres.maps import Holdings
from games.spheres.parameters import CLAIMS
from games.spheres.payoffs import Arena
from games.types import IntArray

if TYPE_CHECKING:
    from games.spheres.actors import Member, Power, Region

__all__ = ["Facts", "Worlds"]

# Shares below this are taken for it, so that a product of powers of shares stays defined.
_SMALLEST_SHARE = 1e-12
# A guardian reaches the buffer with at least this share of its strength: two half-distances.
_GUARDIANS_REACH = 0.25


class Facts:
    """What does not depend on the free numbers or the map, as arrays over N powers and R regions."""

    def __init__(self, powers: Sequence[Power], regions: Sequence[Region], base: Holdings) -> None:
        names = [p.name for p in powers]
        n, count = len(powers), len(regions)
        self.base = base
        self.cinc = np.array([p.cinc for p in powers])
        self.gdp = np.array([p.gdp for p in powers])
        self.region_cinc = np.array([r.cinc for r in regions])
        self.region_gdp = np.array([r.gdp for r in regions])
        self.worth = np.array([r.worth for r in regions])
        self.bound = np.zeros((n, count), dtype=np.bool_)
        self.land = np.zeros((n, count), dtype=np.bool_)
        self.dispute = np.zeros((2, n, count), dtype=np.bool_)  # whole states in dispute; any claim at all
        self.piece = np.array([r.piece is not None for r in regions], dtype=np.bool_)
        self.owner = np.full(count, -1)
        self.salience = np.zeros(count)
        self.outsider = np.zeros((n, count), dtype=np.bool_)  # has no stake in a piece
        for r, region in enumerate(regions):
            for i, name in enumerate(names):
                self.bound[i, r] = name in region.bound
                self.land[i, r] = name in region.land
                claims = [m.claims[name] for m in region.members if name in m.claims]
                self.dispute[0, i, r] = any(c.land for c in claims)
                self.dispute[1, i, r] = bool(claims)
            if region.piece is not None:
                pair = [names.index(region.piece.claimant), names.index(region.piece.owner)]
                self.owner[r], self.salience[r] = pair[1], region.piece.salience
                self.dispute[:, pair, r] = True
                self.outsider[:, r] = True
                self.outsider[pair, r] = False
        self.members: list[tuple[Member, ...]] = [r.members for r in regions]
        self.claims = self._claims(names)
        self.home_km, self.overseas_km, self.base_km = _distances(powers, regions)

    def _claims(self, names: Sequence[str]) -> list[tuple[FloatArray, FloatArray, FloatArray, FloatArray]]:
        """By region: CINC (S,) and GDP (S,) of its states, and the claimed share per unit of `claim_share` (N, S) under the two
        rules for parts; infinite for a whole state."""
        out = []
        for members in self.members:
            part = np.zeros((len(names), len(members)))
            rivalry = np.zeros((len(names), len(members)))
            for s, member in enumerate(members):
                for power, claim in member.claims.items():
                    i = names.index(power)
                    part[i, s] = np.inf if claim.whole else claim.salience
                    rivalry[i, s] = np.inf if claim.whole or claim.salience == 0 else claim.salience
            cinc = np.array([max(m.cinc, _SMALLEST_SHARE) for m in members])
            gdp = np.array([max(m.gdp, _SMALLEST_SHARE) for m in members])
            out.append((cinc, gdp, part, rivalry))
        return out


def _distances(
    powers: Sequence[Power], regions: Sequence[Region]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Km from each power's own land, overland (N, R) and overseas (N, R), and from each region's states (R, R)."""
    names = [p.name for p in powers]
    n, count = len(powers), len(regions)
    own = [np.array([[x.lat, x.lon] for x in p.places]) for p in powers]
    targets = [
        own[names.index(region.piece.owner)]
        if region.piece is not None
        else np.array([[region.members[0].lat, region.members[0].lon]])
        for region in regions
    ]
    # All places in one array each; the nearest of a region's targets is the least within its block of columns.
    starts = np.cumsum([0, *(len(t) for t in targets[:-1])])
    every = np.concatenate(targets)
    home, overseas = np.full((n, count), np.inf), np.full((n, count), np.inf)
    for i, power in enumerate(powers):
        km = np.minimum.reduceat(distance_km(own[i][:, None], every[None]), starts, axis=1)
        overland = np.array([x.overland for x in power.places])
        home[i] = km[overland].min(axis=0, initial=np.inf)
        overseas[i] = km[~overland].min(axis=0, initial=np.inf)
    base = np.full((count, count), np.inf)
    owners = [s for s, region in enumerate(regions) if region.members]
    if owners:
        capitals = [np.array([[m.lat, m.lon] for m in regions[s].members]) for s in owners]
        km = np.minimum.reduceat(distance_km(np.concatenate(capitals)[:, None], every[None]), starts, axis=1)
        base[owners] = np.minimum.reduceat(km, np.cumsum([0, *(len(c) for c in capitals[:-1])]), axis=0)
    return home, overseas, base


class Worlds:
    """D draws of the free numbers on M maps: W = D x M worlds, the draws first.

    `numbers` holds arrays (D,) by the names of `Parameters` (`claims` as a level's number, `left_out` as a region's number
    or -1), and `worth` (D, R). `pacts` (N, N) says which powers are allied, `ideology` (N, N) or
    (N, N, D) how far apart they stand. `shares`, if given, are the powers' CINC and GDP by draw, (N, D) each, and `sizes`
    the regions', (R, D) each.
    """

    def __init__(
        self,
        facts: Facts,
        numbers: Mapping[str, npt.NDArray[np.generic]],
        holdings: Holdings,
        pace: float,
        pacts: BoolArray,
        ideology: FloatArray,
        shares: tuple[FloatArray, FloatArray] | None = None,
        sizes: tuple[FloatArray, FloatArray] | None = None,
    ) -> None:
        self.facts, self.numbers, self.shares, self.sizes = facts, numbers, shares, sizes
        regions = len(facts.worth)
        self.lead = holdings.lead.reshape(-1, regions)
        self.forced = np.broadcast_to(holdings.forced, holdings.lead.shape).reshape(-1, regions)
        self.pace, self.pacts, self.ideology = pace, pacts, ideology
        self.draws, self.maps = len(numbers["gdp_weight"]), len(self.lead)
        if self.lead.size and not -1 <= self.lead.min() <= self.lead.max() < len(facts.cinc):
            raise ScenarioError("a map names a holder by its number: 0 to the number of powers less 1, or -1")
        held = self.lead[:, facts.piece]
        pair = facts.dispute[0][:, facts.piece]  # only owner and claimant dispute a piece
        if (held < 0).any() or not pair[held, np.arange(held.shape[1])].all():
            raise ScenarioError("a piece of a power's land is held by its owner or by its claimant")

    @property
    def count(self) -> int:
        """W."""
        return self.draws * self.maps

    def capability(self, draws: slice | IntArray = slice(None)) -> FloatArray:
        """m (N, D), in per cent of the world."""
        weight = np.asarray(self.numbers["gdp_weight"][draws], dtype=np.float64)
        if self.shares is None:
            return _mix(self.facts.cinc, self.facts.gdp, weight)
        cinc, gdp = self.shares
        return _mix(cinc[:, draws], gdp[:, draws], weight)

    def arena(self, start: int, stop: int) -> Arena:
        """The contests of some of the worlds."""
        f = self.facts
        draw, which = np.divmod(np.arange(start, stop), self.maps)
        number = {
            k: np.asarray(self.numbers[k][draw], dtype=np.float64)
            for k in (
                "gdp_weight",
                "half_distance",
                "projection",
                "externality",
                "reliability",
                "claim_share",
            )
        }
        m = self.capability(draw)
        if self.sizes is None:
            size = _mix(f.region_cinc, f.region_gdp, number["gdp_weight"])
        else:
            size = _mix(self.sizes[0][:, draw], self.sizes[1][:, draw], number["gdp_weight"])
        if f.piece.any():
            part = np.minimum(1.0, number["claim_share"] * f.salience[f.piece, None])
            size[f.piece] = part * m[f.owner[f.piece]]
        local = np.where(f.piece[:, None], 0.0, size)
        prize = size
        if np.any(self.numbers["worth"]):
            prize = size + np.asarray(self.numbers["worth"])[draw].T
        left_out = np.asarray(self.numbers["left_out"])[draw]
        if (left_out >= 0).any():
            out = left_out == np.arange(len(f.worth))[:, None]
            prize, local = np.where(out, 0.0, prize), np.where(out, 0.0, local)

        one_map = self.maps == 1
        lead = self.lead[0] if one_map else self.lead[which].T
        forced = self.forced[0] if one_map else self.forced[which].T
        bound, dispute = self._ties(lead, forced, draw)
        g = self._reach(number, which, left_out)
        portion, committed = self._portion(bound, dispute, draw, number)
        stake = prize * np.maximum(committed, g)
        if f.piece.any():
            stake = np.where(f.outsider[..., None], 0.0, stake)
        strength = m[:, None] * g
        return Arena(
            stake,
            strength,
            portion,
            np.broadcast_to(prize, local.shape),
            local,
            local,
            lead,
            bound,
            forced,
            self._guardian(lead, dispute, portion, g, stake, strength),
            number["externality"],
            number["reliability"],
            np.asarray(self.numbers["defence_advantage"], dtype=np.float64)[draw],
        )

    def distinct(self) -> tuple[IntArray, IntArray]:
        """Rows (K,) of representative maps, and for each map and region the position in it of one with the same contest, (M, R).

        What happens in a region depends on who leads it and how, and on the nearest place of each power: many maps share both.
        """
        f = self.facts
        away = [
            (np.minimum(f.overseas_km[i], km), where) for i, (km, where) in enumerate(_bases(self.lead, f))
        ]
        chosen = np.empty(self.lead.shape, dtype=np.int64)
        for r in range(self.lead.shape[1]):
            code = (self.lead[:, r] + 1) * 2 + self.forced[:, r]
            for km, where in away:
                values, digit = np.unique(km[:, r], return_inverse=True)
                code = code * len(values) + digit.reshape(-1)[where]
            _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
            chosen[:, r] = first[inverse.reshape(-1)]
        rows, where = np.unique(chosen, return_inverse=True)
        return rows, where.reshape(chosen.shape).astype(np.int64)

    def costs(self, start: int, stop: int) -> Costs:
        """What contests and order cost and bring in some of the worlds."""
        draw = np.arange(start, stop) // self.maps
        m = self.capability(draw)
        of = {k: np.asarray(self.numbers[k], dtype=np.float64)[draw] for k in _COSTS}
        smaller = np.minimum(m[:, None], m[None])
        factor = np.where(self.pacts[..., None], of["pact_cost"], 1.0)
        contest = of["contest_cost"] * factor * smaller
        pairs = max(1.0, len(m) * (len(m) - 1) / 2)
        # A pair that accommodates gains what a contest would cost it and its part of order; no tie is worth less than
        # nothing, because it may lie idle.
        gains = of["contest_cost"] * smaller + (of["order"] * m / pairs)[:, None]
        apart = self.ideology[..., None] if self.ideology.ndim == 2 else self.ideology[..., draw]
        friction = np.minimum(of["friction"] * apart, gains)
        return Costs(contest, of["war_cost"] * m, friction, of["order"] * m, of["upkeep"] * m)

    def _ties(self, lead: IntArray, forced: BoolArray, draw: IntArray) -> tuple[BoolArray, BoolArray]:
        """Who is bound to each region and who disputes it, (N, R) or (N, R, W).

        Where a map leaves a region as it is, all keep their bonds; where it does not, only the new lead is bound.
        """
        f = self.facts
        n = len(f.cinc)
        base_lead, base_forced, base_bound = f.base.lead, f.base.forced, f.bound
        if lead.ndim == 2:
            base_lead, base_forced, base_bound = (
                base_lead[:, None],
                base_forced[:, None],
                base_bound[..., None],
            )
        same = (lead == base_lead) & (forced == base_forced)
        alone = lead == np.arange(n).reshape((n,) + (1,) * lead.ndim)
        bound = np.where(same, base_bound, alone)
        mode = np.minimum(np.asarray(self.numbers["claims"])[draw].astype(np.int64), 1)
        if (mode == mode[0]).all():
            raw = f.dispute[mode[0]]
            raw = raw[..., None] if bound.ndim == 3 else raw
            return bound, raw & ~bound
        wide = bound if bound.ndim == 3 else bound[..., None]
        return bound, f.dispute[mode].transpose(1, 2, 0) & ~wide

    def _reach(self, number: Mapping[str, FloatArray], which: IntArray, left_out: IntArray) -> FloatArray:
        """g (N, R, W)."""
        f = self.facts
        h = number["half_distance"] * self.pace
        if self.maps == 1 and not (left_out >= 0).any():
            away = np.minimum(f.overseas_km, _from_bases(self.lead[:1], f)[0])[..., None]
        else:
            keys = which * (len(f.worth) + 1) + left_out + 1
            distinct, where = np.unique(keys, return_inverse=True)
            chosen, missing = np.divmod(distinct, len(f.worth) + 1)
            lead = self.lead[chosen].copy()
            gone = missing > 0
            lead[gone, missing[gone] - 1] = -1
            away = np.minimum(f.overseas_km, _from_bases(lead, f))[where].transpose(1, 2, 0)
        g = np.maximum(np.exp2(-f.home_km[..., None] / h), number["projection"] * np.exp2(-away / h))
        return np.where(f.land[..., None], 1.0, g)

    def _portion(
        self, bound: BoolArray, dispute: BoolArray, draw: IntArray, number: Mapping[str, FloatArray]
    ) -> tuple[FloatArray, FloatArray]:
        """The share that each power would take (N, R, W), and the share that it is committed to (N, R, W) or (N, R, 1)."""
        f = self.facts
        wide = dispute if dispute.ndim == 3 else dispute[..., None]
        committed = (wide | (bound if bound.ndim == 3 else bound[..., None])).astype(np.float64)
        portion = np.broadcast_to(wide.astype(np.float64), (*dispute.shape[:2], len(draw)))
        level = np.asarray(self.numbers["claims"])[draw].astype(np.int64)
        if not level.any():
            return portion, committed
        portion = portion.copy()
        committed = np.broadcast_to(committed, portion.shape).copy()
        z, unit = number["gdp_weight"], number["claim_share"]
        for code in (1, 2):
            rows = np.flatnonzero(level == code)
            if not len(rows):
                continue
            for r in np.flatnonzero(~f.piece):
                cinc, gdp, *claims = f.claims[r]
                mass = cinc[:, None] ** (1 - z[rows]) * gdp[:, None] ** z[rows]
                mass = mass / mass.sum(axis=0)
                for i in np.flatnonzero(f.dispute[1, :, r]):
                    claimed = claims[code - 1][i][:, None]
                    # An infinite claim is the whole state, whatever a part is worth.
                    with np.errstate(invalid="ignore"):
                        share = np.where(np.isinf(claimed), 1.0, np.minimum(1.0, unit[rows] * claimed))
                    portion[i, r, rows] *= (mass * share).sum(axis=0)
            if CLAIMS[code] == "part or rivalry":
                wider = bound if bound.ndim == 2 else None
                held = wider[..., None] if wider is not None else bound[..., rows]
                committed[..., rows] = np.maximum(held, portion[..., rows])
        return portion, committed

    def _guardian(
        self,
        lead: IntArray,
        dispute: BoolArray,
        portion: FloatArray,
        g: FloatArray,
        stake: FloatArray,
        strength: FloatArray,
    ) -> IntArray:
        """Of the powers that do not dispute a buffer and reach it, the one with the largest stake times strength."""
        n = len(stake)
        guardian = np.full(stake.shape, -1, dtype=np.int64)
        buffers = np.flatnonzero((lead < 0) if lead.ndim == 1 else (lead < 0).any(axis=1))
        if not len(buffers):
            return guardian
        wide = (dispute if dispute.ndim == 3 else dispute[..., None])[:, buffers]
        standing = stake[:, buffers] * strength[:, buffers]
        standing = np.where(wide | (g[:, buffers] < _GUARDIANS_REACH), 0.0, standing)
        first = standing.argmax(axis=0)
        present = standing.max(axis=0) > 0
        takes = (portion[:, buffers] > 0) & wide & present
        guardian[:, buffers] = np.where(takes, np.broadcast_to(first, (n, *first.shape)), -1)
        return guardian


_COSTS = ("contest_cost", "war_cost", "order", "upkeep", "friction", "pact_cost")


def _mix(cinc: FloatArray, gdp: FloatArray, weight: FloatArray) -> FloatArray:
    """100 CINC^(1-z) GDP^z, shape (K, W) for shares (K,) or (K, W); 0 where CINC is 0."""
    if cinc.ndim == 1:
        cinc, gdp = cinc[:, None], gdp[:, None]
    a = np.log(np.maximum(cinc, _SMALLEST_SHARE))
    b = np.log(np.maximum(gdp, _SMALLEST_SHARE))
    return np.where(cinc > 0, 100.0 * np.exp(a + weight * (b - a)), 0.0)


# On fewer maps than this it takes longer to look for equal sets of bases than to measure from each.
_FEW_MAPS = 64


def _from_bases(lead: IntArray, facts: Facts) -> FloatArray:
    """Km from the nearest state of which a power is the lead, (M, N, R), for leads (M, R)."""
    return np.stack([km[where] for km, where in _bases(lead, facts)], axis=1)


def _bases(lead: IntArray, facts: Facts) -> Iterator[tuple[FloatArray, IntArray]]:
    """For each power the same over its U distinct sets of bases, (U, R), and which of them it has on each map, (M,)."""
    for i in range(len(facts.cinc)):
        own = lead == i
        first = where = np.arange(len(lead))
        if len(lead) > _FEW_MAPS:
            codes = np.packbits(own, axis=1)
            codes = codes.view(f"V{codes.shape[1]}").reshape(-1)
            _, first, where = np.unique(codes, return_index=True, return_inverse=True)
        closed = np.where(own[first], 0.0, np.inf)
        yield (closed[..., None] + facts.base_km).min(axis=1, initial=np.inf), where.reshape(-1)
