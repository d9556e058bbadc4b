"""`result.plot.payoffs()` and its kin: the pictures of the report as matplotlib figures, for notebooks.

Results live below this package and do not know it. They find it by name when somebody asks for `plot` (see
`solvers.base.plots`), as pandas finds its plotting backend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from games.errors import MethodError, did_you_mean
from games.words import a

if TYPE_CHECKING:
    from reports.document import Figure
    from reports.figures.mpl import Plot

__all__ = ["Plots", "accessor"]


class _Entry(NamedTuple):
    """One picture: the module and function that make it from a result, with what it shows."""

    module: str
    function: str
    shows: str


_COMPARISON: Mapping[str, _Entry] = {
    "payoffs": _Entry("gains", "payoffs_figure", "payoffs of every power, regime by regime"),
    "ledger": _Entry("gains", "ledger_figure", "from competition to the deal, item by item"),
    "patience": _Entry("incentives", "patience_figure", "premiums and discount factors, needed and own"),
    "map": _Entry("regions", "map_figure", "spheres of influence, today and in the deal"),
    "regions": _Entry("regions", "outcomes_figure", "the autonomy that each region keeps"),
    "autonomy": _Entry("regions", "autonomy_figure", "autonomy in the deal and in competition"),
    "payoff_set": _Entry("endurance", "payoff_set_figure", "equilibrium payoffs of the repeated game"),
    "noise": _Entry("endurance", "noise_figure", "the discount factor needed, by noise"),
    "horizon": _Entry("horizon", "horizon_figure", "the discount factor needed, year by year"),
    "maps": _Entry("cases", "maps_figure", "premiums on every map"),
    "indices": _Entry("cases", "indices_figure", "premiums under every capability index"),
    "variants": _Entry("cases", "variants_figure", "premiums under every variant of the model"),
    "bargaining": _Entry("bargaining", "bargaining_figure", "the bargaining set and its solutions"),
    "triangle": _Entry("triangle", "triangle_figure", "triangles of friends and foes"),
    "inputs": _Entry("sources", "inputs_figure", "how much of the input is observed and assumed"),
}
_PICTURES: Mapping[str, Mapping[str, _Entry]] = {
    "Comparison": _COMPARISON,
    "PayoffSet": {
        "payoff_set": _Entry("results", "payoff_set_figure", "equilibrium payoffs of the repeated game")
    },
    "SolutionTable": {
        "bargaining": _Entry("results", "bargaining_figure", "the bargaining set and its solutions")
    },
    "Triangles": {"triangle": _Entry("results", "triangle_figure", "triangles of friends and foes")},
    "Outcomes": {
        "shares": _Entry("draws", "shares_figure", "shares of draws by condition, with their errors"),
        "premiums": _Entry("draws", "premiums_figure", "premiums over the draws, regime by regime"),
    },
    "Matched": {"learned": _Entry("draws", "learned_figure", "how far the match moves each number")},
    "Tornado": {
        "tornado": _Entry("draws", "tornado_figure", "premiums over the range of one number at a time")
    },
    "SobolIndices": {"indices": _Entry("draws", "indices_figure", "first-order and total indices by number")},
    "Phase": {"phase": _Entry("draws", "phase_figure", "where the condition is true, over both numbers")},
    "Discovery": {
        "trajectory": _Entry("draws", "trajectory_figure", "coverage and density as the box is peeled")
    },
    "Variants": {
        "variants": _Entry("draws", "variants_figure", "shares of draws under every variant of the model")
    },
    "Assessment": {
        "premiums": _Entry(
            "draws", "assessed_premiums_figure", "premiums over all draws, and where they fit a reading"
        )
    },
}
"""Pictures by the class of the result, each with the function in `reports.sections` that makes it."""


class Plots:
    """The pictures of one result; calling one gives a matplotlib figure, `result.plot()` the first.

    >>> from games import load
    >>> from solvers import compare
    >>> result = compare.concert(load("us-china-russia-2025"))
    >>> result.plot.payoffs().savefig  # doctest: +ELLIPSIS
    <bound method Figure.savefig of ...>
    """

    def __init__(self, result: Any, pictures: Mapping[str, _Entry]) -> None:
        self._result = result
        self._pictures = pictures

    def __getattr__(self, name: str) -> Callable[..., Plot]:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._pictures:
            kind = type(self._result).__name__
            raise MethodError(f"{a(kind)} has no picture {name!r}{did_you_mean(name, self._pictures)}")

        def draw(*arguments: Any, **options: Any) -> Plot:
            from reports.figures import compose, mpl

            return mpl.plot(compose(self.figure(name, *arguments, **options)))

        entry = self._pictures[name]
        draw.__name__, draw.__doc__ = name, f"A matplotlib figure: {entry.shows}."
        return draw

    def __call__(self, *arguments: Any, **options: Any) -> Plot:
        """The first picture as a matplotlib figure."""
        made: Plot = getattr(self, next(iter(self._pictures)))(*arguments, **options)
        return made

    def figure(self, name: str, *arguments: Any, **options: Any) -> Figure:
        """The picture as data, as it stands in a report."""
        from importlib import import_module

        entry = self._pictures[name]
        made: Figure = getattr(import_module(f"reports.sections.{entry.module}"), entry.function)(
            self._result, *arguments, **options
        )
        return made

    def __dir__(self) -> list[str]:
        return [*self._pictures, "figure"]

    def __repr__(self) -> str:
        lines = [f"  .{name}()  {entry.shows}" for name, entry in self._pictures.items()]
        return "\n".join([f"Pictures of {a(type(self._result).__name__)}:", *lines])


def accessor(result: Any) -> Plots:
    """The pictures of a result. Raises MethodError for a result of which there are none."""
    for kind in type(result).__mro__:
        if kind.__name__ in _PICTURES:
            return Plots(result, _PICTURES[kind.__name__])
    raise MethodError(f"there are no pictures of {a(type(result).__name__)}; its table is in to_frame()")
