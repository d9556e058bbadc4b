"""Known answers of contests."""

from __future__ import annotations

import json
from pathlib import Path

CASES = json.loads((Path(__file__).parents[2] / "cases" / "contests.json").read_text(encoding="utf-8"))
