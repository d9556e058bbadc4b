"""The schema of scenario files, version 2: what may stand where, and what every number must say of itself."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

__all__ = ["Number", "ScenarioFile", "json_schema"]


class Strict(BaseModel):
    """Unknown keys are errors, and nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Number(Strict):
    """A number with its tag: `observed` (source and year), `derived` (reason) or `assumed` (low, high and reason).

    `law` is the law of draws over an assumed number's range. Numbers of one `rule` can be drawn together.
    """

    value: float
    tag: Literal["observed", "derived", "assumed"]
    source: str | None = None
    year: int | None = None
    low: float | None = None
    high: float | None = None
    reason: str | None = None
    law: Literal["uniform", "log-uniform"] = "uniform"

    @model_validator(mode="after")
    def _says_where_it_comes_from(self) -> Number:
        for name in ("value", "low", "high"):
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                raise wrong(f"{name} is {number}; it must be a finite number")
        if self.tag == "observed" and (self.source is None or self.year is None):
            raise wrong("is tagged observed; it needs a source (a key of [sources]) and a year")
        if self.tag == "derived" and self.reason is None:
            raise wrong("is tagged derived; it needs a reason that says how")
        if self.tag == "assumed":
            if self.low is None or self.high is None or self.reason is None:
                raise wrong("is tagged assumed; it needs a range (low and high) and a reason")
            if self.low > self.high:
                raise wrong(f"has a range upside down: low {self.low:g} is above high {self.high:g}")
            if not self.low <= self.value <= self.high:
                raise wrong(f"has value {self.value:g} outside its own range {self.low:g} to {self.high:g}")
            if self.law == "log-uniform" and self.low <= 0:
                raise wrong(f"is log-uniform; its range must be positive, and low is {self.low:g}")
        return self


def wrong(message: str) -> PydanticCustomError:
    """An error with a message of its own."""
    # Braces would be taken for a template.
    return PydanticCustomError("scenario", "{text}", {"text": message})


def _tagged(raw: Any) -> Any:
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        raise wrong(
            f'{raw} has no tag; write {{ value = {raw}, tag = "assumed", low = ..., high = ..., reason = "..." }} '
            'or tag = "observed" with source and year'
        )
    if isinstance(raw, str):
        raise wrong(f"is the text {raw!r}; write a number without quotation marks")
    if not isinstance(raw, dict | Number):
        raise wrong(f"is {raw!r}; write a number, or a table with value, tag and what the tag needs")
    if isinstance(raw, dict):
        return {
            k: float(v) if k in ("value", "low", "high") and type(v) is int else v for k, v in raw.items()
        }
    return raw


AnyNumber = Annotated[Number, BeforeValidator(_tagged)]


class RegionSchema(Strict):
    """A region kept apart: its states, and a note."""

    states: list[str] = Field(min_length=1)
    note: str = ""


def _region(raw: Any) -> Any:
    if isinstance(raw, str):
        return {"states": [raw]}
    return {"states": raw} if isinstance(raw, list) else raw


class ObservedSchema(Strict):
    """Stances that were seen: pairs that contest each other, pairs (who, whom) in one direction, and the source."""

    rivals: list[tuple[str, str]] = Field(default_factory=list)
    contests: list[tuple[str, str]] = Field(default_factory=list)
    source: str = Field(min_length=1)


class KindSchema(Strict):
    """One way a power may be: its probability and a reason, what is different, and its discount factor if it has its own."""

    probability: float | str
    reason: str = Field(min_length=1)
    changes: dict[str, float] = Field(default_factory=dict)
    discount: float | None = None


def _pairs(raw: Any) -> Any:
    if isinstance(raw, dict):
        out = dict(raw)
        for key in ("rivals", "contests"):
            pairs = out.get(key, [])
            if not (
                isinstance(pairs, list)
                and all(
                    isinstance(p, list) and len(p) == 2 and all(isinstance(x, str) for x in p) for p in pairs
                )
            ):
                raise wrong(f'{key} is a list of pairs, as in [["A", "B"]]')
            out[key] = [tuple(p) for p in pairs]
        return out
    return raw


class NumbersSchema(Strict):
    """Numbers beyond what rules give, or in their place. A plain one of a power's holds for all powers."""

    gdp_weight: AnyNumber | None = None
    half_distance: AnyNumber | None = None
    projection: AnyNumber | None = None
    externality: AnyNumber | None = None
    reliability: AnyNumber | None = None
    contest_cost: AnyNumber | None = None
    war_cost: AnyNumber | None = None
    claim_share: AnyNumber | None = None
    order: AnyNumber | None = None
    upkeep: AnyNumber | None = None
    friction: AnyNumber | None = None
    patience: AnyNumber | None = None
    survival: AnyNumber | None = None
    tremble: AnyNumber | None = None
    growth: AnyNumber | None = None
    powers: dict[str, PowerNumbers] = Field(default_factory=dict)
    regions: dict[str, RegionNumbers] = Field(default_factory=dict)
    ties: dict[str, TieNumbers] = Field(default_factory=dict)


class PowerNumbers(Strict):
    """Numbers of one power."""

    cinc: AnyNumber | None = None
    gdp: AnyNumber | None = None
    patience: AnyNumber | None = None
    survival: AnyNumber | None = None
    tremble: AnyNumber | None = None
    growth: AnyNumber | None = None


class RegionNumbers(Strict):
    """Numbers of one region."""

    worth: AnyNumber | None = None
    cinc: AnyNumber | None = None
    gdp: AnyNumber | None = None
    population: AnyNumber | None = None
    output: AnyNumber | None = None
    salience: AnyNumber | None = None


class TieNumbers(Strict):
    """Numbers of a pair of powers."""

    ideology: AnyNumber | None = None


class SwitchesSchema(Strict):
    """Choices of structure; see `games.spheres.parameters.SWITCHES`."""

    claims: Literal["whole", "part", "part or rivalry"] = "whole"
    index: Literal["CINC", "GDP", "mix"] = "mix"
    defence_advantage: float = 1.0
    pact_cost: float = 1.0
    left_out: str = ""


def _whole_numbers(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {k: float(v) if type(v) is int else v for k, v in raw.items()}
    return raw


class SourceSchema(Strict):
    """A work that numbers or readings are taken from."""

    title: str
    note: str = ""
    url: str = ""


class ScenarioFile(Strict):
    """A whole scenario, its patches already applied."""

    version: Literal[2]
    name: str
    title: str
    description: str = ""
    year: int
    powers: list[str] | None = None
    data: str | None = None
    without: list[str] = Field(default_factory=list)
    on_table: list[str] = Field(default_factory=list)
    benchmark: str = "competition"
    regions: dict[str, Annotated[RegionSchema, BeforeValidator(_region)]] = Field(default_factory=dict)
    maps: dict[str, dict[str, str]] = Field(default_factory=dict)
    regimes: dict[str, list[list[str]]] = Field(default_factory=dict)
    observed: dict[str, Annotated[ObservedSchema, BeforeValidator(_pairs)]] = Field(default_factory=dict)
    kinds: dict[str, dict[str, KindSchema]] = Field(default_factory=dict)
    numbers: NumbersSchema = Field(default_factory=NumbersSchema)
    switches: Annotated[SwitchesSchema, BeforeValidator(_whole_numbers)] = Field(
        default_factory=SwitchesSchema
    )
    rules: dict[str, str] = Field(default_factory=dict)
    sources: dict[str, SourceSchema] = Field(default_factory=dict)


NumbersSchema.model_rebuild()
ScenarioFile.model_rebuild()


def json_schema() -> dict[str, Any]:
    """The JSON schema of scenario files, for editors that check TOML while it is written.

    >>> json_schema()["title"]
    'A scenario of concert-of-powers, version 2'
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **ScenarioFile.model_json_schema(),
        "title": "A scenario of concert-of-powers, version 2",
    }
