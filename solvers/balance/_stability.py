"""System stability and resource stability of a constant-sum system of powers (Niou, Ordeshook and Rose 1989)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from games.arguments import checked
from games.errors import GameError, SizeError
from games.exact import as_written
from games.voting import weighted
from solvers.base.deadline import keeps_time
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Stability", "checked_resources", "stability"]

_MOST_LISTED = 16


def checked_resources(resources: Mapping[str, float | Fraction]) -> dict[str, Fraction]:
    """Resources as fractions: at least two powers, none negative, not all zero.

    Decimals are taken as they are written: `.45` is 45/100, so that a half is exactly a half.
    """
    out = {str(name): as_written("the resources", str(name), value) for name, value in resources.items()}
    if len(out) < 2 or not any(out.values()):
        raise GameError("at least two powers are needed, and one of them with resources")
    return out


@dataclass(frozen=True, eq=False, repr=False)
class Stability(Result):
    """Who can be eliminated, and whether anybody's resources are safe.

    Attributes
    ----------
    resources : power -> resources, as fractions
    predominant : the power with more than half of all resources, or None
    near_predominant : the powers with exactly half
    essential : powers that turn some coalition that does not win into one that does
    inessential : all other powers with resources; a coalition that wins does so without them
    """

    resources: Mapping[str, Fraction]
    predominant: str | None
    near_predominant: tuple[str, ...]
    essential: tuple[str, ...]
    inessential: tuple[str, ...]

    @property
    def system_stable(self) -> bool:
        """No power will be eliminated: nobody is predominant, and every power is essential."""
        return self.predominant is None and not self.inessential

    @property
    def resource_stable(self) -> bool:
        """No power will lose resources: the system is stable and one power has exactly half of them."""
        return self.system_stable and bool(self.near_predominant)

    @property
    def eliminated(self) -> tuple[str, ...]:
        """The powers whose survival is not assured."""
        if self.predominant is not None:
            return tuple(p for p, r in self.resources.items() if r and p != self.predominant)
        return self.inessential

    @cached_property
    def minimal_winning(self) -> tuple[tuple[str, ...], ...]:
        """The coalitions with more than half of all resources that need every member, smallest resources first.

        Raises SizeError for more than 16 powers.
        """
        names = list(self.resources)
        if len(names) > _MOST_LISTED:
            raise SizeError(
                f"coalitions are listed for at most {_MOST_LISTED} powers; there are {len(names)}"
            )
        half = sum(self.resources.values()) / 2
        found = []
        for mask in range(1, 2 ** len(names)):
            members = tuple(p for i, p in enumerate(names) if mask >> i & 1)
            total = sum((self.resources[p] for p in members), Fraction(0))
            if total > half and all(total - self.resources[p] <= half for p in members):
                found.append((total, members))
        return tuple(members for _, members in sorted(found, key=lambda pair: pair[0]))

    def summary(self) -> str:
        if self.predominant is not None:
            return (
                f"{self.predominant} has more than half of all resources and can eliminate "
                f"{', '.join(self.eliminated) or 'nobody'}: neither the system nor its resources are stable."
            )
        if self.inessential:
            return (
                f"Not system stable: {', '.join(self.inessential)} never turn{'s' * (len(self.inessential) == 1)} a "
                "coalition that does not win into one that does, so that no one needs them."
            )
        if self.near_predominant:
            return (
                f"System stable and resource stable: every power is essential, and {' and '.join(self.near_predominant)} "
                "has exactly half of all resources, so that any gain of that power threatens all others."
            )
        return (
            "System stable, not resource stable: every power is essential, but none has exactly half of all resources, so "
            "that a threatened power can be made to hand some over."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each power: resources, share, whether it is essential, whether it survives."""
        import pandas as pd

        total = sum(self.resources.values())
        return pd.DataFrame(
            {
                "resources": [float(r) for r in self.resources.values()],
                "share": [float(r / total) for r in self.resources.values()],
                "essential": [p in self.essential for p in self.resources],
                "survives": [p not in self.eliminated and bool(r) for p, r in self.resources.items()],
            },
            index=pd.Index(list(self.resources), name="power"),
        )

    def threats(self) -> pd.DataFrame:
        """One row for each minimal winning coalition and each of its members that a target could buy off.

        The targets hand over just enough to make one member of the threat near-predominant, after which its partners no
        longer gain from its winning. `transfer` is what that takes, `left` what the targets keep together. A list of moves,
        not an equilibrium: it shows where resources can flow.
        """
        import pandas as pd

        total = sum(self.resources.values())
        rows = []
        for coalition in self.minimal_winning:
            targets = [p for p in self.resources if p not in coalition and self.resources[p]]
            held = sum((self.resources[p] for p in targets), Fraction(0))
            for member in coalition:
                transfer = total / 2 - self.resources[member]
                if 0 < transfer < held:
                    rows.append(
                        (
                            " + ".join(coalition),
                            ", ".join(targets),
                            member,
                            float(transfer),
                            float(held - transfer),
                        )
                    )
        return pd.DataFrame(rows, columns=["threat", "targets", "bought off", "transfer", "left"])


@checked
@keeps_time("the check of stability", "give resources in a coarser unit")
def stability(resources: Mapping[str, float | Fraction], *, time_limit: float | None = None) -> Stability:
    """Is a system of powers stable, in survival and in resources (Niou, Ordeshook and Rose 1989; Niou and Ordeshook 1986)?

    Resources are constant in sum; a coalition with more than half of them can take all from the others, one with exactly
    half can block. Powers want to survive first and resources second. A power is essential if it turns some coalition
    that does not win into one that does. The system is stable if and only if every power is essential and none is
    predominant. It is resource stable if, besides, one power has exactly half.

    The function applies these conditions; it does not play the game of threats and counter-threats behind them.

    Parameters
    ----------
    resources : power -> resources in any unit. Decimals are taken as written; fractions are exact.
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError
        For fewer than two powers, negative resources, or no resources at all.

    Examples
    --------
    >>> stability({"A": 120, "B": 100, "C": 80}).system_stable
    True
    >>> stability({"A": 150, "B": 75, "C": 75}).resource_stable
    True
    >>> stability({"A": 110, "B": 100, "C": 90, "D": 5}).eliminated
    ('D',)
    """
    exact = checked_resources(resources)
    total = sum(exact.values())
    predominant = next((p for p, r in exact.items() if 2 * r > total), None)
    near = tuple(p for p, r in exact.items() if 2 * r == total)
    pivotal = _essential(exact)
    present = [p for p, r in exact.items() if r]
    return Stability(
        exact,
        predominant,
        near,
        tuple(p for p in present if p in pivotal),
        tuple(p for p in present if p not in pivotal),
    )


def _essential(resources: Mapping[str, Fraction]) -> set[str]:
    from solvers.cooperative import voting_power

    found = voting_power(weighted(resources))
    return {p for p, swings in zip(resources, found.swings) if swings}
