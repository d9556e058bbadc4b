"""The free numbers of the model, their ranges and the switches of its structure.

A point value is the middle of its range: the geometric mean where the law is log-uniform. World.build and scenarios may
narrow a range or add numbers, but no number was fitted to an outcome.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias

from games.errors import ScenarioError, did_you_mean

__all__ = ["ASSUMPTIONS", "CLAIMS", "PATIENCE", "SWITCHES", "Assumption", "Law", "Parameters", "Switch"]

Law: TypeAlias = Literal["uniform", "log-uniform"]


@dataclass(frozen=True)
class Assumption:
    """An assumed number: its point value, its range, the law of draws over it, and why.

    Numbers of one `rule` can be drawn together (see `SpheresModel.draws`).
    """

    value: float
    low: float
    high: float
    reason: str
    law: Law = "uniform"
    rule: str = ""
    symbol: str = ""
    meaning: str = ""

    def check(self, path: str) -> None:
        """Raise ScenarioError unless the range holds the value and suits the law."""
        if not all(map(math.isfinite, (self.value, self.low, self.high))):
            raise ScenarioError(f"{path}: value and range must be finite numbers")
        if self.low > self.high:
            raise ScenarioError(
                f"{path}: the range is upside down: low {self.low:g} is above high {self.high:g}"
            )
        if not self.low <= self.value <= self.high:
            raise ScenarioError(
                f"{path}: the value {self.value:g} lies outside its own range {self.low:g} to {self.high:g}"
            )
        if self.law == "log-uniform" and self.low <= 0:
            raise ScenarioError(f"{path}: a log-uniform range must be positive; low is {self.low:g}")


def _middle(
    low: float, high: float, reason: str, symbol: str, meaning: str, law: Law = "uniform"
) -> Assumption:
    value = math.sqrt(low * high) if law == "log-uniform" else (low + high) / 2
    return Assumption(value, low, high, reason, law, symbol=symbol, meaning=meaning)


# The eight free numbers.
ASSUMPTIONS: Mapping[str, Assumption] = {
    "gdp_weight": _middle(
        0.0,
        1.0,
        "both indices are published; their mix is assumed",
        "z",
        "weight of GDP against CINC in capability",
    ),
    "half_distance": _middle(
        1000.0,
        4000.0,
        "Boulding 1962 for the form; no measured value exists",
        "H",
        "km in which strength and interest halve",
        "log-uniform",
    ),
    "projection": _middle(0.25, 1.0, "assumed", "beta", "share of a power's strength that can stand abroad"),
    "externality": _middle(
        0.0,
        1.0,
        "assumed; that another's gain is a loss: Jehiel and Moldovanu 1996",
        "eps",
        "loss from another's sphere, per unit of stake",
    ),
    "reliability": _middle(
        0.22,
        0.745,
        "Berkemeier and Fuhrmann 2018 and Leeds, Long and Mitchell 2000: shares of alliances honoured in war",
        "alpha",
        "chance that a pledge is kept without standing up to the challenger",
    ),
    "contest_cost": _middle(
        0.015,
        0.3,
        "a twentieth to a fifth of military budgets of about 3 % of product; an ally's worth 2-10 % of its product",
        "kappa",
        "cost of a contest, as a share of the weaker side's capability",
        "log-uniform",
    ),
    "war_cost": _middle(
        0.01,
        0.1,
        "risk .0096 a rivalry-year (five onsets in 523, 1816-1913) at its lower end; loss 5-35 % of product (RAND 2016)",
        "mu",
        "yearly risk times loss of war, as a share of own capability",
        "log-uniform",
    ),
    "claim_share": _middle(
        0.03, 0.3, "assumed", "lambda", "part of a state that a claim of full salience covers", "log-uniform"
    ),
}

# Every power's, unless it is given.
PATIENCE = Assumption(
    0.95,
    0.85,
    0.99,
    "a yearly discount rate of 5 per cent; from 1 to 18",
    "uniform",
    "patience",
    meaning="yearly patience",
)

# What stands in dispute where a power claims part of a state.
CLAIMS = ("whole", "part", "part or rivalry")


@dataclass(frozen=True)
class Switch:
    """A choice of structure: its levels (None: a number over a range), the main run's level, and what it means."""

    default: float | str
    levels: tuple[float | str, ...] | None
    low: float
    high: float
    meaning: str


SWITCHES: Mapping[str, Switch] = {
    "claims": Switch(
        "whole",
        CLAIMS,
        0,
        0,
        "'whole': a dispute of any kind counts for the whole state. 'part': a claim on a part puts that part at stake, and a "
        "rivalry without a claim puts nothing at stake. 'part or rivalry': as 'part', but a rivalry without a claim puts "
        "the whole state at stake",
    ),
    "defence_advantage": Switch(1.0, None, 1.0, 3.0, "weight of the defence in every contest"),
    "pact_cost": Switch(
        1.0, (1.0, 2.0), 1.0, 2.0, "factor on the cost of a contest between powers under a pact"
    ),
    "left_out": Switch("", (), 0, 0, "one region taken out of the world, with its bases"),
}
"""The choices of structure, with their levels and what they mean."""


@dataclass(frozen=True)
class Parameters:
    """The free numbers and switches of one model; what each means stands in `ASSUMPTIONS` and `SWITCHES`.

    `order` and `upkeep` are yearly shares of a power's capability: what joint order-keeping brings it when all pairs
    accommodate each other, and what accommodating all its rivals costs it. `friction` is what a unit of ideological
    distance takes from the gains of a pair that accommodates, in points. All three are 0 in worlds made by rule.

    Raises ScenarioError for a number out of bounds or an unknown level.
    """

    gdp_weight: float = ASSUMPTIONS["gdp_weight"].value
    half_distance: float = ASSUMPTIONS["half_distance"].value
    projection: float = ASSUMPTIONS["projection"].value
    externality: float = ASSUMPTIONS["externality"].value
    reliability: float = ASSUMPTIONS["reliability"].value
    contest_cost: float = ASSUMPTIONS["contest_cost"].value
    war_cost: float = ASSUMPTIONS["war_cost"].value
    claim_share: float = ASSUMPTIONS["claim_share"].value
    order: float = 0.0
    upkeep: float = 0.0
    friction: float = 0.0
    claims: str = "whole"
    defence_advantage: float = 1.0
    pact_cost: float = 1.0
    left_out: str = ""

    def __post_init__(self) -> None:
        for name, (low, high) in BOUNDS.items():
            check_bounds(name, float(getattr(self, name)), low, high)
        if self.claims not in CLAIMS:
            raise ScenarioError(f"claims is {self.claims!r}{did_you_mean(self.claims, CLAIMS)}")

    @staticmethod
    def names() -> tuple[str, ...]:
        """Names of all numbers and switches."""
        return tuple(f.name for f in fields(Parameters))


# Every number's bounds, whatever its range of draws.
BOUNDS: Mapping[str, tuple[float, float]] = {
    "gdp_weight": (0.0, 1.0),
    "half_distance": (1e-3, 1e9),
    "projection": (0.0, 1.0),
    "externality": (0.0, math.inf),
    "reliability": (0.0, 1.0),
    "contest_cost": (0.0, math.inf),
    "war_cost": (0.0, math.inf),
    "claim_share": (0.0, math.inf),
    "order": (0.0, math.inf),
    "upkeep": (0.0, math.inf),
    "friction": (0.0, math.inf),
    "defence_advantage": (1e-9, math.inf),
    "pact_cost": (0.0, math.inf),
}


def check_bounds(name: str, value: float, low: float, high: float) -> None:
    """Raise ScenarioError unless a number is finite and within its bounds."""
    if not math.isfinite(value):
        raise ScenarioError(f"{name} is {value}; it must be a finite number")
    if not low <= value <= high:
        limits = f"at least {low:g}" if math.isinf(high) else f"between {low:g} and {high:g}"
        raise ScenarioError(f"{name} is {value:g}; it must be {limits}")
