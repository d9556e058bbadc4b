"""Threats: credible only if carrying them out is better for the threatener than the status quo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import instance
from games.issues import Threat
from games.words import sentence, the
from solvers import repeated
from solvers.base.result import Result
from solvers.base.rounding import ROUNDING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Coercion", "coercion"]


@dataclass(frozen=True, eq=False, repr=False)
class Coercion(Result):
    """Would a threat be carried out, and does it work? Made by `coercion`.

    Attributes
    ----------
    threat : Threat
    margin : how much more the threatener gets by carrying it out than by backing down; the threat is credible if this is positive
    complies : does the target give in, knowing whether the threat is credible?
    reputation_discount : the threatener's discount factor from which on carrying it out pays, if later demands are met only as
        long as threats are carried out (0 if the threat is credible anyway, inf if none is high enough)
    """

    threat: Threat
    margin: float
    complies: bool
    reputation_discount: float

    @property
    def credible(self) -> bool:
        """Is carrying the threat out better for the threatener than the status quo?"""
        return self.margin > 0

    @property
    def credible_by_reputation(self) -> bool:
        """Is the threatener patient enough to carry it out so that later demands are met?"""
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
        difference = (
            f"carrying it out gives {the(t.threatener)} {self.margin:+.4g} compared with backing down"
        )
        end = {
            "complied": f"{the(t.target)} gives in",
            "carried out": f"{the(t.target)} still refuses, and the threat is carried out",
            "status quo": f"{the(t.target)} refuses, and nothing happens",
        }[self.outcome]
        text = f"{head}: {difference}. {sentence(end)}"
        if self.credible:
            return text
        if np.isfinite(self.reputation_discount):
            return (
                f"{text} If later demands depended on it, the threat would be carried out from a discount factor of "
                f"{self.reputation_discount:.4g} on ({the(t.threatener)} has {t.discount:.4g})."
            )
        return f"{text} Even if later demands depended on it, no discount factor would be high enough to carry it out."

    def to_frame(self) -> pd.DataFrame:
        """The payoffs of both sides in the three outcomes, and which of them occurs."""
        import pandas as pd

        t = self.threat
        ends = {"complied": t.complied, "carried out": t.carried_out, "status quo": t.status_quo}
        frame = pd.DataFrame(
            [[end[t.threatener], end[t.target]] for end in ends.values()],
            index=pd.Index(ends, name="end"),
            columns=[t.threatener, t.target],
        )
        frame["occurs"] = [name == self.outcome for name in ends]
        return frame


def coercion(threat: Threat) -> Coercion:
    """Is a threat credible, that is, is carrying it out better for the threatener than the status quo (Schelling 1960)?

    Played once, the target gives in exactly if the threat is credible and giving in costs it no more than the penalty. Played
    repeatedly, with a reputation at stake, a threat that is costly to carry out is carried out if
    (1 - d) * carried out + d * complied >= status quo.

    >>> from games import deals
    >>> result = coercion(deals.get("weak-ally"))
    >>> result.outcome, result.reputation_discount
    ('status quo', 0.6)
    """
    instance(threat, Threat, "the threat")
    by, to = threat.threatener, threat.target
    margin = threat.carried_out[by] - threat.status_quo[by]
    scale = max(
        abs(x) for end in (threat.complied, threat.status_quo, threat.carried_out) for x in end.values()
    )
    margin = 0.0 if abs(margin) <= ROUNDING * scale else margin
    after = threat.carried_out if margin > 0 else threat.status_quo
    reputation = 0.0
    if margin <= 0:
        reputation = float(repeated.threshold(-margin, threat.complied[by], threat.status_quo[by]))
    return Coercion(threat, margin, threat.complied[to] >= after[to], reputation)
