"""Stability of constant-sum systems in which powers may change sides while they fight (Wagner 1986)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from games.arguments import checked
from solvers.balance._stability import checked_resources
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ConstantSumSystem", "wagner"]

_MOST_PROVEN = 5


@dataclass(frozen=True, eq=False, repr=False)
class ConstantSumSystem(Result):
    """What Wagner's model says of a distribution of resources.

    Attributes
    ----------
    resources : power -> resources, as fractions
    stable : True if nobody will be eliminated, False if somebody will, None if the model leaves both open
    peaceful : the distribution leads not only to stability but to peace: one power has exactly half of all resources
    reason : one sentence
    """

    resources: Mapping[str, Fraction]
    stable: bool | None
    peaceful: bool
    reason: str

    @property
    def peaceful_after_war(self) -> dict[tuple[str, str], dict[str, Fraction]]:
        """For each attacker and its victim the peaceful distribution at which the attacker stops, with exactly half.

        The third power keeps what it has. Empty unless there are three powers, none of which has half.
        """
        half = sum(self.resources.values(), Fraction(0)) / 2
        present = {p: r for p, r in self.resources.items() if r}
        if len(present) != 3 or max(present.values()) >= half:
            return {}
        out = {}
        for attacker in present:
            for victim in present:
                if attacker != victim:
                    taken = half - present[attacker]
                    out[attacker, victim] = {
                        p: half if p == attacker else r - taken if p == victim else r
                        for p, r in present.items()
                    }
        return out

    def summary(self) -> str:
        verdict = {True: "Stable", False: "Not stable", None: "Not decided"}[self.stable]
        return f"{verdict}{' and peaceful' if self.peaceful else ''}: {self.reason}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each peaceful distribution: the present one if it is, else those at which a war of three ends."""
        import pandas as pd

        rows = {"now": {p: float(r) for p, r in self.resources.items()}}
        for (attacker, victim), after in self.peaceful_after_war.items():
            rows[f"{attacker} gains from {victim}"] = {p: float(r) for p, r in after.items()}
        return pd.DataFrame.from_dict(rows, orient="index")


@checked
def wagner(resources: Mapping[str, float | Fraction]) -> ConstantSumSystem:
    """Will a constant-sum system of powers eliminate one of them (Wagner 1986)?

    Powers fight as long as they like and change sides when they like; the stronger side absorbs resources gradually. With two
    powers the weaker is eliminated unless both are equal. With three, none that has no more than half can be
    eliminated: as soon as an attacker has half, its partner's interest is to stop it. A power with more than half
    eliminates all others. Systems of four and five *can* be stable, depending on what the powers expect of each other, so
    that without a power of exactly half the verdict is open. A distribution in which one power has exactly half is peaceful.

    Parameters
    ----------
    resources : power -> resources in any unit. Decimals are taken as written; fractions are exact.

    Raises
    ------
    GameError
        For fewer than two powers, negative resources, or no resources at all.

    Examples
    --------
    >>> wagner({"A": 40, "B": 35, "C": 25}).stable
    True
    >>> wagner({"A": 60, "B": 40}).stable
    False
    >>> wagner({"A": 1, "B": 1, "C": 1, "D": 1}).stable is None
    True
    """
    exact = checked_resources(resources)
    present = {p: r for p, r in exact.items() if r}
    half = sum(present.values()) / 2
    top = max(present, key=lambda p: present[p])
    if len(present) == 1:
        return ConstantSumSystem(exact, True, True, "only one power is left.")
    if present[top] > half:
        return ConstantSumSystem(
            exact, False, False, f"{top} has more than half of all resources and can eliminate all others."
        )
    if present[top] == half:
        return ConstantSumSystem(
            exact,
            True,
            True,
            f"{top} has exactly half of all resources; with any gain it could eliminate all others, who therefore hold together.",
        )
    if len(present) == 3:
        return ConstantSumSystem(
            exact,
            True,
            False,
            "of three powers none has half; an attack ends when an attacker has exactly half, and all three survive.",
        )
    if len(present) <= _MOST_PROVEN:
        return ConstantSumSystem(
            exact,
            None,
            False,
            f"a system of {len(present)} powers can be stable, but whether it is depends on what each expects of the others.",
        )
    return ConstantSumSystem(
        exact,
        None,
        False,
        f"Wagner's results are for two to {_MOST_PROVEN} powers; this system has {len(present)}.",
    )
