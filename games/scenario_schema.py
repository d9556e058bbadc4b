"""The schema of scenario files, version 1: what may stand where, and what every number must say of itself."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

__all__ = ["Number", "ScenarioFile"]


class Strict(BaseModel):
    """Unknown keys are errors, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Number(Strict):
    """A number with its tag: `observed` (source and year), `derived` (reason) or `assumed` (low, high and reason)."""

    value: float
    tag: Literal["observed", "derived", "assumed"]
    source: str | None = None
    year: int | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None

    @model_validator(mode="after")
    def _says_where_it_comes_from(self) -> Number:
        for name in ("value", "low", "high"):
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                raise _wrong(f"{name} is {number}; it must be a finite number")
        if self.tag == "observed" and (self.source is None or self.year is None):
            raise _wrong("is tagged observed; it needs a source (a key of [sources]) and a year")
        if self.tag == "derived" and self.reason is None:
            raise _wrong("is tagged derived; it needs a reason that says how")
        if self.tag == "assumed":
            if self.low is None or self.high is None or self.reason is None:
                raise _wrong("is tagged assumed; it needs a range (low and high) and a reason")
            if not self.low <= self.value <= self.high:
                raise _wrong(f"has value {self.value:g} outside its own range {self.low:g} to {self.high:g}")
        return self


def _wrong(message: str) -> PydanticCustomError:
    # Braces would be taken for a template.
    return PydanticCustomError("scenario", "{text}", {"text": message})


def _tagged(raw: Any) -> Any:
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        raise _wrong(
            f'{raw} has no tag; write {{ value = {raw}, tag = "assumed", low = ..., high = ..., reason = "..." }} '
            'or tag = "observed" with source and year'
        )
    if isinstance(raw, dict):
        return {
            k: float(v) if k in ("value", "low", "high") and type(v) is int else v for k, v in raw.items()
        }
    return raw


def _limits(low: float, high: float, words: str, *, open_low: bool = False, open_high: bool = False) -> Any:
    def check(number: Number) -> Number:
        v = number.value
        above = v > low if open_low else v >= low
        below = v < high if open_high else v <= high
        if not (above and below):
            raise _wrong(f"is {v:g}; {words}")
        return number

    from pydantic import AfterValidator

    return AfterValidator(check)


AnyNumber = Annotated[Number, BeforeValidator(_tagged)]
Positive = Annotated[
    Number, _limits(0, math.inf, "it must be positive", open_low=True), BeforeValidator(_tagged)
]
NotNegative = Annotated[Number, _limits(0, math.inf, "it must not be negative"), BeforeValidator(_tagged)]
Distance = Annotated[
    Number,
    _limits(0, 20_038, "a distance is 0 to 20,038 km, half-way round the Earth"),
    BeforeValidator(_tagged),
]
Probability = Annotated[Number, _limits(0, 1, "a probability lies between 0 and 1"), BeforeValidator(_tagged)]
Patience = Annotated[
    Number,
    _limits(0, 1, "it must lie strictly between 0 and 1", open_low=True, open_high=True),
    BeforeValidator(_tagged),
]
Survival = Annotated[
    Number,
    _limits(0, 1, "a yearly probability of survival is above 0 and at most 1", open_low=True),
    BeforeValidator(_tagged),
]


Growth = Annotated[
    Number, _limits(-0.5, 0.5, "yearly growth lies between -0.5 and 0.5"), BeforeValidator(_tagged)
]


class SourceSchema(Strict):
    """A work that numbers are taken from."""

    title: str
    note: str | None = None


class PowerSchema(Strict):
    capability: dict[str, Positive] = Field(min_length=1)
    patience: Patience
    survival: Survival
    tremble: Probability
    benefit: NotNegative
    upkeep: NotNegative
    growth: Growth | None = None


class RegionSchema(Strict):
    population: NotNegative
    gdp: NotNegative
    strength: NotNegative
    stake: NotNegative
    stakes: dict[str, NotNegative]
    aims: dict[str, Literal["control", "denial"]]
    distances: dict[str, Distance]
    note: str | None = None


class TieSchema(Strict):
    cooperation: dict[str, AnyNumber]
    contesting: dict[str, AnyNumber]
    contested: dict[str, AnyNumber]
    war_loss: dict[str, NotNegative]
    risk: Probability
    distance: NotNegative


class ParametersSchema(Strict):
    half_distance: Positive
    overstretch: NotNegative
    friction: NotNegative
    denial: Literal["contesting", "always"] = "contesting"
    index: str = "mean"
    benchmark: Literal["competition", "all-out"] = "competition"


class ScenarioFile(Strict):
    """A whole scenario, its patches already applied."""

    version: Literal[1]
    name: str
    title: str
    description: str = ""
    sources: dict[str, SourceSchema] = Field(default_factory=dict)
    rules: dict[str, str] = Field(default_factory=dict)
    indices: dict[str, str] = Field(default_factory=dict)
    powers: dict[str, PowerSchema] = Field(min_length=2, max_length=6)
    regions: dict[str, RegionSchema] = Field(min_length=1)
    ties: dict[str, TieSchema]
    maps: dict[str, dict[str, str]]
    regimes: dict[str, list[list[str]]] = Field(default_factory=dict)
    parameters: ParametersSchema
