"""All equilibria of three players' support profiles by subdivision: cells are excluded or certified, none is passed over.

Let the players of a support profile be l, s and g with d_l <= d_s <= d_g (d = support size less one). Given the strategy y of l,
player g's indifference is linear in x_s. Therefore x_s is the vector of maximal minors of d_s of its equations: forms of degree
d_s in y. Then s's indifference, with as many of l's equations as are wanting, gives x_g in the same way. What remains are forms
in y alone, over a simplex. A form whose Bernstein coefficients over a cell are all positive is positive there (Farouki, "The
Bernstein polynomial basis: a centennial retrospective", Computer Aided Geometric Design 2012). A cell therefore holds no
equilibrium if two entries of x_s (or of x_g) have opposite signs on it, or if an equation that was left has no zero. The same is
true if an action outside a support is better than those inside. A cell is certified when all strategies that it can hold lie
within the box around one root of the system in which that root is provably the only one (`systems.isolation`). All other cells
are cut in two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from functools import cache
from itertools import combinations, combinations_with_replacement
from math import comb

import numpy as np

from games.types import BoolArray, FloatArray, IntArray
from solvers.base.deadline import Deadline
from solvers.nash.many_players._systems import Roots, degrees_of, isolation, newton

__all__ = ["bisect", "minors", "subdivide"]

# Rounding in a form of degree 8 stays well below this share of the product of the sizes of the rows in it.
_MARGIN = 1e-11
_SECOND_FROM = 4
_FIRST_CUTS = (1, 3, 4)
_FEW = 40


def subdivide(
    rows: Sequence[FloatArray],
    deadline: Deadline,
    rounds: int = 60,
    cells_per_system: int = 150,
) -> Roots:
    """Find every equilibrium in m support profiles of three players l, s, g with d_l <= d_s <= d_g <= d_l + d_s.

    Parameters
    ----------
    rows : three arrays, as in `solvers.nash.many_players._systems`, in the order l, s, g
    rounds : int
        How often a cell is cut in two at most.
    cells_per_system : int
        A profile with more open cells than this is left open.
    """
    degrees = degrees_of(rows)
    count, size = len(rows[0]), degrees[0] + 1
    owner = np.arange(count)
    cells = np.broadcast_to(np.eye(size), (count, size, size)).copy()
    left_open = np.zeros(count, dtype=np.bool_)
    found: list[tuple[IntArray, list[FloatArray], FloatArray]] = []
    depth = 0
    cuts = _FIRST_CUTS[min(size - 1, len(_FIRST_CUTS)) - 1]
    while len(owner):
        if depth >= rounds or deadline.passed:
            left_open[owner] = True
            break
        for _ in range(cuts):
            owner, cells = np.concatenate([owner, owner]), bisect(cells)
        depth += cuts
        forms = _Forms([tensor[owner] for tensor in rows], degrees, cells)
        alive = forms.possible()
        owner, cells, forms = owner[alive], cells[alive], forms.take(alive)
        if depth >= _SECOND_FROM and size > 2 and len(owner):
            alive = forms.possible_otherwise()
            owner, cells, forms = owner[alive], cells[alive], forms.take(alive)
        if len(owner):
            done, x, radius = _certify(forms, cells)
            if done.any():
                found.append((owner[done], [v[done] for v in x], radius[done]))
                owner, cells = owner[~done], cells[~done]
        load = np.bincount(owner, minlength=count)
        left_open |= load > cells_per_system
        keep = ~left_open[owner]
        owner, cells = owner[keep], cells[keep]
        # A round costs much the same for few cells as for one: then go faster.
        cuts = 2 if len(owner) < _FEW else 1
    owners = np.concatenate([np.zeros(0, dtype=np.int64), *(part[0] for part in found)])
    centres = [
        np.concatenate([np.zeros((0, d + 1)), *(part[1][i] for part in found)]) for i, d in enumerate(degrees)
    ]
    if not len(owners):
        return Roots(owners, centres, left_open)
    x, step, _ = newton([tensor[owners] for tensor in rows], centres)
    radius = np.concatenate([part[2] for part in found])
    # A root in the box is the only one there; without one nothing is known about the cell.
    settled = (step < 1e-9) & (
        np.max([np.abs(v - c).max(axis=1) for v, c in zip(x, centres)], axis=0) < radius
    )
    left_open[owners[~settled]] = True
    return Roots(owners[settled], [v[settled] for v in x], left_open)


class _Forms:
    """The forms in y over a batch of cells, as coefficients on the monomials of the cells' barycentric coordinates.

    Their signs are those of the Bernstein coefficients, which differ by positive multinomial factors.
    """

    def __init__(self, rows: Sequence[FloatArray], degrees: tuple[int, ...], cells: FloatArray) -> None:
        self.l_rows, self.s_rows, self.g_rows = rows
        self.d_l, self.d_s, self.d_g = degrees
        self.size = cells.shape[1]
        self.of_g = np.einsum("zvp,zapb->zabv", cells, self.g_rows)
        self.of_s = np.einsum("zvp,zapb->zabv", cells, self.s_rows)
        # Sizes that bound rounding: of the rows, and of products of rows.
        self.size_g = np.abs(self.of_g).max(axis=(2, 3))
        self.size_s = np.abs(self.of_s).max(axis=(2, 3))
        self.size_l = np.abs(self.l_rows).max(axis=(2, 3))
        self.x_s = self.minors([self.of_g[:, a] for a in range(self.d_s)])
        self.error_s = self.size_g[:, : self.d_s].prod(axis=1)
        self.of_l = np.einsum("zasg,zsn->zagn", self.l_rows, self.x_s)
        wanting = self.d_g - self.d_s
        equations = [self.of_s[:, a] for a in range(self.d_s)] + [self.of_l[:, a] for a in range(wanting)]
        self.x_g = self.minors(equations)
        self.error_g = self.size_s[:, : self.d_s].prod(axis=1)
        for a in range(wanting):
            self.error_g = self.error_g * self.size_l[:, a] * self.error_s
        self.sign_s, self.dead_s = _signs(self.x_s, self.error_s)
        self.sign_g, self.dead_g = _signs(self.x_g, self.error_g)

    def take(self, chosen: BoolArray) -> _Forms:
        """The forms over some of the cells."""
        if chosen.all():
            return self
        out = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                setattr(out, name, value[chosen])
        return out

    def minors(self, rows: Sequence[FloatArray]) -> FloatArray:
        return minors(rows, self.multiply)

    def multiply(self, a: FloatArray, b: FloatArray) -> FloatArray:
        """The products of forms (..., n1) and (..., n2)."""
        return _collect(a[..., :, None] * b[..., None, :], self.size)

    def dot(self, rows: FloatArray, x: FloatArray) -> FloatArray:
        """Sum over an action axis: forms (z, a, s, n1) against (z, s, n2), giving (z, a, n)."""
        return _collect(np.matmul(rows.transpose(0, 1, 3, 2), x[:, None]), self.size)

    def possible(self) -> BoolArray:
        """Which cells may hold an equilibrium, shape (z,)."""
        d_l, d_s, wanting = self.d_l, self.d_s, self.d_g - self.d_s
        alive = ~(self.dead_s | self.dead_g)
        alive &= self.fits(
            self.of_g[:, d_s:], self.size_g[:, d_s:], self.x_s, self.error_s, wanting, self.sign_s
        )
        alive &= self.fits(self.of_s[:, d_s:], self.size_s[:, d_s:], self.x_g, self.error_g, 0, self.sign_g)
        size, sign = self.size_l * self.error_s[:, None], self.sign_s * self.sign_g
        alive &= self.fits(
            self.of_l[:, wanting:], size[:, wanting:], self.x_g, self.error_g, d_l - wanting, sign
        )
        return np.asarray(alive)

    def possible_otherwise(self) -> BoolArray:
        """The same with other equations chosen for the minors.

        All minors x_s vanish at isolated points y (on curves, for d_l = 3) that are no roots, and no cell around such a
        point could be excluded by `possible`; other equations have other such points. (A row that went into the minors is
        not tested against them: that form is zero but for rounding.)
        """
        d_l, d_s, d_g = self.d_l, self.d_s, self.d_g
        # Rows 1, ..., d_s of g's and then l's equations, in place of g's first d_s.
        used = max(0, d_s + 1 - d_g)
        of_l = np.einsum("zasg,zgn->zasn", self.l_rows, self.x_g)
        size_l = self.size_l * self.error_g[:, None]
        x_s = self.minors(
            [*(self.of_g[:, a] for a in range(1, d_s + 1 - used)), *(of_l[:, a] for a in range(used))]
        )
        error_s = self.size_g[:, 1 : d_s + 1 - used].prod(axis=1) * size_l[:, :used].prod(axis=1)
        sign_s, dead = _signs(x_s, error_s)
        alive = ~dead & self.fits(self.of_g[:, :1], self.size_g[:, :1], x_s, error_s, 1, sign_s)
        alive &= self.fits(self.of_g[:, d_g:], self.size_g[:, d_g:], x_s, error_s, 0, sign_s)
        alive &= self.fits(of_l[:, used:], size_l[:, used:], x_s, error_s, d_l - used, sign_s * self.sign_g)
        if d_g > d_s:
            # Where x_s vanishes the new x_s need not, and x_g has to be had from that.
            of_l, size_l = np.einsum("zasg,zsn->zagn", self.l_rows, x_s), self.size_l * error_s[:, None]
            first = 0
        else:
            of_l, size_l = self.of_l, self.size_l * self.error_s[:, None]
            sign_s, first = self.sign_s, 1
        used = d_g - d_s + first
        x_g = self.minors([*(self.of_s[:, a] for a in range(first, d_s)), *(of_l[:, a] for a in range(used))])
        error_g = self.size_s[:, first:d_s].prod(axis=1) * size_l[:, :used].prod(axis=1)
        sign_g, dead = _signs(x_g, error_g)
        alive &= ~dead & self.fits(self.of_s[:, :first], self.size_s[:, :first], x_g, error_g, first, sign_g)
        alive &= self.fits(self.of_s[:, d_s:], self.size_s[:, d_s:], x_g, error_g, 0, sign_g)
        alive &= self.fits(of_l[:, used:], size_l[:, used:], x_g, error_g, d_l - used, sign_s * sign_g)
        return np.asarray(alive)

    def fits(
        self,
        rows: FloatArray,
        row_size: FloatArray,
        x: FloatArray,
        x_size: FloatArray,
        equations: int,
        sign: FloatArray,
    ) -> BoolArray:
        """Whether the first rows' forms may be zero, and the others' (gains from outside actions) not positive."""
        if not rows.shape[1]:
            return np.ones(len(x), dtype=np.bool_)
        forms = self.dot(rows, x)
        low, high = forms.min(axis=-1), forms.max(axis=-1)
        margin = _MARGIN * row_size * x_size[:, None]
        never_zero = (low > margin) | (high < -margin)
        better = np.where(sign[:, None] > 0, low > margin, (sign[:, None] < 0) & (high < -margin))
        refuted = never_zero[:, :equations].any(axis=1) | better[:, equations:].any(axis=1)
        return np.asarray(~refuted)


def _certify(forms: _Forms, cells: FloatArray) -> tuple[BoolArray, list[FloatArray], FloatArray]:
    """Which cells hold one candidate at most, the point from which Newton's method is to start, and how near it must be.

    With Y the inverse Jacobian at the middle, Y F is one-to-one on a box around it (`isolation`): all that the cell can
    hold must lie in there.
    """
    middle = cells.mean(axis=1)
    x: list[FloatArray] = [middle]
    for form in (forms.x_s, forms.x_g):
        # At the middle all monomials of one degree are equal.
        value = form.sum(axis=-1)
        total = value.sum(axis=1)
        usable = np.abs(total) > 0.2 * np.abs(value).max(axis=1)
        even = 1.0 / form.shape[1]
        x.append(np.where(usable[:, None], value / np.where(usable, total, 1.0)[:, None], even))
    rows = [forms.l_rows, forms.s_rows, forms.g_rows]
    # A step that is not finite is no shorter than anything.
    _, step, inverse = newton(rows, x, steps=1)
    radius = isolation(rows, inverse)
    inside = (np.abs(cells - middle[:, None]).max(axis=(1, 2)) < radius) & (step < 0.7 * radius)
    for form, error, v in ((forms.x_s, forms.error_s, x[1]), (forms.x_g, forms.error_g, x[2])):
        total = form.sum(axis=1)
        margin = _MARGIN * error
        sign = np.where(total.min(axis=1) > margin, 1.0, np.where(total.max(axis=1) < -margin, -1.0, 0.0))
        inside &= sign != 0
        form, total = form * sign[:, None, None], (total * sign[:, None])[:, None]
        for side in (1.0, -1.0):
            bound = v + side * radius[:, None]
            inside &= (side * (bound[:, :, None] * total - form)).min(axis=(1, 2)) > margin
    return inside, x, radius


def minors(
    rows: Sequence[FloatArray], multiply: Callable[[FloatArray, FloatArray], FloatArray]
) -> FloatArray:
    """The signed maximal minors of d x (d + 1) matrices, given as d rows (z, d + 1, ...): a vector that all rows annihilate.

    `multiply` is the product of two entries: numbers, or coefficient vectors of forms.
    """
    first, *others = rows
    columns = first.shape[1]
    known: dict[tuple[int, ...], FloatArray] = {(c,): first[:, c] for c in range(columns)}
    for depth, row in enumerate(others, start=1):
        larger = {}
        for subset in combinations(range(columns), depth + 1):
            total = multiply(known[subset[:-1]], row[:, subset[-1]])
            for place, c in enumerate(subset[:-1]):
                term = multiply(known[subset[:place] + subset[place + 1 :]], row[:, c])
                total = total - term if (depth + place) % 2 else total + term
            larger[subset] = total
        known = larger
    everything = tuple(range(columns))
    return np.stack([(-1.0) ** c * known[everything[:c] + everything[c + 1 :]] for c in everything], axis=1)


def _signs(x: FloatArray, size: FloatArray) -> tuple[FloatArray, BoolArray]:
    """The common sign of the entries of x where one entry settles it (else 0), and whether two entries disagree."""
    margin = (_MARGIN * size)[:, None]
    plus, minus = (x.min(axis=2) > margin).any(axis=1), (x.max(axis=2) < -margin).any(axis=1)
    return np.where(plus, 1.0, np.where(minus, -1.0, 0.0)), plus & minus


def bisect(cells: FloatArray) -> FloatArray:
    """Cut simplices (z, s, s), given by their vertices, in the middle of their longest edge: shape (2 z, s, s)."""
    size = cells.shape[1]
    pairs = np.array(list(combinations(range(size), 2)))
    length = ((cells[:, pairs[:, 0]] - cells[:, pairs[:, 1]]) ** 2).sum(axis=2)
    edge = pairs[length.argmax(axis=1)]
    each = np.arange(len(cells))
    middle = 0.5 * (cells[each, edge[:, 0]] + cells[each, edge[:, 1]])
    left, right = cells.copy(), cells.copy()
    left[each, edge[:, 0]] = middle
    right[each, edge[:, 1]] = middle
    return np.concatenate([left, right])


@cache
def _monomials(size: int, degree: int) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(chosen.count(v) for v in range(size))
        for chosen in combinations_with_replacement(range(size), degree)
    )


def _collect(outer: FloatArray, size: int) -> FloatArray:
    """The coefficients of products of forms from the outer products (..., n1, n2) of their coefficients."""
    left, right = outer.shape[-2:]
    flat = outer.reshape(-1, left * right)
    if left * right == 1:
        out = flat
    elif left * right <= 36:
        out = flat @ _product(size, left, right)[0]
    else:
        # Too sparse for a matrix product to be worth it.
        _, order, starts = _product(size, left, right)
        out = np.add.reduceat(flat[:, order], starts, axis=1)
    return np.asarray(out.reshape(*outer.shape[:-2], -1))


@cache
def _product(size: int, left: int, right: int) -> tuple[FloatArray, IntArray, IntArray]:
    """Where each product of two coefficients goes: as a 0/1 matrix, and as an order with the starts of its groups."""
    one, two = (
        _monomials(size, next(d for d in range(99) if comb(d + size - 1, size - 1) == length))
        for length in (left, right)
    )
    target = _monomials(size, sum(one[0]) + sum(two[0]))
    place = {powers: t for t, powers in enumerate(target)}
    goal = np.array([place[tuple(x + y for x, y in zip(powers, others))] for powers in one for others in two])
    order = np.argsort(goal, kind="stable")
    starts = np.searchsorted(goal[order], np.arange(len(target)))
    return np.equal.outer(goal, np.arange(len(target))).astype(np.float64), order, starts
