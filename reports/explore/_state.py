"""What the explorer shows for a choice of scenario, map, regime, observed profile and numbers: plain Python, no widgets.

The stage games come from the array kernel of the scenario's own model, with the chosen numbers as one draw, because
a varied model measures all distances again. What follows from the games is `solvers.spheres.standing.stand`, as in
`compare.concert`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from games import stances
from games.errors import OutputError, ScenarioError, SizeError, did_you_mean
from games.normal_form import FloatArray, NormalFormGame
from games.spheres import STATUS_QUO, Draws, SpheresModel
from games.spheres.inputs import OFF, drawable
from games.spheres.parameters import ASSUMPTIONS, SWITCHES
from reports.explore import _controls
from reports.explore._controls import INDEX
from reports.explore._steps import Steps
from solvers.base.deadline import checkpoint

if TYPE_CHECKING:
    from solvers.compare import Comparison
    from solvers.spheres.standing import Standing
    from solvers.uncertainty import Outcomes

__all__ = ["MOST_NUMBERS", "Choice", "Explorer", "View"]

MOST_NUMBERS = 12
_DRAWS = {2: 200, 3: 200, 4: 64, 5: 32}
"""Draws behind the shares, by the number of powers: a fifth power multiplies the profiles of a draw by 256."""
_KEPT = 32
"""Choices whose games are kept, so that another regime, or a slider moved back, is not solved again."""
_LONGEST_NAME = 200
"""Bytes of the longest file name: file systems take 255, and the file is first written under a longer one."""


@dataclass(frozen=True)
class Choice:
    """What was chosen: a scenario, a map, a regime, an observed profile ("" for none), numbers by path, switches by name.

    The regime may be an observed profile, too. `switches` are those of `games.spheres.parameters.SWITCHES`, and `index`.
    """

    scenario: str
    map: str = STATUS_QUO
    regime: str = "concert"
    observed: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)
    switches: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class View:
    """What follows from a choice: where the deal stands, and what is left of the regions' autonomy.

    Attributes
    ----------
    choice : Choice
    comparison : the deal against competition; its tables over other maps, indices and variants are empty
    autonomy : array (R,), of each region in the deal
    autonomy_competition : array (E, R), in each equilibrium of competition on the status quo map
    observed : payoffs (N,) of the observed profile on the status quo map; None where none was chosen
    regret : what each power would gain by leaving the observed profile, (N,); None as well
    beyond : of each chosen number or switch that lies outside its stated range, that range
    """

    choice: Choice
    comparison: Comparison
    autonomy: FloatArray
    autonomy_competition: FloatArray
    observed: FloatArray | None
    regret: FloatArray | None
    beyond: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def standing(self) -> Standing:
        """The deal's payoffs, benchmarks and critical discount factors."""
        return self.comparison.standing

    @cached_property
    def lost(self) -> FloatArray:
        """Autonomy that the deal takes against competition, (E, 2): people (millions) and output ($bn); negative: given."""
        regions = self.standing.model.regions
        weights = np.array([[r.population, r.output] for r in regions])
        return np.asarray((self.autonomy_competition - self.autonomy) @ weights)


class _Prepared(SpheresModel):
    """A model that keeps its twins under the other capability indices: making one measures all distances."""

    @cached_property
    def _twins(self) -> dict[str, SpheresModel]:
        return {}

    def with_index(self, index: str) -> SpheresModel:
        if index not in self._twins:
            self._twins[index] = super().with_index(index)
        return self._twins[index]


@dataclass
class _Entry:
    """One scenario: its model, its draws, and the games already solved."""

    model: _Prepared
    draws: Draws | None = None
    solved: dict[Any, dict[Any, Any]] = field(default_factory=dict)


class Explorer:
    """Everything behind the page: scenarios, the settings of its controls, and what follows from a choice.

    Parameters
    ----------
    model : a model, or the name or path of a scenario; the default scenario if left out
    numbers : paths of the assumed numbers that get a slider, at most twelve; by default the free numbers of the model and
        each power's patience
    seed : of the draws behind the shares

    Raises
    ------
    ScenarioError
        For a scenario, number or model that is not there, more than twelve numbers, or six powers and more.

    Examples
    --------
    >>> explorer = Explorer("us-china-russia-2025")
    >>> view = explorer.view(Choice("us-china-russia-2025", map="Taiwan to China", numbers={"half_distance": 3000}))
    >>> view.standing.payoffs.shape
    (3,)
    """

    def __init__(
        self,
        model: SpheresModel | str | Path = "us-china-russia-2025",
        numbers: Sequence[str] | None = None,
        seed: int = 0,
    ) -> None:
        from games import load, scenarios

        if isinstance(model, (str, Path)):
            self.start, first = str(model), load(str(model))
        elif isinstance(model, SpheresModel):
            first = model
            self.start = f"{model.name} (as handed in)" if model.name in scenarios() else model.name
        else:
            raise ScenarioError(f"explore needs a SpheresModel or the name of a scenario; got {model!r}")
        self._asked = None if numbers is None else tuple(numbers)
        self._seed = seed
        self.titles: dict[str, str] = {self.start: first.title or first.name, **scenarios()}
        self._entries = {self.start: _Entry(_prepared(first))}
        self._files: dict[str, Path] = {}
        self._steps: tuple[Any, Steps] | None = None
        self._sliders(self._entries[self.start].model, strict=True)

    def model(self, scenario: str) -> SpheresModel:
        """The model of a scenario by name."""
        return self._entry(scenario).model

    def settings(self, scenario: str) -> dict[str, Any]:
        """What the controls offer for a scenario, as plain data. There are names to choose from, a slider for each number, the
        switches of its structure, and the presets that set several of these at once."""
        model = self.model(scenario)
        return {
            "scenario": scenario,
            "title": model.title or model.name,
            "scenarios": [{"name": name, "title": title} for name, title in self.titles.items()],
            "maps": list(model.maps),
            "regimes": list(model.regimes),
            "observed": list(model.observed),
            "numbers": _controls.numbers(model, self._sliders(model)),
            "switches": _controls.switches(model),
            "presets": _controls.presets(model),
        }

    def view(self, choice: Choice) -> View:
        """What follows from a choice at these numbers.

        Raises ScenarioError or ProfileError for a name that is not in the scenario, or a number that its model does not allow.
        """
        from solvers import coalitions, nash
        from solvers.compare import Comparison
        from solvers.spheres.standing import stand
        from solvers.spheres.third_parties import support_profiles

        entry, base, changes = self._checked(choice)
        varied = base.vary(changes) if changes else base
        model, point = _point(base, varied, changes)
        kept = base.index, tuple(sorted(changes.items()))
        solved = entry.solved.pop(kept, {})
        for where in (STATUS_QUO, choice.map):
            # `stand` looks for a solved game under these three before it solves one itself.
            key = (varied.index, varied.parameters, where)
            if key not in solved:
                game = _stage(model, where, point)
                # What is too large for the search `stand` solves in its own, slower way.
                with suppress(SizeError):
                    solved[key] = game, nash.find_all(game)
        standing = stand(varied, choice.map, choice.regime, solved)
        # What a time limit has cut short is not kept.
        checkpoint()
        entry.solved[kept] = solved
        while len(entry.solved) > _KEPT:
            entry.solved.pop(next(iter(entry.solved)))
        joint = coalitions.joint_deviations(standing.game, standing.profile)
        competition = []
        for profile in standing.benchmark_profiles:
            weights, actions = support_profiles(profile)
            played = model.autonomy(stances.contest_matrices(actions), STATUS_QUO, point)
            competition.append(weights @ played.reshape(-1, played.shape[-1]))
        deal = stances.contest_matrices(np.array([standing.profile]))
        observed = regret = None
        if choice.observed:
            observed = standing.observed[choice.observed]
            regret = _regret(standing.benchmark_game, model.profile(choice.observed))
        return View(
            choice,
            Comparison(standing, {}, {}, {}, joint, choice.regime),
            np.asarray(model.autonomy(deal, choice.map, point)).reshape(-1),
            np.array(competition),
            observed,
            regret,
            _controls.beyond(entry.model, {**choice.numbers, **choice.switches}),
        )

    def outcomes(self, choice: Choice) -> Outcomes:
        """The deal in a few hundred draws: every assumed number varies over its range but those that were chosen."""
        return self.steps(choice).whole()

    def steps(self, choice: Choice) -> Steps:
        """The same draws, to be evaluated step by step; those of the last choice are kept."""
        entry, base, changes = self._checked(choice)
        kept = (
            choice.scenario,
            base.index,
            tuple(sorted(changes.items())),
            choice.map,
            choice.regime,
            choice.observed,
        )
        if self._steps is None or self._steps[0] != kept:
            known = drawable(base)
            if entry.draws is None:
                draws = entry.model.draws(_DRAWS[len(base.players)], self._seed)
                columns = {name: column for name, column in draws.columns.items() if name in known}
                entry.draws = Draws(columns, draws.ranges, draws.how, draws.seed)
            # Refuses what the model does not allow, in its own words.
            base.vary(changes)
            chosen = {**choice.numbers, **{k: v for k, v in changes.items() if k in SWITCHES}}
            # What no column of draws can carry is changed in the model itself.
            rest = {path: value for path, value in changes.items() if path not in known}
            draws = entry.draws.fix({path: value for path, value in chosen.items() if path in known})
            observed = (choice.observed,) if choice.observed else ()
            model = base.vary(rest) if rest else base
            self._steps = kept, Steps(model, draws, choice.map, choice.regime, observed, self._seed)
        return self._steps[1]

    def save(self, choice: Choice, file: str, folder: Path | None = None) -> Path:
        """Write the scenario with the chosen numbers and switches as a TOML file of that name, by default into this folder.

        The explorer then offers it among its scenarios.

        Raises OutputError for a name with a folder or a control character in it, for one that is too long, or for a file that
        exists.
        """
        name = file.strip()
        # Half a surrogate pair and NUL, which no file system takes, are not printable either.
        fits = name.isprintable() and len(name.encode("utf-8", "replace")) <= _LONGEST_NAME
        if not name or not fits or Path(name).name != name or "\\" in name or name.startswith("."):
            raise OutputError(f"{file!r} is not a file name; write one such as mine.toml, without a folder")
        name = name if name.endswith(".toml") else f"{name}.toml"
        _, base, changes = self._checked(choice)
        target = (folder or Path.cwd()) / name
        if target.exists():
            raise OutputError(f"{name} exists; choose another name")
        model = base.vary(changes) if changes else base
        model.write(target)
        self.titles[name] = f"{model.title or model.name}, as saved"
        self._files[name] = target
        self._entries.pop(name, None)
        return target

    # ---------------------------------------------------------------------- parts

    def _entry(self, scenario: str) -> _Entry:
        from games import load

        if scenario not in self._entries:
            if scenario not in self.titles:
                raise ScenarioError(f"there is no scenario {scenario!r}{did_you_mean(scenario, self.titles)}")
            self._entries[scenario] = _Entry(_prepared(load(self._files.get(scenario, scenario))))
        return self._entries[scenario]

    def _checked(self, choice: Choice) -> tuple[_Entry, SpheresModel, dict[str, float | str]]:
        """The scenario's entry, its model under the chosen capability index, and the inputs that differ from its own."""
        entry = self._entry(choice.scenario)
        model = entry.model
        model.holders(choice.map)
        model.profile(choice.regime)
        if choice.observed and choice.observed not in model.observed:
            raise ScenarioError(
                f"there is no observed profile {choice.observed!r}{did_you_mean(choice.observed, model.observed)}"
            )
        changes: dict[str, float | str] = {}
        for path, value in choice.numbers.items():
            if path in OFF:
                own = float(getattr(model.parameters, path))
            elif path in model.assumptions:
                own = model.assumptions[path].value
            else:
                raise ScenarioError(
                    f"there is no assumed number {path!r}{did_you_mean(path, model.assumptions)}"
                )
            if value != own:
                changes[path] = float(value)
        index = model.index
        for name, level in choice.switches.items():
            if name == INDEX:
                index = str(level)
            elif name not in SWITCHES:
                raise ScenarioError(f"there is no switch {name!r}{did_you_mean(name, (INDEX, *SWITCHES))}")
            elif level != getattr(model.parameters, name):
                changes[name] = level
        return entry, model if index == model.index else model.with_index(index), changes

    def _sliders(self, model: SpheresModel, strict: bool = False) -> tuple[str, ...]:
        """Paths of the numbers that get a slider; with `strict`, a number asked for must be there."""
        if self._asked is None:
            free = [path for path in model.assumptions if path in ASSUMPTIONS]
            patience = [f"powers.{power}.patience" for power in model.players]
            other = [path for path in model.assumptions if "." not in path and path not in free]
            return tuple(path for path in (*free, *patience, *other) if path in model.assumptions)[
                :MOST_NUMBERS
            ]
        if len(self._asked) > MOST_NUMBERS:
            raise ScenarioError(
                f"{len(self._asked)} numbers are too many for sliders; name at most {MOST_NUMBERS}"
            )
        if strict:
            for path in self._asked:
                if path not in model.assumptions:
                    raise ScenarioError(
                        f"there is no assumed number {path!r}{did_you_mean(path, model.assumptions)}"
                    )
        return tuple(path for path in dict.fromkeys(self._asked) if path in model.assumptions)


def _prepared(model: SpheresModel) -> _Prepared:
    if len(model.players) not in _DRAWS:
        raise ScenarioError(
            f"the explorer needs the whole game of a year: two to five powers, not {len(model.players)}"
        )
    return _Prepared(**{f.name: getattr(model, f.name) for f in fields(model) if f.init})


def _point(
    base: SpheresModel, varied: SpheresModel, changes: Mapping[str, float | str]
) -> tuple[SpheresModel, Draws | None]:
    """A model and one draw of it that give the chosen numbers; those that are not drawn have their point value.

    The varied model itself, without a draw, where a number is none that a draw can carry.
    """
    if not changes or not set(changes) <= set(drawable(base)):
        return varied, None
    return base, Draws(
        {path: np.array([value]) for path, value in changes.items()}, dict.fromkeys(changes, "chosen")
    )


def _stage(model: SpheresModel, map: str, point: Draws | None) -> NormalFormGame:
    """The stage game of one draw, as `SpheresModel.stage` makes it."""
    count = len(model.players)
    size = 2 ** (count - 1)
    table = model.payoffs(stances.every_contest(count), map, point)
    labels = [stances.action_labels(model.players, i) for i in range(count)]
    return NormalFormGame(table.reshape((size,) * count + (count,)), model.players, labels, map)


def _regret(game: NormalFormGame, profile: Iterable[int]) -> FloatArray:
    """What each power gains by its best action against the others' part of a profile, (N,); never negative."""
    actions = tuple(profile)
    out = []
    for i, action in enumerate(actions):
        index: tuple[Any, ...] = (*actions[:i], slice(None), *actions[i + 1 :], i)
        own = game.payoffs[index]
        out.append(own.max() - own[action])
    return np.array(out)
