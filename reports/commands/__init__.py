"""The commands of `concert`, one group a file; importing them enters them into `app`."""

from reports.commands import _cite, _compare, _explore, _report, _scenarios, _slides, _solve
from reports.commands._app import app

__all__ = ["_cite", "_compare", "_explore", "_report", "_scenarios", "_slides", "_solve", "app"]
