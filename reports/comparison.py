"""The report of a comparison of concert with competition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.report import Report
from reports.sections import cases, gains, incentives, regions, sources
from reports.sections.parts import listed

if TYPE_CHECKING:
    from solvers.compare import Comparison

__all__ = ["compose"]


def compose(result: Comparison) -> Report:
    """The report of `solvers.compare.concert`'s result."""
    model = result.model
    count = len(model.regions)
    return Report(
        title=model.title or model.name,
        subtitle=(
            f"Concert against competition for {listed(model.players)} over {count} region{'s' * (count != 1)}. "
            f"Map: {result.map}. Capability index: {model.index}. Periods are years; payoffs are in points."
        ),
        verdict=tuple(result.verdict),
        sections=(
            gains.payoffs(result),
            incentives.patience(result),
            gains.ledger(result),
            regions.shares(result),
            gains.stage_game(result),
            incentives.breaking(result),
            regions.third_parties(result),
            regions.partition(result),
            cases.maps(result),
            cases.indices(result),
            sources.inputs(result),
            sources.omissions(result),
            sources.method(result),
        ),
    )
