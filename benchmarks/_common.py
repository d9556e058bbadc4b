"""What the benchmarks share: timing, and rows as a Markdown table."""

from __future__ import annotations

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
    """The lines of the table; numbers have three digits."""
    names = list(rows[0])
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    for row in rows:
        cells = (f"{v:.3g}" if isinstance(v, float) else str(v) for v in row.values())
        lines.append("| " + " | ".join(cells) + " |")
    return lines
