"""Every fault of a scenario by name or path."""

from __future__ import annotations

from pathlib import Path

from games.codecs.scenario_book import BookFaults
from games.errors import ScenarioError
from games.scenario import _check
from games.scenario._scenario import assemble, read

__all__ = ["faults"]


def faults(scenario: str | Path) -> list[str]:
    """Every fault of a scenario by name or path, one line each; empty for a sound one.

    >>> faults("us-china-russia-2025")
    []
    """
    try:
        found = read(scenario)
    except BookFaults as error:
        return list(error.faults)
    except ScenarioError as error:
        return [str(error)]
    file, lines = _check.schema_faults(found.complete)
    if file is not None:
        try:
            base = found.world()
        except ScenarioError as error:
            return [str(error)]
        lines = _check.model_faults(base, file, lambda: assemble(base, file, found))
    return [f"{found.origin}: {found.located(line)}" for line in lines]
