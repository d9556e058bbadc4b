"""What bargaining would choose, and what two powers could swap."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from games.errors import BargainingError, SizeError
from games.spheres import STATUS_QUO
from reports.document import (
    Block,
    Cell,
    Column,
    Details,
    Figure,
    MarkStyle,
    Paragraph,
    PlanePanel,
    Point,
    Section,
    Table,
)
from reports.sections.parts import sentences, yes
from reports.tables import COMMON_UNIT, plain_cell, text

if TYPE_CHECKING:
    from games.normal_form import FloatArray
    from games.spheres import SpheresModel
    from solvers.bargaining import BargainingProblem, SolutionTable
    from solvers.bargaining._problem import Key
    from solvers.compare import Comparison
    from solvers.linkage import Swaps

__all__ = ["solutions", "swaps"]

_MARKS: dict[str, MarkStyle] = {
    "nash": "nash",
    "kalai-smorodinsky": "kalai-smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
    "equal split": "equal split",
}
_WORDS = {
    "nash": "Nash",
    "kalai-smorodinsky": "Kalai-Smorodinsky",
    "egalitarian": "egalitarian",
    "utilitarian": "utilitarian",
    "equal split": "equal split, with side payments",
}
_FALLBACKS = (
    ("competition", "competition on the status quo map"),
    ("minmax", "what each can secure whatever the others do (minmax)"),
    ("all-out", "all-out contest"),
)
_FEW, _PANELS = 3, 3
_CHANGES = "what changes hands"


def solutions(result: Comparison, without: str = "") -> Section:
    """The map of the bargaining set with the solutions marked, and what each solution takes.

    `without` names what happens without an agreement, as `solvers.bargaining.from_model` takes it. If it is left out,
    competition is tried first, then minmax, then all-out contest, until one leaves something to bargain over.
    """
    from solvers import bargaining

    title = "What would they agree on?"
    lead = "Every division of the regions under mutual restraint, lotteries between divisions included."
    try:
        problem, why = _problem(result, without)
    except (BargainingError, SizeError) as error:
        if without:
            raise
        return Section(title, lead, (Paragraph(f"There is nothing to bargain over: {error}."),))
    found = bargaining.solve_all(problem)
    panels = [_panel(result, problem, found, i, j) for i, j in combinations(range(problem.n_players), 2)]
    first, rest = panels[:_PANELS], panels[_PANELS:]
    blocks: list[Block] = [Paragraph(why), _figure(problem, first), _table(problem, found)]
    blocks.append(Paragraph(_equal_treatment(result, found)))
    blocks.append(Details("The lotteries and side payments, in words", (_lotteries(result.model, found),)))
    if rest:
        blocks.append(Details("The other pairs", (_figure(problem, rest),)))
    return Section(title, lead, tuple(blocks))


def _problem(result: Comparison, without: str) -> tuple[BargainingProblem, str]:
    """The first disagreement point that leaves a bargaining set, and in words which it is and why."""
    from solvers import bargaining

    if without:
        problem = bargaining.from_model(result.model, without)
        return problem, f"Without agreement: {problem.source}, on the status quo map."
    passed = []
    for name, words in _FALLBACKS:
        # What the comparison has worked out is not worked out again.
        chosen: Any = {
            "competition": result.standing.benchmarks[result.reference],
            "minmax": result.by_map[STATUS_QUO].correlated.punishment_values,
        }.get(name, name)
        try:
            problem = bargaining.from_model(result.model, chosen)
        except BargainingError:
            passed.append(words)
            if name == _FALLBACKS[-1][0]:
                raise
            continue
        why = f"Without agreement: {words}."
        if passed:
            why += (
                f" Tried before that: {', then '.join(passed)}; there no division of the regions among the powers "
                "(what somebody holds stays somebody's) and no lottery between divisions gives every power at least as much "
                "and some more."
            )
        return problem, why
    raise BargainingError("no disagreement point was named")


def _panel(
    result: Comparison, problem: BargainingProblem, found: SolutionTable, i: int, j: int
) -> PlanePanel:
    outline = problem.outline(i, j)
    right, top = (float(v) for v in outline.max(axis=0))
    threat = _two(problem.threat, i, j)
    marks: list[tuple[MarkStyle, str, Point]] = [("threat", "", threat)]
    if tuple(result.standing.profile) == (0,) * problem.n_players:
        marks.append(("concert", "", _two(result.standing.payoffs, i, j)))
    marks.append(("competition", "", _two(result.standing.benchmarks[result.reference], i, j)))
    marks += [(_MARKS[name], "", _two(s.payoffs, i, j)) for name, s in found.solutions.items()]
    return PlanePanel(
        f"{problem.names[i]}, {problem.names[j]}",
        problem.names[i],
        problem.names[j],
        outlines=(tuple((float(x), float(y)) for x, y in outline),),
        curves=(("", ((threat[0], top), threat, (right, threat[1]))),),
        marks=tuple(marks),
    )


def _two(values: FloatArray, i: int, j: int) -> Point:
    return float(values[i]), float(values[j])


def _figure(problem: BargainingProblem, panels: list[PlanePanel]) -> Figure:
    return Figure(
        caption="The bargaining set, seen by two powers at a time",
        alt=sentences(
            f"for {panel.x} and {panel.y}, without agreement {_pair(panel, 'threat')}, Nash {_pair(panel, 'nash')}, "
            f"Kalai-Smorodinsky {_pair(panel, 'kalai-smorodinsky')}, egalitarian {_pair(panel, 'egalitarian')}"
            for panel in panels
        ),
        panels=tuple(panels),
        legend=(
            ("set", "what agreements and lotteries can bring"),
            ("threat", "without agreement"),
            *((_MARKS[name], words) for name, words in _WORDS.items()),
            ("concert", "the deal of this report"),
            ("competition", "competition"),
        ),
        notes=(
            "Points a year. Each picture is the shadow of one set: what looks possible for two may be at another's cost. "
            "Beyond the thin lines both of the two get more than without agreement. With side payments the equal split may "
            "lie outside the set.",
        ),
    )


def _pair(panel: PlanePanel, style: str) -> str:
    x, y = next(point for name, _, point in panel.marks if name == style)
    return f"{x:.1f} and {y:.1f}".replace("-", "−")


def _table(problem: BargainingProblem, found: SolutionTable) -> Table:
    rows: list[tuple[Cell, ...]] = [("without agreement", *problem.threat.tolist(), "–", "–")]
    rows += [
        (_WORDS[name], *s.payoffs.tolist(), yes(s.efficient), yes(s.needs_common_unit))
        for name, s in found.solutions.items()
    ]
    return Table(
        caption="What each solution gives",
        columns=(
            Column("solution"),
            *(Column(p, "number", common_unit=True) for p in problem.names),
            Column("efficient"),
            Column("needs a common unit"),
        ),
        rows=tuple(rows),
        notes=(
            "Nash: the largest product of gains. Kalai-Smorodinsky: equal shares of the most that each could hope for. "
            "Egalitarian: equal gains. Utilitarian: the largest sum. Equal split: the largest sum, its surplus in equal parts. "
            "Where some could still gain at nobody's cost, Kalai-Smorodinsky and egalitarian raise them too. These are no "
            "predictions: whether an agreement holds is a matter of patience.",
            COMMON_UNIT,
        ),
    )


def _equal_treatment(result: Comparison, found: SolutionTable) -> str:
    """What treating equals as equals costs the strongest."""
    strongest = int(np.argmax(result.model.capability))
    power = result.players[strongest]
    cost = float(
        found.solutions["nash"].payoffs[strongest] - found.solutions["egalitarian"].payoffs[strongest]
    )
    words = text(abs(cost), Column("", "number"))
    verb = "costs" if cost >= 0 else "brings"
    return (
        f"Equal gains for all instead of the Nash solution {verb} the strongest, {power}, {words} points a year; equal gains "
        "suppose a common unit."
    )


def _lotteries(model: SpheresModel, found: SolutionTable) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, s in found.solutions.items():
        for chance, key in sorted(s.lottery, key=lambda entry: -entry[0]):
            rows.append((_WORDS[name], chance, _changes(model, key)))
        if s.transfers is not None:
            paid = ", ".join(
                f"{p} {text(float(x), Column('', 'signed'))}"
                for p, x in zip(found.problem.names, s.transfers)
            )
            rows.append(("", None, f"and side payments: {paid} †"))
    return Table(
        caption="How each solution comes about",
        columns=(Column("solution"), Column("chance", "percent", 0), Column(_CHANGES)),
        rows=tuple(rows),
        notes=("Against the status quo map. Side payments are in points a year.", COMMON_UNIT),
    )


def _changes(model: SpheresModel, key: Key) -> str:
    """What changes hands in one agreement against the status quo map; the key's first number stands for the ties."""
    today = model.maps[STATUS_QUO]
    moves: dict[str, list[str]] = {}
    for region, k in zip(model.region_names, key[1:]):
        holder = model.players[k] if k < len(model.players) else None
        if holder != today[region]:
            moves.setdefault(holder or "nobody", []).append(region)
    return "; ".join(f"{', '.join(regions)} to {who}" for who, regions in moves.items()) or "as today"


# ---------------------------------------------------------------------- swaps


def swaps(result: Comparison) -> Section:
    """What any two powers could exchange."""
    from solvers import linkage

    blocks: list[Block] = []
    rows: list[tuple[Cell, ...]] = []
    looked, mutual = 0, 0
    for a, b in combinations(result.players, 2):
        try:
            found = linkage.swaps(result.model, a, b)
        except SizeError as error:
            blocks.append(Paragraph(f"{a} and {b}: not worked out here: {error}."))
            continue
        looked += len(found)
        mutual += int(found.mutual.sum())
        rows += _rows(found)
    if looked:
        blocks.insert(0, Paragraph(_in_words(looked, mutual, bool(rows))))
    if rows:
        table = _swap_table(rows)
        blocks.append(table if len(result.players) <= 3 else Details("Swaps, pair by pair", (table,)))
    return Section(
        "Who could swap what?",
        "Two powers exchange concessions: regions change hands, or one stops contesting the other. The others keep to what "
        "they do in competition.",
        tuple(blocks),
    )


def _in_words(looked: int, mutual: int, some: bool) -> str:
    words = f"Of {looked:,} exchanges between two powers, both gain from {mutual:,} against competition on the status quo map. "
    if mutual:
        return words + "For each pair those that hold and need least patience come first."
    if some:
        return words + (
            "The table shows for each pair those that would leave neither worse off, and hold, with a payment between "
            "the two, the smallest payment first."
        )
    return words + "Nor is there one that a payment between the two would make good for both."


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
            payment = f"{b if amount > 0 else a} pays {words}"
        rows.append(
            (
                f"{a}, {b}",
                first or "nothing",
                second or "nothing",
                *(plain_cell(x) for x in found.gains[row]),
                *(plain_cell(x) for x in found.critical[row]),
                found.sides[int(found.weaker[row])],
                yes(bool(found.holds[row])),
                payment,
                plain_cell(found.extra["persons burden"][row]),
            )
        )
    return rows


def _swap_table(rows: list[tuple[Cell, ...]]) -> Table:
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
            "Gains: points a year over competition. Needs: the critical discount factor of each, after a breach the harshest "
            "pure equilibrium of the swap's own map; the weaker has least to spare. Payment: the least a year with which "
            "neither is worse off and both keep to it; “–” where none is needed or none will do. Autonomy lost, in million "
            "persons, is never netted against gains.",
            COMMON_UNIT,
        ),
    )
