"""From draws to outcomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from games.arguments import checked
from games.errors import MethodError
from games.spheres import STATUS_QUO, Draws, MapLike, SpheresModel
from solvers.base.deadline import keeps_time
from solvers.base.progress import track
from solvers.uncertainty._blocks import WHOLE, Task
from solvers.uncertainty._mixed import Mixed
from solvers.uncertainty._names import ProfileLike, as_draws, named_profiles
from solvers.uncertainty._outcomes import Outcomes, joined

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["evaluate", "evaluate_maps"]

# Numbers in the stage games that are held at once: 16 MB.
_BLOCK = 2**21


@checked
@keeps_time("the evaluation of draws", "take fewer draws, or use run, which keeps what is done")
def evaluate(
    model: SpheresModel,
    draws: Draws | pd.DataFrame,
    map: MapLike = STATUS_QUO,
    regimes: str | Sequence[str] | Mapping[str, ProfileLike] | None = None,
    *,
    observed: str | Sequence[str] | Mapping[str, ProfileLike] | None = None,
    mixed: Mixed = "where none",
    autonomy: bool = True,
    starts: int = 8,
    seed: int = 0,
    time_limit: float | None = None,
) -> Outcomes:
    """What follows in every draw: payoffs, equilibria, premiums, deviations, critical discount factors, pairs, autonomy.

    Parameters
    ----------
    model : SpheresModel
    draws : Draws, or a table with one column a number or switch
    map : the deal's map; competition and observed profiles are on the status quo map
    regimes : names of `model.regimes`, or a mapping of names to profiles; the first is *the deal*. Defaults to all regimes.
    observed : names of `model.observed` (by default all), or a mapping of names to profiles: action labels or numbers, or
        pairs (who contests, whom)
    mixed : which mixed equilibria belong to competition beside all pure ones: `where none` is pure, `all`, or `never`
    autonomy : whether to compute what is left of each region's autonomy
    starts, seed : with five powers or more, of the search for equilibria (see `solvers.spheres.equilibria`); it then finds
        pure ones only, perhaps not all; minmax bounds are not computed
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    MethodError
        For draws of another kind, no regime, or a `mixed` that does not apply to this many powers.
    ScenarioError, ProfileError
        For a number, map, regime or profile that is not in the model.

    Examples
    --------
    >>> from games import world
    >>> model = world.build(2021, ["United States", "China", "Russia"])
    >>> found = evaluate(model, model.draws(64), regimes="concert")
    >>> found.share("pays all").draws
    64
    """
    return evaluate_maps(
        model,
        draws,
        {"": map},
        regimes,
        observed=observed,
        mixed=mixed,
        autonomy=autonomy,
        starts=starts,
        seed=seed,
    )[""]


def evaluate_maps(
    model: SpheresModel,
    draws: Draws | pd.DataFrame,
    maps: Mapping[str, MapLike],
    regimes: str | Sequence[str] | Mapping[str, ProfileLike] | None = None,
    *,
    observed: str | Sequence[str] | Mapping[str, ProfileLike] | None = None,
    mixed: Mixed = "where none",
    autonomy: bool = True,
    starts: int = 8,
    seed: int = 0,
) -> dict[str, Outcomes]:
    """`evaluate` for several maps by name: competition on the status quo map is computed once for all."""
    table = as_draws(draws)
    names = tuple(model.regimes) if regimes is None else regimes
    chosen = named_profiles(model, names, "regimes")
    if not chosen:
        raise MethodError("regimes: name at least one, the deal")
    seen = named_profiles(model, tuple(model.observed) if observed is None else observed, "observed")
    n = len(model.players)
    if n > WHOLE and mixed == "all":
        raise MethodError(f"mixed='all' needs the whole stage game, which {n} powers do not allow")
    task = Task(model, maps, chosen, seen, mixed, autonomy, starts, seed)
    size = max(1, min(4096, _BLOCK // (2 ** (n * (n - 1)) * n))) if n <= WHOLE else 256
    blocks = range(0, len(table), size)
    parts = [
        task.run(table.take(slice(start, start + size)))
        for start in track(blocks, len(blocks), "Evaluating draws")
    ]
    return {name: joined([part[name] for part in parts]) for name in maps}
