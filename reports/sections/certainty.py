"""How sure is this: the deal over the ranges of the assumed numbers, and in worlds that fit what was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from games.words import counted, the
from reports.document import (
    Block,
    Bullets,
    Column,
    Details,
    Figure,
    Mark,
    Paragraph,
    RowsPanel,
    Section,
    Table,
)
from solvers.base.rows import typed
from solvers.uncertainty import Matched
from solvers.uncertainty.rows import DealRow, LearnedRow, PremiumRow, SwingRow

if TYPE_CHECKING:
    from solvers.uncertainty import Assessment, Outcomes

__all__ = ["TITLE", "certainty", "premium_figure"]

TITLE = "How sure is this?"
# Rows of the tables of numbers and of left-out regions: what moves least is of no use to a reader.
_MOST = 12


def certainty(found: Assessment) -> Section:
    """Everything that the draws say of one deal."""
    blocks: list[Block] = [
        premium_figure(found),
        _deals(found),
        _observed(found),
        _variants(found),
        _swings(found),
        Paragraph(
            found.box.summary()
            if not isinstance(found.box, str)
            else f"No box of numbers is given in which the deal holds: {found.box}."
        ),
    ]
    learned = [_learned(name, kept) for name, kept in found.matched.items() if isinstance(kept, Matched)]
    if learned:
        blocks.append(Details("What each observed reading teaches about the numbers", tuple(learned)))
    return Section(
        TITLE,
        f"Every assumed number was drawn over its range ({found.outcomes.draws.how}; "
        f"{counted(len(found.outcomes), 'draw')}). A share is "
        "of these draws, with half of its 95 % interval; it is not a chance that something happens. Worlds that fit an observed "
        "reading are the draws in which those stances are an equilibrium of the year's game.",
        tuple(blocks),
    )


def premium_figure(found: Assessment) -> Figure:
    """Each power's premium over the draws, in per cent of its own capability."""
    runs: dict[str, Outcomes] = {"all draws": found.outcomes}
    runs |= {name: kept.outcomes for name, kept in found.matched.items() if isinstance(kept, Matched)}
    panels, said = [], []
    for power in found.players:
        labels, marks, notes = [], [], []
        for name, outcomes in runs.items():
            against = "competition" if name == "all draws" else name
            rows = typed(outcomes.premiums(against), PremiumRow)
            row = next(r for r in rows if (r.power, r.regime) == (power, found.regime))
            low, high = row.percentile_5, row.percentile_95
            labels.append(name)
            marks.append((Mark("bound", low, high), Mark("concert", row.median)))
            notes.append(f"{row.median:+.0f} %".replace("-", "−"))
            said.append(
                f"{the(power)}, {name}: median {row.median:+.0f} %, 5 % to 95 %: {low:+.0f} to {high:+.0f}"
            )
        panels.append(
            RowsPanel(power, tuple(labels), tuple(marks), tuple(notes), unit="% of own capability", zero=True)
        )
    return Figure(
        caption="What the deal is worth over the draws: median, and the range that holds nine draws of ten",
        alt="; ".join(said),
        panels=tuple(panels),
        legend=(("concert", "median"), ("bound", "nine draws of ten")),
        notes=(
            "All draws are compared with competition, worlds that fit a reading with that reading's stances.",
        ),
    )


def _deals(found: Assessment) -> Table:
    return Table(
        caption="Shares by deal",
        columns=(
            Column("map"),
            Column("worlds"),
            Column("draws", "number", 0),
            Column("pays all", "percent", 1),
            Column("holds", "percent", 1),
            Column("pays all and holds", "percent", 1),
            Column("error, at most", "percent", 1),
            Column("autonomy handed over", "signed", 1, unit="million people"),
        ),
        rows=tuple(
            (
                row.map,
                row.worlds,
                row.draws,
                *map(_number, (row.pays_all, row.holds, row.pays_all_and_holds, row.error, row.handed_over)),
            )
            for row in typed(found.by_deal, DealRow)
        ),
        notes=(
            "Autonomy handed over: what the regions lose against the same restraint on the status quo map, in million people's "
            "full autonomy; median over the draws. Empty: fewer than 30 draws fit, so nothing is said.",
        ),
    )


def _observed(found: Assessment) -> Bullets:
    return Bullets(
        tuple(
            kept.summary() if isinstance(kept, Matched) else f"{name}: {kept}."
            for name, kept in found.matched.items()
        )
        or ("The scenario names no observed profile to match the draws with.",)
    )


def _variants(found: Assessment) -> Table:
    frame = found.by_variant
    names = [c for c in frame.columns if c not in ("draws", "error", "turns")]
    main = frame.index[:1].tolist()
    structural = [n for n in frame.index if not str(n).startswith("without ") and n not in main]
    turning = [n for n in frame.index if str(n).startswith("without ") and frame["turns"][n]]
    shift = frame[names].sub(frame.loc["main", names]).abs().max(axis=1)
    rest = [
        n for n in shift.sort_values(ascending=False, kind="stable").index if str(n).startswith("without ")
    ]
    shown = [*main, *structural, *turning, *(n for n in rest if n not in turning)][
        : max(_MOST, len(structural) + len(turning) + 1)
    ]
    return Table(
        caption="Structural variants, and regions left out, beside the main run",
        columns=(
            Column("variant"),
            *(Column(name, "percent", 0) for name in names),
            Column("error, at most", "percent", 0),
            Column("turns"),
        ),
        rows=tuple(
            (
                str(n),
                *(_number(frame[c][n]) for c in names),
                _number(frame["error"][n]),
                str(frame["turns"][n]),
            )
            for n in shown
        ),
        notes=(
            "Draws without a pure equilibrium of competition are left out of this table. Of the regions left out, those that "
            "move the shares most are shown.",
        ),
        strong=(0,),
    )


def _swings(found: Assessment) -> Table:
    rows = typed(found.swings.swings.head(_MOST), SwingRow, found.players)
    return Table(
        caption="One number at a time, from the point values: premiums over its range",
        columns=(
            Column("number"),
            *(
                Column(f"{power}, {end}", "signed", common_unit=True)
                for power in found.players
                for end in ("least", "most")
            ),
            Column("turns"),
        ),
        rows=tuple(
            (
                row.number,
                *(end for ends in zip(row.low, row.high) for end in ends),
                row.turns,
            )
            for row in rows
        ),
        notes=(
            "Turns: whose gain changes sign over the range, and whether holding does. The widest spans come first.",
        ),
    )


def _learned(name: str, kept: Matched) -> Table:
    clear = [row for row in typed(kept.learned, LearnedRow) if row.distance > row.by_chance][:_MOST]
    return Table(
        caption=f"What '{name}' teaches",
        columns=(
            Column("number"),
            Column("median before", "number", 3),
            Column("median after", "number", 3),
            Column("5 % after", "number", 3),
            Column("95 % after", "number", 3),
            Column("Kolmogorov distance", "number", 2),
        ),
        rows=tuple(
            (
                row.number,
                _number(row.before_median),
                _number(row.after_median),
                _number(row.after_percentile_5),
                _number(row.after_percentile_95),
                _number(row.distance),
            )
            for row in clear
        ),
        notes=("Only numbers that differ by more than chance explains (one case in twenty).",),
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
