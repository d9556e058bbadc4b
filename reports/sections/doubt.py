"""What the powers do not know of each other, and what that costs: only where the scenario names kinds of powers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from games.errors import MethodError
from games.words import the
from reports.document import Block, Column, Paragraph, Section, Table
from reports.sections.parts import called, yes
from solvers.base.rows import typed
from solvers.doubt import KindRow

if TYPE_CHECKING:
    from solvers.compare import Comparison
    from solvers.doubt import Trial

__all__ = ["TITLE", "doubt"]

TITLE = "What the powers do not know"


def doubt(result: Comparison) -> Section:
    """The deal tried among powers of unknown kinds."""
    from solvers import doubt as solver

    trial = solver.from_model(result.model, None, result.map, result.regime)
    return Section(
        TITLE,
        "The scenario says that some powers may be of several kinds, which the others do not know. Each power keeps the deal or "
        "breaks it at once; after a breach all compete. A kind is reliable if it keeps the deal when it is "
        "certain that all others do.",
        (
            Paragraph(trial.summary()),
            _kinds(trial),
            *_instruments(trial),
            Paragraph(_price(trial, called(result))),
        ),
    )


def _kinds(trial: Trial) -> Table:
    return Table(
        caption="Kinds of powers",
        columns=(
            Column("power and kind"),
            Column("prior probability", "discount", 2),
            Column("reliable"),
            Column("what keeping gains under doubt", "signed", 2),
            Column("payoff of competition", "signed", 2),
        ),
        rows=tuple(
            (
                f"{row.power}: {row.type}",
                row.prior,
                yes(row.keeps_if_the_others_do),
                row.keeping_gains,
                row.competition,
            )
            for row in typed(trial.to_frame(), KindRow)
        ),
    )


def _instruments(trial: Trial) -> tuple[Block, ...]:
    """For each power in doubt: from which probability the deal is worth trying, and what hostage or signal would help."""
    rows = []
    for i, power in enumerate(trial.game.players):
        if trial.game.n_types[i] == 1:
            continue
        hostage = float(trial.hostage(power)["hostage"].max())
        try:
            threshold, (low, high) = trial.threshold(power), trial.signal(power)
        except MethodError:
            rows.append((power, "all its kinds act alike", hostage, "none needed or none helps"))
            continue
        needed = "no probability is enough" if threshold > 1 else f"{threshold:.2f}"
        rows.append((power, needed, hostage, f"{low:.2f} to {high:.2f}" if low <= high else "none"))
    if not rows:
        return ()
    return (
        Table(
            caption="What would settle the doubt",
            columns=(
                Column("power"),
                Column("worth trying from this probability that it is reliable"),
                Column("largest hostage, points a year", "signed", 2),
                Column("costs of a signal that tells its kinds apart, points a year"),
            ),
            rows=tuple(rows),
        ),
    )


def _price(trial: Trial, name: str) -> str:
    parts = [f"{the(power)} {cost:+.2f}" for power, cost in zip(trial.game.players, trial.price)]
    return (
        f"If the reliable kinds keep the {name}, doubt costs {', '.join(parts)} points a year: expected payoffs "
        f"with all kinds known, "
        "less those with kinds unknown. A forum that made the kinds known would be worth as much. A negative number is what "
        "a power gains by being trusted wrongly."
    )
