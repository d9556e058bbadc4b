"""The value of Colonel Blotto's game with forces that can be divided at will."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from games.arguments import checked
from games.errors import GameError
from games.exact import as_written
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BlottoValue", "blotto_value"]


@dataclass(frozen=True, eq=False, repr=False)
class BlottoValue(Result):
    """Expected shares of the fields.

    Attributes
    ----------
    forces : what each side has
    fields : number of equal fields
    shares : the expected share of the fields of each side, exact, unique over all equilibria
    case : which of the theorem's cases applies
    """

    forces: tuple[Fraction, Fraction]
    fields: int
    shares: tuple[Fraction, Fraction]
    case: str

    def summary(self) -> str:
        return (
            f"Colonel Blotto with {self.fields} equal fields and forces of {float(self.forces[0]):g} and "
            f"{float(self.forces[1]):g}: expected shares {self.shares[0]} and {self.shares[1]} ({self.case}). A field of equal "
            "forces goes to the stronger side."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each side."""
        import pandas as pd

        return pd.DataFrame(
            {"force": list(map(float, self.forces)), "share": list(map(float, self.shares))},
            index=pd.RangeIndex(1, 3, name="side"),
        )


@checked
def blotto_value(force: float | Fraction, other: float | Fraction, fields: int) -> BlottoValue:
    """The value of the continuous Colonel Blotto game on equal fields (Roberson 2006; two fields by Gross and Wagner 1950).

    With q the weaker side's force over the stronger's and n fields, the weaker side's share is

    - q / 2 for 2/n <= q <= 1 (n >= 3),
    - 2/n - 2/(n**2 q) for 1/(n-1) <= q < 2/n,
    - (2m - 2)/(m n**2) with m = ceil(q / (1 - q (n - 1))) for 1/n < q < 1/(n-1),
    - 0 for q <= 1/n: the stronger side holds every field.

    Parameters
    ----------
    force, other : the forces of the two sides, not negative, one of them positive; decimals are taken as written
    fields : number of fields n, at least 1

    Raises
    ------
    GameError
        For forces that are negative or both zero, or fewer than one field.

    Examples
    --------
    >>> [str(x) for x in blotto_value(3, 4, fields=3).shares]
    ['3/8', '5/8']
    """
    forces = (
        as_written("the force", "the first side", force),
        as_written("the force", "the second side", other),
    )
    if not any(forces):
        raise GameError("at least one side needs some force")
    if fields < 1 or fields != int(fields):
        raise GameError(f"there are {fields} fields; a whole number of at least 1 is needed")
    n, weak = int(fields), min(forces)
    q = weak / max(forces)
    if q == 1:
        share, case = Fraction(1, 2), "equal forces"
    elif q <= Fraction(1, n):
        share, case = Fraction(0), "the stronger side can hold every field"
    elif q < Fraction(1, n - 1):
        m = ceil(q / (1 - q * (n - 1)))
        share, case = Fraction(2 * m - 2, m * n * n), "1/n < q < 1/(n-1)"
    elif q < Fraction(2, n):
        share, case = Fraction(2, n) - 2 / (n * n * q), "1/(n-1) <= q < 2/n"
    else:
        share, case = q / 2, "2/n <= q <= 1"
    pair = (share, 1 - share) if forces[0] <= forces[1] else (1 - share, share)
    return BlottoValue(forces, n, pair, case)
