"""The page that tells how well the rules do: `python -m reports.validation` writes docs/validation.md and its picture."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from games import files

if TYPE_CHECKING:
    import pandas as pd

    from solvers.validation import Scores

__all__ = ["main", "page", "picture"]

PICTURE = "validation-reliability.svg"

HEAD = """# Does the model know anything?

A model of this kind can be made to say anything. This page shows what its rules would have said of two centuries of
great-power rivalry, failures beside successes. `make validate` writes it again from the shipped tables.

The rules of `games.world` make the world of each epoch from tables of facts: the same rules for every year, no power
or region named, no number fitted. The eight free numbers are drawn over their ranges ({draws} draws, seed {seed}, the
same in every epoch). A pair of powers is predicted to quarrel with the share of draws (and of the equilibria in each)
in which one contests the other. Equilibria of games with five powers and more are found by best-response dynamics
from several starts: every deviation is checked, but there may be others.

Baselines are fitted to all epochs except the one that they predict. *Persistence*: rivals in the epoch before.
*Capability ratio*: a logit on the ratio of CINC shares. *Data*: a logit on a common land border, a territorial claim
between the two, a defence pact and that ratio. *Data and the rules*: the same with the rules' prediction. The rules
themselves are taken as they are.

AUC is the chance that a pair with the outcome is ranked above one without it (.5: no information); *within* compares
pairs of one epoch only. Brier and log scores judge the numbers as chances; lower is better.

A baseline that has not seen an epoch with many wars predicts too few for it, and so ranks epochs in reverse. For rare outcomes
its overall AUC can fall below .5; *within* is the fair comparison.
"""

LIMITS = """## What this does not show

- **Levels.** Payoffs are ranks and signs at best; nothing here tests their size.
- **Wars.** A contest is a rivalry. As the table shows, it does not tell which rivalries become wars within ten years.
- **The epochs above are those on which the rules were made.** Nothing was fitted, but the rules were chosen with them
  in sight. Tables of epochs that were kept back are not shipped, so that test cannot be repeated here. New epochs can
  be added as rows of a folder of tables: `validation.backtest(data=folder)`.
- **Who coded the outcome.** Rivalries enter on both sides: those with smaller states help to say what is in dispute,
  those among the powers are predicted. The same scholars coded both.
- **Persistence is hard to beat.** Who were rivals in the epoch before is the best single predictor. It cannot say who
  will quarrel in a world that has not been.
"""


def page(
    draws: int = 60,
    seed: int = 0,
    epochs: Sequence[int] | None = None,
    triangle_years: Sequence[int] | None = None,
    concert_years: Sequence[int] | None = None,
    history_draws: int = 1000,
) -> tuple[str, str]:
    """The page as Markdown, and its picture as SVG.

    `epochs`, `triangle_years` and `concert_years` narrow it down; `history_draws` are for the triangle (a fifth of them for the
    Concert).
    """
    from solvers import validation
    from solvers.validation._history import CONCERT_YEARS, TRIANGLE_YEARS

    table = validation.backtest(epochs=epochs, draws=draws, seed=seed)
    parts = [HEAD.format(draws=draws, seed=seed)]
    quarrels = validation.scores(table, "rivalry")
    parts += [
        "## Which powers quarrel",
        quarrels.summary(),
        markdown(quarrels.table.reset_index()),
        _epochs(quarrels),
    ]
    parts += [
        f"![Predicted and seen]({PICTURE})",
        "What was seen where so much was predicted (95 % intervals):",
        markdown(quarrels.reliability()),
        "The worst misses:",
        markdown(quarrels.misses(10)),
    ]
    impossible = quarrels.reliability(bins=20).iloc[0]
    parts.append(
        f"Rivalries called nearly impossible do occur: of {int(impossible['cases'])} pairs with a prediction below .05, "
        f"{100 * impossible['seen']:.0f} per cent were rivals."
    )
    parts.append("## Disputes and wars in the ten years after")
    for outcome in ("dispute", "war"):
        parts += _further(table, outcome)
    years = TRIANGLE_YEARS if triangle_years is None else triangle_years
    triangle = validation.triangle(years=years, draws=history_draws, seed=seed).reset_index()
    parts += [
        "## The triangle of Washington, Beijing and Moscow",
        f"The three as the only players, {history_draws:,} draws. The table shows the share of draws with exactly the "
        "rivalries that were seen, its rank among the eight patterns, and the pattern that comes first. All pure "
        "equilibria; draws without one "
        "(*without*) count as misses.",
        markdown(triangle),
    ]
    count = max(2, history_draws // 5)
    chosen = CONCERT_YEARS if concert_years is None else concert_years
    concert = validation.concert(years=chosen, draws=count, seed=seed)
    parts += [
        "## The Concert of Europe",
        f"All great powers, {count} draws, one yearly discount factor of .887. The first row is the share of draws in "
        "which a concert of all is an equilibrium of the year's game. The next two say in how many it is sustainable: if all "
        "others contest whoever leaves (ostracism), or if all return to the harshest equilibrium found (reversion). The rest "
        "say in how many each power gains by leaving.",
        markdown(concert.T.reset_index().rename(columns={"index": ""})),
        LIMITS,
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n", picture(quarrels)


def _epochs(scores: Scores) -> str:
    return "Epoch by epoch:\n\n" + markdown(scores.epochs.reset_index())


def _further(table: pd.DataFrame, outcome: str) -> list[str]:
    from games.errors import SampleError
    from solvers import validation

    try:
        found = validation.scores(table, outcome)
    except SampleError as error:
        return [f"{error}."]
    return [found.summary(), markdown(found.table.reset_index())]


def markdown(frame: pd.DataFrame) -> str:
    """A table in Markdown; numbers have two decimals, whole ones none."""
    lines = ["| " + " | ".join(str(c) for c in frame.columns) + " |", "|" + "---|" * len(frame.columns)]
    lines += [
        "| " + " | ".join(_cell(value) for value in row) + " |" for row in frame.itertuples(index=False)
    ]
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return (
            ""
            if value != value
            else f"{value:.0f}"
            if value == int(value) and abs(value) > 1
            else f"{value:.2f}"
        )
    return str(value)


def picture(scores: Scores, size: int = 320) -> str:
    """Reliability of the rules and of the data baseline as SVG: predicted along, seen upwards, the diagonal is perfect."""
    edge, span = 44, size - 64

    def x(value: float) -> float:
        return round(edge + span * value, 1)

    def y(value: float) -> float:
        return round(size - edge - span * value, 1)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" font-family="sans-serif" '
        'font-size="11">',
        "<title>What was seen where so much was predicted</title>",
        f'<rect width="{size}" height="{size}" fill="#fff"/>',
        f'<path d="M{x(0)} {y(1)}V{y(0)}H{x(1)}" fill="none" stroke="#333"/>',
        f'<path d="M{x(0)} {y(0)}L{x(1)} {y(1)}" stroke="#bbb" stroke-dasharray="4 3"/>',
    ]
    for tick in (0, 0.25, 0.5, 0.75, 1):
        out.append(f'<text x="{x(tick)}" y="{y(0) + 15}" text-anchor="middle">{tick:g}</text>')
        out.append(f'<text x="{x(0) - 6}" y="{y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    out.append(f'<text x="{x(0.5)}" y="{size - 8}" text-anchor="middle">predicted share</text>')
    out.append(
        f'<text transform="translate(12 {y(0.5)}) rotate(-90)" text-anchor="middle">rivals seen</text>'
    )
    for name, colour, mark in (("the rules", "#1b6ca8", "circle"), ("data", "#c7622b", "square")):
        table = scores.reliability(name)
        points = " ".join(f"{x(p)},{y(s)}" for p, s in zip(table["predicted"], table["seen"]))
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        for predicted, seen, low, high in table[["predicted", "seen", "low", "high"]].to_numpy(dtype=float):
            px, py = x(predicted), y(seen)
            out.append(f'<path d="M{px} {y(low)}V{y(high)}" stroke="{colour}" stroke-opacity=".5"/>')
            if mark == "circle":
                out.append(f'<circle cx="{px}" cy="{py}" r="4" fill="{colour}"/>')
            else:
                out.append(f'<rect x="{px - 4}" y="{py - 4}" width="8" height="8" fill="{colour}"/>')
    out.append(
        f'<circle cx="{x(0.04)}" cy="{y(1) - 8}" r="4" fill="#1b6ca8"/><text x="{x(0.07)}" y="{y(1) - 4}">the rules</text>'
    )
    out.append(
        f'<rect x="{x(0.36)}" y="{y(1) - 12}" width="8" height="8" fill="#c7622b"/><text x="{x(0.42)}" y="{y(1) - 4}">data</text>'
    )
    return "\n".join([*out, "</svg>"]) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page and its picture."""
    parser = argparse.ArgumentParser(prog="python -m reports.validation", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/validation.md"))
    parser.add_argument("--draws", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    files.check_folder(options.output)
    text, drawing = page(options.draws, options.seed)
    files.write(options.output, text.encode())
    files.write(options.output.with_name(PICTURE), drawing.encode())
    print(f"{options.output} and {options.output.with_name(PICTURE)} written.")


if __name__ == "__main__":
    main()
