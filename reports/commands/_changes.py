"""`--set PATH=VALUE`: numbers, words and holders that replace those of a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from games.errors import ScenarioError, did_you_mean

if TYPE_CHECKING:
    from games.spheres import SpheresModel

__all__ = ["apply", "as_map", "read", "varied"]

_HOLDER = ".holder"
_BENCHMARKS = ("competition", "all-out")


def read(changes: Sequence[str]) -> dict[str, float | str]:
    """Read `PATH=VALUE` pairs; a value that is not a number is a word.

    >>> read(["powers.China.patience = 0.9", "claims=part", "regions.Ukraine.holder=Russia by force"])
    {'powers.China.patience': 0.9, 'claims': 'part', 'regions.Ukraine.holder': 'Russia by force'}
    """
    out: dict[str, float | str] = {}
    for change in changes:
        path, equals, value = change.partition("=")
        path, value = path.strip(), value.strip()
        if not equals or not path or not value:
            raise ScenarioError(
                f"--set {change}: write a path, an equals sign and a value, as in half_distance=3000 or claims=part"
            )
        try:
            out[path] = float(value)
        except ValueError:
            out[path] = value
    return out


def apply(model: SpheresModel, changes: dict[str, float | str]) -> SpheresModel:
    """The model with the changes made. Raises ScenarioError for a path or value that does not exist."""
    inputs: dict[str, float | str] = {}
    for path, value in changes.items():
        if path.startswith("regions.") and path.endswith(_HOLDER):
            model = _held(model, path, str(value))
        elif path == "index":
            model = model.with_index(str(value))
        elif path == "benchmark":
            if value not in _BENCHMARKS:
                raise ScenarioError(f"benchmark: {value!r} is not known{did_you_mean(value, _BENCHMARKS)}")
            model = replace(model, benchmark=str(value))
        else:
            inputs[path] = value
    try:
        return model.vary(inputs) if inputs else model
    except ScenarioError as error:
        raise ScenarioError(f"--set {_blamed(model, inputs, str(error))}") from None


def _blamed(model: SpheresModel, inputs: dict[str, float | str], words: str) -> str:
    """What is wrong, with the change that is to blame where the words do not name it."""
    if any(path in words for path in inputs):
        return words
    for path, value in inputs.items():
        try:
            model.vary({path: value})
        except ScenarioError as error:
            shown = f"{value:g}" if isinstance(value, float) else value
            return f"{path}={shown}: {error}"
    return words


def as_map(words: str) -> str | dict[str, str]:
    """A map by name, or what it changes: `Taiwan=China by force, Ukraine=neutral`.

    >>> as_map("Ukraine to Russia"), as_map("Taiwan=China by consent")
    ('Ukraine to Russia', {'Taiwan': 'China by consent'})
    """
    if "=" not in words:
        return words
    out = {}
    for change in words.split(","):
        region, equals, holder = (part.strip() for part in change.partition("="))
        if not equals or not region or not holder:
            raise ScenarioError(
                f"--map {words}: write a map's name, or changes such as 'Taiwan=China by force, Ukraine=neutral'"
            )
        out[region] = holder
    return out


def varied(model: SpheresModel, words: str, map: str) -> tuple[SpheresModel, str]:
    """The model and map of one case: what follows a scenario's name is a map, or changed inputs with commas between them.

    >>> from games import load
    >>> model = load("us-china-russia-2025")
    >>> varied(model, "Byers swap", "status quo")[1]
    'Byers swap'
    >>> varied(model, "half_distance=3000, claims=part", "status quo")[0].parameters.half_distance
    3000.0
    """
    if not words:
        return model, map
    parts = [part.partition("=") for part in words.split(",")]
    if "=" not in words or any(name.strip() in model.region_names for name, _, _ in parts):
        return model, words
    return apply(model, read(words.split(","))), map


def _held(model: SpheresModel, path: str, value: str) -> SpheresModel:
    """The model with another holder of a region on the status quo map."""
    name = path[len("regions.") : -len(_HOLDER)]
    if name not in model.region_names:
        raise ScenarioError(
            f"--set {path}: there is no region {name!r}{did_you_mean(name, model.region_names)}"
        )
    # The model's own reader of maps checks power, manner and region.
    try:
        holder = model.holder_names({name: value})[model.region_names.index(name)]
        mode = model.modes({name: value})[model.region_names.index(name)]
    except ScenarioError as error:
        raise ScenarioError(f"--set {path}={value}: {error}") from None
    held = holder in model.players
    regions = tuple(
        replace(region, bound=(holder,) if held else (), forced=held and mode == "force")
        if region.name == name and region.piece is None
        else region
        for region in model.regions
    )
    if regions == model.regions and (holder, mode) != _now(model, name):
        raise ScenarioError(
            f"--set {path}: {name} is a piece of a power's own land; change it in a map instead"
        )
    return replace(model, regions=regions)


def _now(model: SpheresModel, name: str) -> tuple[str, str]:
    position = model.region_names.index(name)
    return model.holder_names()[position], model.modes()[position]
