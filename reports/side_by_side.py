"""Two or more comparisons side by side: what differs in the inputs, what changes in the results, and the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from games.errors import MethodError
from games.words import capital, counted, listed, the
from reports import provenance
from reports.document import Block, Bullets, Cell, Column, Details, Paragraph, Provenance, Section, Table
from reports.report import Report
from reports.tables import interval, plain_cell

if TYPE_CHECKING:
    from solvers.compare import Comparison

__all__ = ["inputs", "names", "report", "table", "what_changes"]

_LONG = 20
"""Tables of differing inputs with more rows are folded away."""


def report(results: Sequence[Comparison], source: Provenance | None = None) -> Report:
    """A report of several comparisons. Raises MethodError for no result at all."""
    differing = inputs(results)
    changed = what_changes(results)
    blocks: list[Block] = []
    if not differing.rows:
        blocks.append(Paragraph("No input differs."))
    elif len(differing.rows) > _LONG:
        blocks.append(Details(f"{counted(len(differing.rows), 'input')} differ", (differing,)))
    else:
        blocks.append(differing)
    labels = names(results)
    return Report(
        title=f"{listed(labels)} side by side",
        subtitle="Each deal compared with competition on its own status quo map. Payoffs are in points.",
        verdict=changed
        or ("Nothing changes: in every case the same powers gain and the deal holds or fails alike.",),
        sections=(
            Section("The results", "", (table(results),)),
            Section("What differs in the inputs", "Compared with the first.", tuple(blocks)),
            Section(
                "The verdicts",
                "",
                tuple(Bullets((f"{name}: {' '.join(r.verdict)}",)) for name, r in zip(labels, results)),
            ),
        ),
        provenance=source or provenance.of(None),
    )


def table(results: Sequence[Comparison]) -> Table:
    """Each power's premium, critical discount, own discount and slack, case beside case.

    Powers are matched by name; one that a case lacks has a dash there. Raises MethodError for no result at all.
    """
    if not results:
        raise MethodError("a table side by side needs at least one comparison")
    rows: list[tuple[Cell, ...]] = []
    for power in _powers(results):
        for name, result in zip(names(results), results):
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


def inputs(results: Sequence[Comparison]) -> Table:
    """The inputs in which the cases differ from the first; a case without such an input has a dash."""
    first = results[0].model
    labels = names(results)
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
    return Table("Inputs that differ", (Column("input"), *(Column(label) for label in labels)), tuple(rows))


def what_changes(results: Sequence[Comparison]) -> tuple[str, ...]:
    """What differs in kind between the cases: whether the deal holds, could hold, and who gains."""
    labels = names(results)
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
            label: _effect(result, power) for label, result in zip(labels, results) if power in result.players
        }
        if len(set(effects.values())) > 1:
            groups = [
                f"{effect} in {listed([label for label, e in effects.items() if e == effect])}"
                for effect in dict.fromkeys(effects.values())
            ]
            out.append(f"{capital(the(power))} {'; '.join(groups)}.")
    return tuple(out)


def _effect(result: Comparison, power: str) -> str:
    """How a power fares in the deal over the equilibria of competition."""
    s = result.standing
    premium = s.premium[:, result.players.index(power)]
    small = 1e-9 * max(float(s.game.ranges[result.players.index(power)]), 1e-300)
    if premium.min() > small:
        return "gains"
    if premium.max() < -small:
        return "loses"
    return "neither gains nor loses" if max(premium.max(), -premium.min()) <= small else "gains or loses"


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
