"""The numbers of a model by path: listing, changing and drawing them.

Paths: a free number by its own name (`half_distance`), `powers.China.patience`, `regions.Greenland.worth`,
`ties.China & Russia.ideology`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from games.errors import ScenarioError, did_you_mean
from games.normal_form import BoolArray, FloatArray
from games.spheres.parameters import BOUNDS, CLAIMS, SWITCHES, Assumption, Parameters, check_bounds

if TYPE_CHECKING:
    import pandas as pd

    from games.spheres.actors import Power, Region
    from games.spheres.draws import Draws
    from games.spheres.model import SpheresModel

OF_POWERS = ("cinc", "gdp", "patience", "survival", "tremble", "growth")
OF_REGIONS = ("cinc", "gdp", "population", "output", "worth")
# Numbers of powers that may differ from draw to draw, and their bounds.
DRAWN_OF_POWERS: Mapping[str, tuple[float, float]] = {
    "patience": (0.0, 1.0),
    "survival": (0.0, 1.0),
    "tremble": (0.0, 1.0),
    "growth": (-0.5, 0.5),
    "cinc": (0.0, 1.0),
    "gdp": (0.0, 1.0),
}
# Numbers of regions that may: what they are worth beyond their size, and their size where it has a range.
DRAWN_OF_REGIONS: Mapping[str, tuple[float, float]] = {"cinc": (0.0, 1.0), "gdp": (0.0, 1.0)}
NUMBERS = tuple(BOUNDS)
# Terms that are 0 in worlds made by rule.
OFF = ("order", "upkeep", "friction")


class Input(NamedTuple):
    """A row of `inputs`: a number with its tag, and its source, or its range and reason."""

    path: str
    value: float
    tag: str
    source: str | None
    year: int | None
    low: float | None
    high: float | None
    reason: str | None


def values(model: SpheresModel) -> dict[str, float]:
    """Every number of the model by path."""
    out = {name: float(getattr(model.parameters, name)) for name in NUMBERS}
    for power in model.powers:
        out |= {f"powers.{power.name}.{k}": float(getattr(power, k)) for k in OF_POWERS}
    for region in model.regions:
        if region.piece is not None:
            out[f"regions.{region.name}.salience"] = region.piece.salience
        else:
            out |= {f"regions.{region.name}.{k}": float(getattr(region, k)) for k in OF_REGIONS}
    for pair, distance in model.ideology.items():
        out[tie_path(pair)] = distance
    return out


def check(model: SpheresModel) -> None:
    """Raise ScenarioError unless assumptions name numbers of the model and are sound."""
    known = values(model)
    for path, assumption in model.assumptions.items():
        if path not in known:
            raise ScenarioError(f"assumptions: there is no number {path!r}{did_you_mean(path, known)}")
        assumption.check(path)
        if path in BOUNDS:
            low, high = BOUNDS[path]
            check_bounds(path, assumption.low, low, high)
            check_bounds(path, assumption.high, low, high)
    left_out = model.parameters.left_out
    if left_out and left_out not in model.region_names:
        raise ScenarioError(
            f"left_out: there is no region {left_out!r}{did_you_mean(left_out, model.region_names)}"
        )
    for pair, distance in model.ideology.items():
        if not (np.isfinite(distance) and distance >= 0):
            raise ScenarioError(
                f"ties.{' & '.join(sorted(pair))}: ideology is {distance!r}; it must be a finite number, not negative"
            )


def vary(model: SpheresModel, changes: Mapping[str, float | str]) -> SpheresModel:
    """The model with some numbers changed; their ranges widen to hold both values, and facts become assumptions.

    A value outside a number's range is allowed, and its reason in `inputs` then says so. Raises ScenarioError for one outside
    its bounds, such as a chance below 0 or above 1.
    """
    words = {path: str(raw) for path, raw in changes.items() if path in ("claims", "left_out")}
    numbers = {path: _number(path, raw) for path, raw in changes.items() if path not in words}
    fields = assign(model, numbers)
    assumptions = dict(model.assumptions)
    known = values(model)
    for path, value in numbers.items():
        if path in SWITCHES:
            continue
        old = assumptions.get(path)
        if old is None:
            low, high = sorted((known[path], value))
            assumptions[path] = Assumption(value, low, high, "varied")
        else:
            low, high = min(old.low, value), max(old.high, value)
            law = old.law if low > 0 else "uniform"
            reason = "varied"
            if not old.low <= value <= old.high:
                reason = f"varied to a value outside its range, {old.low:g} to {old.high:g}"
            assumptions[path] = replace(old, value=value, low=low, high=high, reason=reason, law=law)
    fields["parameters"] = replace(fields["parameters"], **words)
    return replace(model, assumptions=assumptions, **fields)


def assign(model: SpheresModel, changes: Mapping[str, float], keep: bool = False) -> dict[str, Any]:
    """The fields of a model with some numbers set: parameters, powers, regions, ideology.

    With `keep`, a distance between two powers may be new. Raises ScenarioError for a path that is not there.
    """
    known = values(model)
    parameters: dict[str, float] = {}
    powers: dict[str, Power] = {p.name: p for p in model.powers}
    regions: dict[str, Region] = {r.name: r for r in model.regions}
    ideology = dict(model.ideology)
    for path, value in changes.items():
        kind, _, rest = path.partition(".")
        name, _, key = rest.rpartition(".")
        if keep and kind == "ties" and key == "ideology":
            ideology[frozenset(name.split(" & "))] = value
            continue
        if path not in known:
            raise ScenarioError(f"there is no number {path!r}{did_you_mean(path, known)}")
        if not rest:
            parameters[path] = value
        elif kind == "powers":
            powers[name] = replace(powers[name], **{key: value})  # type: ignore[arg-type]
        elif kind == "regions":
            regions[name] = _changed_region(regions[name], key, value)
        else:
            ideology[frozenset(name.split(" & "))] = value
    return {
        "parameters": replace(model.parameters, **parameters),  # type: ignore[arg-type]
        "powers": tuple(powers.values()),
        "regions": tuple(regions.values()),
        "ideology": ideology,
    }


def _number(path: str, raw: object) -> float:
    if isinstance(raw, (bool, str, bytes)):
        raise ScenarioError(f"{path}: {raw!r} is not a number")
    try:
        value = float(raw)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ScenarioError(f"{path}: {raw!r} is not a number") from None
    if not np.isfinite(value):
        raise ScenarioError(f"{path} is {value}; it must be a finite number")
    return value


def _changed_region(region: Region, key: str, value: float) -> Region:
    if key == "salience" and region.piece is not None:
        return replace(region, piece=replace(region.piece, salience=value))
    if key in ("cinc", "gdp"):
        # The states keep their parts of the region.
        total = getattr(region, key)
        if total <= 0:
            raise ScenarioError(f"regions.{region.name}.{key} is 0 and cannot be scaled")
        members = tuple(replace(m, **{key: getattr(m, key) * value / total}) for m in region.members)
        return replace(region, members=members)
    return replace(region, **{key: value})  # type: ignore[arg-type]


def inputs(model: SpheresModel) -> pd.DataFrame:
    """One row for each number: path, value, tag, source, year, low, high, reason."""
    import pandas as pd

    return pd.DataFrame(list(rows(model)), columns=list(Input._fields)).astype({"year": "Int64"})


def tags(model: SpheresModel) -> Counter[str]:
    """How many of the numbers in `inputs` are observed, derived or assumed."""
    return Counter(row.tag for row in rows(model))


def rows(model: SpheresModel) -> Iterator[Input]:
    """The rows of `inputs`."""
    for path, value in values(model).items():
        assumption = model.assumptions.get(path)
        if assumption is not None:
            reason = assumption.reason
            yield Input(path, value, "assumed", None, None, assumption.low, assumption.high, reason)
            continue
        kind, _, rest = path.partition(".")
        key = rest.rpartition(".")[2]
        tag, source, year = model.facts.get(path) or model.facts.get(
            f"{kind}.{key}" if rest else path, ("", "", None)
        )
        if tag == "observed":
            yield Input(path, value, tag, source, year, None, None, None)
        elif tag:
            yield Input(path, value, tag, None, year, None, None, source)
        elif path in SWITCHES:
            yield Input(path, value, "derived", None, None, None, None, SWITCHES[path].meaning)
        elif value == 0 and (path in OFF or key == "worth"):
            yield Input(path, value, "derived", None, None, None, None, "a term that is switched off")
        else:
            yield Input(path, value, "assumed", None, None, value, value, "given by hand")


def arrays(model: SpheresModel, draws: Draws | None) -> dict[str, npt.NDArray[np.generic]]:
    """The numbers that the kernel takes, as arrays (D,); `worth` is (D, R). D is 1 without draws."""
    count = 1 if draws is None else len(draws)
    given: Mapping[str, npt.NDArray[Any]] = {} if draws is None else draws.columns
    known = drawable(model)
    for name in given:
        if name not in known:
            raise ScenarioError(
                f"draws: there is no number {name!r} in this model{did_you_mean(name, known)}"
            )
    out: dict[str, npt.NDArray[np.generic]] = {}
    for name in NUMBERS:
        if name in given:
            out[name] = _within(name, _column(name, given[name]), *BOUNDS[name])
        else:
            out[name] = np.full(count, float(getattr(model.parameters, name)))
    if model.index != "mix":
        out["gdp_weight"] = np.full(count, 1.0 if model.index == "GDP" else 0.0)
    out["claims"] = _levels("claims", given, model.parameters.claims, CLAIMS, count)
    out["left_out"] = (
        _levels("left_out", given, model.parameters.left_out, ("", *model.region_names), count) - 1
    )
    if draws is not None:
        for power in model.powers:
            for key in DRAWN_OF_POWERS:
                _of_power(power, key, draws)
    worth = np.tile([r.worth for r in model.regions], (count, 1))
    for r, name in enumerate(model.region_names):
        path = f"regions.{name}.worth"
        if path in given:
            worth[:, r] = _column(path, given[path])
            if worth[:, r].min() < 0:
                raise ScenarioError(f"draws: {path} must not be negative")
    out["worth"] = worth
    return out


def drawable(model: SpheresModel) -> list[str]:
    """Names that a column of draws may have."""
    names = [*Parameters.names(), "year"]
    names += [f"powers.{p}.{k}" for p in model.players for k in DRAWN_OF_POWERS]
    names += [f"regions.{r}.worth" for r in model.region_names]
    # A piece is as large as its owner and the claim make it.
    names += [f"regions.{r.name}.{k}" for r in model.regions if r.piece is None for k in DRAWN_OF_REGIONS]
    names += [tie_path(pair) for pair in model.ideology]
    return names


def tie_path(pair: Iterable[str]) -> str:
    """The path of the distance between two powers."""
    return f"ties.{' & '.join(sorted(pair))}.ideology"


def _column(name: str, column: npt.NDArray[Any]) -> FloatArray:
    if column.dtype.kind not in "fiub":
        raise ScenarioError(f"draws: {name} must be a column of numbers")
    return np.asarray(column, dtype=np.float64)


def _within(name: str, column: FloatArray, low: float, high: float) -> FloatArray:
    """The column; ScenarioError for a value out of its bounds."""
    for extreme in (column.min(), column.max()):
        check_bounds(f"draws: {name}", float(extreme), low, high)
    return column


def _of_power(power: Power, key: str, draws: Draws) -> FloatArray:
    """A number of a power in every draw, (D,): as drawn and within its bounds, else the power's own."""
    return _drawn(f"powers.{power.name}.{key}", getattr(power, key), DRAWN_OF_POWERS[key], draws)


def _drawn(path: str, own: float, bounds: tuple[float, float], draws: Draws) -> FloatArray:
    """A number in every draw, (D,): as drawn and within its bounds, else the model's own."""
    if path not in draws.columns:
        return np.full(len(draws), own)
    return _within(path, _column(path, draws.columns[path]), *bounds)


def _levels(
    name: str, given: Mapping[str, npt.NDArray[Any]], default: str, levels: tuple[str, ...], count: int
) -> npt.NDArray[np.int64]:
    if name not in given:
        return np.full(count, levels.index(default), dtype=np.int64)
    distinct, where = np.unique(given[name].astype(str), return_inverse=True)
    for level in distinct:
        if level not in levels:
            raise ScenarioError(f"draws: {name} has no level {str(level)!r}{did_you_mean(level, levels)}")
    return np.array([levels.index(level) for level in distinct], dtype=np.int64)[where.reshape(-1)]


def discounts(model: SpheresModel, draws: Draws | None) -> FloatArray:
    """Yearly discount factors, (N,), or (D, N) over draws."""
    if draws is None:
        return model.discount
    factors = [
        _of_power(power, "patience", draws) * _of_power(power, "survival", draws) for power in model.powers
    ]
    return np.stack(factors, axis=-1)


def sizes(model: SpheresModel, draws: Draws | None) -> tuple[FloatArray, FloatArray] | None:
    """The regions' CINC and GDP in each draw, (R, D) each; their states keep their parts. None where no draw names one."""
    if draws is None:
        return None
    named = {f"regions.{r}.{key}" for r in model.region_names for key in DRAWN_OF_REGIONS}
    if named.isdisjoint(draws.columns):
        return None
    out: dict[str, list[FloatArray]] = {key: [] for key in DRAWN_OF_REGIONS}
    for region in model.regions:
        for key, of_all in out.items():
            path = f"regions.{region.name}.{key}"
            of_all.append(_drawn(path, getattr(region, key), DRAWN_OF_REGIONS[key], draws))
    return np.stack(out["cinc"]), np.stack(out["gdp"])


def shares(model: SpheresModel, draws: Draws | None) -> tuple[FloatArray, FloatArray] | None:
    """The powers' CINC and GDP in each draw, (N, D) each, grown from the model's year to that of the draw.

    None where no draw names a share or a year. Raises ScenarioError where a share would not lie between 0 and 1.
    """
    if draws is None:
        return None
    named = {f"powers.{p}.{key}" for p in model.players for key in ("cinc", "gdp")}
    if "year" not in draws.columns and named.isdisjoint(draws.columns):
        return None
    years = np.zeros(len(draws))
    if "year" in draws.columns:
        if model.year is None:
            raise ScenarioError("draws: year needs a model that says its own year")
        years = _column("year", draws.columns["year"]) - model.year
    out: dict[str, list[FloatArray]] = {"cinc": [], "gdp": []}
    for power in model.powers:
        factor = (1.0 + _of_power(power, "growth", draws)) ** years
        for key, of_all in out.items():
            share = _of_power(power, key, draws) * factor
            worst = int(np.argmax(share))
            if not 0.0 < share[worst] <= 1.0:
                raise ScenarioError(
                    f"draws: after {years[worst]:g} years of growth {power.name} would hold {share[worst]:.3g} of the "
                    f"world's {key}; a share is at most 1"
                )
            of_all.append(share)
    return np.stack(out["cinc"]), np.stack(out["gdp"])


def between(model: SpheresModel, draws: Draws | None = None) -> tuple[BoolArray, FloatArray]:
    """Which powers are under a pact (N, N), and how far apart they stand (N, N), or (N, N, D) where a draw says so."""
    n = len(model.players)
    place = {name: k for k, name in enumerate(model.players)}
    pacts, ideology = np.zeros((n, n), dtype=np.bool_), np.zeros((n, n))
    for one, other in map(tuple, model.pacts):
        pacts[place[one], place[other]] = pacts[place[other], place[one]] = True
    for pair, distance in model.ideology.items():
        i, j = (place[name] for name in pair)
        ideology[i, j] = ideology[j, i] = distance
    given = {} if draws is None else {p: tie_path(p) for p in model.ideology if tie_path(p) in draws.columns}
    if draws is not None and given:
        ideology = np.repeat(ideology[..., None], len(draws), axis=-1)
        for pair, path in given.items():
            column = _column(path, draws.columns[path])
            if not (np.isfinite(column) & (column >= 0)).all():
                raise ScenarioError(f"draws: {path} must be finite and not negative")
            i, j = (place[name] for name in pair)
            ideology[i, j] = ideology[j, i] = column
    return pacts, ideology
