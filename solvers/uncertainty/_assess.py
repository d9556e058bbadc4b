"""Everything that stands behind one verdict: shares before and after matching, the variants, the tornado, and a box in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from games.errors import SampleError
from games.spheres import STATUS_QUO, Draws, SpheresModel
from games.words import listed
from solvers.base.result import Result
from solvers.uncertainty._discover import Discovery, discover
from solvers.uncertainty._evaluate import evaluate_maps
from solvers.uncertainty._match import Matched, match
from solvers.uncertainty._outcomes import COMPETITION, Outcomes
from solvers.uncertainty._shares import share_of
from solvers.uncertainty._tornado import Tornado, tornado
from solvers.uncertainty._variants import ALL, Variants, variants

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Assessment", "assess"]


@dataclass(frozen=True, eq=False, repr=False)
class Assessment(Result):
    """How sure the verdict on a deal is.

    Attributes
    ----------
    deal : Outcomes of the deal in all draws
    by_map : Outcomes of the same regime on every named map
    matches : for each observed profile what fits it, or the sentence that refuses to speak
    tornado : one number at a time, from the model's own values
    structure : the structural variants, on all draws and on those that fit each observed profile
    """

    deal: Outcomes
    by_map: Mapping[str, Outcomes]
    matches: Mapping[str, Matched | str]
    tornado: Tornado
    structure: Variants

    _rows_shown = 60

    @property
    def regime(self) -> str:
        """The regime of the deal."""
        return self.deal.regimes[0]

    @cached_property
    def box(self) -> Discovery | str:
        """Where among the numbers the deal pays all and holds (if too rarely: holds, or pays all), or why there is no box."""
        refusal = ""
        for condition in ("pays all and holds", "holds", "pays all"):
            try:
                return discover(self.deal, condition)
            except SampleError as error:
                refusal = refusal or str(error)
        return refusal

    @cached_property
    def deals(self) -> pd.DataFrame:
        """Shares by map and by what the draws are matched to: one row for each, with errors.

        Columns: map, draws fit (`all draws` or an observed profile), against (`competition` in all draws, else that profile),
        draws, pays all, holds, pays all and holds and their errors, and for each power the share in which it gains; `people
        lost`, the median of autonomy lost by the regions, in million persons, against the equilibrium that leaves them least.
        """
        import pandas as pd

        rows = []
        for name, found in self.by_map.items():
            for fit, kept, against in self._samples(found):
                row: dict[str, object] = {
                    "map": name,
                    "draws fit": fit,
                    "against": against,
                    "draws": len(kept),
                }
                for condition in ("pays all", "holds", "pays all and holds"):
                    share = kept.share(condition, None, against)
                    row[condition], row[f"{condition} error"] = share.value, share.error
                for power in kept.players:
                    row[f"{power} gains"] = kept.share(f"{power} gains", None, against).value
                lost = kept.lost().low[:, 0]
                row["people lost"] = float(np.nanmedian(lost)) if not np.isnan(lost).all() else np.nan
                rows.append(row)
        return pd.DataFrame(rows)

    def _samples(self, found: Outcomes) -> list[tuple[str, Outcomes, str]]:
        """(name, outcomes, benchmark): all draws against competition, and those that fit each observed profile against it."""
        out = [(ALL, found, COMPETITION)]
        for name, matched in self.matches.items():
            if isinstance(matched, Matched):
                out.append((name, found.take(matched.mask), name))
        return out

    @cached_property
    def ranking(self) -> tuple[pd.DataFrame, str]:
        """How often each map comes first by the smallest premium in per cent of capability, and what that ranking is worth."""
        import pandas as pd

        least = np.stack(
            [(100 * f.premium().low / f.capability).min(axis=1) for f in self.by_map.values()], axis=1
        )
        known = ~np.isnan(least).any(axis=1)
        order = np.argsort(-least[known], axis=1, kind="stable")
        first = np.bincount(order[:, 0], minlength=least.shape[1]) / max(1, int(known.sum()))
        frame = pd.DataFrame(
            {"first": first, "median": np.median(least[known], axis=0) if known.any() else np.nan},
            index=pd.Index(self.by_map, name="map"),
        ).sort_values("first", ascending=False, kind="stable")
        if len(frame) < 2:
            return frame, "There is one map, so nothing is ranked."
        top = frame.index[0]
        share = float(frame["first"].iloc[0])
        if share >= 0.95:
            return (
                frame,
                f"{top!r} comes first in {100 * share:.0f} % of the draws: the ranking of maps is robust at its top.",
            )
        return (
            frame,
            f"Which map comes first changes within the ranges ({top!r} in {100 * share:.0f} % of the draws): that ranking is no "
            "finding.",
        )

    def sentences(self) -> tuple[str, ...]:
        """The verdict over draws: who gains, does it hold, on what that turns, and who pays."""
        deal, regime = self.deal, self.regime
        out = [
            f"Over {len(deal):,} draws of the assumed numbers, the {regime} on the map {deal.map!r} pays "
            + listed([f"{p} in {deal.share(f'{p} gains')}" for p in deal.players])
            + f" of them, against competition. It pays all in {deal.share('pays all')}, holds in {deal.share('holds')}, and does "
            f"both in {deal.share('pays all and holds')}."
        ]
        for name, matched in self.matches.items():
            if isinstance(matched, str):
                out.append(f"{matched[0].upper()}{matched[1:]}.")
                continue
            kept = matched.outcomes
            gains = [f"{p} in {kept.share(p + ' gains', None, name)}" for p in kept.players]
            out.append(
                f"The stances of {name!r} are an equilibrium in {matched.share} of the draws. In those, and against those "
                f"stances, the {regime} pays {listed(gains)}; it pays all in {kept.share('pays all', None, name)}, holds in "
                f"{kept.share('holds')}, and does both in {kept.share('pays all and holds', None, name)}."
            )
        out += [self.structure.sentence("pays all and holds", sample) for sample in self.structure.samples]
        lost = deal.lost().low[:, 0]
        if not np.isnan(lost).all():
            median = float(np.nanmedian(lost))
            costs = share_of(lost > 0)
            what = "lose" if median > 0 else "gain"
            out.append(
                f"The regions' people {what} autonomy like that of {abs(median):.3g} million in the median draw; they lose some "
                f"against every equilibrium of competition in {costs} of the draws."
            )
        out.append(self.ranking[1])
        return tuple(out)

    def summary(self) -> str:
        return " ".join(self.sentences())

    def to_frame(self) -> pd.DataFrame:
        """`deals`."""
        return self.deals.copy()


def assess(
    model: SpheresModel,
    draws: Draws | int = 2048,
    map: str = STATUS_QUO,
    regime: str = "concert",
    *,
    observed: Sequence[str] | None = None,
    maps: Sequence[str] | None = None,
    variant_draws: int = 512,
    seed: int = 0,
) -> Assessment:
    """Put a verdict's uncertainty together.

    Parameters
    ----------
    model, map, regime : the deal
    draws : Draws, or how many
    observed : names of observed profiles to match, by default all of the model's
    maps : names of the maps to set beside the deal's, by default all of the model's
    variant_draws : on how many of the draws the structural variants are evaluated; with a variant for each region left out,
        fewer will do
    seed : of the draws

    Raises
    ------
    MethodError, ScenarioError, ProfileError
        For names that are not in the model.
    """
    table = draws if isinstance(draws, Draws) else model.draws(draws, seed=seed)
    names = tuple(model.observed) if observed is None else tuple(observed)
    chosen = list(dict.fromkeys([map, *(model.maps if maps is None else maps)]))
    by_map = evaluate_maps(model, table, {name: name for name in chosen}, (regime,), observed=names)
    deal = by_map[map]
    matches: dict[str, Matched | str] = {}
    for name in names:
        try:
            matches[name] = match(deal, name)
        except SampleError as error:
            matches[name] = str(error)
    few = table if len(table) <= variant_draws else table.take(slice(0, variant_draws))
    structure = variants(model, few, map, regime, observed=names)
    return Assessment(deal, by_map, matches, tornado(model, map, regime), structure)
