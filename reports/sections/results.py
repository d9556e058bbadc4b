"""Pictures of results other than a comparison, for `result.plot`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from games.errors import MethodError
from reports.document import Figure
from reports.sections import bargaining, endurance, triangle

if TYPE_CHECKING:
    from solvers.bargaining import SolutionTable
    from solvers.repeated import PayoffSet
    from solvers.triangle import Triangles

__all__ = ["bargaining_figure", "payoff_set_figure", "triangle_figure"]


def payoff_set_figure(result: PayoffSet) -> Figure:
    """A set of equilibrium payoffs of two or three players. Raises MethodError where there is nothing to draw."""
    players = result.play.stage.n_players
    if players not in (2, 3):
        raise MethodError(f"payoff sets of two and three players can be drawn; this one has {players}")
    if not len(result.inner.vertices):
        raise MethodError(f"there is nothing to draw: {result.summary()}")
    return endurance.payoff_set_picture(
        result, (), "Equilibrium payoffs in pure strategies with public lotteries.", result.summary()
    )


def bargaining_figure(result: SolutionTable) -> Figure:
    """A bargaining set with its solutions, by two players at a time."""
    return bargaining.picture(result.problem, bargaining.panels_of(result.problem, result))


def triangle_figure(result: Triangles) -> Figure:
    """The triangles of friends and foes."""
    return triangle.picture(result)
