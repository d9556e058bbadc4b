"""The report of a comparison of concert with competition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.report import Report
from reports.sections import bargains, cases, endurance, gains, incentives, regions, sources

if TYPE_CHECKING:
    from solvers.compare import Comparison

__all__ = ["compose"]


def compose(result: Comparison) -> Report:
    """The report of `solvers.compare.concert`'s result."""
    model = result.model
    return Report(
        title=model.title or model.name,
        subtitle=(
            f"Concert against competition. Powers: {', '.join(model.players)}. Regions: {len(model.regions)}. "
            f"Map: {result.map}. Capability index: {model.index}. Periods are years; payoffs are in points."
        ),
        verdict=tuple(result.verdict),
        sections=(
            gains.payoffs(result),
            incentives.patience(result),
            endurance.endurance(result),
            gains.ledger(result),
            regions.shares(result),
            gains.stage_game(result),
            incentives.breaking(result),
            regions.third_parties(result),
            regions.partition(result),
            cases.maps(result),
            bargains.partitions(result),
            *((bargains.triangle(result),) if len(model.players) == 3 else ()),
            cases.indices(result),
            sources.inputs(result),
            sources.omissions(result),
            sources.method(result),
        ),
    )
