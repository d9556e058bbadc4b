"""Threats: one is credible only if carrying it out beats the status quo for the one who makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.issues import Threat
from solvers import repeated
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Coercion", "coercion"]


@dataclass(frozen=True, eq=False, repr=False)
class Coercion(Result):
    """Would a threat be carried out, and does it work? Made by `coercion`.

    Attributes
    ----------
    threat : Threat
    margin : what the threatener gets more by carrying it out than by backing down; the threat is credible if this is positive
    complies : does the target give in, knowing whether the threat is credible?
    reputation_discount : the threatener's discount factor from which carrying it out pays if that keeps later demands obeyed and
        backing down ends them (0 if credible anyway, inf if none is high enough)
    """

    threat: Threat
    margin: float
    complies: bool
    reputation_discount: float

    @property
    def credible(self) -> bool:
        """Does carrying the threat out beat the status quo for the one who makes it?"""
        return self.margin > 0

    @property
    def credible_by_reputation(self) -> bool:
        """Is the threatener patient enough to carry it out for the sake of later demands?"""
        return self.threat.discount >= self.reputation_discount

    @property
    def outcome(self) -> str:
        """What happens: `complied`, `carried out` or `status quo` (subgame-perfect, played once)."""
        if self.complies:
            return "complied"
        return "carried out" if self.credible else "status quo"

    def summary(self) -> str:
        t = self.threat
        head = f"That {t.penalty} is " + ("credible" if self.credible else "not credible")
        beats = f"carrying it out gives {t.threatener} {self.margin:+.4g} against backing down"
        end = {
            "complied": f"{t.target} gives in.",
            "carried out": f"{t.target} still refuses, and the threat is carried out.",
            "status quo": f"{t.target} refuses, and nothing happens.",
        }[self.outcome]
        if self.credible:
            return f"{head}: {beats}. {end[0].upper()}{end[1:]}"
        needs = (
            f"from a discount factor of {self.reputation_discount:.4g} on ({t.threatener} has {t.discount:.4g})"
            if np.isfinite(self.reputation_discount)
            else "with no discount factor"
        )
        return f"{head}: {beats}. {end[0].upper()}{end[1:]} For the sake of later demands it would be carried out {needs}."

    def to_frame(self) -> pd.DataFrame:
        """The payoffs of both sides at the three ends, and which of them comes about."""
        import pandas as pd

        t = self.threat
        ends = {"complied": t.complied, "carried out": t.carried_out, "status quo": t.status_quo}
        frame = pd.DataFrame(
            [[end[t.threatener], end[t.target]] for end in ends.values()],
            index=pd.Index(ends, name="end"),
            columns=[t.threatener, t.target],
        )
        frame["comes about"] = [name == self.outcome for name in ends]
        return frame


def coercion(threat: Threat) -> Coercion:
    """Is a threat credible, that is, does carrying it out beat the status quo for the one who makes it (Schelling 1960)?

    Played once: the target gives in exactly if the threat is credible and giving in costs it no more than the penalty. Again and
    again, with a reputation at stake, an unwelcome threat is carried out if (1 - d) * carried out + d * complied >= status quo.

    >>> from games import deals
    >>> result = coercion(deals.get("weak-ally"))
    >>> result.outcome, result.reputation_discount
    ('status quo', 0.6)
    """
    by, to = threat.threatener, threat.target
    margin = threat.carried_out[by] - threat.status_quo[by]
    scale = max(
        abs(x) for end in (threat.complied, threat.status_quo, threat.carried_out) for x in end.values()
    )
    margin = 0.0 if abs(margin) <= 1e-12 * scale else margin
    after = threat.carried_out if margin > 0 else threat.status_quo
    reputation = 0.0
    if margin <= 0:
        reputation = float(repeated.threshold(-margin, threat.complied[by], threat.status_quo[by]))
    return Coercion(threat, margin, threat.complied[to] >= after[to], reputation)
