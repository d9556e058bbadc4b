"""Exact signs of polynomials in one unknown: at the roots of others in (0, 1), and between these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

__all__ = ["Line", "Undecided", "sign_at_root", "sign_of", "value_at_root"]

_BITS = (128, 512, 4096)


class Undecided(Exception):
    """These conditions are outside what is decided here."""


class Line:
    """The interval (0, 1), cut at the roots of some polynomials; signs are exact everywhere."""

    def __init__(self, polynomials: Sequence[Any]) -> None:
        self.polynomials = list(polynomials)
        self.factors: list[Any] = []
        for p in self.polynomials:
            if p.degree() > 0:
                for factor, _ in p.factor()[1]:
                    if factor not in self.factors and -factor not in self.factors:
                        self.factors.append(factor)
        self.roots: list[tuple[Any, Any]] = []
        for bits in _BITS:
            if self.isolated(bits):
                return
        raise Undecided

    def isolated(self, bits: int) -> bool:
        """Find the roots inside (0, 1) with so many bits; False if these do not tell them apart."""
        import flint

        with flint.ctx.workprec(bits):
            self.roots = []
            for factor in self.factors:
                for root, _ in factor.complex_roots():
                    if root.imag != 0:
                        continue
                    x = root.real
                    if factor.degree() == 1:
                        c0, c1 = int(factor[0]), int(factor[1])
                        if not 0 < Fraction(-c0, c1) < 1:
                            continue
                    elif not (bool(x > 0) and bool(x < 1)):
                        if bool(x < 0) or bool(x > 1):
                            continue
                        return False
                    self.roots.append((x, factor))
            self.roots.sort(key=lambda pair: float(pair[0].mid()))
            values = [x for x, _ in self.roots]
            return all(bool(a < b) for a, b in pairwise(values))

    def where(self, holds: Callable[[Sequence[int]], bool]) -> list[tuple[float, float, bool]]:
        """The maximal runs on which the signs are as wanted: ends, and whether a single point is rational."""
        cells: list[tuple[float, float, bool, bool]] = []
        ends = [0.0, *(float(x.mid()) for x, _ in self.roots), 1.0]
        for k in range(len(ends) - 1):
            if k:
                x, factor = self.roots[k - 1]
                good = holds([sign_at_root(p, x, factor) for p in self.polynomials])
                cells.append((ends[k], ends[k], good, factor.degree() == 1))
            cells.append((ends[k], ends[k + 1], holds(self.between(k)), False))
        out: list[tuple[float, float, bool]] = []
        run: list[tuple[float, float, bool, bool]] = []
        for cell in [*cells, (1.0, 1.0, False, False)]:
            if cell[2]:
                run.append(cell)
            elif run:
                out.append((run[0][0], run[-1][1], len(run) == 1 and run[0][3]))
                run = []
        return out

    def between(self, k: int) -> list[int]:
        """The signs between two neighbouring cuts."""
        return [sign_of(p(self.inside(k))) for p in self.polynomials]

    def inside(self, k: int) -> Any:
        """A rational number between two neighbouring cuts."""
        from flint import fmpq

        low = 0 if k == 0 else self.roots[k - 1][0].upper()
        high = 1 if k == len(self.roots) else self.roots[k][0].lower()
        middle = (_fraction(low) + _fraction(high)) / 2
        return fmpq(middle.numerator, middle.denominator)


def sign_at_root(p: Any, x: Any, factor: Any) -> int:
    """The exact sign of a polynomial at the real root x (a ball) of an irreducible one."""
    return sign_of(_at_root(p, x, factor, None))


def value_at_root(p: Any, x: Any, factor: Any) -> Any:
    """The value of a polynomial at the real root x of an irreducible one, both balls, to a float's precision; zero is exact."""
    import flint

    return flint.arb(_at_root(p, x, factor, 60))


def _at_root(p: Any, x: Any, factor: Any, digits: int | None) -> Any:
    """The value as a ball without zero in it, known to so many bits, or 0."""
    import flint

    if _divides(factor, p):
        return 0
    near = float(x.mid())
    for bits in _BITS:
        with flint.ctx.workprec(bits):
            if factor.degree() == 1:
                x = flint.arb(flint.fmpq(-int(factor[0]), int(factor[1])))
            else:
                # The same root with so many bits.
                x = min(
                    (r.real for r, _ in factor.complex_roots() if r.imag == 0),
                    key=lambda r: abs(float(r.mid()) - near),
                )
            value = p(x)
            if value != 0 and (digits is None or value.rel_accuracy_bits() >= digits):
                return value
    raise Undecided


def _fraction(x: Any) -> Fraction:
    if isinstance(x, int):
        return Fraction(x)
    mantissa, exponent = x.mid().man_exp()
    # Between 0 and 1 the exponent is never above 0.
    return Fraction(int(mantissa), 2 ** -int(exponent))


def _divides(factor: Any, p: Any) -> bool:
    from flint import fmpq_poly

    return not any((fmpq_poly(p) % fmpq_poly(factor)).coeffs())


def sign_of(x: Any) -> int:
    """-1, 0 or 1."""
    return int(x > 0) - int(x < 0)
