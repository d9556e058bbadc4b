"""The page on two centuries of the idea: `python -m reports.history` writes docs/history.md and its picture.

Text and numbers stand apart: what an author says was read, and is cited; what the model says is computed here.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from games import files
from games.words import listed
from solvers.base.rows import typed

if TYPE_CHECKING:
    import pandas as pd

    from games.normal_form import FloatArray
    from games.spheres import SpheresModel

__all__ = ["ARMIES", "CASES", "Case", "compute", "main", "page", "picture"]

PICTURE = "history-leaving.svg"


@dataclass(frozen=True)
class Case:
    """One year of the idea: a shipped scenario, or the world of all great powers by rule where `scenario` is empty."""

    year: int
    scenario: str
    what: str


class Year(NamedTuple):
    """A row of `compute`: see there. Shares are numbers from 0 to 1."""

    year: int
    what: str
    powers: int
    largest: float
    flanks: float
    mismatch: float
    balance: str
    equilibrium: float
    ostracism: float
    holds: float
    leaving: tuple[str, ...]
    leave: dict[str, float]


CASES = (
    Case(1816, "concert-of-europe-1816", "the Concert after Vienna"),
    Case(1830, "concert-of-europe-1830", "the Concert in the year of revolutions"),
    Case(1853, "concert-of-europe-1853", "the eve of the Crimean War"),
    Case(1870, "", "after the Concert"),
    Case(1945, "four-policemen-1945", "the four policemen"),
    Case(1950, "cold-war-1950", "containment, two blocs"),
    Case(1972, "cold-war-1972", "the opening to China"),
    Case(2025, "us-china-russia-2025", "the debate today"),
)

ARMIES = {"Britain": 200, "France": 330, "Habsburg Empire": 200, "Prussia": 195}
"""Thousand men in 1756/60: Kennedy (1989, p. 99), as reprinted in Merriman, A History of Modern Europe, table 7.1."""

HEAD = """# Two centuries of the idea

Great powers have tried to run the world together before. This page asks of each attempt what the rules of this model say, and
sets beside it what historians and political scientists say wore it out. `make history` writes it again from the shipped tables.

The rules are those of `games.world`, the same for every year; nothing was fitted to a period. The assumed numbers are drawn over
their ranges ({draws} draws, seed {seed}; a share is known to {error:.0f} points or better). Shares are not chances that
something happens.
"""

AUTHORS = (
    (
        "Jervis 1982, 1985",
        "A war against a hegemon makes cooperation pay more and cheating less. That fades with the memory of the war.",
        "who gains by leaving, and how many",
        "leaving",
    ),
    (
        "Schroeder 1994",
        "Vienna replaced the balance by a political equilibrium of rights, kept by the two powers on the flanks, Britain and "
        "Russia. "
        "It ended when one flank was to be humbled.",
        "what the two flanks have of the five's capability",
        "flanks",
    ),
    (
        "Slantchev 2005",
        "The settlement enforced itself as long as what each power held matched what it could fight for.",
        "how far shares of what is led depart from shares of capability",
        "mismatch",
    ),
    (
        "Kissinger 1957",
        "A balance that no power could overturn, and one idea of what is legitimate. The second broke first.",
        "the largest power's share; of legitimacy the tables know nothing",
        "largest",
    ),
    (
        "Elrod 1976",
        "Rules and habits of conference diplomacy, which statesmen of the 1850s no longer kept.",
        "none: the model has no procedures",
        "",
    ),
    (
        "Mitzen 2013",
        "Commitments made in a public forum bind. The forum was no longer used to hold the powers to them.",
        "none from data: `repeated.forum_value` says what a forum is worth, if the signals are given",
        "",
    ),
)

LIMITS = """## What this does not show

- That a share falls from 1816 to 1853 is not evidence for the author in whose row it stands: several would predict the same.
- Three years are not a series. The tables have no epoch between 1830 and 1853.
- The rules know nothing of law, honour, revolution or memory. Where a theory speaks of those, the row says *none*.
- Where the model does not see a reason for the Concert to end, that is a fact about the model as much as about 1853.

## Sources

Elrod (1976), *The Concert of Europe: A Fresh Look at an International System*, World Politics 28. Jervis (1982), *Security
Regimes*, International Organization 36; (1985), *From Balance to Concert*, World Politics 38, p. 58-79. Kennedy (1989), *The
Rise and Fall of the Great Powers*. Kissinger (1957), *A World Restored*. Mitzen (2013), *Power in Concert*. Niou, Ordeshook
and Rose (1989), *The Balance of Power*. Schroeder (1994), *The Transformation of European Politics, 1763-1848*. Slantchev (2005),
*Territory and Commitment: The Concert of Europe as Self-Enforcing Equilibrium*. Wagner (1986), *The Theory of Games and the
Balance of Power*, World Politics 38.
"""


def compute(cases: Sequence[Case] = CASES, draws: int = 256, seed: int = 0) -> pd.DataFrame:
    """One row for each case: powers, measures of their balance, and shares of draws on the concert of all of them.

    Columns: powers; largest (share of the powers' capability); flanks (of the United Kingdom and Russia, where both play);
    mismatch (half the sum of differences between shares of what is led and of capability); balance (Niou, Ordeshook and Rose);
    equilibrium, ostracism, holds (shares); leaving (the powers that gain by leaving in more than half of the draws).
    """
    import pandas as pd

    rows = [_row(case, draws, seed) for case in cases]
    return pd.DataFrame(rows, columns=list(Year._fields)).set_index("year")


def _model(case: Case) -> SpheresModel:
    from games import load, world

    return load(case.scenario) if case.scenario else world.build(case.year)


def _row(case: Case, draws: int, seed: int) -> Year:
    from solvers.balance import stability
    from solvers.uncertainty import evaluate

    model = _model(case)
    found = evaluate(
        model,
        model.draws(draws, seed=seed),
        regimes="concert",
        observed=(),
        mixed="never",
        autonomy=False,
        seed=seed,
    )
    shares = model.capability / model.capability.sum()
    gains = (found.gains[:, 0] > 0).mean(axis=0)
    balance = stability({p: round(float(s), 4) for p, s in zip(model.players, shares)})
    flanks = [i for i, p in enumerate(model.players) if p in ("United Kingdom", "Russia")]
    return Year(
        year=case.year,
        what=case.what,
        powers=len(model.players),
        largest=float(shares.max()),
        flanks=float(shares[flanks].sum()) if len(flanks) == 2 and "Prussia" in model.players else np.nan,
        mismatch=_mismatch(model, shares),
        balance="stable"
        if balance.system_stable
        else f"{balance.predominant} has most"
        if balance.predominant
        else "not stable",
        equilibrium=float(found.condition("equilibrium").mean()),
        ostracism=float(found.condition("holds by ostracism").mean()),
        holds=float(found.condition("holds").mean()),
        leaving=tuple(p for p, g in zip(model.players, gains) if g > 0.5),
        leave={p: float(g) for p, g in zip(model.players, gains)},
    )


def _mismatch(model: SpheresModel, capability: FloatArray) -> float:
    """Half the sum of differences between each power's share of the regions led, by size, and its share of capability."""
    size = np.array([np.sqrt(r.cinc * r.gdp) for r in model.regions])
    lead = model.holders()
    led = np.array([size[lead == i].sum() for i in range(len(model.players))])
    total = led.sum()
    return float(np.abs(led / total - capability).sum() / 2) if total else float("nan")


def page(cases: Sequence[Case] = CASES, draws: int = 256, seed: int = 0) -> tuple[str, str]:
    """The page as Markdown, and its picture as SVG."""
    table = compute(cases, draws, seed)
    # Half a 95 % interval at a share of one half, where it is widest.
    error = 98.0 / draws**0.5
    parts = [
        HEAD.format(draws=draws, seed=seed, error=error),
        *_table(table),
        _authors(table),
        _eighteenth(),
        LIMITS,
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n", picture(table)


def _percent(share: float) -> str:
    return "-" if np.isnan(share) else f"{100 * share:.0f} %"


def _table(table: pd.DataFrame) -> list[str]:
    lines = [
        "| year | what | powers | largest power's share | balance by resources | no power gains in the year | ostracism "
        "holds it | "
        "competition holds it | gain by leaving in most draws |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.year} | {row.what} | {row.powers} | {_percent(row.largest)} | {row.balance} | "
        f"{_percent(row.equilibrium)} | {_percent(row.ostracism)} | {_percent(row.holds)} | {_leavers(row)} |"
        for row in typed(table, Year)
    ]
    return [
        "## A concert of all great powers, year by year",
        "\n".join(lines),
        "The last four columns are about a concert of all, on the map as it was. They say in how many draws nobody gains by "
        "leaving even in the year itself; in how many contest by all others forever deters whoever would. They then say in "
        "how many a return to competition does (pure equilibria, with five powers or more those that were found; a draw "
        "without one does not count as holding). *Balance by resources*: is every power essential in the sense of Niou, "
        "Ordeshook and Rose?",
        *_change(table),
        f"![Who gains by leaving]({PICTURE})",
    ]


def _change(table: pd.DataFrame) -> list[str]:
    """What the rules say of the years from Vienna to the Crimea, in a sentence; nothing if they were left out."""
    rows = {row.year: row for row in typed(table, Year)}
    if not {1816, 1853} <= set(rows):
        return []
    before, after = rows[1816], rows[1853]
    return [
        f"From 1816 to 1853 the powers that gain by leaving in most draws go from {len(before.leaving)} of "
        f"{before.powers} to {len(after.leaving)} of {after.powers}. The share of draws in which ostracism holds "
        f"the Concert goes from {_percent(before.ostracism)} to {_percent(after.ostracism)}. The threat of competition "
        f"alone would seldom have held it in either year ({_percent(before.holds)} and {_percent(after.holds)}). By "
        "these rules it did not wear out from strong to weak; it was never held by that."
    ]


def _leavers(row: Year) -> str:
    return listed(row.leaving) if row.leaving else "nobody"


def _authors(table: pd.DataFrame) -> str:
    rows = [row for row in typed(table, Year) if row.year in (1816, 1830, 1853)]

    def numbers(key: str) -> str:
        if not key:
            return "none"
        if key == "leaving":
            return "; ".join(f"{r.year}: {_leavers(r)}" for r in rows)
        return "; ".join(f"{r.year}: {_percent(getattr(r, key))}" for r in rows)

    lines = [
        "| author | what kept it, and what wore it out | what the model can say | computed |",
        "|---|---|---|---|",
    ]
    lines += [f"| {who} | {says} | {proxy} | {numbers(key)} |" for who, says, proxy, key in AUTHORS]
    return (
        "## What wore out the Concert: each author's reason, and what the model has of it\n\n"
        + "\n".join(lines)
        + "\n\nSummaries are ours, of the works named below. A proxy is a stand-in: it says whether the tables move as the "
        "theory would have them move, not whether the theory is true."
    )


def _eighteenth() -> str:
    from solvers.balance import stability, wagner

    span = range(150, 501, 10)
    stable = [r for r in span if stability({**ARMIES, "Russia": r}).system_stable]
    safe = f"at {len(stable)} of the {len(span)} sizes tried"
    verdicts = {wagner({**ARMIES, "Russia": r}).stable for r in span}
    word = {True: "stable", False: "not stable", None: "open"}
    armies = ", ".join(f"{p} {n},000" for p, n in ARMIES.items())
    return f"""## The eighteenth century's balance: a toy, and no scenario

No scenario of the eighteenth century is shipped. The tables of capability, claims, treaties and capitals begin in 1816, and
worlds are made by rule or not at all. What can be asked without them is the question of resources alone.

*Assumed, for illustration:* resources are the armies of 1756/60 ({armies}: Kennedy 1989, p. 99). We could not check a figure
for Russia's, so it runs from {span[0]},000 to {span[-1]},000. With these five, every power is essential in the sense of Niou,
Ordeshook and Rose {safe}. Wagner's theory says: {", ".join(sorted(word[v] for v in verdicts))}. Armies are not power: Britain's
navy and money do not count here."""


def picture(table: pd.DataFrame) -> str:
    """Who gains by leaving a concert of all, as SVG: one row a power and year, the share of draws as a bar with its number."""
    years = typed(table, Year)
    height, left, span = 17, 190, 330
    top = 34
    total = top + height * sum(len(row.leave) for row in years) + 8 * len(years) + 20
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + span + 60} {total}" role="img" font-family="sans-serif" '
        'font-size="11">',
        "<title>Who gains by leaving a concert of all great powers, by year: share of draws</title>",
        f'<rect width="{left + span + 60}" height="{total}" fill="#fff"/>',
        f'<text x="{left}" y="18">gains by leaving: share of draws (hatched: more than half)</text>',
        '<defs><pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="5" height="5" fill="#f3c9b8"/><path d="M0 0V5" stroke="#b3452c" stroke-width="2"/></pattern></defs>',
    ]
    y = top
    for row in years:
        out.append(f'<text x="8" y="{y + 12}" font-weight="bold">{row.year}</text>')
        for power, share in row.leave.items():
            fill = "url(#hatch)" if share > 0.5 else "#9cc3d0"
            width = round(span * share, 1)
            out.append(f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{power}</text>')
            out.append(
                f'<rect x="{left}" y="{y + 2}" width="{width}" height="{height - 5}" fill="{fill}" stroke="#444" '
                'stroke-width=".6"/>'
            )
            out.append(f'<text x="{left + width + 5}" y="{y + 12}">{100 * share:.0f} %</text>')
            y += height
        y += 8
    return "\n".join([*out, "</svg>"]) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page and its picture."""
    parser = argparse.ArgumentParser(prog="python -m reports.history", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=Path("docs/history.md"))
    parser.add_argument("--draws", type=int, default=256)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    files.check_folder(options.output)
    text, drawing = page(draws=options.draws, seed=options.seed)
    files.write(options.output, text.encode())
    files.write(options.output.with_name(PICTURE), drawing.encode())
    print(f"{options.output} and {options.output.with_name(PICTURE)} written.")


if __name__ == "__main__":
    main()
