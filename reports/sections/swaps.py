"""What any two powers could exchange."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from games.errors import SizeError
from games.words import the, with_articles
from reports.document import Block, Cell, Column, Details, Paragraph, Section, Table
from reports.sections.parts import yes
from reports.tables import plain_cell, text

if TYPE_CHECKING:
    from solvers.compare import Comparison
    from solvers.linkage import Swaps

__all__ = ["TITLE", "swaps"]

TITLE = "Who could swap what?"
_FEW = 3
# With more powers a stage game is too large to be solved on every map.
_OWN_MAP = 4


def swaps(result: Comparison) -> Section:
    """The best few exchanges of every pair."""
    from solvers import linkage

    blocks: list[Block] = []
    rows: list[tuple[Cell, ...]] = []
    refused: dict[tuple[str, str], list[str]] = {}
    examined, mutual = 0, 0
    own_map = len(result.players) <= _OWN_MAP
    for a, b in combinations(result.players, 2):
        try:
            found = linkage.swaps(result.model, a, b, reversion="own map" if own_map else "status quo")
        except SizeError as error:
            refused.setdefault((error.fact, error.advice), []).append(f"{the(a)} and {the(b)}")
            continue
        examined += len(found)
        mutual += int(found.mutual.sum())
        rows += _rows(found)
    for (cause, remedy), pairs in refused.items():
        # One reason for all is said once; what would be right is a call, and stands apart from the reason.
        who = (
            "No exchange"
            if not examined and len(refused) == 1
            else f"Between {'; between '.join(pairs)}: no exchange"
        )
        blocks.append(
            Paragraph(
                f"{who} is computed here: {cause}."
                + (f" For `solvers.linkage.swaps`: {remedy[0].lower()}{remedy[1:]}." if remedy else "")
            )
        )
    if examined:
        blocks.insert(0, Paragraph(_in_words(examined, mutual, bool(rows))))
    if rows:
        table = _swap_table(rows, own_map)
        blocks.append(table if len(result.players) <= 3 else Details("Swaps, pair by pair", (table,)))
    return Section(
        TITLE,
        "Two powers exchange concessions: a region changes hands, or one stops contesting the other. The other powers "
        "keep to their "
        "stances in competition.",
        tuple(blocks),
    )


def _in_words(examined: int, mutual: int, some: bool) -> str:
    words = (
        f"Of {examined:,} possible exchanges between two powers, both gain from {mutual:,}, compared with competition on the "
        "status quo map. "
    )
    if mutual:
        return words + "For each pair, those that hold and need the lowest discount factor come first."
    if some:
        return words + (
            "For each pair, the table shows those that would leave neither worse off, and hold, with a payment between "
            "the two; "
            "the smallest payment comes first."
        )
    return words + "No payment between the two would make any exchange worthwhile for both."


def _rows(found: Swaps) -> list[tuple[Cell, ...]]:
    """The best few exchanges of a pair: those that both gain from, or else those that need the smallest payment."""
    pay = found.payments
    need = np.nan_to_num(found.critical.max(axis=1), nan=np.inf)
    best = np.flatnonzero(found.mutual)
    best = best[np.lexsort((need[best], ~found.holds[best]))]
    if not len(best):
        some = found.gains.sum(axis=1) > 1e-9 * np.abs(found.gains).max(initial=0.0)
        best = np.flatnonzero(np.isfinite(pay).all(axis=1) & some)
        best = best[np.argsort(np.abs(pay[best, 0]), kind="stable")]
    rows: list[tuple[Cell, ...]] = []
    a, b = found.sides
    for row in best[:_FEW].tolist():
        first, second = found.concessions(row)
        amount = float(pay[row, 0])
        payment = "–"
        if np.isfinite(amount) and amount:
            words = text(abs(amount), Column("", "number"))
            payment = f"{the(b if amount > 0 else a)} pays {words}"
        rows.append(
            (
                f"{a}, {b}",
                with_articles(first, found.sides) or "nothing",
                with_articles(second, found.sides) or "nothing",
                *(plain_cell(x) for x in found.gains[row]),
                *(plain_cell(x) for x in found.critical[row]),
                found.sides[int(found.weaker[row])],
                yes(bool(found.holds[row])),
                payment,
                plain_cell(found.extra["persons burden"][row]),
            )
        )
    return rows


def _swap_table(rows: list[tuple[Cell, ...]], own_map: bool) -> Table:
    answered = (
        "the pure equilibrium of the swap's own map that is harshest for the deviator"
        if own_map
        else "a return to competition on the status quo map"
    )
    return Table(
        caption="Swaps",
        columns=(
            Column("between"),
            Column("the first concedes"),
            Column("the second concedes"),
            Column("first gains", "signed", common_unit=True),
            Column("second gains", "signed", common_unit=True),
            Column("first needs", "discount", 3),
            Column("second needs", "discount", 3),
            Column("weaker"),
            Column("holds"),
            Column("payment", common_unit=True),
            Column("autonomy lost", "signed", 1, "m"),
        ),
        rows=tuple(rows),
        notes=(
            "Gains: points a year over competition. Needs: each power's critical discount factor if a breach is "
            f"answered by {answered}. Weaker: the power with the smaller margin.",
            "Payment: the smallest yearly payment with which neither is worse off and both keep the swap; “–” where "
            "none is needed "
            "or none suffices. Autonomy lost, in million people, is never netted against the powers' gains.",
        ),
    )
