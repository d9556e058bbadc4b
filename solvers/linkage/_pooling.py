"""Issue linkage: which bundles of concessions two sides gain from, whether they hold, and what would make them hold.

Each period both sides keep to what was agreed, or one breaks it and the whole bundle permanently falls back to its breakdown.
Let v be the agreed payoff over all issues, w the breakdown's, g >= 0 the gain from breaking every issue at once, and
d the discount factor. A side keeps to the bundle exactly if its slack (`solvers.repeated.patience._slack`) is not
negative:

    slack = d (q - e) (1 - d) / (1 - d (1 - e)) (v - w) - (1 - d) g >= 0

where e and q are the probabilities that an alarm ends the bundle if it is kept and if it is broken (0 and 1: slack = d (v - w) -
(1 - d) g). Slacks add up over issues, so pooling them never hurts: what is to spare on one issue covers what is missing on
another (Bernheim and Whinston 1990, *RAND Journal of Economics* 21).

Incentive constraints need no common unit between the sides. Side payments do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, SupportsInt

import numpy as np

from games.arguments import instance, table, whole
from games.errors import MethodError, ProfileError, did_you_mean
from games.issues import Bundle, Issue, Threat
from games.normal_form import FloatArray
from games.words import listed, sentence, the
from solvers.base.result import Result
from solvers.linkage import _incentives as incentives
from solvers.linkage._swap_table import weaker_side
from solvers.transfers import UNIT, payments

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Bundle", "Issue", "Pooling", "Ranges", "Threat", "pooling", "ranges"]


# ---------------------------------------------------------------------- one bundle: alone and pooled


@dataclass(frozen=True, eq=False, repr=False)
class Pooling(Result):
    """The incentive constraints of a bundle, issue by issue and pooled.

    Attributes
    ----------
    bundle : Bundle
    options : for each of M issues the label of what is agreed
    premium : array (M, 2), agreed payoffs less the breakdown's
    slack : array (M, 2), what each side loses a period by breaking that issue if it stood alone
    critical : array (M, 2), the discount factor from which on it holds alone; inf if none is high enough
    pooled_slack, pooled_critical : arrays (2,), the same for the whole bundle
    payments : array (2,), net receipts a period that make the pooled bundle hold (zero if it does anyway), NaN if none are enough
    """

    bundle: Bundle
    options: tuple[str, ...]
    premium: FloatArray
    slack: FloatArray
    critical: FloatArray
    pooled_slack: FloatArray
    pooled_critical: FloatArray
    payments: FloatArray

    def __post_init__(self) -> None:
        for array in (
            self.premium,
            self.slack,
            self.critical,
            self.pooled_slack,
            self.pooled_critical,
            self.payments,
        ):
            array.setflags(write=False)

    @property
    def holds_separately(self) -> bool:
        """Does every issue hold by itself?"""
        return bool((self.slack >= 0).all())

    @property
    def holds(self) -> bool:
        """Does the bundle hold, without payments?"""
        return bool((self.pooled_slack >= 0).all())

    @property
    def holds_with_payments(self) -> bool:
        """Does it hold with the right payments? (Needs a common unit.)"""
        return bool(np.isfinite(self.payments).all())

    @property
    def helps(self) -> float:
        """How much pooling lowers the discount factor that both need: 0 if not at all, inf if without it none is high enough."""
        alone, pooled = float(self.critical.max()), float(self.pooled_critical.max())
        return 0.0 if alone == pooled else alone - pooled

    @property
    def weaker(self) -> str:
        """The side with the weaker incentive: its discount factor exceeds the one it needs by less."""
        return self.bundle.sides[int(weaker_side(self.bundle.discount, self.pooled_critical))]

    def summary(self) -> str:
        alone = sum(bool((row >= 0).all()) for row in self.slack)
        total = len(self.options)
        parts = [
            f"Taken alone, {alone} of {total} issue{'s' * (total != 1)} would hold; the bundle "
            + ("holds." if self.holds else "does not hold.")
        ]
        needs = [
            f"{the(side)} needs a discount factor of {c:.4g} and has {d:.4g}"
            if np.isfinite(c)
            else f"no discount factor is high enough for {the(side)}"
            for side, c, d in zip(self.bundle.sides, self.pooled_critical, self.bundle.discount)
        ]
        parts.append(sentence(f"{listed(needs)}; the weaker side is {the(self.weaker)}"))
        if self.holds:
            return " ".join(parts)
        if self.holds_with_payments:
            payer = int(np.argmin(self.payments))
            parts.append(
                f"It would hold if {the(self.bundle.sides[payer])} paid {the(self.bundle.sides[1 - payer])} "
                f"{-self.payments[payer]:.4g} every period ({self.bundle.unit}). {UNIT}"
            )
        else:
            parts.append(f"No payment between the two would make it hold. {UNIT}")
        return " ".join(parts)

    def to_frame(self) -> pd.DataFrame:
        """One row for each issue and one for the bundle: each side's premium, slack and critical discount; does it hold?"""
        import pandas as pd

        names = [*(issue.name for issue in self.bundle.issues), "pooled"]
        columns: dict[str, list[Any]] = {"agreed": [*self.options, ""]}
        for i, side in enumerate(self.bundle.sides):
            columns[f"{side} premium"] = [*self.premium[:, i], self.premium[:, i].sum()]
            columns[f"{side} slack"] = [*self.slack[:, i], self.pooled_slack[i]]
            columns[f"{side} critical discount"] = [*self.critical[:, i], self.pooled_critical[i]]
        columns["holds"] = [*(bool((row >= 0).all()) for row in self.slack), self.holds]
        return pd.DataFrame(columns, index=pd.Index(names, name="issue"))


def pooling(bundle: Bundle, agreed: Mapping[str, str | SupportsInt] | None = None) -> Pooling:
    """Check the incentive constraints of a bundle, issue by issue and pooled, and what payment would make it hold if it fails.

    `agreed` names for some issues the option that is agreed (its label or number); by default the first after the breakdown.
    To leave an issue out, name its breakdown (number 0).

    Raises ProfileError for an issue or option that does not exist.

    Examples
    --------
    Two concessions, neither of which would be made without the other (Byers et al. 2024):

    >>> from games import deals
    >>> result = pooling(deals.get("philippines"))
    >>> result.holds_separately, result.holds, result.weaker
    (False, True, 'United States')
    >>> result.pooled_critical
    array([0.6259, 0.5006])
    """
    instance(bundle, Bundle, "the bundle")
    chosen = [1] * len(bundle.issues)
    known = [issue.name for issue in bundle.issues]
    for name, option in table(agreed or {}, "agreed", ProfileError).items():
        if name not in known:
            raise ProfileError(f"the bundle has no issue {name!r}{did_you_mean(name, known)}")
        issue = bundle.issues[known.index(name)]
        if isinstance(option, str):
            if option not in issue.options:
                raise ProfileError(f"{name} has no option {option!r}{did_you_mean(option, issue.options)}")
            chosen[known.index(name)] = issue.options.index(option)
        else:
            last = len(issue.options) - 1
            what = f"the options of {name} have numbers from 0 to {last}"
            chosen[known.index(name)] = whole(option, what, ProfileError, most=last)
    premium = np.array([i.agreed[k] - i.agreed[0] for i, k in zip(bundle.issues, chosen)])
    gain = np.array([i.gain[k] for i, k in zip(bundle.issues, chosen)])
    together, tempted = premium.sum(axis=0), gain.sum(axis=0)
    slack = incentives.slack(tempted, together, bundle)
    return Pooling(
        bundle,
        tuple(issue.options[k] for issue, k in zip(bundle.issues, chosen)),
        premium,
        incentives.slack(gain, premium, bundle),
        incentives.critical_discount(gain, premium, bundle),
        slack,
        incentives.critical_discount(tempted, together, bundle),
        payments(slack, incentives.weight(bundle)),
    )


@dataclass(frozen=True, eq=False, repr=False)
class Ranges(Result):
    """How a worked case changes over the ranges of its assumed numbers, taken one at a time. Made by `ranges`.

    Attributes
    ----------
    name : the worked case
    base : the bundle at its own numbers
    table : one row for each assumed number: path, value, low, high, and the smaller slack of the two sides at each end, with the
        name of the side
    """

    name: str
    base: Pooling
    table: pd.DataFrame

    @property
    def turning(self) -> tuple[str, ...]:
        """The numbers that decide: the bundle holds at some point of their range, and not at another."""
        ends = (self.table[["slack at low", "slack at high"]] >= 0).to_numpy()
        return tuple(self.table["path"][(ends != self.base.holds).any(axis=1)])

    def summary(self) -> str:
        what = "holds" if self.base.holds else "does not hold"
        start = f"At its own numbers the bundle {self.name!r} {what}."
        if not self.turning:
            return f"{start} No single assumed number changes that within its range."
        return (
            f"{start} Of {len(self.table)} assumed numbers, {len(self.turning)} would change that within their ranges, each by "
            f"itself: {', '.join(self.turning)}."
        )

    def to_frame(self) -> pd.DataFrame:
        """The table."""
        return self.table


def ranges(name: str, agreed: Mapping[str, str | SupportsInt] | None = None) -> Ranges:
    """Set each assumed number of a worked case (`games.deals`) to the ends of its range: does the bundle still hold?

    `agreed` as in `pooling`. Raises MethodError for a threat, which is not a bundle.

    >>> ranges("taiwan").base.holds
    True
    """
    from games import deals

    def at(changes: Mapping[str, float]) -> Pooling:
        bundle = deals.get(name, changes)
        if isinstance(bundle, Threat):
            raise MethodError(f"{name} is a threat; see linkage.coercion")
        return pooling(bundle, agreed)

    base = at({})
    frame = deals.inputs(name)
    frame = frame.loc[frame["tag"] == "assumed", ["path", "value", "low", "high"]].reset_index(drop=True)
    for end in ("low", "high"):
        found = [at({path: value}) for path, value in zip(frame["path"], frame[end])]
        worst = [int(np.argmin(result.pooled_slack)) for result in found]
        frame[f"slack at {end}"] = [float(r.pooled_slack[i]) for r, i in zip(found, worst)]
        frame[f"side at {end}"] = [r.bundle.sides[i] for r, i in zip(found, worst)]
    return Ranges(name, base, frame)
