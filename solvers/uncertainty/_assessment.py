"""One deal over many worlds: shares before and after matching, by deal and by variant, and on what the verdict turns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from games.arguments import checked
from games.errors import MethodError, SampleError
from games.normal_form import BoolArray
from games.spheres import STATUS_QUO, Draws, MapLike, SpheresModel
from games.words import counted, listed, the
from solvers.base.deadline import keeps_time
from solvers.base.result import Result
from solvers.uncertainty._discover import Discovery, discover
from solvers.uncertainty._evaluate import evaluate, evaluate_maps
from solvers.uncertainty._match import Matched, match
from solvers.uncertainty._outcomes import Outcomes
from solvers.uncertainty._shares import share_of
from solvers.uncertainty._tornado import Tornado, tornado
from solvers.uncertainty._variants import ALL, MAIN, Variants, variants

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Assessment", "assess"]

# Draws for each deal other than the one assessed, and for each structural variant: shares to about four points of a hundred.
_FEW = 512
# Draws for each region left out: shares to about nine points of a hundred, enough to see a verdict turn over.
_FEWER = 128


@dataclass(frozen=True, eq=False, repr=False)
class Assessment(Result):
    """What becomes of one deal over the ranges of the assumed numbers. Made by `assess`.

    Attributes
    ----------
    outcomes : Outcomes of all draws, the deal being the first regime
    matched : for each observed profile of the model the draws that fit it, or the reason why too few do
    deals : the same regime on every named map: Outcomes of fewer draws, by the map's name
    variants : the deal under every structural variant and with each region left out, on fewer draws
    swings : what moving one number at a time does
    box : where the deal holds, or the reason why no box was looked for
    """

    outcomes: Outcomes
    matched: Mapping[str, Matched | str]
    deals: Mapping[str, Outcomes]
    variants: Variants
    swings: Tornado
    box: Discovery | str

    _rows_shown = 30

    @property
    def regime(self) -> str:
        """The deal's stances."""
        return self.outcomes.regimes[0]

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the powers."""
        return self.outcomes.players

    def masks(self, size: int) -> dict[str, BoolArray | None]:
        """Which of the first `size` draws each set of worlds keeps: all of them, and those that fit each observed profile."""
        out: dict[str, BoolArray | None] = {ALL: np.ones(size, dtype=np.bool_)}
        for name, found in self.matched.items():
            out[name] = found.mask[:size] if isinstance(found, Matched) else None
        return out

    @cached_property
    def by_deal(self) -> pd.DataFrame:
        """Shares by deal and by set of worlds, one row each.

        Columns: map, worlds (all draws, or an observed profile that they fit), draws, `pays all`, `holds`, `pays all and holds`,
        `error` (the largest of the three), `handed over` and `people`. `handed over` is the autonomy that the
        regions lose against the same restraint on the status quo map; `people` is what they lose on balance against
        competition (medians, million people). Against the observed profile where the worlds fit one.
        """
        import pandas as pd

        rows: list[dict[str, Any]] = []
        people = np.array([r.population for r in self.outcomes.model.regions])
        as_today = self.deals[STATUS_QUO].autonomy[:, 0] @ people
        for name, found in self.deals.items():
            kept = found.autonomy[:, 0] @ people
            size = min(len(kept), len(as_today))
            given = as_today[:size] - kept[:size]
            for worlds, mask in self.masks(len(found)).items():
                row: dict[str, Any] = {"map": name, "worlds": worlds}
                if mask is None or not mask.any():
                    rows.append({**row, "draws": 0 if mask is None else int(mask.sum())})
                    continue
                against = "competition" if worlds == ALL else worlds
                if worlds == ALL:
                    mask = mask & (found.count > 0)
                shares = [
                    share_of(found.condition(c, against=against)[mask])
                    for c in ("pays all", "holds", "pays all and holds")
                ]
                lost = found.lost().high[mask, 0]
                rows.append(
                    {
                        **row,
                        "draws": int(mask.sum()),
                        "pays all": shares[0].value,
                        "holds": shares[1].value,
                        "pays all and holds": shares[2].value,
                        "error": max(s.error for s in shares),
                        "handed over": float(np.median(given[mask[:size]])) if mask[:size].any() else np.nan,
                        "people": float(np.nanmedian(lost)) if np.isfinite(lost).any() else np.nan,
                    }
                )
        columns = [
            "map",
            "worlds",
            "draws",
            "pays all",
            "holds",
            "pays all and holds",
            "error",
            "handed over",
            "people",
        ]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def by_variant(self) -> pd.DataFrame:
        """Shares by structural variant and region left out, `main` first: each power gains, holds, pays all and holds.

        Draws without a pure equilibrium of competition are left out. `turns` names what is true in most draws of the variant and
        not of the main run, or the other way round, by more than both errors.
        """
        return self.variants.table()

    @cached_property
    def ranking(self) -> tuple[pd.DataFrame, str]:
        """How often each map comes first by the smallest premium in per cent of capability, and what that ranking is worth."""
        import pandas as pd

        size = min(len(found) for found in self.deals.values())
        least = np.stack(
            [(100 * f.premium().low / f.capability)[:size].min(axis=1) for f in self.deals.values()], axis=1
        )
        known = least[~np.isnan(least).any(axis=1)]
        if len(self.deals) < 2 or not len(known):
            frame = pd.DataFrame({"first": np.nan, "median": np.nan}, index=pd.Index(self.deals, name="map"))
            return frame, "There is no ranking of maps: too few maps, or no draws with all of them."
        first = np.bincount(known.argmax(axis=1), minlength=known.shape[1]) / len(known)
        frame = pd.DataFrame(
            {"first": first, "median": np.median(known, axis=0)}, index=pd.Index(self.deals, name="map")
        ).sort_values("first", ascending=False, kind="stable")
        top, share = str(frame.index[0]), share_of(known.argmax(axis=1) == int(first.argmax()))
        if share.low >= 0.9:
            return frame, f"The map '{top}' treats the worst-off power best in {share} of the draws."
        return (
            frame,
            f"Which map treats the worst-off power best changes within the ranges ('{top}' in {share} of the draws): that "
            "ranking is not a finding.",
        )

    @property
    def turning(self) -> tuple[str, ...]:
        """The variants and left-out regions on which some part of the verdict turns."""
        table = self.by_variant
        return tuple(str(name) for name in table.index[table["turns"] != ""])

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The verdict over the draws: before matching, after it, and on what it turns."""
        found = self.outcomes
        pays, holds, both = (found.share(c) for c in ("pays all", "holds", "pays all and holds"))
        gains = [f"{the(p)} in {found.share(f'{p} gains')}" for p in self.players]
        out = [
            f"Over {counted(len(found), 'draw')} of the assumed numbers the {self.regime} on the map "
            f"'{found.map}' pays {listed(gains)}; "
            f"it pays all in {pays}, holds in {holds}, and does both in {both}."
        ]
        for name, kept in self.matched.items():
            if isinstance(kept, str):
                out.append(f"Nothing is said of worlds that fit '{name}': {kept}.")
                continue
            inside = kept.outcomes
            pays, holds, both = (
                inside.share(c, against=name) for c in ("pays all", "holds", "pays all and holds")
            )
            out.append(
                f"In the {counted(len(inside), 'draw')} that fit '{name}', compared with what was observed, it "
                f"pays all in {pays}, "
                f"holds in {holds}, and does both in {both}."
            )
        if self.turning:
            table = self.by_variant
            parts = [f"{_changed(name)} ({table['turns'][name]!s})" for name in self.turning]
            more = f", and {len(parts) - 4} more" if len(parts) > 4 else ""
            out.append(
                f"The verdict is not robust to the model's structure. It turns with {listed(parts[:4])}{more}. A sign that "
                "changes there is not a finding."
            )
        else:
            out.append("No structural variant and no region left out turns the verdict over.")
        if len(self.deals) > 1:
            out.append(self.ranking[1])
        return tuple(out)

    def summary(self) -> str:
        return " ".join(self.sentences)

    def to_frame(self) -> pd.DataFrame:
        """`by_deal`."""
        return self.by_deal.copy()


def _changed(name: str) -> str:
    return f"{the(name.removeprefix('without '))} left out" if name.startswith("without ") else f"'{name}'"


@checked
@keeps_time("the assessment", "take fewer draws")
def assess(
    model: SpheresModel,
    map: MapLike = STATUS_QUO,
    regime: str = "concert",
    draws: Draws | int = 2048,
    *,
    seed: int = 0,
    together: float = 0.0,
    tolerance: float = 0.0,
    time_limit: float | None = None,
) -> Assessment:
    """Evaluate one deal over many worlds, with everything that a report says of how sure it is.

    Parameters
    ----------
    model : SpheresModel of two to four powers
    map, regime : the deal
    draws : Draws, or how many to make (scrambled Sobol points of all assumed numbers)
    seed, together : of the draws, if they are made here (see `SpheresModel.draws`)
    tolerance : regret allowed in a match, as a share of each power's capability (see `match`)
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    MethodError
        For five powers or more, whose stage games do not fit in an array for each draw.

    Examples
    --------
    >>> from games import load
    >>> found = assess(load("us-china-russia-2025"), draws=64)
    >>> len(found.outcomes), found.variants.names[:2]
    (64, ('main', 'claims on parts'))
    """
    if len(model.players) > 4:
        raise MethodError(
            f"an assessment solves the stage game in every draw; {len(model.players)} powers are too many, four the most. Use "
            "uncertainty.evaluate"
        )
    drawn = model.draws(draws, seed=seed, together=together) if isinstance(draws, int) else draws
    outcomes = evaluate(model, drawn, map, [regime])
    matched: dict[str, Matched | str] = {}
    for name in model.observed:
        try:
            matched[name] = match(outcomes, name, tolerance=tolerance)
        except SampleError as error:
            matched[name] = str(error)
    few = drawn.take(slice(0, min(_FEW, len(drawn))))
    # The deal itself on every map, its own among them as the main run: competition is solved once for all of them.
    shared = evaluate_maps(
        model, few, {MAIN: map, **{name: name for name in model.maps if name != map}}, [regime], mixed="never"
    )
    changed = variants(
        model,
        few,
        map,
        regime,
        conditions=[*(f"{p} gains" for p in model.players), "holds", "pays all and holds"],
        region_draws=_FEWER,
        mixed="never",
        main=shared.pop(MAIN),
    )
    ordered = {name: outcomes if name == map else shared[name] for name in model.maps}
    if not isinstance(map, str):
        ordered = {outcomes.map: outcomes, **ordered}
    try:
        box: Discovery | str = discover(outcomes, "holds", seed=seed)
    except SampleError as error:
        box = str(error)
    return Assessment(outcomes, matched, ordered, changed, tornado(model, map, regime), box)
