"""A document as a page of slides that loads nothing: a slide for the title, for each section, and for where it comes from."""

from __future__ import annotations

import re

from reports.document import Document
from reports.writers import html

__all__ = ["render"]


def render(document: Document) -> str:
    """The deck as one HTML page, complete from doctype to `</html>`.

    Arrow keys, space, page keys, Home and End turn the slides; printed, each slide is one page.
    """
    page = html.environment().get_template("slides.html").render(**html.parts(document))
    return re.sub(r"\n\s*\n+", "\n", page).strip() + "\n"
