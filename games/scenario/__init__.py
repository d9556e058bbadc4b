"""Scenario files: a year, powers, maps, regimes and what was observed, over a world that is made by rule.

A scenario is a TOML file, format version 2; `docs/scenarios.md` describes it. What the rules of `games.world` give is not typed.
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from games.scenario._faults import faults as faults
    from games.scenario._new import new as new
    from games.scenario._new import new_workbook as new_workbook
    from games.scenario._scenario import DEFAULT as DEFAULT
    from games.scenario._scenario import Scenario as Scenario
    from games.scenario._scenario import load as load
    from games.scenario._scenario import read as read
    from games.scenario._scenario import scenarios as scenarios
    from games.scenario._schema import Number as Number
    from games.scenario._schema import json_schema as json_schema

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_faults": ["faults"],
        "_new": ["new", "new_workbook"],
        "_scenario": ["DEFAULT", "Scenario", "load", "read", "scenarios"],
        "_schema": ["Number", "json_schema"],
    },
)
