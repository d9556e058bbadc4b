"""Who joins whom: the predictions of Caplow, Gamson and Chertkoff side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from games.arguments import checked
from games.errors import SizeError
from solvers.balance._stability import checked_resources
from solvers.base.deadline import keeps_time, steps
from solvers.base.result import Result
from solvers.cooperative import caplow_type

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["THEORIES", "Predictions", "predictions"]

THEORIES = ("Caplow", "Gamson", "Chertkoff")
_MOST_POWERS = 16

# By Caplow's type, with A, B, C in falling order of strength (0, 1, 2); type 3 has A and B equal, and C the odd one out,
# who is the weakest. Types 7 and 8 are left out: the 1956 paper does not treat them.
_CAPLOW: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((0, 1), (0, 2), (1, 2)),
    2: ((1, 2),),
    3: ((0, 2), (1, 2)),
    4: (),
    5: ((0, 2), (1, 2)),
    6: (),
}
# Whom each wants as a partner under Caplow's assumptions: probabilities of naming each of the others.
_CHOICES: dict[int, dict[tuple[int, int], Fraction]] = {
    1: {(i, j): Fraction(1, 2) for i in range(3) for j in range(3) if i != j},
    2: {(0, 1): Fraction(1, 2), (0, 2): Fraction(1, 2), (1, 2): Fraction(1), (2, 1): Fraction(1)},
    3: {(0, 2): Fraction(1), (1, 2): Fraction(1), (2, 0): Fraction(1, 2), (2, 1): Fraction(1, 2)},
    4: {},
    5: {
        (0, 1): Fraction(1, 2),
        (0, 2): Fraction(1, 2),
        (1, 2): Fraction(1),
        (2, 0): Fraction(1, 2),
        (2, 1): Fraction(1, 2),
    },
    6: {},
}

_Coalitions = dict[tuple[str, ...], Fraction]


@dataclass(frozen=True, eq=False, repr=False)
class Predictions(Result):
    """What three theories predict.

    Attributes
    ----------
    strengths : power -> strength, as fractions
    caplow_type : the type of a triad, 1 to 8; None for more than three powers
    coalitions : theory -> coalition (names) -> probability among the coalitions that form; empty where the theory predicts none,
        None where it makes no prediction
    shares : Gamson's division: coalition -> power -> share, in proportion to strength
    """

    strengths: Mapping[str, Fraction]
    caplow_type: int | None
    coalitions: Mapping[str, _Coalitions | None]
    shares: Mapping[tuple[str, ...], Mapping[str, Fraction]]

    def summary(self) -> str:
        parts = []
        for theory, found in self.coalitions.items():
            if found is None:
                parts.append(f"{theory} makes no prediction")
            elif not found:
                parts.append(f"{theory} predicts no coalition")
            else:
                parts.append(
                    f"{theory} predicts " + ", ".join(f"{' + '.join(c)} ({q})" for c, q in found.items())
                )
        return "; ".join(parts) + "."

    def to_frame(self) -> pd.DataFrame:
        """One row for each coalition that a theory predicts, one column for each theory: probabilities."""
        import pandas as pd

        named = dict.fromkeys(c for found in self.coalitions.values() if found for c in found)
        return pd.DataFrame(
            {
                theory: [float("nan") if found is None else float(found.get(c, 0)) for c in named]
                for theory, found in self.coalitions.items()
            },
            index=pd.Index([" + ".join(c) for c in named], name="coalition"),
        )


@checked
@keeps_time("the list of predictions", "leave out powers without strength")
def predictions(strengths: Mapping[str, float | Fraction], *, time_limit: float | None = None) -> Predictions:
    """Which coalitions form among powers of given strengths, by three theories.

    - *Caplow* (1956): in a triad everybody wants to control as many others as it can; a coalition controls the third if it is
      stronger. A set of coalitions by type of triad, taken here as equally likely.
    - *Gamson* (1961): the winning coalition with the least total strength, whose members share in proportion to strength.
    - *Chertkoff* (1967): each power names a partner by Caplow's motives, at random where it is indifferent; a coalition forms
      where the choice is mutual. Probabilities given that one forms.

    Caplow and Chertkoff treat triads only, and are not asked about the types in which one power equals the other two.

    Parameters
    ----------
    strengths : power -> strength in any unit, at least three powers, none negative
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError
        For strengths that are negative, or all zero.
    SizeError
        For fewer than three or more than 16 powers.

    Examples
    --------
    >>> found = predictions({"A": 4, "B": 3, "C": 2})
    >>> found.coalitions["Gamson"]
    {('B', 'C'): Fraction(1, 1)}
    >>> found.coalitions["Chertkoff"]
    {('A', 'C'): Fraction(1, 3), ('B', 'C'): Fraction(2, 3)}
    """
    exact = checked_resources(strengths)
    if not 3 <= len(exact) <= _MOST_POWERS:
        raise SizeError(f"coalitions are predicted for 3 to {_MOST_POWERS} powers; there are {len(exact)}")
    shares = _gamson(exact)
    gamson: _Coalitions = {c: Fraction(1, len(shares)) for c in shares}
    if len(exact) > 3:
        return Predictions(exact, None, {"Caplow": None, "Gamson": gamson, "Chertkoff": None}, shares)
    kind = caplow_type(exact)
    order = sorted(exact, key=lambda p: -exact[p])
    caplow = chertkoff = None
    if kind in _CAPLOW:
        pairs = _CAPLOW[kind]
        caplow = {_named(exact, order, pair): Fraction(1, len(pairs)) for pair in pairs}
        choices = _CHOICES[kind]
        mutual = {(i, j): q * choices.get((j, i), Fraction(0)) for (i, j), q in choices.items() if i < j}
        total = sum(mutual.values(), Fraction(0))
        chertkoff = {_named(exact, order, pair): q / total for pair, q in sorted(mutual.items()) if q}
    return Predictions(exact, kind, {"Caplow": caplow, "Gamson": gamson, "Chertkoff": chertkoff}, shares)


def _named(strengths: Mapping[str, Fraction], order: list[str], pair: tuple[int, int]) -> tuple[str, ...]:
    chosen = {order[k] for k in pair}
    return tuple(p for p in strengths if p in chosen)


def _gamson(strengths: Mapping[str, Fraction]) -> dict[tuple[str, ...], dict[str, Fraction]]:
    """The winning coalitions of least strength, and how their members share. Empty if one power wins alone."""
    names, half = list(strengths), sum(strengths.values()) / 2
    if max(strengths.values()) > half:
        return {}
    least, found = None, []
    for mask in steps(range(1, 2 ** len(names)), 2 ** len(names) - 1, "coalitions"):
        members = tuple(p for i, p in enumerate(names) if mask >> i & 1)
        total = sum((strengths[p] for p in members), Fraction(0))
        # A power without strength adds nothing and is left out.
        if total > half and all(strengths[p] for p in members):
            if least is None or total < least:
                least, found = total, [members]
            elif total == least:
                found.append(members)
    assert least is not None
    return {c: {p: strengths[p] / least for p in c} for c in found}
