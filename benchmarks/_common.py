"""What the benchmarks share: timing, and rows as a Markdown table."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Any


def timed(call: Callable[[], Any], repeats: int) -> tuple[Any, float, float]:
    """The answer, milliseconds of the first call, and the median of the calls after it (of the first if none follow)."""
    times, answer = [], None
    for _ in range(repeats + 1):
        begun = time.process_time()
        answer = call()
        times.append(1e3 * (time.process_time() - begun))
    return answer, times[0], median(times[1:]) if repeats else times[0]


def markdown(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """The lines of the table; numbers have three digits, and what a row lacks stays empty."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    for row in rows:
        values = (row.get(name, "") for name in names)
        cells = (f"{v:.3g}" if isinstance(v, float) else str(v) for v in values)
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def behind(names: Sequence[str]) -> str:
    """The sentence below a table that owns up to the rows in which a peer is faster."""
    return f"Behind a peer after the first call: {', '.join(names) if names else 'in no row'}."


def load_words() -> str:
    """How busy the machine was, for the sentence above a table."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return f"Load of the machine at the end: {load:.1f} processes for {os.cpu_count()} processors."
