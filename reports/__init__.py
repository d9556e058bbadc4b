"""Reports: what people read. They take results and return pages, tables and figures; the command line lives here."""

from typing import TYPE_CHECKING

import lazy_loader

import games as _games

if not hasattr(_games, "__path__"):
    # A file of this name beside the user's own script is found before the package.
    raise ImportError(f"{_games.__file__} hides the package games of concert-of-powers; rename that file")

if TYPE_CHECKING:
    from reports._build import build as build
    from reports.report import Report as Report
    from reports.report import read as read

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={"_build": ["build"], "report": ["Report", "read"]},
)
