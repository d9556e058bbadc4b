"""Games with known answers, as the cases describe them."""

from __future__ import annotations

import json
from pathlib import Path

from games import coalitional
from games.coalitional import CoalitionalGame

CASES = json.loads((Path(__file__).parents[2] / "cases" / "cooperative.json").read_text())["games"]


def make(case: dict) -> CoalitionalGame:
    ((kind, arguments),) = case["make"].items()
    if kind == "airport":
        return coalitional.airport(arguments)
    return getattr(coalitional, kind)(*arguments)
