"""Support profiles of any shape whose indifference equations have finitely many roots with no probability zero, decided exactly.

The roots are counted and described in rational arithmetic. The tools are a Groebner basis of the equations, with the
product of all probabilities made invertible, and multiplication matrices of the quotient. Every probability is a
polynomial in one separating linear form t (Cox, Little and O'Shea, "Using Algebraic Geometry", 2005, chapter 2).
Signs at the real roots of t's characteristic polynomial are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

import numpy as np

from games.types import MixedProfile, ObjectArray
from solvers.base.rounding import same_profile
from solvers.nash.many_players._curves import Undecided, sign_at_root
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
        self.x: list[list[Any]] = []
        self.linear: list[list[tuple[int, dict[int, int]]]] = []
        for i in range(len(supports)):
            own = [k for k, (j, _) in enumerate(self.unknowns) if j == i]
            rest = [gens[1 + k] for k in own]
            self.x.append([one - sum(rest, self.context.constant(0)), *rest])
            self.linear.append([(1, dict.fromkeys(own, -1)), *((0, {k: 1}) for k in own)])
        everything = one
        for vector in self.x:
            for p in vector:
                everything = everything * p
        self.equations = [gens[0] * everything - 1]
        for i, s in enumerate(supports):
            self.equations += [self.gain(i, a) for a in s[1:]]

    def gain(self, i: int, a: int) -> Any:
        total = self.context.constant(0)
        for choice, coefficient in self._terms(i, a):
            term = self.context.constant(coefficient)
            for j, place in enumerate(choice):
                if j != i and len(self.supports[j]) > 1:
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
        from flint import fmpz_poly

        polynomials = [p for p in self.equations if not p.is_zero()]
        for _ in range(2):
            basis = self._basis(polynomials)
            if any(p.is_constant() for p in basis):
                return None
            quotient = _Quotient(basis, len(self.unknowns) + 1)
            extra = []
            for k, matrix in enumerate(quotient.matrices):
                polynomial = matrix.charpoly().numer()
                squarefree = fmpz_poly([1])
                for factor, _ in polynomial.factor()[1]:
                    squarefree = squarefree * factor
                if squarefree.degree() < polynomial.degree():
                    g = self.context.gens()[k]
                    extra.append(
                        sum((int(c) * g**e for e, c in enumerate(squarefree)), self.context.constant(0))
                    )
            if quotient.separate():
                return quotient
            # By Seidenberg's lemma these make the ideal radical: double roots become simple.
            polynomials = [*basis, *extra]
        raise Undecided

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
        weights = [
            [
                flint.fmpq_poly([c]) + sum((s * values[k] for k, s in own.items()), flint.fmpq_poly([0]))
                for c, own in vector
            ]
            for vector in self.linear
        ]
        positive = [w for s, vector in zip(self.supports, weights) if len(s) > 1 for w in vector]
        losses = []
        for i, s in enumerate(self.supports):
            for a in range(self.payoffs[i].shape[i]):
                if a in s:
                    continue
                total = flint.fmpq_poly([0])
                for choice, coefficient in self._terms(i, a):
                    term = flint.fmpq_poly([coefficient])
                    for j, place in enumerate(choice):
                        if j != i and len(self.supports[j]) > 1:
                            term = (term * weights[j][place]) % t
                    total = total + term
                losses.append(total)
        out: list[Piece] = []
        for factor, _ in t.numer().factor()[1]:
            with flint.ctx.workprec(_BITS):
                real = [r.real for r, _ in factor.complex_roots() if r.imag == 0]
            for root in real:
                signs = [sign_at_root(p.numer(), root, factor) for p in positive]
                if any(s <= 0 for s in signs):
                    continue
                if any(sign_at_root(p.numer(), root, factor) > 0 for p in losses):
                    continue
                out.append(self._piece(weights, root))
        return [
            piece
            for k, piece in enumerate(out)
            if not any(same_profile(piece.middle, p.middle) for p in out[:k])
        ]

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
        # Finitely many roots exactly if some power of every unknown leads.
        highest = [
            min((sum(m) for m, _ in self.leading if m[k] == sum(m)), default=None) for k in range(unknowns)
        ]
        if any(h is None for h in highest):
            raise Undecided
        self.monomials: list[Monomial] = []
        frontier: list[Monomial] = [(0,) * unknowns]
        known = set(frontier)
        while frontier:
            here = frontier.pop()
            if any(_divides(m, here) for m, _ in self.leading):
                continue
            self.monomials.append(here)
            if len(self.monomials) > _MOST_ROOTS:
                raise Undecided
            for k in range(unknowns):
                there = (*here[:k], here[k] + 1, *here[k + 1 :])
                if there not in known:
                    known.add(there)
                    frontier.append(there)
        self.place = {m: k for k, m in enumerate(self.monomials)}
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

        out = [fmpq(0)] * len(self.monomials)
        for m, c in vector.items():
            out[self.place[m]] = fmpq(c.numerator, c.denominator)
        return out

    def _matrix(self, k: int) -> Any:
        from flint import fmpq_mat

        columns = [self.column(self.reduce((*m[:k], m[k] + 1, *m[k + 1 :]))) for m in self.monomials]
        n = len(columns)
        return fmpq_mat(n, n, [columns[c][r] for r in range(n) for c in range(n)])

    def separate(self) -> bool:
        """Find a linear form of the probabilities with different values at all roots; False if there is none (double roots)."""
        from flint import fmpq_mat

        n = len(self.monomials)
        for weights in ((1, 2, 3, 5, 7, 11, 13, 17, 19), (3, -7, 11, 2, -5, 17, 13, -29, 31)):
            form = fmpq_mat(n, n)
            for k in range(1, self.size):
                form = form + self.matrices[k] * weights[(k - 1) % len(weights)] * (
                    1 + (k - 1) // len(weights)
                )
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

        n = len(self.monomials)
        monomial = tuple(int(j == k) for j in range(self.size))
        solved = self.powers.solve(fmpq_mat(n, 1, self.column(self.reduce(monomial))))
        return fmpq_poly([solved[r, 0] for r in range(n)])


def _divides(lead: Monomial, monomial: Monomial) -> bool:
    return all(a <= b for a, b in zip(lead, monomial))
