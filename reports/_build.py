"""Reports made from results: of a comparison of concert with competition, of bargaining alone, of any other result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from games.errors import FormatError
from games.words import capital
from reports import provenance, tables
from reports.document import Paragraph, Provenance, Section
from reports.report import Report
from reports.writers._attempt import safely
from solvers.base.deadline import whole

if TYPE_CHECKING:
    from solvers.compare import Comparison
    from solvers.uncertainty import Assessment

__all__ = ["assessed", "bargain", "build", "compose"]


def build(result: Any, source: Provenance | None = None, assessment: Assessment | None = None) -> Report:
    """Make a report from a result.

    `result` is a `Comparison` (from `solvers.compare.concert`), or any other result with a `summary` and a `to_frame`,
    which becomes a report of one table. A Report is returned as it is. `assessment` (from `solvers.uncertainty.assess`) puts
    the verdict over many draws first, and adds the section that says how sure it is. `source` says where the result comes from;
    if left out, what the result's model itself knows of that is said.
    """
    if isinstance(result, Report):
        return result if source is None else replace(result, provenance=source)
    from solvers.base.result import Result

    if not isinstance(result, Result):
        raise FormatError(f"a report is built from a result; got {type(result).__name__}")
    from solvers.compare import Comparison

    if isinstance(result, Comparison):
        return compose(result, source, assessment)
    table = tables.from_frame(result.to_frame(), type(result).__name__)
    return Report(
        type(result).__name__,
        "",
        (result.summary(),),
        (Section("Table", "", (table,)),),
        source or provenance.of(None),
    )


def compose(
    result: Comparison, source: Provenance | None = None, assessment: Assessment | None = None
) -> Report:
    """The report of `solvers.compare.concert`'s result. A section that fails is left out and says why."""
    from reports.sections import (
        bargaining,
        cases,
        doubt,
        endurance,
        gains,
        incentives,
        partitions,
        regions,
        sources,
        swaps,
        triangle,
    )
    from reports.sections.parts import called

    model = result.model
    return Report(
        title=model.title or model.name,
        subtitle=_subtitle(result, f"{capital(called(result))} against competition"),
        verdict=safely(
            lambda: whole(lambda: _verdict(result, assessment)), lambda why: (f"There is no verdict: {why}.",)
        ),
        sections=(
            *_certainty(assessment),
            *tuple(
                _section(title, make, result)
                for title, make in (
                    (gains.PAYOFFS, gains.payoffs),
                    (regions.MAP, regions.spheres),
                    (incentives.PATIENCE, incentives.patience),
                    (endurance.TITLE, endurance.endurance),
                    (gains.LEDGER, gains.ledger),
                    (regions.OUTCOMES, regions.outcomes),
                    (gains.STAGE_GAME, gains.stage_game),
                    (incentives.BREAKING, incentives.breaking),
                    (regions.THIRD_PARTIES, regions.third_parties),
                    (regions.HOLDINGS, regions.holdings),
                    (cases.MAPS, cases.maps),
                    (bargaining.TITLE, bargaining.solutions),
                    (partitions.TITLE, partitions.partitions),
                    (swaps.TITLE, swaps.swaps),
                    *(((doubt.TITLE, doubt.doubt),) if model.kinds else ()),
                    *(((triangle.TITLE, triangle.triangle),) if len(model.players) == 3 else ()),
                    (cases.INDICES, cases.indices),
                    (sources.INPUTS, sources.inputs),
                    (sources.OMISSIONS, sources.omissions),
                    (sources.METHOD, sources.method),
                )
            ),
        ),
        provenance=_seeded(source or provenance.of(model), assessment),
    )


def _seeded(source: Provenance, assessment: Assessment | None) -> Provenance:
    """The provenance with the seed of the draws, where some were made."""
    return source if assessment is None else replace(source, seed=assessment.outcomes.draws.seed)


def assessed(found: Assessment, source: Provenance | None = None) -> Report:
    """A report of one deal over many draws alone."""
    from reports.sections import certainty

    model = found.outcomes.model
    return Report(
        title=f"How sure is this? {model.title or model.name}",
        subtitle=f"The {found.regime} on the map {found.outcomes.map}. Powers: {', '.join(model.players)}.",
        verdict=found.sentences,
        sections=(certainty.certainty(found),),
        provenance=_seeded(source or provenance.of(model), found),
    )


def _verdict(result: Comparison, assessment: Assessment | None) -> tuple[str, ...]:
    """The sentences over the draws, if there are any, before those at the point values."""
    if assessment is None:
        return tuple(result.verdict)
    first, *rest = result.verdict
    return (*assessment.sentences, f"At the middle of every range: {first[0].lower()}{first[1:]}", *rest)


def _certainty(assessment: Assessment | None) -> tuple[Section, ...]:
    from reports.sections import certainty

    if assessment is None:
        return ()
    return (
        safely(
            lambda: certainty.certainty(assessment),
            lambda why: Section(certainty.TITLE, "", (Paragraph(f"{LEFT_OUT}: {why}."),)),
        ),
    )


def bargain(result: Comparison, without: str = "", source: Provenance | None = None) -> Report:
    """A report of the bargaining alone: solutions, partitions, swaps, and of three powers the triangle.

    `without` names what happens without an agreement; see `reports.sections.bargaining.solutions`. A section that fails is
    left out and says why; only a disagreement point that was asked for and cannot be used is an error.
    """
    from reports.sections import bargaining, partitions, swaps, triangle

    model = result.model
    chosen = (
        bargaining.solutions(result, without)
        if without
        else _section(bargaining.TITLE, bargaining.solutions, result)
    )
    divided = _section(partitions.TITLE, partitions.partitions, result)
    swapped = _section(swaps.TITLE, swaps.swaps, result)
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
            *((_section(triangle.TITLE, triangle.triangle, result),) if len(model.players) == 3 else ()),
        ),
        provenance=source or provenance.of(model),
    )


LEFT_OUT = "This section is left out"


def _section(title: str, make: Callable[[Comparison], Section], result: Comparison) -> Section:
    return safely(
        lambda: whole(lambda: make(result)),
        lambda why: Section(title, "", (Paragraph(f"{LEFT_OUT}: {why}."),)),
    )


def _subtitle(result: Comparison, first: str) -> str:
    model = result.model
    year = f" Year: {model.year}." if model.year else ""
    return (
        f"{first}. Powers: {', '.join(model.players)}.{year} Regions: {len(model.regions)}. Map: {result.map_name}. "
        f"Capability index: {model.index}. Payoffs are in points: one point is one per cent of the world's capability, held "
        "for a year."
    )
