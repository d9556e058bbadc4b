"""The same deal under each structural variant of the model: does a verdict survive them, and if not, on what does it turn?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.errors import SampleError
from games.spheres import STATUS_QUO, Draws, MapLike, SpheresModel
from games.words import counted, listed
from solvers.base.progress import track
from solvers.base.result import Result
from solvers.uncertainty._evaluate import evaluate
from solvers.uncertainty._match import match
from solvers.uncertainty._names import map_words
from solvers.uncertainty._outcomes import COMPETITION, Outcomes
from solvers.uncertainty._shares import Share

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ALL", "Variants", "variants"]

MAIN, ALL = "main", "all draws"


@dataclass(frozen=True, eq=False, repr=False)
class Variants(Result):
    """Shares of draws in which conditions are true of a deal, for the model as it is and for each variant, on the same draws.

    A sample is `all draws`, where the deal is measured against competition, or the draws that fit an observed profile in that
    variant, where it is measured against that profile.

    Attributes
    ----------
    names : names of the variants, `main` first
    shares : for each (sample, condition) one Share for each variant, None where too few draws fit
    kept : for each sample the share of draws in it, for each variant
    regime, map : of which deal
    """

    names: tuple[str, ...]
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
        """The variants that turn a condition over: true in more than half of the draws unlike in the main run, or the reverse."""
        main, *rest = self.shares[sample, condition]
        if main is None:
            return ()
        side = main.value > 0.5
        return tuple(
            name
            for name, share in zip(self.names[1:], rest)
            if share is not None and (share.value > 0.5) != side
        )

    def survives(self, condition: str, sample: str = ALL) -> bool:
        """Is the condition true in more than half of the draws, or in at most half, whatever the variant?"""
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
def variants(
    model: SpheresModel,
    draws: Draws,
    map: MapLike = STATUS_QUO,
    regime: str = "concert",
    *,
    conditions: Sequence[str] = ("pays all", "holds", "pays all and holds"),
    observed: Sequence[str] = (),
    regions: bool = True,
    main: Outcomes | None = None,
) -> Variants:
    """Evaluate a deal under every structural variant (`SpheresModel.variants`) on the same draws.

    Parameters
    ----------
    model, draws, map, regime : the deal
    conditions : see `Outcomes.condition`
    observed : names of observed profiles to which the draws are matched as well, variant by variant
    regions : whether to leave out each region in turn, too
    main : Outcomes of the model itself on these draws, if they are there already

    Examples
    --------
    >>> from games import world
    >>> model = world.build(2021, ["United States", "China", "Russia"])
    >>> found = variants(model, model.draws(64), regions=False)
    >>> found.names[0], len(found.names)
    ('main', 5)
    """
    models = model.variants(regions=regions)
    names = tuple(models)
    shares: dict[tuple[str, str], list[Share | None]] = {
        (sample, condition): [] for sample in (ALL, *observed) for condition in conditions
    }
    kept: dict[str, list[Share | None]] = {sample: [] for sample in (ALL, *observed)}
    for name in track(names, len(names), "Variants of the model"):
        found = main if name == MAIN and main is not None else None
        if found is None:
            found = evaluate(models[name], draws, map, (regime,), observed=tuple(observed), autonomy=False)
        for sample in kept:
            part, against, share = found, COMPETITION, Share(1.0, 1.0, 1.0, len(found))
            if sample != ALL:
                try:
                    matched = match(found, sample)
                except SampleError:
                    kept[sample].append(None)
                    for condition in conditions:
                        shares[sample, condition].append(None)
                    continue
                part, against, share = matched.outcomes, sample, matched.share
            kept[sample].append(share)
            for condition in conditions:
                shares[sample, condition].append(part.share(condition, regime, against))
    return Variants(
        names,
        {key: tuple(values) for key, values in shares.items()},
        {key: tuple(values) for key, values in kept.items()},
        regime,
        map_words(model, map),
    )
