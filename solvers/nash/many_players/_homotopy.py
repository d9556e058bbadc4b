"""All complex roots of indifference systems by homotopy continuation: many paths followed at once.

The start system is generic of the same multihomogeneous shape, so the number of paths is the number of roots
that a generic target has (`supports.root_count`). Its own roots come from a system of products of linear
forms, one for each of the other players (Morgan and Sommese, "A homotopy for solving general polynomial
systems that respects m-homogeneous structures", Applied Mathematics and Computation 1987; for games: Herings
and Peeters, "A globally convergent algorithm to compute all Nash equilibria for n-person games", Annals of
Operations Research 2005). Paths live in projective space, so roots at infinity are nothing special.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from games.types import BoolArray, FloatArray, IntArray
from solvers.base.deadline import Deadline
from solvers.nash.many_players._supports import root_count
from solvers.nash.many_players._systems import Roots, contract, degrees_of, invert

__all__ = ["solve"]

ComplexArray: TypeAlias = npt.NDArray[np.complex128]
_SMALLEST_STEP = 1e-7
_PATHS_AT_ONCE = 4000
# The least singular value of a Jacobian, over the largest, up to which it counts as singular.
_SINGULAR = 1e-10


def solve(rows: Sequence[FloatArray], seed: int, deadline: Deadline, attempts: int = 3) -> Roots:
    """Find all real roots of m systems with three players or more.

    Parameters
    ----------
    rows : N tensors, as in `solvers.nash.many_players._systems`
    seed : int
        Of the random start systems.
    deadline : Deadline
        Systems not finished by then stay open.
    attempts : int
        How many start systems to try on a system whose roots are not all found.
    """
    degrees = degrees_of(rows)
    paths = root_count(degrees)
    targets, flat = _normalise(rows, degrees)
    left = np.flatnonzero(~flat)
    owners: list[IntArray] = []
    roots: list[list[FloatArray]] = []
    chunk = max(1, _PATHS_AT_ONCE // paths)
    for attempt in range(attempts):
        failed: list[int] = []
        for place in range(0, len(left), chunk):
            these = left[place : place + chunk]
            if deadline.passed:
                failed += these.tolist()
                continue
            start, x = _start(degrees, seed + 7919 * attempt)
            ends, ok = _follow(
                [np.repeat(g, len(these) * paths, axis=0) for g in start],
                [np.repeat(f[these], paths, axis=0) for f in targets],
                [np.tile(v, (len(these), 1)) for v in x],
                deadline,
            )
            ok &= _regular(ends, [np.repeat(f[these], paths, axis=0) for f in targets])
            whole = _all_apart(ends, ok, len(these), paths)
            failed += these[~whole].tolist()
            real, values = _real(ends, ok & np.repeat(whole, paths))
            owners.append(np.repeat(these, paths)[real])
            roots.append(values)
        left = np.array(failed, dtype=np.int64)
        if not len(left) or deadline.passed:
            break
    open_ = flat.copy()
    open_[left] = True
    if not owners:
        return Roots(np.zeros(0, dtype=np.int64), [np.zeros((0, d + 1)) for d in degrees], open_)
    return Roots(np.concatenate(owners), [np.concatenate(parts) for parts in zip(*roots)], open_)


def _normalise(rows: Sequence[FloatArray], degrees: Sequence[int]) -> tuple[list[FloatArray], BoolArray]:
    """The equations with unit coefficients, and which systems hold an equation without any coefficient."""
    out = []
    flat = np.zeros(len(rows[0]), dtype=np.bool_)
    for tensor, d in zip(rows, degrees):
        inner = tensor[:, :d]
        axes = tuple(range(2, inner.ndim))
        size = np.sqrt((inner**2).sum(axis=axes, keepdims=True))
        flat |= (size <= 1e-14).reshape(len(size), -1).any(axis=1)
        out.append(inner / np.where(size > 1e-14, size, 1.0))
    return out, flat


@lru_cache(maxsize=64)
def _start(degrees: tuple[int, ...], seed: int) -> tuple[list[ComplexArray], list[ComplexArray]]:
    """A random dense complex system, tensors (1, d_i, others), and all its roots, arrays (paths, d_j + 1)."""
    for attempt in range(10):
        rng = np.random.default_rng([seed, attempt, *degrees])
        n = len(degrees)
        forms = [
            [[_random(rng, degrees[j] + 1) for j in range(n)] for _ in range(degrees[i])] for i in range(n)
        ]
        products = []
        for i in range(n):
            tensors = []
            for row in forms[i]:
                tensor = np.ones((), dtype=np.complex128)
                for j in range(n):
                    if j != i:
                        tensor = np.multiply.outer(tensor, row[j])
                tensors.append(tensor)
            products.append(np.stack(tensors)[None])
        roots: list[list[ComplexArray]] = [[] for _ in range(n)]
        for choice in _assignments(degrees):
            for j in range(n):
                matrix = np.array(
                    [forms[i][k][j] for i in range(n) for k in range(degrees[i]) if choice[i][k] == j]
                )
                roots[j].append(np.linalg.svd(matrix)[2][-1].conj())
        x = [np.stack(v) for v in roots]
        paths = len(x[0])
        dense = [
            _random(rng, *([1, degrees[i]] + [degrees[j] + 1 for j in range(n) if j != i])) for i in range(n)
        ]
        ends, ok = _follow(
            [np.repeat(f, paths, axis=0) for f in products],
            [np.repeat(g, paths, axis=0) for g in dense],
            x,
            Deadline(None),
        )
        if _all_apart(ends, ok, 1, paths).all():
            return dense, ends
    raise ArithmeticError(f"no start system could be solved for degrees {degrees}")


def _assignments(degrees: Sequence[int]) -> Iterator[list[list[int]]]:
    """Every way to give each equation of player i to another player so that player j is given d_j of them."""
    n = len(degrees)
    equations = [(i, k) for i in range(n) for k in range(degrees[i])]
    room = list(degrees)
    choice = [[0] * d for d in degrees]

    def place(position: int) -> Iterator[list[list[int]]]:
        if position == len(equations):
            yield [list(row) for row in choice]
            return
        i, k = equations[position]
        for j in range(n):
            if j != i and room[j]:
                room[j] -= 1
                choice[i][k] = j
                yield from place(position + 1)
                room[j] += 1

    return place(0)


def _random(rng: np.random.Generator, *shape: int) -> ComplexArray:
    values: ComplexArray = rng.standard_normal(shape) + 1j * rng.standard_normal(shape)
    size = float(np.sqrt(2.0 * np.prod(shape[1:] if len(shape) > 1 else shape)))
    return np.asarray(values / size, dtype=np.complex128)


def _follow(
    start: Sequence[ComplexArray],
    target: Sequence[npt.NDArray[np.complexfloating] | FloatArray],
    x: Sequence[ComplexArray],
    deadline: Deadline,
) -> tuple[list[ComplexArray], BoolArray]:
    """Follow the roots x of the start systems to roots of the targets; the ends, and which paths arrived."""
    ends = [v.astype(np.complex128) for v in x]
    count = len(ends[0])
    arrived = np.zeros(count, dtype=np.bool_)
    live = np.arange(count)
    t, h = np.zeros(count), np.full(count, 0.05)
    x = [v.copy() for v in ends]
    base = [np.asarray(g, dtype=np.complex128) for g in start]
    change = [f - g for f, g in zip(target, base)]
    while len(live):
        if deadline.passed:
            break
        charts = [np.abs(v).argmax(axis=1) for v in x]
        x = [v / np.take_along_axis(v, c[:, None], 1) for v, c in zip(x, charts)]
        h = np.minimum(h, 1.0 - t)
        predicted = _runge_kutta(base, change, x, charts, t, h)
        later = t + h
        first = last = np.full(len(live), np.inf)
        for turn in range(3):
            values, jacobian = _homotopy(base, change, predicted, charts, later)
            step = -np.einsum("zab,zb->za", invert(jacobian), values)
            last = np.abs(step).max(axis=1)
            last[~np.isfinite(last)] = np.inf
            step[~np.isfinite(last)] = 0.0
            predicted = _moved(predicted, step, charts)
            if turn == 0:
                first = last
        good = (last < 1e-9) & (first < 0.02)
        x = [np.where(good[:, None], new, old) for new, old in zip(predicted, x)]
        t = np.where(good, later, t)
        # A fifth-order predictor error: aim for a first correction of about 1e-3.
        grown = np.clip(0.8 * (1e-3 / np.maximum(first, 1e-9)) ** 0.2, 0.3, 4.0)
        h = h * np.where(good, grown, np.minimum(0.5, grown))
        done = good & (t >= 1.0)
        stuck = ~done & (h < _SMALLEST_STEP)
        if done.any() or stuck.any():
            arrived[live[done]] = True
            for end, v in zip(ends, x):
                end[live[done]] = v[done]
            keep = ~(done | stuck)
            live, t, h = live[keep], t[keep], h[keep]
            x = [v[keep] for v in x]
            base, change = [g[keep] for g in base], [f[keep] for f in change]
    return ends, arrived


def _runge_kutta(
    base: Sequence[ComplexArray],
    change: Sequence[ComplexArray],
    x: list[ComplexArray],
    charts: Sequence[IntArray],
    t: FloatArray,
    h: FloatArray,
) -> list[ComplexArray]:
    slopes: list[ComplexArray] = []
    for part in (0.0, 0.5, 0.5, 1.0):
        at = x if not slopes else _moved(x, (part * h)[:, None] * slopes[-1], charts)
        _, jacobian = _homotopy(base, change, at, charts, t + part * h)
        motion = np.concatenate([contract(f, at, i) for i, f in enumerate(change)], axis=1)
        slope = -np.einsum("zab,zb->za", invert(jacobian), motion)
        slopes.append(np.where(np.isfinite(slope), slope, 0.0))
    total = (slopes[0] + 2.0 * slopes[1] + 2.0 * slopes[2] + slopes[3]) / 6.0
    return _moved(x, h[:, None] * total, charts)


def _homotopy(
    base: Sequence[ComplexArray],
    change: Sequence[ComplexArray],
    x: Sequence[ComplexArray],
    charts: Sequence[IntArray],
    t: FloatArray,
) -> tuple[ComplexArray, ComplexArray]:
    """Values and Jacobian at time t, in the charts in which one entry of each player's strategy is held at one."""
    degrees = [v.shape[1] - 1 for v in x]
    starts = np.concatenate([[0], np.cumsum(degrees)])
    count, n = len(t), int(starts[-1])
    values = np.empty((count, n), dtype=np.complex128)
    jacobian = np.zeros((count, n, n), dtype=np.complex128)
    for i in range(len(x)):
        tensor = base[i] + t.reshape(-1, *[1] * (base[i].ndim - 1)) * change[i]
        here = slice(starts[i], starts[i + 1])
        for j in range(len(x)):
            if j != i:
                slope = contract(tensor, x, i, keep=j)
                free = _free(charts[j], degrees[j])[:, None, :]
                jacobian[:, here, starts[j] : starts[j + 1]] = np.take_along_axis(slope, free, 2)
                values[:, here] = np.einsum("zyj,zj->zy", slope, x[j])
    return values, jacobian


def _free(chart: IntArray, degree: int) -> IntArray:
    places = np.arange(degree)[None, :]
    return np.asarray(places + (places >= chart[:, None]))


def _moved(x: Sequence[ComplexArray], step: ComplexArray, charts: Sequence[IntArray]) -> list[ComplexArray]:
    out, place = [], 0
    for v, chart in zip(x, charts):
        degree = v.shape[1] - 1
        new = v.copy()
        free = _free(chart, degree)
        np.put_along_axis(new, free, np.take_along_axis(v, free, 1) + step[:, place : place + degree], 1)
        out.append(new)
        place += degree
    return out


def _regular(ends: Sequence[ComplexArray], target: Sequence[FloatArray]) -> BoolArray:
    """Which ends are roots with an invertible Jacobian, (paths,).

    Where roots make up a curve, paths end smoothly at different points of it, and these points say nothing of the others.
    """
    charts = [np.abs(v).argmax(axis=1) for v in ends]
    x = [v / np.take_along_axis(v, c[:, None], 1) for v, c in zip(ends, charts)]
    base = [np.asarray(f, dtype=np.complex128) for f in target]
    _, jacobian = _homotopy(base, [0.0 * f for f in base], x, charts, np.ones(len(ends[0])))
    values = np.linalg.svd(np.where(np.isfinite(jacobian), jacobian, 0.0), compute_uv=False)
    return np.asarray(values[:, -1] > _SINGULAR * values[:, 0])


def _all_apart(ends: Sequence[ComplexArray], ok: BoolArray, systems: int, paths: int) -> BoolArray:
    """Which systems have all their paths arrived, at ends that differ from one another."""
    whole = np.asarray(ok.reshape(systems, paths).all(axis=1))
    rng = np.random.default_rng(0)
    marks = []
    for v in ends:
        reference = _random(rng, v.shape[1])
        with np.errstate(divide="ignore", invalid="ignore"):
            marks.append(v / (v @ reference)[:, None])
    points = np.concatenate(marks, axis=1).reshape(systems, paths, -1)
    for s in np.flatnonzero(whole):
        gap = np.abs(points[s][:, None] - points[s][None]).max(axis=2)
        np.fill_diagonal(gap, np.inf)
        whole[s] = bool((gap > 1e-6).all())
    return whole


def _real(ends: Sequence[ComplexArray], ok: BoolArray) -> tuple[IntArray, list[FloatArray]]:
    """The paths that end at real finite points, and those points with entries that sum to one."""
    real = ok.copy()
    x = []
    for v in ends:
        total = v.sum(axis=1)
        finite = np.abs(total) > 1e-9
        point = v / np.where(finite, total, 1.0)[:, None]
        real &= finite & (np.abs(point.imag).max(axis=1) < 1e-7 * (1.0 + np.abs(point.real).max(axis=1)))
        x.append(point.real)
    return np.flatnonzero(real), [v[real] for v in x]
