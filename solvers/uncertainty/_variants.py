"""The same deal under each structural variant of the model: does a verdict survive them, and if not, on what does it turn?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked, whole
from games.errors import SampleError
from games.spheres import STATUS_QUO, Draws, MapLike, SpheresModel
from games.words import counted, listed
from solvers.base.deadline import keeps_time
from solvers.base.progress import track
from solvers.base.result import Result
from solvers.uncertainty._evaluate import evaluate
from solvers.uncertainty._match import match
from solvers.uncertainty._mixed import Mixed
from solvers.uncertainty._names import COMPETITION, map_words
from solvers.uncertainty._outcomes import Outcomes
from solvers.uncertainty._shares import Share, share_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ALL", "MAIN", "Variants", "variants"]

MAIN, ALL = "main", "all draws"


@dataclass(frozen=True, eq=False, repr=False)
class Variants(Result):
    """Shares of draws in which conditions are true of a deal, for the model as it is and for each variant, on the same draws.

    A sample is `all draws`, where the deal is measured against competition, or the draws that fit an observed profile in that
    variant, where it is measured against that profile. Draws in which no equilibrium of competition is known are in no sample
    of `all draws`.

    Attributes
    ----------
    names : names of the variants, `main` first
    outcomes : by variant what follows in each draw
    shares : for each (sample, condition) one Share for each variant, None where too few draws fit
    kept : for each sample the share of draws in it, for each variant
    regime, map : of which deal
    """

    names: tuple[str, ...]
    outcomes: Mapping[str, Outcomes]
    shares: Mapping[tuple[str, str], tuple[Share | None, ...]]
    kept: Mapping[str, tuple[Share | None, ...]]
    regime: str
    map: str

    _rows_shown = 60

    @property
    def samples(self) -> tuple[str, ...]:
        """Names of the samples, `all draws` first."""
        return tuple(self.kept)

    def turning(self, condition: str, sample: str = ALL) -> tuple[str, ...]:
        """The variants that turn a condition over: true in most draws unlike in the main run, or the reverse."""
        main, *rest = self.shares[sample, condition]
        if main is None:
            return ()
        return tuple(
            name for name, share in zip(self.names[1:], rest) if share is not None and _turns(main, share)
        )

    def survives(self, condition: str, sample: str = ALL) -> bool:
        """Does no variant turn the condition over?"""
        return not self.turning(condition, sample)

    def sentence(self, condition: str, sample: str = ALL) -> str:
        """What may be headlined about a condition: its share if no variant turns it over, else on what it turns."""
        main, *rest = self.shares[sample, condition]
        if main is None:
            return f"Too few draws fit {sample!r} to say in how many {condition!r} is true."
        which = "the draws" if sample == ALL else f"the draws that fit {sample!r}"
        what = f"{condition!r} is true of the {self.regime} on the map {self.map!r} in {main} of {which}"
        missing = sum(share is None for share in rest)
        few = f" In {counted(missing, 'variant')} too few draws fit." if missing else ""
        turned = self.turning(condition, sample)
        if not turned:
            values = [100 * s.value for s in (main, *rest) if s is not None]
            return (
                f"{what}; over the {len(values) - 1} variants of the model it lies between {min(values):.0f} and "
                f"{max(values):.0f} %, so none turns it over.{few}"
            )
        shares = dict(zip(self.names, self.shares[sample, condition]))
        parts = [f"{name} ({shares[name]})" for name in turned[:4]]
        if len(turned) > 4:
            parts.append(f"{len(turned) - 4} more")
        return f"{what}, but that turns on the structure of the model: {listed(parts)} turn it over.{few}"

    def summary(self) -> str:
        return " ".join(self.sentence(condition, sample) for sample, condition in self.shares)

    def table(self, sample: str = ALL) -> pd.DataFrame:
        """One row for each variant: draws, the share of them in which each condition is true, `error` (the largest), `turns`.

        `turns` names the conditions that the variant turns over.
        """
        import pandas as pd

        columns = [condition for where, condition in self.shares if where == sample]
        turning = {condition: self.turning(condition, sample) for condition in columns}
        rows: list[dict[str, object]] = []
        for k, name in enumerate(self.names):
            row: dict[str, object] = {"draws": 0}
            found = {condition: self.shares[sample, condition][k] for condition in columns}
            known = {condition: share for condition, share in found.items() if share is not None}
            if known:
                row |= {"draws": next(iter(known.values())).draws}
                row |= {condition: share.value for condition, share in known.items()}
                row["error"] = max(share.error for share in known.values())
            rows.append({**row, "turns": ", ".join(c for c in columns if name in turning[c])})
        index = pd.Index(self.names, name="variant")
        return pd.DataFrame(rows, index=index, columns=["draws", *columns, "error", "turns"])

    def to_frame(self) -> pd.DataFrame:
        """One row for each sample and variant: the share of draws in the sample, and each condition's share and error."""
        import pandas as pd

        conditions = list(dict.fromkeys(condition for _, condition in self.shares))
        rows = []
        for sample in self.samples:
            for k, name in enumerate(self.names):
                kept = self.kept[sample][k]
                row: dict[str, object] = {
                    "sample": sample,
                    "variant": name,
                    "kept": np.nan if kept is None else kept.value,
                }
                for condition in conditions:
                    share = self.shares[sample, condition][k]
                    row[condition] = np.nan if share is None else share.value
                    row[f"{condition} error"] = np.nan if share is None else share.error
                rows.append(row)
        return pd.DataFrame(rows)


@checked
@keeps_time("the comparison of variants", "take fewer draws")
def variants(
    model: SpheresModel,
    draws: Draws,
    map: MapLike = STATUS_QUO,
    regime: str = "concert",
    *,
    conditions: Sequence[str] = ("pays all", "holds", "pays all and holds"),
    observed: Sequence[str] = (),
    regions: bool = True,
    region_draws: int | None = None,
    mixed: Mixed = "where none",
    main: Outcomes | None = None,
    time_limit: float | None = None,
) -> Variants:
    """Evaluate a deal under every structural variant (`SpheresModel.variants`) on the same draws.

    Parameters
    ----------
    model, draws, map, regime, mixed : as for `evaluate`
    conditions : see `Outcomes.condition`
    observed : names of observed profiles to which the draws are matched as well, variant by variant
    regions : whether to leave out each region in turn, too
    region_draws : with how many of the draws, the first ones, if not with all
    main : Outcomes of the model itself on these draws, if they are there already
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Examples
    --------
    >>> from games import world
    >>> model = world.build(2021, ["United States", "China", "Russia"])
    >>> found = variants(model, model.draws(64), regions=False)
    >>> found.names[0], len(found.names)
    ('main', 5)
    """
    if region_draws is not None:
        region_draws = whole(region_draws, "region_draws is a whole number, at least 1", least=1)
    outcomes: dict[str, Outcomes] = {} if main is None else {MAIN: main}
    models = {name: other for name, other in model.variants(regions=False).items() if name not in outcomes}
    for name, other in track(models.items(), len(models), "Variants of the model"):
        outcomes[name] = evaluate(
            other, draws, map, (regime,), observed=tuple(observed), mixed=mixed, autonomy=False
        )
    if regions:
        few = draws.take(slice(region_draws))
        outcomes |= _without_regions(model, few, map, regime, tuple(observed), mixed)
    shares: dict[tuple[str, str], list[Share | None]] = {
        (sample, condition): [] for sample in (ALL, *observed) for condition in conditions
    }
    kept: dict[str, list[Share | None]] = {sample: [] for sample in (ALL, *observed)}
    for found in outcomes.values():
        for sample in kept:
            part, share = _sample(found, sample)
            kept[sample].append(share)
            for condition in conditions:
                against = COMPETITION if sample == ALL else sample
                shares[sample, condition].append(
                    None if part is None else part.share(condition, regime, against)
                )
    return Variants(
        tuple(outcomes),
        outcomes,
        {key: tuple(values) for key, values in shares.items()},
        {key: tuple(values) for key, values in kept.items()},
        regime,
        map_words(model, map),
    )


def _sample(found: Outcomes, sample: str) -> tuple[Outcomes | None, Share | None]:
    """The draws of a sample, and the share that they are; None where there are too few to speak of."""
    if sample == ALL:
        known = found.count > 0
        return (found if known.all() else found.take(known) if known.any() else None), share_of(known)
    try:
        matched = match(found, sample)
    except SampleError:
        return None, None
    return matched.outcomes, matched.share


def _without_regions(
    model: SpheresModel, draws: Draws, map: MapLike, regime: str, observed: tuple[str, ...], mixed: Mixed
) -> dict[str, Outcomes]:
    """The deal with each region left out in turn, all in one pass."""
    names, size = model.region_names, len(draws)
    columns = {name: np.tile(column, len(names)) for name, column in draws.columns.items()}
    columns["left_out"] = np.repeat(np.array(names), size)
    stacked = Draws(columns, {**draws.ranges, "left_out": "each region in turn"}, draws.how, draws.seed)
    found = evaluate(model, stacked, map, (regime,), observed=observed, mixed=mixed, autonomy=False)
    return {
        f"without {name}": found.take(np.arange(k * size, (k + 1) * size)) for k, name in enumerate(names)
    }


def _turns(one: Share, other: Share) -> bool:
    """Is something true in most draws of one and in most draws of the other not, beyond both errors?"""
    return (one.low > 0.5 and other.high < 0.5) or (one.high < 0.5 and other.low > 0.5)
