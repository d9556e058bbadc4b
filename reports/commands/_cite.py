"""How to cite the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.commands import _outputs
from reports.commands._app import app
from reports.commands._options import Format, Json, Output
from reports.commands._parts import source_of
from reports.writers import terminal

if TYPE_CHECKING:
    from rich.console import Console


@app.command()
def cite(output: Output = None, form: Format = "", as_json: Json = False) -> None:
    """Print how to cite the program, in words and for BibTeX.

    \b
    [bold]Examples[/bold]
      concert cite
      concert cite --json
    """
    from reports import provenance
    from reports.document import Paragraph, Section
    from reports.report import Report

    _outputs.check(output, form)
    words, entry = provenance.citation(), provenance.bibtex()
    made = Report(
        "How to cite",
        "",
        (words,),
        (Section("BibTeX", "", (Paragraph(entry),)),),
        source_of(None),
    )

    def show(console: Console) -> None:
        console.print(terminal.plain(words), soft_wrap=True)
        console.print()
        console.print(terminal.plain(entry), soft_wrap=True)

    _outputs.deliver(made, output, as_json, form, show)
