"""A deck of slides that writes itself."""

from __future__ import annotations

from pathlib import Path

from games import files
from games.errors import OutputError, did_you_mean
from reports.report import Report

__all__ = ["ENDINGS", "Deck", "check_path"]

ENDINGS = (".html", ".pptx", ".md", ".json")


class Deck(Report):
    """Slides: a report that writes itself as a page of slides, or for PowerPoint."""

    def html(self) -> str:
        """The deck as one page that loads nothing: arrow keys turn the slides, and printing gives one slide a page."""
        from reports.writers import slides

        return slides.render(self)

    def pptx(self) -> bytes:
        """The deck for PowerPoint (needs the extra `slides`). Raises OutputError where python-pptx is not installed."""
        from reports.writers import pptx

        return pptx.render(self)

    def write(self, path: str | Path) -> Path:
        """Write the deck in the format of the file's ending, or as `slides.html` into a folder, with `slides.pptx` beside it
        where python-pptx is installed. Returns the path.

        Raises OutputError for an unknown ending, or a folder that is missing or not writable.
        """
        target = check_path(path)
        if target.is_dir():
            files.write(target / "slides.html", self.html().encode())
            from importlib.util import find_spec

            if find_spec("pptx") is not None:
                files.write(target / "slides.pptx", self.pptx())
            return target
        if target.suffix.lower() == ".pptx":
            files.write(target, self.pptx())
            return target
        return super().write(target)


def check_path(path: str | Path) -> Path:
    """The path, if a deck can be written there; a folder is made if it is missing. OutputError otherwise."""
    target = Path(path)
    ending = target.suffix.lower()
    if ending == ".pdf":
        raise OutputError(
            f"cannot write {target}: write .html, open it and print it; each slide becomes a page"
        )
    if ending in ENDINGS:
        files.check_folder(target)
        return target
    if ending and not target.is_dir():
        raise OutputError(
            f"cannot write {target}: no deck has the ending {ending!r}{did_you_mean(ending, ENDINGS)}"
        )
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {target}: {error.strerror or error}") from None
    return target
