"""Reports made from results: of a comparison of concert with competition, of bargaining alone, of any other result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from games.errors import FormatError
from reports import tables
from reports.document import Paragraph, Section
from reports.report import Report
from reports.sections import bargaining, bargains, cases, endurance, gains, incentives, regions, sources
from reports.sections.parts import called, capital

if TYPE_CHECKING:
    from solvers.compare import Comparison

__all__ = ["bargain", "build", "compose"]


def build(result: Any) -> Report:
    """Make a report from a result.

    `result` is a `Comparison` (from `solvers.compare.concert`), or any other result with a `summary` and a `to_frame`,
    which becomes a report of one table. A Report is returned as it is.
    """
    if isinstance(result, Report):
        return result
    from solvers.base.result import Result

    if not isinstance(result, Result):
        raise FormatError(f"a report is built from a result; got {type(result).__name__}")
    from solvers.compare import Comparison

    if isinstance(result, Comparison):
        return compose(result)
    table = tables.from_frame(result.to_frame(), type(result).__name__)
    return Report(type(result).__name__, "", (result.summary(),), (Section("Table", "", (table,)),))


def compose(result: Comparison) -> Report:
    """The report of `solvers.compare.concert`'s result."""
    model = result.model
    return Report(
        title=model.title or model.name,
        subtitle=_subtitle(result, f"{capital(called(result))} against competition"),
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
            bargaining.solutions(result),
            bargains.partitions(result),
            bargaining.swaps(result),
            *((bargains.triangle(result),) if len(model.players) == 3 else ()),
            cases.indices(result),
            sources.inputs(result),
            sources.omissions(result),
            sources.method(result),
        ),
    )


def bargain(result: Comparison, without: str = "") -> Report:
    """A report of the bargaining alone: solutions, partitions, swaps, and of three powers the triangle.

    `without` names what happens without an agreement; see `reports.sections.bargaining.solutions`.
    """
    model = result.model
    chosen = bargaining.solutions(result, without)
    divided = bargains.partitions(result)
    swapped = bargaining.swaps(result)
    return Report(
        title=f"Bargaining over spheres: {model.title or model.name}",
        subtitle=_subtitle(result, "Who gets which region"),
        verdict=tuple(
            next((b.text for b in section.blocks if isinstance(b, Paragraph)), section.lead)
            for section in (chosen, divided, swapped)
        ),
        sections=(
            chosen,
            divided,
            swapped,
            *((bargains.triangle(result),) if len(model.players) == 3 else ()),
        ),
    )


def _subtitle(result: Comparison, first: str) -> str:
    model = result.model
    return (
        f"{first}. Powers: {', '.join(model.players)}. Regions: {len(model.regions)}. Map: {result.map}. "
        f"Capability index: {model.index}. Periods are years; payoffs are in points."
    )
