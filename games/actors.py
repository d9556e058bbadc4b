"""Powers, regions and the ties between powers, as plain numbers that check themselves.

A scenario file is checked when it is read (`games.scenario`); a model built by hand is checked by these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from games.errors import ScenarioError

__all__ = ["Aim", "Power", "Region", "Tie", "check_parameters"]

Aim: TypeAlias = Literal["control", "denial"]


@dataclass(frozen=True)
class Power:
    """A great power.

    `capability` holds its value under each named index (any unit; only the shares among the powers matter), `patience` and
    `survival` are yearly probabilities whose product is the discount factor, `tremble` the yearly probability of breaking a
    deal by mistake or temper, `benefit` and `upkeep` what joint order-keeping gives and costs it (points),
    `growth` the yearly growth of its capability (0.01 is one per cent), which only the analysis of power shifts uses.
    """

    name: str
    capability: Mapping[str, float]
    patience: float
    survival: float = 1.0
    tremble: float = 0.0
    benefit: float = 0.0
    upkeep: float = 0.0
    growth: float = 0.0

    def check(self, indices: Sequence[str]) -> None:
        """Raise ScenarioError unless every number is there, finite and in bounds, under the indices all powers share."""
        _own(self.name, self, ("patience", "survival", "tremble", "benefit", "upkeep"), 0.0)
        _own(self.name, self, ("growth",), -1.0)
        _numbers(f"{self.name}: capability", self.capability, indices, 0.0)
        if len(self.capability) != len(indices) or not all(self.capability.values()):
            raise ScenarioError(
                f"{self.name}: capability must be positive under the indices all powers share"
            )
        if not (0 < self.patience < 1 and 0 < self.survival <= 1 and self.tremble <= 1):
            raise ScenarioError(
                f"{self.name}: patience lies strictly between 0 and 1, survival above 0 and at most 1, tremble at most 1"
            )


@dataclass(frozen=True)
class Region:
    """A region in dispute.

    `stakes` (points), `aims` and `distances` (km) are by power name; `strength` is the local actor's own, in units of the
    powers' total capability, and `stake` what its autonomy is worth to it. `population` (millions) and `gdp` ($bn) weigh
    the third-party ledger.
    """

    name: str
    stakes: Mapping[str, float]
    aims: Mapping[str, Aim]
    distances: Mapping[str, float]
    strength: float
    stake: float
    population: float = 0.0
    gdp: float = 0.0

    def check(self, powers: Sequence[str]) -> None:
        """Raise ScenarioError unless every number and aim is there, for every power, and in bounds."""
        _own(self.name, self, ("strength", "stake", "population", "gdp"), 0.0)
        _numbers(f"{self.name}: stakes", self.stakes, powers, 0.0)
        _numbers(f"{self.name}: distances", self.distances, powers, 0.0)
        for power in powers:
            if self.aims.get(power) not in ("control", "denial"):
                raise ScenarioError(f"{self.name}: the aim of {power} must be 'control' or 'denial'")


@dataclass(frozen=True)
class Tie:
    """What lies between two powers. Mappings are by power name, in points; `risk` is a yearly probability."""

    between: tuple[str, str]
    cooperation: Mapping[str, float]
    contesting: Mapping[str, float]
    contested: Mapping[str, float]
    war_loss: Mapping[str, float]
    risk: float
    distance: float = 0.0

    def check(self) -> None:
        """Raise ScenarioError unless every number is there, for both powers, and in bounds."""
        where = " & ".join(self.between)
        _own(where, self, ("risk", "distance"), 0.0)
        for name in ("cooperation", "contesting", "contested"):
            _numbers(f"{where}: {name}", getattr(self, name), self.between)
        _numbers(f"{where}: war_loss", self.war_loss, self.between, 0.0)


def check_parameters(
    half_distance: float, overstretch: float, friction: float, denial: str, benchmark: str
) -> None:
    """Raise ScenarioError unless the parameters of a model are in bounds."""
    given = {"half_distance": half_distance, "overstretch": overstretch, "friction": friction}
    _numbers("parameters", given, tuple(given), 0.0)
    if half_distance == 0:
        raise ScenarioError("parameters: half_distance is 0; it must be positive")
    for what, value, known in (
        ("denial", denial, ("contesting", "always")),
        ("benchmark", benchmark, ("competition", "all-out")),
    ):
        if value not in known:
            raise ScenarioError(
                f"parameters: {what} is {value!r}; it must be {' or '.join(map(repr, known))}"
            )


def _numbers(where: str, table: Mapping[str, float], wanted: Sequence[str], low: float = -np.inf) -> None:
    for name in wanted:
        if name not in table:
            raise ScenarioError(f"{where}: {name} is missing")
        if not (np.isfinite(table[name]) and table[name] >= low):
            bound = "finite" if low < 0 else "finite and not negative"
            raise ScenarioError(f"{where}: {name} is {table[name]!r}; it must be a number, {bound}")


def _own(where: str, thing: object, names: Sequence[str], low: float) -> None:
    _numbers(where, vars(thing), names, low)
