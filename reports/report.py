"""A report: a document that can write itself in any format, and be read back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from games import files
from games.errors import FormatError, OutputError, did_you_mean
from reports.document import Document

__all__ = ["ENDINGS", "Report", "check_path", "read"]

ENDINGS = (".html", ".pdf", ".md", ".json")


@dataclass(frozen=True, repr=False)
class Report(Document):
    """A report: a document with writers.

    Attributes
    ----------
    title, subtitle : str
    verdict : the answer in a few sentences
    sections : tuple of Section
    provenance : where it comes from, None where that is not known

    Examples
    --------
    >>> from reports.document import Section
    >>> report = Report("Two sheriffs", "One street", ("They share it.",), (Section("Why", "Fights cost."),))
    >>> print(report.markdown().splitlines()[0])
    # Two sheriffs
    """

    def write(self, path: str | Path) -> Path:
        """Write the report in the format of the file's ending and return the path.

        `.html` is one file that needs nothing else, `.pdf` needs the extra `pdf`, `.md` is text, `.json` holds the data
        and can be read back with `reports.read`. The file appears whole or not at all.

        Raises OutputError for an unknown ending, or a folder that is missing or not writable.
        """
        target = check_path(path)
        ending = target.suffix.lower()
        if ending == ".html":
            content = self.html().encode()
        elif ending == ".json":
            content = self.json().encode()
        elif ending == ".md":
            content = self.markdown().encode()
        else:
            from reports.writers import pdf

            content = pdf.render(self)
        files.write(target, content)
        return target

    def html(self) -> str:
        """The report as one page that loads nothing from anywhere."""
        from reports.writers import html

        return html.render(self)

    def markdown(self) -> str:
        """The report as Markdown text; figures become the numbers they show."""
        from reports.writers import markdown

        return markdown.render(self)

    def json(self) -> str:
        """The report's data as JSON."""
        from reports.writers import json as plain

        return plain.dump(self)

    def _repr_html_(self) -> str:
        from reports.writers import html

        return html.frame(self)

    def __repr__(self) -> str:
        return f"<Report {self.title!r}: {len(self.sections)} sections>"


def read(path: str | Path) -> Report:
    """Read back a report that was written as `.json`. Raises FormatError where the file holds something else."""
    from reports.writers import json as plain

    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from None
    document = plain.load(text, str(path))
    return Report(document.title, document.subtitle, document.verdict, document.sections, document.provenance)


def check_path(path: str | Path) -> Path:
    """The path, if a report can be written there; OutputError otherwise."""
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise OutputError(
            f"cannot write {target}: no report format has the ending {ending!r}{did_you_mean(ending, ENDINGS)}"
            if ending
            else f"cannot write {target}: give it one of the endings {', '.join(ENDINGS)}"
        )
    files.check_folder(target)
    return target
