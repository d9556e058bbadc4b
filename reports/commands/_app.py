"""The command's frame: help, version, and errors that are told in one line."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from games.errors import ConcertError
from reports import _interrupt
from reports.commands import _outputs

__all__ = ["app", "called"]

called: list[str] = []
"""The words that the command was called with."""


class _Group(TyperGroup):
    """Commands whose errors are told in one line, and which remember the words that they were called with."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        called[:] = args
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ConcertError as error:
            _outputs.warn(str(error))
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            _outputs.warn("interrupted")
            raise typer.Exit(_interrupt.status()) from None


app = typer.Typer(
    cls=_Group,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Each command has its own help: concert report --help. Exit status: 0 done; 1 done, but something is missing and the "
    "output says what; 2 bad input, nothing written; 130 interrupted, 143 by SIGTERM.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from reports import provenance

        typer.echo(f"concert-of-powers {provenance.version()}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What does each great power get if they collude over spheres of influence rather than compete, would the deal
    hold, what breaks it, and who else pays?

    \b
    [bold]Start here[/bold]
      concert report                            write report.html
      concert scenarios                         list scenarios and their maps
      concert report --map "Ukraine to Russia"  examine another deal
      concert bargain                           what they might agree on
      concert new mine > mine.toml              start a scenario of your own
      concert check mine.toml                   check it
    """
    if ctx.invoked_subcommand is None:
        print(ctx.get_help())
        raise typer.Exit
