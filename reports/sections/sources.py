"""What went in, what was left out, how it was computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from games.spheres.inputs import Input, rows
from games.words import counted
from reports.document import (
    Block,
    Bullets,
    Column,
    Details,
    Figure,
    Paragraph,
    Section,
    SharesPanel,
    Table,
)
from reports.sections.parts import sentences

if TYPE_CHECKING:
    from solvers.compare import Comparison

__all__ = ["INPUTS", "METHOD", "OMISSIONS", "inputs", "inputs_figure", "method", "omissions"]

INPUTS, OMISSIONS, METHOD = "What went in", "What the model leaves out", "How it was computed"
_TAGS = ("observed", "derived", "assumed")


def inputs(result: Comparison) -> Section:
    """Every input with its tag, source and range."""
    groups = _groups(result)
    total = sum(map(len, groups.values()))
    blocks: list[Block] = [inputs_figure(result)]
    rules = tuple((name, said) for name, said in result.model.rules.items())
    if rules:
        table = Table(
            "The rules by which numbers were assumed or derived",
            (Column("rule"), Column("what it says")),
            rules,
        )
        blocks.append(Details(f"Rules: {len(rules)}", (table,)))
    for name, group in groups.items():
        assumed = sum(row.tag == "assumed" for row in group)
        blocks.append(
            Details(
                f"{name}: {counted(len(group), 'input')}, {assumed} of them assumed", (_table(name, group),)
            )
        )
    share = float(result.model.assumed_share)
    return Section(
        INPUTS,
        f"{total} numbers, of which {share:.0%} are assumed. An observed number has a source; an assumed one has a "
        f"range and a reason.",
        tuple(blocks),
    )


def inputs_figure(result: Comparison) -> Figure:
    """How much of the input is observed, derived and assumed."""
    groups = _groups(result)
    shares = tuple(
        tuple(sum(row.tag == tag for row in group) / len(group) for tag in _TAGS) for group in groups.values()
    )
    return Figure(
        caption="How much is known",
        alt=sentences(
            f"{name}: {row[2]:.0%} of {counted(len(group), 'input')} are assumed"
            for (name, group), row in zip(groups.items(), shares)
        ),
        panels=(SharesPanel("Inputs by tag", tuple(groups), _TAGS, shares),),
        legend=(("p0", "observed"), ("p1", "derived"), ("assumed", "assumed")),
    )


def _groups(result: Comparison) -> dict[str, list[Input]]:
    """The inputs by what they belong to; numbers without an owner are the model's own."""
    groups: dict[str, list[Input]] = {}
    for row in rows(result.model):
        name = row.path.split(".")[0].capitalize() if "." in row.path else "Parameters"
        groups.setdefault(name, []).append(row)
    return groups


def _table(name: str, group: list[Input]) -> Table:
    return Table(
        caption=name,
        columns=(
            Column("input"),
            Column("value"),
            Column("tag"),
            Column("range"),
            Column("source or reason"),
            Column("year"),
        ),
        rows=tuple(
            (
                " · ".join(_steps(row.path)).replace("_", " "),
                row.value,
                row.tag,
                "" if row.low is None or row.high is None else f"{row.low:g} to {row.high:g}",
                "; ".join(filter(None, (row.source, row.reason))),
                "" if row.year is None else str(row.year),
            )
            for row in group
        ),
    )


def _steps(path: str) -> list[str]:
    """The parts of a path, without the kind of thing that the table is about."""
    return path.split(".")[1:] if "." in path else [path]


def omissions(result: Comparison) -> Section:
    """What the model leaves out."""
    return Section(
        OMISSIONS,
        "Results follow from the inputs and from what is left out:",
        (Bullets(tuple(result.leaves_out)),),
    )


def method(result: Comparison) -> Section:
    """How it was computed and what is guaranteed."""
    complete = result.equilibria.complete
    return Section(
        METHOD,
        "The same inputs give the same report, byte for byte.",
        (
            Paragraph(f"Competition: {result.equilibria.summary()}"),
            Paragraph(
                "The search was complete, so the intervals over competition cover all its equilibria."
                if complete
                else "The search was not complete: an equilibrium that was not found could widen the intervals over "
                "competition, "
                "and none found does not mean that none exists."
            ),
            Paragraph(
                "Deviations: every action of every power was compared with the deal, and no mixture of actions does "
                "better. For "
                "pairs every joint pure action was compared, but no joint mixtures."
            ),
            Bullets(
                (
                    "Contests: two sides of a Tullock contest whose members spend at quadratic cost on a public prize (Esteban "
                    "and Ray 1999); another's sphere counts as a loss (after Jehiel and Moldovanu 1996); strength is lost over "
                    "distance (after Boulding 1962).",
                    "Critical discount factor: gain / (gain + deal − punishment), with Nash reversion (Friedman 1971) or "
                    "minmax as the punishment; minmax is the bound that no punishment beats.",
                    "Discount factors, equilibria and the signs of premium and slack are unchanged by the units of any "
                    "power's payoffs; numbers that need a common unit are marked †.",
                )
            ),
        ),
    )
