"""What went in, what was left out, how it was computed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Details,
    Figure,
    Paragraph,
    Section,
    SharesPanel,
    Table,
)
from reports.sections.parts import sentences
from reports.tables import plain_cell

if TYPE_CHECKING:
    from solvers.compare import Comparison

__all__ = ["inputs", "method", "omissions"]


def inputs(result: Comparison) -> Section:
    """Every input with its tag, source and range."""
    title = "What went in"
    if result.model.source is None:
        return Section(title, "The model was built by hand: its numbers carry no tags, sources or ranges.")
    frame = result.model.inputs()
    total = len(frame)
    tags = ("observed", "derived", "assumed")
    groups: dict[str, list[Any]] = {}
    for _, row in frame.iterrows():
        groups.setdefault(_group(str(row["path"])), []).append(row)
    columns = (
        Column("input"),
        Column("value"),
        Column("tag"),
        Column("range"),
        Column("source or reason"),
        Column("year"),
    )
    blocks: list[Block] = []
    if total:
        shares = tuple(
            tuple(sum(row["tag"] == tag for row in rows) / len(rows) for tag in tags)
            for rows in groups.values()
        )
        blocks.append(
            Figure(
                caption="How much is known",
                alt=sentences(
                    f"{name}: {row[2]:.0%} of {len(rows)} inputs are assumed"
                    for (name, rows), row in zip(groups.items(), shares)
                ),
                panels=(SharesPanel("Inputs by tag", tuple(groups), tags, shares),),
                legend=(("p0", "observed"), ("p1", "derived"), ("assumed", "assumed")),
            )
        )
    rules = _rules(result)
    if rules:
        table = Table(
            "The rules by which numbers were assumed or derived",
            (Column("rule"), Column("what it says")),
            rules,
        )
        blocks.append(Details(f"Rules: {len(rules)}", (table,)))
    for name, rows in groups.items():
        table = Table(
            caption=name.capitalize(),
            columns=columns,
            rows=tuple(
                (
                    " · ".join(str(row["path"]).split(".")[1:]).replace("_", " "),
                    plain_cell(row["value"]),
                    str(row["tag"]),
                    _range(row),
                    _source(row),
                    _year(row["year"]),
                )
                for row in rows
            ),
        )
        assumed = sum(row["tag"] == "assumed" for row in rows)
        blocks.append(
            Details(f"{name.capitalize()}: {len(rows)} inputs, {assumed} of them assumed", (table,))
        )
    share = float(result.model.assumed_share)
    return Section(
        title,
        f"{total} numbers, of which {share:.0%} are assumed. Observed numbers have a source; assumed ones a range and a reason.",
        tuple(blocks),
    )


def omissions(result: Comparison) -> Section:
    """What the model leaves out."""
    return Section(
        "What the model leaves out",
        "A result here is a consequence of the inputs and of these silences.",
        (Bullets(tuple(result.leaves_out)),),
    )


def method(result: Comparison) -> Section:
    """How it was computed and what is guaranteed."""
    complete = result.equilibria.complete
    return Section(
        "How it was computed",
        "The same inputs give the same report, byte for byte.",
        (
            Paragraph(f"Competition: {result.equilibria.summary()}"),
            Paragraph(
                "That search was complete for what it looked for: the intervals over competition cover all such equilibria."
                if complete
                else "That search was not complete: an equilibrium that was not found could widen the intervals over "
                "competition, and none found does not mean that none exists."
            ),
            Paragraph(
                "Deviations: every action of every power was compared with the deal, and no mixture of actions does better; of "
                "pairs, every joint pure action, but no joint mixtures."
            ),
            Bullets(
                (
                    "Contests: lottery (Tullock) contests in closed form (Hillman and Riley 1989; Stein 2002), sides that share "
                    "a prize after Baik (1993), strength lost over distance after Boulding (1962).",
                    "Critical discount factor: gain / (gain + deal − punishment), with Nash reversion (Friedman 1971) or "
                    "minmax as the punishment; minmax is the bound that no punishment beats.",
                    "Discount factors, equilibria and the signs of premium and slack are unchanged by the units of any "
                    "power's payoffs; whatever needs a common unit is marked †.",
                )
            ),
        ),
    )


def _group(path: str) -> str:
    return path.replace("[", ".").split(".")[0]


def _rules(result: Comparison) -> tuple[tuple[Cell, ...], ...]:
    """The scenario's rules, by which inputs were assumed or derived; none for a model built by hand."""
    from games.scenario import Scenario

    source = result.model.source
    return tuple(source.checked().rules.items()) if isinstance(source, Scenario) else ()


def _range(row: Any) -> str:
    low, high = plain_cell(row["low"]), plain_cell(row["high"])
    if low is None or high is None:
        return ""
    return f"{low:g} to {high:g}" if isinstance(low, (int, float)) and isinstance(high, (int, float)) else ""


def _source(row: Any) -> str:
    return "; ".join(str(value) for value in (plain_cell(row["source"]), plain_cell(row["reason"])) if value)


def _year(value: Any) -> str:
    plain = plain_cell(value)
    return "" if plain is None else f"{plain:.0f}" if isinstance(plain, float) else str(plain)
