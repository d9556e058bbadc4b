"""What bargaining would choose: the set of agreements, and the solutions marked on it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from games.errors import BargainingError, SizeError
from games.spheres import STATUS_QUO
from games.words import capital, listed, the
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
from reports.sections.parts import sentences, too_large, yes
from reports.tables import text

if TYPE_CHECKING:
    from games.normal_form import FloatArray
    from solvers.bargaining import BargainingProblem, SolutionTable
    from solvers.compare import Comparison
    from solvers.partitions import Partitions

__all__ = ["TITLE", "bargaining_figure", "panels_of", "picture", "solutions"]

TITLE = "What would they agree on?"

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
    ("minmax", "what each power can secure whatever the others do (minmax)"),
    ("all-out", "all-out contest"),
)
_PANELS = 3


def solutions(result: Comparison, without: str = "") -> Section:
    """The map of the bargaining set with the solutions marked, and what each solution takes.

    `without` names what happens without an agreement, as `solvers.bargaining.from_model` takes it. If it is left out,
    competition is tried first, then minmax, then all-out contest, until one leaves something to bargain over.
    """
    from solvers import bargaining

    lead = (
        "Every division of the regions on the table under mutual restraint, and every lottery over divisions."
    )
    try:
        problem, why = _problem(result, without)
    except SizeError as error:
        if without:
            raise
        return Section(TITLE, lead, (too_large(error),))
    except BargainingError as error:
        if without:
            raise
        return Section(TITLE, lead, (Paragraph(f"There is nothing to bargain over: {error}."),))
    found = bargaining.solve_all(problem)
    panels = _panels(result, problem, found)
    first, rest = panels[:_PANELS], panels[_PANELS:]
    blocks: list[Block] = [Paragraph(why), picture(problem, first), _table(problem, found)]
    blocks.append(Paragraph(_equal_treatment(result, found)))
    blocks.append(Details("The lotteries and side payments, in words", (_lotteries(found),)))
    if rest:
        blocks.append(Details("The other pairs", (picture(problem, rest),)))
    return Section(TITLE, lead, tuple(blocks))


def bargaining_figure(result: Comparison, without: str = "") -> Figure:
    """The bargaining set, seen by two powers at a time, with the solutions marked."""
    from solvers import bargaining

    problem, _ = _problem(result, without)
    return picture(problem, _panels(result, problem, bargaining.solve_all(problem))[:_PANELS])


def _panels(result: Comparison, problem: BargainingProblem, found: SolutionTable) -> list[PlanePanel]:
    deal = tuple(result.standing.profile) == (0,) * problem.n_players
    more: list[tuple[MarkStyle, FloatArray]] = [("concert", result.standing.payoffs)] * deal
    more.append(("competition", result.standing.benchmarks[result.reference]))
    return panels_of(problem, found, more)


def panels_of(
    problem: BargainingProblem, found: SolutionTable, more: Sequence[tuple[MarkStyle, FloatArray]] = ()
) -> list[PlanePanel]:
    """The bargaining set by two players at a time, with the solutions and further points marked."""
    return [_panel(problem, found, more, i, j) for i, j in combinations(range(problem.n_players), 2)]


def _divisions(result: Comparison) -> Partitions | None:
    """The divisions that the comparison has evaluated, if they are those of the concert."""
    return result.partitions if result.regime == "concert" else None


def _problem(result: Comparison, without: str) -> tuple[BargainingProblem, str]:
    """The first disagreement point that leaves a bargaining set, and in words which it is and why."""
    from solvers import bargaining

    if without:
        problem = bargaining.from_model(result.model, without)
        return problem, f"Without agreement: {problem.source}, on the status quo map."
    passed = []
    for name, words in _FALLBACKS:
        # What the comparison has computed is not computed again.
        chosen: Any = {
            "competition": result.standing.benchmarks[result.reference],
            "minmax": result.by_map[STATUS_QUO].correlated.punishment_values,
        }.get(name, name)
        try:
            problem = bargaining.from_model(result.model, chosen, table=_divisions(result))
        except BargainingError:
            passed.append(words)
            if name == _FALLBACKS[-1][0]:
                raise
            continue
        why = f"Without agreement: {words}."
        if passed:
            why += (
                f" {capital(listed(passed))} {'was' if len(passed) == 1 else 'were'} tried first as the disagreement "
                "point. But no division of the regions, and no lottery over divisions, gives every power at least what "
                "it gets there and someone more. (Regions now held by a power stay with some power.)"
            )
        return problem, why
    raise BargainingError("no disagreement point was named")


def _panel(
    problem: BargainingProblem,
    found: SolutionTable,
    more: Sequence[tuple[MarkStyle, FloatArray]],
    i: int,
    j: int,
) -> PlanePanel:
    outline = problem.outline(i, j)
    right, top = (float(v) for v in outline.max(axis=0))
    threat = _two(problem.disagreement, i, j)
    marks: list[tuple[MarkStyle, str, Point]] = [("threat", "", threat)]
    marks += [(style, "", _two(values, i, j)) for style, values in more]
    marks += [(_MARKS.get(name, "other"), "", _two(s.payoffs, i, j)) for name, s in found.solutions.items()]
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


def picture(problem: BargainingProblem, panels: list[PlanePanel]) -> Figure:
    """The panels under one caption and legend."""
    return Figure(
        caption="The bargaining set, seen by two powers at a time",
        alt=sentences(
            f"for {the(panel.x)} and {the(panel.y)}, without agreement {_pair(panel, 'threat')}, Nash {_pair(panel, 'nash')}, "
            f"Kalai-Smorodinsky {_pair(panel, 'kalai-smorodinsky')}, egalitarian {_pair(panel, 'egalitarian')}"
            for panel in panels
        ),
        panels=tuple(panels),
        legend=(
            ("set", "what agreements and lotteries can give"),
            ("threat", "without agreement"),
            *((_MARKS[name], words) for name, words in _WORDS.items()),
            *(
                (style, words)
                for style, words in (("concert", "the deal of this report"), ("competition", "competition"))
                if any(mark[0] == style for panel in panels for mark in panel.marks)
            ),
        ),
        notes=(
            "Points a year. Each picture is a projection of one set, so a gain for two may come at another's cost. "
            "Above and right "
            "of the thin lines both get more than without agreement. With side payments the equal split may lie "
            "outside the set.",
        ),
    )


def _pair(panel: PlanePanel, style: str) -> str:
    x, y = next(point for name, _, point in panel.marks if name == style)
    return f"{x:.1f} and {y:.1f}".replace("-", "−")


def _table(problem: BargainingProblem, found: SolutionTable) -> Table:
    rows: list[tuple[Cell, ...]] = [("without agreement", *problem.disagreement.tolist(), "–", "–")]
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
            "Nash: the largest product of gains. Kalai-Smorodinsky: equal shares of the most that each could gain. "
            "Egalitarian: "
            "equal gains. Utilitarian: the largest sum. Equal split: the largest sum, its surplus in equal parts. "
            "Where some power "
            "could still gain at no other's cost, Kalai-Smorodinsky and egalitarian let it. These are not predictions: "
            "whether an agreement holds depends on the discount factors.",
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
    verb = "cost" if cost >= 0 else "bring"
    return (
        f"Equal gains for all, instead of the Nash solution, {verb} the strongest power, {the(power)}, {words} points a "
        f"year. Equal "
        "gains assume a common unit."
    )


def _lotteries(found: SolutionTable) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, s in found.solutions.items():
        for chance, key in sorted(s.lottery, key=lambda entry: -entry[0]):
            rows.append((_WORDS[name], chance, found.problem.describe(key)))
        if s.transfers is not None:
            paid = ", ".join(
                f"{p} {text(float(x), Column('', 'signed'))}"
                for p, x in zip(found.problem.names, s.transfers)
            )
            rows.append(("", None, f"and side payments: {paid} †"))
    return Table(
        caption="The lottery behind each solution",
        columns=(Column("solution"), Column("chance", "percent", 0), Column("changes")),
        rows=tuple(rows),
        notes=("Changes of the status quo map. Side payments are in points a year.",),
    )
