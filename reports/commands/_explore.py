"""The explorer's page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from reports.commands import _outputs
from reports.commands._app import app
from reports.commands._options import DEFAULT, Scenario


@app.command()
def explore(
    scenario: Scenario = DEFAULT,
    port: Annotated[
        int, typer.Option("--port", help="Port of the page; if left out, a free one.", min=0, max=65535)
    ] = 0,
    browser: Annotated[bool, typer.Option("--open", help="Also open the page in the browser.")] = False,
    time_limit: Annotated[
        float | None,
        typer.Option(
            "--time-limit",
            "-t",
            help="Give up an answer to the page after so many seconds.",
            metavar="SECONDS",
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="Write the page's address to a file, as JSON, once it can be opened; - for standard output.",
            metavar="FILE",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the page's address as one line of JSON and nothing else.")
    ] = False,
) -> None:
    """Explore a deal with menus and sliders, on a page that only this machine can open.

    \b
    [bold]Examples[/bold]
      concert explore
      concert explore us-china-russia-2021 --open
    """
    from games import files, load
    from reports.explore import Explorer, serve

    to_stdout = as_json or output == _outputs.STDOUT
    if output not in (None, _outputs.STDOUT):
        files.check_folder(Path(str(output)))

    def say(address: str) -> None:
        line = json.dumps({"address": address, "scenario": scenario})
        if output not in (None, _outputs.STDOUT):
            files.write(Path(str(output)), f"{line}\n".encode())
        typer.echo(
            line if to_stdout else f"The explorer is at {address} (this machine only). Ctrl-C ends it."
        )
        if browser:
            typer.launch(address)

    with _outputs.from_stdin(scenario, _outputs.scenario_ending) as path:
        explorer = Explorer(load(path) if scenario == _outputs.STDIN else scenario)
    serve(explorer, port, say, time_limit)
