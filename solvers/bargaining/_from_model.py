"""Bargaining problems made from games and from models of spheres, with disagreement points chosen by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, SupportsInt

import numpy as np

from games.arguments import checked
from games.errors import BargainingError, did_you_mean
from games.normal_form import FloatArray, NormalFormGame
from solvers.bargaining._problem import BargainingProblem, Key
from solvers.base.deadline import keeps_time
from solvers.base.precision import refuse_rounding

if TYPE_CHECKING:
    from games.spheres import MapLike, SpheresModel
    from solvers.partitions import Partitions

__all__ = ["disagreement_point", "from_game", "from_model"]


@checked
@keeps_time("the bargaining problem", "give the disagreement payoffs as numbers")
def from_game(
    game: NormalFormGame,
    disagreement: str | Sequence[float | str | SupportsInt] | FloatArray = "nash:1",
    profiles: Mapping[str, Sequence[str | SupportsInt]] | None = None,
    *,
    time_limit: float | None = None,
) -> BargainingProblem:
    """Bargaining over the profiles of a game, by lotteries.

    Parameters
    ----------
    game : NormalFormGame
    disagreement : `nash:k`, the payoffs of the k-th equilibrium found; `minmax`, what each can be held to by all others
        together (`minmax pure` by pure actions); a name in `profiles`; a profile of labels; or N numbers, payoffs
    profiles : named profiles that may serve as disagreement points (a model's regimes, say)
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"]] * 2)
    >>> from_game(game, "minmax").disagreement.tolist()
    [1.0, 1.0]
    """
    refuse_rounding(game)
    point, source = disagreement_point(game, disagreement, profiles)
    points = game.payoffs.reshape(-1, game.n_players)

    def label(key: Key) -> str:
        return ", ".join(game.labels([int(a) for a in np.unravel_index(key[0], game.shape)]))

    return BargainingProblem(points, point, game.players, label, source)


def disagreement_point(
    game: NormalFormGame,
    disagreement: str | Sequence[float | str | SupportsInt] | FloatArray,
    profiles: Mapping[str, Sequence[str | SupportsInt]] | None = None,
) -> tuple[FloatArray, str]:
    """The payoffs that a disagreement point's name stands for, and the name in words; see `from_game`."""
    if not isinstance(disagreement, str):
        if not isinstance(disagreement, Sequence | np.ndarray):
            raise BargainingError(
                f"a disagreement point is a name, a profile or one payoff for each player; got {disagreement!r}"
            )
        given = list(disagreement)
        if any(isinstance(x, str) for x in given):
            return game.payoff(given), ", ".join(game.labels(given))
        return np.array(given, dtype=np.float64), "as given"
    known = {**(profiles or {})}
    if disagreement in known:
        return game.payoff(known[disagreement]), disagreement
    if disagreement in ("minmax", "minmax pure"):
        from solvers import minmax

        kind: Literal["pure", "correlated"] = "pure" if disagreement.endswith("pure") else "correlated"
        return minmax.values(game, kind=kind).values, disagreement
    if disagreement.startswith("nash:") and disagreement[5:].isdigit():
        from solvers import nash

        found, k = nash.find_all(game), int(disagreement[5:])
        if not 1 <= k <= len(found):
            raise BargainingError(
                f"there is no equilibrium number {k}: {len(found)} found by {found.method}; choose nash:1 to "
                f"nash:{len(found)}, or minmax"
            )
        return found[k - 1].payoffs, f"equilibrium {k}"
    raise BargainingError(
        "there is no disagreement point "
        f"{disagreement!r}{did_you_mean(disagreement, ['minmax', 'minmax pure', 'nash:1', *known])}"
    )


@checked
@keeps_time("the bargaining problem", "name fewer regions")
def from_model(
    model: SpheresModel,
    disagreement: str | Sequence[float] | FloatArray = "nash:1",
    over: Literal["partitions", "stances"] = "partitions",
    map: MapLike = "status quo",
    regions: Sequence[str] | None = None,
    table: Partitions | None = None,
    *,
    time_limit: float | None = None,
) -> BargainingProblem:
    """Bargaining over the map, or over stances, in a model of spheres of influence.

    Parameters
    ----------
    model : SpheresModel
    disagreement : as in `from_game`, in the stage game on `map`; every regime of the model is a name (`all-out`,
        for one), and `status quo` is mutual restraint on that map
    over : `partitions`, every division of the regions on the table (`solvers.partitions`), all powers accommodating; or
        `stances`, the profiles of the stage game on `map`
    map : the map of the disagreement point's stage game
    regions : the regions on the table; by default those that the model puts there
    table : divisions already evaluated (`solvers.partitions.evaluate`), instead of `regions`
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Examples
    --------
    >>> from games import load
    >>> from_model(load("us-china-russia-2025"), "all-out").source
    'all-out'
    """
    game = model.stage(map)
    names: dict[str, Sequence[str | SupportsInt]] = {**model.regimes, "status quo": (0,) * len(model.players)}
    if over == "stances":
        return from_game(game, disagreement, names)
    if over != "partitions":
        raise BargainingError(
            f"there is no set of agreements {over!r}{did_you_mean(over, ['partitions', 'stances'])}"
        )
    point, source = disagreement_point(game, disagreement, names)
    from solvers import partitions

    if table is None:
        divisions = partitions.evaluate(model, "concert", regions=regions, reversion="status quo")
    elif regions is not None:
        raise BargainingError("give the regions on the table or divisions already evaluated, not both")
    else:
        divisions = table

    def label(key: Key) -> str:
        return divisions.describe(int(key[0]))

    return BargainingProblem(divisions.payoffs, point, model.players, label, source)
