"""Powers and regions as plain facts that check themselves.

Facts come from tables by rule (`games.world`), or are given by hand. Shares are fractions of the whole world's total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from games.errors import ScenarioError, did_you_mean
from games.lotteries import SUM_TOLERANCE

__all__ = ["Claim", "Kind", "Member", "Observed", "Piece", "Place", "Power", "Region", "check_kinds"]


@dataclass(frozen=True)
class Place:
    """A point on a power's own land. `overland`: it is reached over own land, so that the power's whole strength stands there."""

    name: str
    lat: float
    lon: float
    overland: bool = True

    def check(self, where: str) -> None:
        """Raise ScenarioError unless latitude and longitude are in bounds."""
        _coordinates(f"{where}: {self.name}", self.lat, self.lon)


@dataclass(frozen=True)
class Power:
    """A great power.

    `cinc` and `gdp` are its shares of the world's capabilities and product, `places` lie on its own land, the capital
    first. `patience` and `survival` are yearly probabilities whose product is the discount factor. `tremble` is the
    yearly probability that it breaks a deal by mistake. `growth` is the yearly growth of its capability (0.01 is one
    per cent), which only the analysis of power shifts uses.
    """

    name: str
    cinc: float
    gdp: float
    places: tuple[Place, ...]
    patience: float = 0.95
    survival: float = 1.0
    tremble: float = 0.0
    growth: float = 0.0

    def check(self) -> None:
        """Raise ScenarioError unless every number is finite and in bounds."""
        _share(f"{self.name}: cinc", self.cinc, positive=True)
        _share(f"{self.name}: gdp", self.gdp, positive=True)
        if not self.places:
            raise ScenarioError(f"{self.name} has no place of its own; give at least its capital")
        for place in self.places:
            place.check(self.name)
        if not 0 < self.patience < 1:
            raise ScenarioError(
                f"{self.name}: patience is {self.patience!r}; it lies strictly between 0 and 1"
            )
        if not 0 < self.survival <= 1:
            raise ScenarioError(f"{self.name}: survival is {self.survival!r}; it is above 0 and at most 1")
        if not 0 <= self.tremble <= 1:
            raise ScenarioError(f"{self.name}: tremble is {self.tremble!r}; it lies between 0 and 1")
        if not -0.5 <= self.growth <= 0.5:
            raise ScenarioError(
                f"{self.name}: growth is {self.growth!r}; it lies between -0.5 and 0.5 a year"
            )


@dataclass(frozen=True)
class Claim:
    """What a power disputes with a state.

    `whole`: it claims all of the state. `salience`: the summed salience of its claims on parts, as a share of the highest single
    score (ICOW's 12); 0 for a rivalry or a run of disputes without a claim. `land`: under the main rule a claim on the homeland,
    a rivalry or disputes put the state in dispute. A claim offshore alone does so only where claims on parts count.
    """

    salience: float = 0.0
    whole: bool = False
    land: bool = True


@dataclass(frozen=True)
class Member:
    """A state within a region: its shares of the world, its capital, and what powers dispute with it."""

    name: str
    cinc: float
    gdp: float
    lat: float
    lon: float
    claims: Mapping[str, Claim] = field(default_factory=dict)


@dataclass(frozen=True)
class Piece:
    """A piece of one power's own land that another claims; `salience` as for `Claim`."""

    claimant: str
    owner: str
    salience: float


@dataclass(frozen=True)
class Region:
    """A state or a group of states outside the powers, or a piece of one power that another claims.

    `members` are its states, the largest first: its capital is the region's place. `bound` names the powers that a treaty
    of defence or a statute binds to it, the lead first; `forced` says that its lead holds it by force. `land` names the
    powers next door by land. `population` (millions) and `output` ($bn a year) weigh the third-party ledger. `worth` is a
    stated extra worth in points, beyond what size gives. `note` is shown beside it.
    """

    name: str
    members: tuple[Member, ...] = ()
    bound: tuple[str, ...] = ()
    land: frozenset[str] = frozenset()
    forced: bool = False
    population: float = 0.0
    output: float = 0.0
    worth: float = 0.0
    piece: Piece | None = None
    note: str = ""

    @property
    def cinc(self) -> float:
        """Share of the world's capabilities."""
        return sum(m.cinc for m in self.members)

    @property
    def gdp(self) -> float:
        """Share of the world's product."""
        return sum(m.gdp for m in self.members)

    @property
    def lead(self) -> str | None:
        """The power in whose sphere it lies on the status quo, if any."""
        return self.bound[0] if self.bound else None

    @property
    def disputants(self) -> frozenset[str]:
        """Powers that dispute it under the main rule, the bound ones left out."""
        return frozenset(p for m in self.members for p, c in m.claims.items() if c.land) - set(self.bound)

    def check(self, powers: Sequence[str]) -> None:
        """Raise ScenarioError unless every name is a power's and every number finite and in bounds."""
        named = [*self.bound, *self.land, *(p for m in self.members for p in m.claims)]
        if self.piece is not None:
            named += [self.piece.claimant, self.piece.owner]
            if self.piece.claimant == self.piece.owner:
                raise ScenarioError(f"{self.name}: a power does not claim its own land")
            _bounded(f"{self.name}: salience", self.piece.salience)
        elif not self.members:
            raise ScenarioError(f"{self.name}: a region has at least one state")
        for name in named:
            if name not in powers:
                raise ScenarioError(f"{self.name}: {name!r} is not a power here")
        if self.forced and len(self.bound) != 1:
            raise ScenarioError(f"{self.name}: one power holds a region by force, not {len(self.bound)}")
        for member in self.members:
            _share(f"{member.name}: cinc", member.cinc)
            _share(f"{member.name}: gdp", member.gdp)
            _coordinates(member.name, member.lat, member.lon)
            for claim in member.claims.values():
                _bounded(f"{member.name}: salience of a claim", claim.salience)
        for what in ("population", "output", "worth"):
            _bounded(f"{self.name}: {what}", getattr(self, what))


@dataclass(frozen=True)
class Observed:
    """What the powers were seen to do: pairs (i contests j) by name, and the source of that reading."""

    contests: tuple[tuple[str, str], ...]
    source: str


@dataclass(frozen=True)
class Kind:
    """One way a power may be, which the others do not know.

    Attributes
    ----------
    label : what it is called
    probability : its prior probability: a number, or a fraction as a string such as "1/3"
    changes : numbers of the model that are different for this kind, by path (as `SpheresModel.vary` takes them); they change
        this power's own payoffs only
    discount : its yearly discount factor, from 0 to below 1; left out, that of the changed model. 0 is a power that breaks a
        deal when it can: it looks at this year alone
    reason : why one may think so
    """

    label: str
    probability: float | str
    changes: Mapping[str, float] = field(default_factory=dict)
    discount: float | None = None
    reason: str = ""


def check_kinds(kinds: Mapping[str, Sequence[Kind]], players: Sequence[str]) -> None:
    """Raise ScenarioError unless kinds are of powers that play and their probabilities add up to 1."""
    for power, own in kinds.items():
        if power not in players:
            raise ScenarioError(
                f"kinds are given of {power!r}, which is not a power{did_you_mean(power, players)}"
            )
        labels = [kind.label for kind in own]
        if not labels or len(set(labels)) < len(labels):
            raise ScenarioError(f"the kinds of {power} need different names, at least one; got {labels}")
        total = 0.0
        for kind in own:
            try:
                p = float(Fraction(str(kind.probability).strip()))
            except (ValueError, ZeroDivisionError):
                p = float("nan")
            if not 0 < p <= 1:
                raise ScenarioError(
                    f"kind {kind.label!r} of {power} has probability {kind.probability!r}; it must be above 0 and at most 1 "
                    "(leave out a kind that never occurs)"
                )
            if kind.discount is not None and not 0 <= kind.discount < 1:
                raise ScenarioError(
                    f"kind {kind.label!r} of {power} has the discount factor {kind.discount!r}; it must be in [0, 1)"
                )
            total += p
        if abs(total - 1) > SUM_TOLERANCE:
            raise ScenarioError(
                f"the probabilities of the kinds of {power} add up to {total:.12g}; they must add up to 1"
            )


def _share(where: str, value: float, positive: bool = False) -> None:
    if not np.isfinite(value) or not 0 <= value <= 1 or (positive and value == 0):
        bound = "above 0" if positive else "at least 0"
        raise ScenarioError(f"{where} is {value!r}; a share of the world is {bound} and at most 1")


def _bounded(where: str, value: float) -> None:
    if not (np.isfinite(value) and value >= 0):
        raise ScenarioError(f"{where} is {value!r}; it must be a finite number, not negative")


def _coordinates(where: str, lat: float, lon: float) -> None:
    if not (np.isfinite([lat, lon]).all() and -90 <= lat <= 90 and -180 <= lon <= 180):
        raise ScenarioError(f"{where}: ({lat}, {lon}) is not a latitude and a longitude in degrees")
