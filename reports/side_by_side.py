"""Two or more comparisons side by side: what differs in the inputs, what changes in the results, and the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from games.errors import MethodError
from games.words import capital, counted, listed, possessive, sentence, the
from reports import provenance
from reports.document import (
    Block,
    Bullets,
    Cell,
    Column,
    Details,
    Figure,
    Paragraph,
    Provenance,
    RowsPanel,
    Section,
    Table,
)
from reports.report import Report
from reports.sections.gains import OWN_SCALES
from reports.sections.parts import fares, mark, span
from reports.tables import interval, plain_cell, text

if TYPE_CHECKING:
    from solvers.compare import Comparison

__all__ = ["figure", "inputs", "moves", "names", "outcomes", "report", "table", "what_changes"]

_NAMED = 6
"""Differing words and holders that the verdict names."""
_SAME = 0.05
"""Per cent of its own capability below which a premium has not moved to the eye."""
_VISIBLE = 0.05
"""Millions of people below which a gain or loss shows as zero."""
_LONG = 20
"""Tables of differing inputs with more rows are folded away."""


def report(
    results: Sequence[Comparison], source: Provenance | None = None, labels: Sequence[str] = ()
) -> Report:
    """A report of several comparisons, called by `labels`, or by scenario and map. Raises MethodError for no result at all."""
    labels = labels or names(results)
    differing = inputs(results, labels)
    blocks: list[Block] = []
    if not differing.rows:
        blocks.append(Paragraph("No input differs."))
    elif len(differing.rows) > _LONG:
        blocks.append(Details(f"{counted(len(differing.rows), 'input')} differ", (differing,)))
    else:
        blocks.append(differing)
    return Report(
        title=f"{listed(labels)} side by side",
        subtitle=f"Scenarios: {', '.join(dict.fromkeys(result.model.name for result in results))}. "
        "Each deal compared with competition on its own status quo map. Payoffs are in points.",
        verdict=(
            *(
                what_changes(results, labels)
                or ("Nothing changes: in every case the same powers gain and the deal holds or fails alike.",)
            ),
            *moves(results, labels),
            _differences(differing),
        ),
        sections=(
            Section(
                "The results",
                "",
                (outcomes(results, labels), figure(results, labels), table(results, labels)),
            ),
            Section("What differs in the inputs", f"Compared with {labels[0]}.", tuple(blocks)),
            Section(
                "The verdicts",
                "",
                tuple(Bullets((f"{name}: {' '.join(r.verdict)}",)) for name, r in zip(labels, results)),
            ),
        ),
        provenance=source or provenance.of(None),
    )


def outcomes(results: Sequence[Comparison], labels: Sequence[str] = ()) -> Table:
    """One row for each case: its map, who gains and loses, whether it holds, and what the regions' people gain."""
    rows: list[tuple[Cell, ...]] = []
    for label, result in zip(labels or names(results), results):
        effects = {power: fares(result, power) for power in result.players}
        who = {
            effect: listed([the(power) for power, e in effects.items() if e == effect] or ["–"])
            for effect in ("gains", "loses")
        }
        low, high = _people(result)
        rows.append(
            (
                label,
                result.map_name,
                who["gains"],
                who["loses"],
                "yes" if result.standing.holds else "no",
                "yes" if result.standing.holds or result.standing.could_hold else "no",
                interval(low, high),
            )
        )
    return Table(
        "In short",
        (
            Column("case"),
            Column("map of the deal"),
            Column("gain"),
            Column("lose"),
            Column("holds"),
            Column("could hold"),
            Column("people's autonomy", "signed", 0, "m"),
        ),
        tuple(rows),
        (
            "Holds: a return to competition deters every power. Could hold: some punishment might. People's autonomy: what the "
            "regions' people gain against competition, in millions of people's full autonomy.",
        ),
    )


def figure(results: Sequence[Comparison], labels: Sequence[str] = ()) -> Figure:
    """Each power's premium, case below case."""
    labels = labels or names(results)
    panels, words = [], []
    for power in _powers(results):
        marks, notes, own = [], [], []
        for label, result in zip(labels, results):
            if power not in result.players:
                continue
            premium = result.standing.premium[:, result.players.index(power)]
            said = span(premium, Column("", "signed"))[1]
            marks.append((mark("competition", premium.min(), premium.max()),))
            notes.append(said)
            own.append(label)
            words.append(f"{power}, {label}: {said}.")
        panels.append(RowsPanel(power, tuple(own), tuple(marks), tuple(notes), "points", zero=True))
    return Figure(
        "Premiums: the deal's payoff less competition's",
        " ".join(words),
        tuple(panels),
        (("competition", "premium over the equilibria of competition"),),
        (OWN_SCALES,),
    )


def moves(results: Sequence[Comparison], labels: Sequence[str] = ()) -> tuple[str, ...]:
    """Which power's premium moves most as a share of its own capability, and between which cases."""
    labels = labels or names(results)
    best: tuple[float, str] = (0.0, "")
    for power in _powers(results):
        found = [
            (
                r.premium["share high"][power],
                float(r.standing.premium[:, r.players.index(power)].max()),
                label,
            )
            for label, r in zip(labels, results)
            if power in r.players
        ]
        low, high = min(found), max(found)
        if high[0] - low[0] > best[0]:
            first, second = (text(x[1], Column("", "signed")) for x in (low, high))
            best = (
                high[0] - low[0],
                f"By its own size, {possessive(power)} premium moves most: {first} points in {low[2]}, {second} in {high[2]}.",
            )
    return (sentence(best[1]),) if best[0] > _SAME else ()


def _differences(differing: Table) -> str:
    """How many inputs differ, and the words, holders and regions among them."""
    if not differing.rows:
        return "No input differs."
    count = len(differing.rows)
    parts = [f"{counted(count, 'input')} {'differs' if count == 1 else 'differ'}"]
    lacking = [row for row in differing.rows if None in row[1:]]
    regions = {str(row[0]).split(".")[1] for row in lacking if str(row[0]).startswith("regions.")}
    words = [
        str(row[0]).removeprefix("regions.").removesuffix(".holder").replace("_", " ")
        for row in differing.rows
        if row not in lacking and any(isinstance(cell, str) and not _is_number(cell) for cell in row[1:])
    ]
    if words:
        more = f" and {len(words) - _NAMED} more" if len(words) > _NAMED else ""
        parts.append(f"in words and holders: {', '.join(words[:_NAMED])}{more}")
    if regions:
        parts.append(
            f"{counted(len(regions), 'region')} {'is' if len(regions) == 1 else 'are'} not in every case"
        )
    return sentence("; ".join(parts))


def _is_number(words: str) -> bool:
    try:
        float(words.replace(",", ""))
    except ValueError:
        return False
    return True


def _people(result: Comparison) -> tuple[float, float]:
    """What the regions' people gain in autonomy, in millions, from least to most over the equilibria of competition."""
    total = result.burden_total
    return -float(total["person burden high"]), -float(total["person burden low"])


def table(results: Sequence[Comparison], labels: Sequence[str] = ()) -> Table:
    """Each power's premium, critical discount, own discount and slack, case beside case.

    Powers are matched by name; one that a case lacks has a dash there. Raises MethodError for no result at all.
    """
    if not results:
        raise MethodError("a table side by side needs at least one comparison")
    rows: list[tuple[Cell, ...]] = []
    for power in _powers(results):
        for name, result in zip(labels or names(results), results):
            if power not in result.players:
                rows.append((power, name, None, None, None, None))
                continue
            i = result.players.index(power)
            s = result.standing
            rows.append(
                (
                    power,
                    name,
                    interval(s.premium[:, i].min(), s.premium[:, i].max()),
                    float(s.reversion.per_player[i]),
                    float(s.model.discount[i]),
                    plain_cell(result.slack["nash high"][power]),
                )
            )
    return Table(
        "Side by side",
        (
            Column("power"),
            Column("scenario"),
            Column("premium", "signed", common_unit=True),
            Column("critical discount", "discount", 3),
            Column("own discount", "discount", 3),
            Column("slack", "signed", common_unit=True),
        ),
        tuple(rows),
    )


def inputs(results: Sequence[Comparison], labels: Sequence[str] = ()) -> Table:
    """The inputs in which the cases differ from the first; a case without such an input has a dash."""
    first = results[0].model
    labels = labels or names(results)
    changed = [
        {change.path: change.new for change in provenance.changes(first, result.model)} for result in results
    ]
    paths = list(dict.fromkeys(path for entry in changed for path in entry))
    base = {
        change.path: change.old for result in results for change in provenance.changes(first, result.model)
    }
    rows: list[tuple[Cell, ...]] = [
        (path, *(_exactly(entry.get(path, base[path])) for entry in changed)) for path in paths
    ]
    wheres = [result.map_name for result in results]
    if len(set(wheres)) > 1:
        rows.insert(0, ("map of the deal", *wheres))
    regimes = [result.regime for result in results]
    if len(set(regimes)) > 1:
        rows.insert(0, ("regime of the deal", *regimes))
    return Table("Inputs that differ", (Column("input"), *(Column(label) for label in labels)), tuple(rows))


def what_changes(results: Sequence[Comparison], labels: Sequence[str] = ()) -> tuple[str, ...]:
    """What differs in kind between the cases: whether the deal holds, could hold, and who gains."""
    labels = labels or names(results)
    out = []
    for words, values in (
        ("The deal holds by Nash reversion", [r.standing.holds for r in results]),
        ("Some punishment could hold it (minmax bound)", [r.standing.could_hold for r in results]),
    ):
        if len(set(values)) > 1:
            yes = [label for label, value in zip(labels, values) if value]
            no = [label for label, value in zip(labels, values) if not value]
            out.append(f"{words} in {listed(yes)}, but not in {listed(no)}.")
    for power in _powers(results):
        effects = {
            label: fares(result, power) for label, result in zip(labels, results) if power in result.players
        }
        if len(set(effects.values())) > 1:
            groups = [
                f"{effect} in {listed([label for label, e in effects.items() if e == effect])}"
                for effect in dict.fromkeys(effects.values())
            ]
            out.append(f"{capital(the(power))} {'; '.join(groups)}.")
    gaining = [label for label, r in zip(labels, results) if _people(r)[0] > _VISIBLE]
    losing = [label for label, r in zip(labels, results) if _people(r)[1] < -_VISIBLE]
    if gaining and losing:
        out.append(
            f"On balance the regions' people gain autonomy in {listed(gaining)} and lose it in {listed(losing)}."
        )
    return tuple(out)


def _powers(results: Sequence[Comparison]) -> list[str]:
    return list(dict.fromkeys(power for result in results for power in result.players))


def _exactly(cell: Cell) -> Cell:
    from reports.tables import exact

    return None if cell is None else exact(cell)


def names(results: Sequence[Comparison]) -> list[str]:
    """Names of the cases: scenarios, with their maps where those differ, numbered where two are still the same."""
    found = [result.model.name for result in results]
    if len(set(found)) < len(found):
        wheres = [result.map_name for result in results]
        if len(set(wheres)) > 1:
            found = [f"{name}, {where}" for name, where in zip(found, wheres)]
    return [f"{name} ({n})" if found.count(name) > 1 else name for n, name in enumerate(found, start=1)]
