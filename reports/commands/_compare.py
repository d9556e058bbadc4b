"""Deals side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from reports.commands import _changes, _limits, _outputs
from reports.commands._app import app
from reports.commands._limits import TimeLimit
from reports.commands._options import (
    Changes,
    Format,
    IndexName,
    Json,
    MapName,
    Output,
    RegimeName,
    scenario_names,
)
from reports.commands._parts import print_tables, read, source_of
from reports.writers import terminal

if TYPE_CHECKING:
    from rich.console import Console


@app.command()
def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            help="Scenarios, by name or path; a map or changed inputs may follow after a colon, as in "
            "'us-china-russia-2025:Byers swap' or 'us-china-russia-2025:friction=0.1'.",
            metavar="A B ...",
            autocompletion=scenario_names,
        ),
    ],
    map: MapName = "status quo",
    regime: RegimeName = "concert",
    index: IndexName = "",
    change: Changes = None,
    time_limit: TimeLimit = None,
    output: Output = None,
    form: Format = "",
    as_json: Json = False,
) -> None:
    """Set scenarios side by side: what differs in the inputs, what changes in the results, and each one's numbers.

    \b
    [bold]Examples[/bold]
      concert compare us-china-russia-2017 us-china-russia-2021 us-china-russia-2025
      concert compare us-china-russia-2025 "us-china-russia-2025:Byers swap" -o maps.html
      concert compare us-china-russia-2025 us-china-russia-2025:half_distance=3000,claims=part
    """
    _outputs.check(output, form)
    from reports import side_by_side
    from solvers import compare as solver

    results, cases = [], []
    with _limits.kept(time_limit):
        for entry in scenarios:
            name, _, more = entry.partition(":")
            with read(name, index, change) as (model, _):
                varied, where = _changes.varied(model, more, map)
            results.append(solver.concert(varied, map=_changes.as_map(where), regime=regime))
            cases.append((model.name, more))
        labels = _labels(cases)
        made = side_by_side.report(results, source_of(None), labels)

    def show(console: Console) -> None:
        terminal.print_head(console, made)
        print_tables(console, made)
        for label, result in zip(labels, results):
            console.print(f"[bold]{terminal.plain(label)}[/bold]")
            terminal.print_verdict(console, result.verdict)

    _outputs.deliver(made, output, as_json, form, show, all(r.equilibria.complete for r in results))


def _labels(cases: list[tuple[str, str]]) -> list[str]:
    """Short names of cases, each a scenario and what follows it: what all have in common is left out.

    >>> _labels([("us-china-russia-2017", ""), ("us-china-russia-2025", "")])
    ['2017', '2025']
    >>> _labels([("mine", ""), ("mine", "Byers swap"), ("mine", "friction=0.1,claims=part")])
    ['as it stands', 'Byers swap', 'friction=0.1 and claims=part']
    """
    names = [name for name, _ in cases]
    more = [
        " and ".join(part.strip() for part in words.split(",")) if "=" in words else words
        for _, words in cases
    ]
    if len(set(names)) == 1:
        found = [words or "as it stands" for words in more] if len(cases) > 1 else names
    else:
        stems = {name.rpartition("-")[0] for name in names}
        short = [name.rpartition("-")[2] for name in names]
        names = short if len(stems) == 1 and all(name.isdigit() for name in short) else names
        found = [f"{name} with {words}" if words else name for name, words in zip(names, more)]
    return [f"{label} ({n})" if found.count(label) > 1 else label for n, label in enumerate(found, start=1)]
