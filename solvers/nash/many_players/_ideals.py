"""Support profiles of any shape whose indifference equations have finitely many roots with no probability zero, decided exactly.

The roots are counted and described in rational arithmetic. The tools are a Groebner basis of the equations, with the
product of all probabilities made invertible, and multiplication matrices of the quotient. Every probability is a
polynomial in one separating linear form t (Cox, Little and O'Shea, "Using Algebraic Geometry", 2005, chapter 2).
Signs at the real roots of t's characteristic polynomial are exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import reduce
from itertools import product
from operator import mul
from typing import Any, TypeAlias

import numpy as np

from games.types import MixedProfile, ObjectArray
from solvers.base.rounding import same_profile
from solvers.nash.many_players._line import Undecided, sign_at_root
from solvers.nash.many_players._pieces import Piece, Supports

__all__ = ["roots"]

Monomial: TypeAlias = tuple[int, ...]
Vector: TypeAlias = dict[Monomial, Fraction]

# (polynomials, terms, bits) of a basis past which the profile is left undecided: what stays below takes well under a second.
_LIMITS = (80, 300, 3000)
_MOST_ROOTS = 30
_BITS = 256


def roots(payoffs: Sequence[ObjectArray], supports: Supports) -> list[Piece]:
    """All equilibria with exactly these supports; raises Undecided if the equations have infinitely many roots or too many."""
    system = _System(payoffs, supports)
    quotient = system.quotient()
    if quotient is None:
        return []
    return system.equilibria(quotient)


class _System:
    def __init__(self, payoffs: Sequence[ObjectArray], supports: Supports) -> None:
        from flint import fmpz_mpoly_ctx

        self.payoffs, self.supports = payoffs, supports
        self.unknowns = [(i, a) for i, s in enumerate(supports) for a in s[1:]]
        names = ["y", *(f"x{k}" for k in range(len(self.unknowns)))]
        self.context = fmpz_mpoly_ctx.get(names, "degrevlex")
        gens = self.context.gens()
        one = self.context.constant(1)
        self.x = _strategies(supports, gens[1:], one)
        everything = one
        for vector in self.x:
            for p in vector:
                everything = everything * p
        self.equations = [gens[0] * everything - 1, *(self.gain(i, a) for i, a in self.unknowns)]

    def gain(self, i: int, a: int) -> Any:
        total = self.context.constant(0)
        for choice, coefficient in self._terms(i, a):
            term = self.context.constant(coefficient)
            for j, place in enumerate(choice):
                if j != i:
                    term = term * self.x[j][place]
            total = total + term
        return total

    def _terms(self, i: int, a: int) -> list[tuple[tuple[int, ...], int]]:
        out = []
        for choice in product(*(range(len(s)) if j != i else (0,) for j, s in enumerate(self.supports))):
            at = [s[c] for s, c in zip(self.supports, choice)]
            base = int(self.payoffs[i][tuple(at)])
            at[i] = a
            difference = int(self.payoffs[i][tuple(at)]) - base
            if difference:
                out.append((choice, difference))
        return out

    def quotient(self) -> _Quotient | None:
        """The quotient ring by the radical of the ideal; None if there is no root."""
        polynomials = [p for p in self.equations if not p.is_zero()]
        for _ in range(2):
            basis = self._basis(polynomials)
            if any(p.is_constant() for p in basis):
                return None
            quotient = _Quotient(basis, len(self.unknowns) + 1)
            if quotient.separate():
                return quotient
            # By Seidenberg's lemma these make the ideal radical: double roots become simple.
            polynomials = [*basis, *map(self._squarefree, self.context.gens(), quotient.matrices)]
        raise Undecided

    def _squarefree(self, unknown: Any, matrix: Any) -> Any:
        """A polynomial in one unknown that has each of its values at the roots once."""
        polynomial = reduce(mul, (factor for factor, _ in matrix.charpoly().numer().factor()[1]))
        return sum((int(c) * unknown**e for e, c in enumerate(polynomial)), self.context.constant(0))

    def _basis(self, polynomials: list[Any]) -> list[Any]:
        from flint import fmpz_mpoly_vec

        vector: Any = fmpz_mpoly_vec(polynomials, self.context)
        basis, done = vector.buchberger_naive(_LIMITS)
        if not done:
            raise Undecided
        return list(basis.autoreduction())

    def equilibria(self, quotient: _Quotient) -> list[Piece]:
        import flint

        t = quotient.polynomial
        values = [quotient.in_t(k + 1) for k in range(len(self.unknowns))]
        weights = _strategies(self.supports, values, flint.fmpq_poly([1]))
        positive = [w for vector in weights for w in vector]
        gains = []
        for i, s in enumerate(self.supports):
            for a in range(self.payoffs[i].shape[i]):
                if a in s:
                    continue
                total = flint.fmpq_poly([0])
                for choice, coefficient in self._terms(i, a):
                    term = flint.fmpq_poly([coefficient])
                    for j, place in enumerate(choice):
                        if j != i:
                            term = (term * weights[j][place]) % t
                    total = total + term
                gains.append(total)
        out: list[Piece] = []
        for factor, _ in t.numer().factor()[1]:
            with flint.ctx.workprec(_BITS):
                real = [r.real for r, _ in factor.complex_roots() if r.imag == 0]
            out += [
                self._piece(weights, root)
                for root in real
                if all(sign_at_root(p.numer(), root, factor) == 1 for p in positive)
                and not any(sign_at_root(p.numer(), root, factor) == 1 for p in gains)
            ]
        return out

    def _piece(self, weights: list[list[Any]], root: Any) -> Piece:
        import flint

        profile = []
        with flint.ctx.workprec(_BITS):
            for i, s in enumerate(self.supports):
                vector = np.zeros(self.payoffs[i].shape[i])
                vector[list(s)] = [float(_at(w, root).mid()) for w in weights[i]]
                profile.append(vector / vector.sum())
        point: MixedProfile = tuple(profile)
        return Piece(self.supports, 0, (point,), point, lambda other: same_profile(point, other))


def _strategies(supports: Supports, rest: Iterable[Any], one: Any) -> list[list[Any]]:
    """Each player's probabilities: of its first action what the others leave of one, and then those in `rest`."""
    unknown = iter(rest)
    out = []
    for s in supports:
        own = [next(unknown) for _ in s[1:]]
        first = one
        for p in own:
            first = first - p
        out.append([first, *own])
    return out


def _at(p: Any, root: Any) -> Any:
    import flint

    total = flint.arb(0)
    for c in reversed([p[k] for k in range(p.degree() + 1)]):
        total = total * root + flint.arb(c)
    return total


class _Quotient:
    """Polynomials modulo a Groebner basis, as vectors on the monomials that no leading monomial divides."""

    def __init__(self, basis: Sequence[Any], unknowns: int) -> None:
        self.leading: list[tuple[Monomial, Vector]] = []
        for p in basis:
            terms = [(tuple(int(e) for e in m), Fraction(int(c))) for m, c in p.terms()]
            (lead, scale), rest = terms[0], terms[1:]
            self.leading.append((lead, {m: -c / scale for m, c in rest}))
        self.size = unknowns
        # As many as there are roots, with multiplicity: without end if these are infinitely many.
        self.place: dict[Monomial, int] = {}
        frontier: list[Monomial] = [(0,) * unknowns]
        while frontier:
            here = frontier.pop()
            if here in self.place or any(_divides(m, here) for m, _ in self.leading):
                continue
            self.place[here] = len(self.place)
            if len(self.place) > _MOST_ROOTS:
                raise Undecided
            frontier += [_times(here, k) for k in range(unknowns)]
        self.reduced: dict[Monomial, Vector] = {}
        self.matrices = [self._matrix(k) for k in range(unknowns)]
        self.polynomial: Any = None
        self.powers: Any = None

    def reduce(self, monomial: Monomial) -> Vector:
        if monomial in self.place:
            return {monomial: Fraction(1)}
        if monomial not in self.reduced:
            lead, rest = next((m, r) for m, r in self.leading if _divides(m, monomial))
            out: Vector = {}
            for m, c in rest.items():
                shifted = tuple(a + b - d for a, b, d in zip(m, monomial, lead))
                for key, value in self.reduce(shifted).items():
                    out[key] = out.get(key, Fraction(0)) + c * value
            self.reduced[monomial] = out
        return self.reduced[monomial]

    def column(self, vector: Vector) -> list[Any]:
        from flint import fmpq

        out = [fmpq(0)] * len(self.place)
        for m, c in vector.items():
            out[self.place[m]] = fmpq(c.numerator, c.denominator)
        return out

    def _matrix(self, k: int) -> Any:
        from flint import fmpq_mat

        columns = [self.column(self.reduce(_times(m, k))) for m in self.place]
        n = len(columns)
        return fmpq_mat(n, n, [columns[c][r] for r in range(n) for c in range(n)])

    def separate(self) -> bool:
        """Find a linear form of the probabilities with different values at all roots; False if there is none (double roots)."""
        from flint import fmpq_mat

        n = len(self.place)
        for base in (7, 11):
            form = sum((matrix * base**k for k, matrix in enumerate(self.matrices[1:])), fmpq_mat(n, n))
            polynomial = form.charpoly()
            if polynomial.gcd(polynomial.derivative()).degree() > 0:
                continue
            power = fmpq_mat(n, 1, self.column({(0,) * self.size: Fraction(1)}))
            columns = []
            for _ in range(n):
                columns.append([power[r, 0] for r in range(n)])
                power = form * power
            self.powers = fmpq_mat(n, n, [columns[c][r] for r in range(n) for c in range(n)])
            self.polynomial = polynomial
            return True
        return False

    def in_t(self, k: int) -> Any:
        """Unknown k as a polynomial in the separating form."""
        from flint import fmpq_mat, fmpq_poly

        n = len(self.place)
        monomial = tuple(int(j == k) for j in range(self.size))
        solved = self.powers.solve(fmpq_mat(n, 1, self.column(self.reduce(monomial))))
        return fmpq_poly([solved[r, 0] for r in range(n)])


def _times(monomial: Monomial, k: int) -> Monomial:
    """The monomial times unknown k."""
    return (*monomial[:k], monomial[k] + 1, *monomial[k + 1 :])


def _divides(lead: Monomial, monomial: Monomial) -> bool:
    return all(a <= b for a, b in zip(lead, monomial))
