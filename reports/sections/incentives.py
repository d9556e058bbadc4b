"""Would it hold, and what breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from games.spheres import STATUS_QUO
from reports.document import Block, Column, Figure, Mark, Paragraph, RowsPanel, Section, Table
from reports.sections.parts import mark, rows_of, sentences, yes
from reports.tables import COMMON_UNIT, interval, plain_cell, text

if TYPE_CHECKING:
    from solvers.compare import Comparison

__all__ = ["breaking", "patience"]


def patience(result: Comparison) -> Section:
    """Would it hold: premiums, and critical discount factors beside the powers' own."""
    critical = result.critical_discount
    players = result.players
    premium = tuple(
        (mark("competition", row["premium low"], row["premium high"]),) for _, row in rows_of(result.premium)
    )
    signed = Column("", "signed")
    discount = Column("", "discount", 3)
    left = RowsPanel(
        "Premium",
        players,
        premium,
        tuple(
            text(interval(r["premium low"], r["premium high"]), signed) for _, r in rows_of(result.premium)
        ),
        "points, common unit",
        zero=True,
    )
    marks = []
    words = []
    for _, row in rows_of(critical):
        own = float(row["own discount"])
        marks.append(
            (
                mark("competition", row["nash low"], row["nash high"]),
                Mark("bound", float(row["minmax correlated"])),
                Mark("own", own),
            )
        )
        words.append(
            f"own {text(own, discount)}, needs {text(interval(row['nash low'], row['nash high']), discount)}"
        )
    right = RowsPanel(
        "Patience needed and patience there", players, tuple(marks), tuple(words), "", (0.0, 1.0)
    )
    figure = Figure(
        caption="Does it pay, and would it last?",
        alt=sentences(f"{power}: {note}" for power, note in zip(players, words)),
        panels=(left, right),
        legend=(
            ("competition", "interval over the equilibria of competition"),
            ("own", "own discount factor"),
            ("bound", "least that any punishment needs (correlated minmax)"),
        ),
        notes=(
            "A power keeps the deal where its triangle lies to the right of a diamond: of the left one under the harshest "
            "reversion, of both under any. An arrow at the edge means that no patience suffices.",
        ),
    )
    elsewhere = result.map != STATUS_QUO
    columns = [
        Column("power"),
        Column("best breach"),
        Column("gain", "signed", common_unit=True),
        Column("needed: reversion", "discount", 3),
        *([Column("needed: status quo", "discount", 3)] * elsewhere),
        Column("needed: pure minmax", "discount", 3),
        Column("needed: minmax", "discount", 3),
        Column("own", "discount", 3),
        Column("slack: reversion", "signed", common_unit=True),
        *([Column("slack: status quo", "signed", common_unit=True)] * elsewhere),
        Column("slack: minmax", "signed", common_unit=True),
    ]
    rows = tuple(
        (
            power,
            str(deviation["action"]),
            plain_cell(deviation["gain"]),
            interval(row["nash low"], row["nash high"]),
            *([interval(row["status quo low"], row["status quo high"])] * elsewhere),
            plain_cell(row["minmax pure"]),
            plain_cell(row["minmax correlated"]),
            plain_cell(row["own discount"]),
            interval(slack["nash low"], slack["nash high"]),
            *([interval(slack["status quo low"], slack["status quo high"])] * elsewhere),
            plain_cell(slack["minmax"]),
        )
        for (power, row), (_, deviation), (_, slack) in zip(
            rows_of(critical), rows_of(result.deviation), rows_of(result.slack)
        )
    )
    table = Table(
        caption="Incentives to keep it",
        columns=tuple(columns),
        rows=rows,
        notes=(
            "Gain: of the best breach there is, in the year itself; where it is negative no breach pays. Needed: the critical "
            "discount factor, by what follows a breach; own: the power's. Reversion: an equilibrium for ever, from the harshest "
            "for the one who broke the deal to the mildest; status quo: competition on the map of today. Minmax (correlated, or "
            "by pure actions): the worst that the others could do, a bound that no punishment beats. Slack: what the breach "
            "loses a year at the power's own discount factor.",
            "Discount factors weigh next year against this one: 0.9 values next year's point at nine tenths of this year's. "
            "They, and the signs of slack, do not change when any power's payoffs are put in other units.",
            COMMON_UNIT,
        ),
    )
    return Section(
        "Would it hold?",
        "A power keeps the deal if the years after a breach cost it more than the breach brings.",
        (figure, table),
    )


def breaking(result: Comparison) -> Section:
    """What breaks it, ranked, and what pairs could do."""
    ranked = Table(
        caption="Ways it breaks, the nearest first",
        columns=(
            Column("way"),
            Column("status"),
            Column("who"),
            Column("by what"),
            Column("size", "number"),
            Column("unit"),
            Column("what"),
        ),
        rows=tuple(
            (
                f"{rank}. {row['way']}",
                str(row["status"]),
                str(row["who"]),
                str(row["by what"]),
                plain_cell(row["size"]),
                str(row["unit"]),
                str(row["what"]),
            )
            for rank, (_, row) in enumerate(result.ways_it_breaks.iterrows(), start=1)
        ),
        notes=(
            "First what breaks it now, then what may break it (in some equilibria, or by two together), then what is held "
            "off with least to spare.",
        ),
    )
    able = [(pair, row) for pair, row in rows_of(result.coalitions) if row["joint action A"] != "none"]
    pairs: Block = Paragraph("No two powers could both gain by breaking it together.")
    if able:
        pairs = Table(
            caption="What two powers could gain by breaking it together",
            columns=(
                Column("pair"),
                Column("joint action"),
                Column("gains", common_unit=True),
                Column("self-enforcing"),
                Column("bribe", "number", common_unit=True),
                Column("to whom"),
                Column("payable"),
            ),
            rows=tuple(
                (
                    pair,
                    f"{row['joint action A']}; {row['joint action B']}",
                    " and ".join(
                        text(plain_cell(row[name]), Column("", "signed")) for name in ("gain A", "gain B")
                    ),
                    yes(row["self-enforcing"]),
                    plain_cell(row["bribe"]),
                    str(row["third"]) or "nobody",
                    yes(row["payable"]),
                )
                for pair, row in able
            ),
            notes=(
                "The best joint breach of each pair. Self-enforcing: neither of the two would then go further alone. Bribe: "
                "the yearly payment that would make those outside whole; payable: out of the two's gains.",
                COMMON_UNIT,
            ),
        )
    return Section(
        "Ways it breaks",
        "Ranked by how little it takes.",
        (ranked, pairs),
    )
