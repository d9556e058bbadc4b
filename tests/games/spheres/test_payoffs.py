"""The array kernel against a plain loop over regions, powers and profiles, written from the formulas alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.spheres import contest
from games.spheres.payoffs import Arena, region_holders, region_parts, region_totals


def random_arena(seed: int, n: int, regions: int, worlds: int, *, per_world: bool = False) -> Arena:
    """Regions of all kinds, with zeros and ties among the numbers."""
    rng = np.random.default_rng(seed)
    shape = (n, regions, worlds)

    def positive(*size: int) -> np.ndarray:
        values = rng.exponential(size=size)
        values[rng.random(size) < 0.1] = 0.0
        values[rng.random(size) < 0.1] = 1.0
        return values

    maps = (regions, worlds) if per_world else (regions,)
    lead = rng.integers(-1, n, maps)
    bound = rng.random((n, *maps)) < 0.3
    bound |= np.arange(n).reshape((n,) + (1,) * len(maps)) == lead
    bound &= lead >= 0
    forced = (rng.random(maps) < 0.4) & (lead >= 0)
    wide_lead = np.broadcast_to(lead[..., None] if not per_world else lead, (regions, worlds))
    wide_bound = np.broadcast_to(bound[..., None] if not per_world else bound, shape)
    portion = rng.random(shape) * (rng.random(shape) < 0.5)
    portion[rng.random(shape) < 0.2] = 1.0
    portion = np.where(wide_bound, 0.0, portion)
    guardian = rng.integers(-1, n, (regions, worlds))
    disputes = (portion > 0) & (guardian != np.arange(n)[:, None, None])
    guards = np.where((wide_lead < 0) & disputes & (guardian >= 0), guardian, -1)
    size = positive(regions, worlds)
    return Arena(
        positive(*shape),
        positive(*shape),
        portion,
        size + positive(regions, worlds),
        size,
        positive(regions, worlds),
        lead,
        bound,
        forced,
        guards,
        rng.random(worlds),
        rng.random(worlds),
        1 + rng.random(worlds),
    )


def one_region(
    arena: Arena, r: int, w: int, contests: np.ndarray
) -> tuple[np.ndarray, float, float, np.ndarray]:
    """Payoffs, autonomy, and the chances that the defence holds and that each power takes it, by loops."""
    n = arena.stake.shape[0]
    column = (lambda x: x[..., r, w]) if arena.lead.ndim == 2 else (lambda x: x[..., r])
    h, forced = int(column(arena.lead)), bool(column(arena.forced))
    bound = [bool(b) for b in column(arena.bound)]
    v, e, f = arena.stake[:, r, w], arena.strength[:, r, w], arena.portion[:, r, w]
    prize, size, own = arena.prize[r, w], arena.local_stake[r, w], arena.local_strength[r, w]
    eps, alpha, adv = arena.externality[w], arena.reliability[w], arena.advantage[w]
    if h >= 0:
        attackers = [i for i in range(n) if not bound[i] and contests[i, h]]
        defenders = [i for i in range(n) if bound[i]]
    else:
        guard = arena.guardian[:, r, w]
        attackers = [i for i in range(n) if guard[i] >= 0 and contests[i, guard[i]]]
        defenders = [i for i in range(n) if i not in attackers and any(contests[i, k] for k in attackers)]
    powers_weight = sum(v[i] * e[i] for i in attackers)
    total = powers_weight + (size * own if forced else 0.0)
    phi = [f[i] * v[i] * e[i] / total if i in attackers and total > 0 else 0.0 for i in range(n)]
    taken = sum(phi)
    if h >= 0:
        in_defence = [v[i] if bound[i] else -eps * v[i] for i in range(n)]
    else:
        in_defence = [0.0] * n
    in_attack = [prize * phi[i] - eps * v[i] * sum(phi[k] for k in range(n) if k != i) for i in range(n)]
    rho = [1.0] * n
    for j in defenders:
        if h >= 0 and powers_weight > 0:
            met = sum(v[k] * e[k] for k in attackers if contests[j, k]) / powers_weight
            rho[j] = alpha + (1 - alpha) * met
    delta = [0.0] * n
    for i in attackers:
        delta[i] = max(in_attack[i] - in_defence[i], 0.0)
    for i in defenders:
        delta[i] = max(in_defence[i] - in_attack[i], 0.0)
    spent = [delta[i] * e[i] * rho[i] for i in range(n)]
    attack = sum(spent[i] for i in attackers) + (size * own * (1 - taken) if forced else 0.0)
    defence = sum(spent[i] for i in defenders) + (0.0 if forced else size * own * taken)
    p = adv * defence / (adv * defence + attack) if attack > 0 else 1.0
    q = 1 - p
    payoffs = np.empty(n)
    for i in range(n):
        side = attack if i in attackers else defence
        theta = spent[i] / side if (i in attackers or i in defenders) and side > 0 else 0.0
        payoffs[i] = p * in_defence[i] + q * in_attack[i] - p * q * delta[i] * theta
    autonomy = q * (1 - taken) if forced else 1 - q * taken
    return payoffs, autonomy, p, q * np.array(phi)


def random_profiles(seed: int, n: int, *shape: int) -> np.ndarray:
    contests = np.random.default_rng(seed).random((*shape, n, n)) < 0.5
    contests[..., np.arange(n), np.arange(n)] = False
    return contests


@pytest.mark.parametrize("per_world", [False, True])
@given(seed=st.integers(0, 10_000), n=st.integers(2, 5))
@settings(max_examples=25, deadline=None)
def test_the_kernel_is_the_plain_loop(per_world, seed, n):
    regions, worlds, profiles = 6, 3, 5
    arena = random_arena(seed, n, regions, worlds, per_world=per_world)
    contests = random_profiles(seed + 1, n, profiles)
    parts, holders = region_parts(arena, contests), region_holders(arena, contests)
    for w in range(worlds):
        for b in range(profiles):
            for r in range(regions):
                payoffs, autonomy, p, taken = one_region(arena, r, w, contests[b])
                assert parts.payoffs[w, b, r] == pytest.approx(payoffs, abs=1e-12, rel=1e-9)
                assert parts.autonomy[w, b, r] == pytest.approx(autonomy, abs=1e-12)
                assert parts.defended[w, b, r] == pytest.approx(p, abs=1e-12)
                assert holders.defended[w, b, r] == pytest.approx(p, abs=1e-12)
                assert holders.taken[w, b, r] == pytest.approx(taken, abs=1e-12)
    assert region_totals(arena, contests) == pytest.approx(parts.payoffs.sum(axis=2), abs=1e-11)


@pytest.mark.parametrize("per_world", [False, True])
def test_profiles_of_each_worlds_own(per_world):
    n, worlds = 4, 7
    arena = random_arena(5, n, 8, worlds, per_world=per_world)
    contests = random_profiles(6, n, worlds, 3)
    totals, parts = region_totals(arena, contests), region_parts(arena, contests)
    for w in range(worlds):
        same = region_parts(arena, contests[w])
        assert totals[w] == pytest.approx(same.payoffs[w].sum(axis=1), abs=1e-11)
        assert parts.autonomy[w] == pytest.approx(same.autonomy[w], abs=1e-12)


def test_many_powers():
    arena = random_arena(1, 8, 5, 2)
    contests = random_profiles(2, 8, 4)
    totals = region_totals(arena, contests)
    for w in range(2):
        for b in range(4):
            expected = sum(one_region(arena, r, w, contests[b])[0] for r in range(5))
            assert totals[w, b] == pytest.approx(expected, abs=1e-10)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_relabelling_powers_and_regions_relabels_results(seed):
    n, regions, worlds = 4, 5, 2
    arena = random_arena(seed, n, regions, worlds)
    contests = random_profiles(seed, n, 6)
    rng = np.random.default_rng(seed)
    p, r = rng.permutation(n), rng.permutation(regions)
    place = np.argsort(p)
    relabel = np.append(place, -1)
    moved = Arena(
        arena.stake[p][:, r],
        arena.strength[p][:, r],
        arena.portion[p][:, r],
        arena.prize[r],
        arena.local_stake[r],
        arena.local_strength[r],
        relabel[arena.lead[r]],
        arena.bound[p][:, r],
        arena.forced[r],
        relabel[arena.guardian[p][:, r]],
        arena.externality,
        arena.reliability,
        arena.advantage,
    )
    before, after = region_parts(arena, contests), region_parts(moved, contests[:, p][:, :, p])
    assert after.payoffs == pytest.approx(before.payoffs[:, :, r][..., p], abs=1e-12)
    assert after.autonomy == pytest.approx(before.autonomy[:, :, r], abs=1e-12)


def sphere(stakes, strengths, size=0.0, eps=0.0, alpha=1.0, forced=False, portion=None) -> Arena:
    """One region led by power 0, in one world."""
    n = len(stakes)
    column = np.array(stakes, dtype=float)[:, None, None]
    default = np.ones((n, 1, 1))
    default[0] = 0.0
    return Arena(
        column,
        np.array(strengths, dtype=float)[:, None, None],
        default if portion is None else np.array(portion, dtype=float)[:, None, None],
        column.max(axis=0),
        np.full((1, 1), size),
        np.full((1, 1), size),
        np.array([0]),
        np.arange(n)[:, None] == 0,
        np.array([forced]),
        np.full((n, 1, 1), -1),
        np.array([eps]),
        np.array([alpha]),
        np.ones(1),
    )


@given(v=st.floats(0.1, 10), w=st.floats(0.1, 10), e=st.floats(0.1, 10), d=st.floats(0.1, 10))
@settings(max_examples=30, deadline=None)
def test_two_singletons_play_the_lottery(v, w, e, d):
    """The holder defends alone, the attacker's own stake is the prize, no third power, no local actor."""
    arena = sphere([v, w], [e, d])
    arena = Arena(**{**vars(arena), "prize": np.full((1, 1), w)})
    parts = region_parts(arena, np.array([[[False, True], [True, False]]]))
    known = contest.lottery([v, w], [e, d])
    assert parts.defended[0, 0, 0] == pytest.approx(known.shares[0])
    assert parts.payoffs[0, 0, 0] == pytest.approx(known.payoffs)


def test_nobody_attacks_and_the_bound_powers_keep_their_stakes():
    arena = sphere([2.0, 1.0], [1.0, 1.0], size=1.0, eps=0.5)
    parts = region_parts(arena, np.zeros((1, 2, 2), dtype=bool))
    assert parts.payoffs[0, 0, 0].tolist() == [2.0, -0.5]
    assert parts.autonomy[0, 0, 0] == 1.0


def test_consolidation_by_force_costs_what_resistance_makes_it_cost():
    arena = sphere([2.0, 1.0], [3.0, 1.0], size=1.0, forced=True)
    parts = region_parts(arena, np.zeros((1, 2, 2), dtype=bool))
    p = 6.0 / 7.0
    assert parts.defended[0, 0, 0] == pytest.approx(p)
    assert parts.payoffs[0, 0, 0, 0] == pytest.approx(2.0 * p * p)
    assert parts.autonomy[0, 0, 0] == pytest.approx(1 - p)


@given(seed=st.integers(0, 5_000))
@settings(max_examples=40, deadline=None)
def test_force_never_pays_more_than_consent(seed):
    """Where others stand aside, and the lead holds an ally of its own by force instead of by its consent."""
    rng = np.random.default_rng(seed)
    stakes, strengths = rng.exponential(size=3), rng.exponential(size=3)
    size = float(rng.exponential())
    contests = np.zeros((1, 3, 3), dtype=bool)
    held = [
        region_parts(sphere(stakes, strengths, size, 0.3, 0.4, forced), contests) for forced in (False, True)
    ]
    assert held[1].payoffs[0, 0, 0, 0] <= held[0].payoffs[0, 0, 0, 0] + 1e-12


@given(seed=st.integers(0, 5_000))
@settings(max_examples=40, deadline=None)
def test_a_stronger_ally_is_never_less_safe(seed):
    rng = np.random.default_rng(seed)
    n = 4
    arena = random_arena(seed, n, 6, 1)
    contests = random_profiles(seed, n, 8)
    before = region_parts(arena, contests).defended
    stronger = Arena(**{**vars(arena), "strength": arena.strength.copy()})
    j = int(rng.integers(n))
    allied = arena.bound[j] & ~arena.forced
    stronger.strength[j, allied] *= 3.0
    after = region_parts(stronger, contests).defended
    assert (after[:, :, allied] >= before[:, :, allied] - 1e-12).all()


@given(seed=st.integers(0, 5_000))
@settings(max_examples=40, deadline=None)
def test_standing_up_gains_less_the_better_pledges_are_kept(seed):
    """The lead's gain from contesting back the one power that attacks falls with alpha."""
    rng = np.random.default_rng(seed)
    stakes, strengths = rng.exponential(size=2) + 0.1, rng.exponential(size=2) + 0.1
    attack = np.array([[[False, False], [True, False]], [[False, True], [True, False]]])
    gains = []
    for alpha in (0.0, 0.3, 0.6, 1.0):
        parts = region_parts(sphere(stakes, strengths, 0.5, 0.2, alpha), attack).payoffs[0, :, 0, 0]
        gains.append(parts[1] - parts[0])
    assert np.diff(gains).max() <= 1e-12
    assert gains[-1] == pytest.approx(0.0, abs=1e-12)


def test_all_zero_stakes_and_strengths_are_no_trouble():
    arena = sphere([0.0, 0.0, 0.0], [0.0, 0.0, 0.0])
    parts = region_parts(arena, np.ones((1, 3, 3), dtype=bool))
    assert np.isfinite(parts.payoffs).all()
    assert (parts.payoffs == 0).all()


@pytest.mark.parametrize("scale", [1e-100, 1e-9, 1e9, 1e100])
def test_the_unit_does_not_matter(scale):
    """Stakes, prizes and local stakes in another unit scale payoffs and nothing else."""
    arena = random_arena(3, 3, 6, 2)
    contests = random_profiles(4, 3, 6)
    values = {k: vars(arena)[k] * scale for k in ("stake", "prize", "local_stake")}
    other = Arena(**{**vars(arena), **values})
    before, after = region_parts(arena, contests), region_parts(other, contests)
    assert after.payoffs / scale == pytest.approx(before.payoffs, rel=1e-9, abs=1e-12)
    assert after.autonomy == pytest.approx(before.autonomy, abs=1e-9)


def test_whoever_waits_can_stop_each_group(monkeypatch):
    from games import heartbeat

    arena = random_arena(3, 3, 4, 5)
    profiles = np.zeros((2, 3, 3), dtype=bool)
    for function in (region_totals, region_parts):
        heard = []
        monkeypatch.setattr(heartbeat, "_listeners", [lambda heard=heard: heard.append(1)])
        function(arena, profiles)
        assert heard
