"""What every command does with its answer: shows it, writes it to a file or to standard output, and says how it ended."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from games.errors import ConcertError, FormatError, OutputError
from reports import _interrupt
from reports.writers import terminal

if TYPE_CHECKING:
    from rich.console import Console

    from reports.report import Report

__all__ = [
    "INCOMPLETE",
    "STDIN",
    "STDOUT",
    "check",
    "deliver",
    "from_stdin",
    "left_out",
    "scenario_ending",
    "warn",
]

STDIN = STDOUT = "-"
INCOMPLETE = 1
"""Exit status of an answer that something is missing from: a search was not complete, or a part is left out."""

_FORMATS = ("html", "pdf", "md", "json")


def check(
    output: str | None,
    form: str,
    formats: Sequence[str] = _FORMATS,
    path: Callable[[str], Any] | None = None,
) -> None:
    """Raise OutputError before the work begins if its result could not be written.

    `formats` are those of standard output, `path` the check of a file's name: a report's by default.
    """
    from reports.report import check_path

    if form and form not in formats:
        from games.errors import did_you_mean

        raise OutputError(f"--format {form}: no such format{did_you_mean(form, formats)}")
    if form and output != STDOUT:
        raise OutputError("--format goes with -o -; the ending of a file says its format")
    if output not in (None, STDOUT):
        (path or check_path)(str(output))


def deliver(
    report: Report,
    output: str | None,
    as_json: bool,
    form: str = "",
    show: Callable[[Console], None] | None = None,
    complete: bool = True,
) -> None:
    """Show the answer, write it where it is wanted, and end with the status that fits.

    What goes to standard output is the answer alone: with `-o -` or `--json` the rest goes to standard error or is left out.
    """
    to_stdout = as_json or output == STDOUT
    partial = _interrupt.seen()
    # What cannot be written is said before anything else.
    path = report.write(output) if output not in (None, STDOUT) and not partial else None
    if as_json:
        _put(report.json().encode())
    if output == STDOUT:
        _put(_content(report, form or "md"))
    if not to_stdout and show is not None:
        show(terminal.console())
        if path is not None:
            terminal.console().print(f"Written to [bold]{terminal.plain(str(path))}[/bold]")
    if partial:
        warn(
            "interrupted; what is shown is partial"
            + ("" if output in (None, STDOUT) else ", and no file was written")
        )
        raise typer.Exit(_interrupt.status())
    lost = left_out(report)
    for sentence in lost:
        warn(sentence)
    if lost or not complete:
        raise typer.Exit(INCOMPLETE)


def left_out(report: Report) -> list[str]:
    """A sentence for each section that the report had to leave out."""
    from reports._build import LEFT_OUT
    from reports.document import Paragraph

    return [
        f"section '{section.title}': {block.text}"
        for section in report.sections
        for block in section.blocks[:1]
        if isinstance(block, Paragraph) and block.text.startswith(LEFT_OUT)
    ]


def warn(words: str) -> None:
    """One line on standard error."""
    from reports.printable import printable

    typer.echo(f"concert: {' '.join(printable(words).split())}", err=True)


@contextmanager
def from_stdin(name: str, ending: Callable[[bytes], str]) -> Iterator[Path]:
    """The file of this name; for `-` a file that holds what comes in by standard input.

    `ending` says by its content what kind of file that is. Errors then speak of standard input.
    """
    if name != STDIN:
        yield Path(name)
        return
    content = sys.stdin.buffer.read()
    if not content.strip():
        raise FormatError("standard input is empty")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"stdin{ending(content)}"
        path.write_bytes(content)
        try:
            yield path
        except ConcertError as error:
            words = str(error).replace(str(path), "standard input")
            raise FormatError(words.replace(path.name, "standard input")) from None


def scenario_ending(content: bytes) -> str:
    """What kind of scenario file this is, by how it begins."""
    return ".xlsx" if content.startswith(b"PK") else ".toml"


def _content(report: Report, form: str) -> bytes:
    if form == "pdf":
        from reports.writers import pdf

        return pdf.render(report)
    if form == "pptx":
        from reports.writers import pptx

        return pptx.render(report)
    written: dict[str, Any] = {"html": report.html, "md": report.markdown, "json": report.json}
    return bytes(written[form]().encode())


def _put(content: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
