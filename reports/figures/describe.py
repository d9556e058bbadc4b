"""What a panel shows, in words: for those who cannot see it, and as the description that travels with its picture."""

from __future__ import annotations

import math
import re

from reports.document import (
    MapPanel,
    Mark,
    Panel,
    PlanePanel,
    RowsPanel,
    SharesPanel,
    SolidPanel,
    WaterfallPanel,
)

__all__ = ["describe", "minus"]

_STYLES = {"concert": "deal", "own": "own value", "bound": "bound", "threat": "without agreement"}


def describe(panel: Panel) -> str:
    """One sentence with the panel's numbers.

    >>> from reports.document import SharesPanel
    >>> describe(SharesPanel("Now", ("Ukraine",), ("Russia", "local"), ((0.25, 0.75),)))
    'Ukraine: Russia 25%, local 75%.'
    """
    if isinstance(panel, RowsPanel):
        rows = [
            f"{label}: {note or ', '.join(_mark(mark) for mark in marks)}"
            for label, marks, note in zip(
                panel.labels, panel.marks, panel.notes or ("",) * len(panel.labels), strict=True
            )
        ]
        return _ended(rows, panel.unit)
    if isinstance(panel, WaterfallPanel):
        steps = [f"{name} {value:.2f}" for name, value in (panel.start, *panel.steps, panel.end)]
        return _ended(steps, panel.unit)
    if isinstance(panel, SharesPanel):
        rows = [
            f"{label}: " + ", ".join(f"{part} {share:.0%}" for part, share in zip(panel.parts, shares))
            for label, shares in zip(panel.labels, panel.shares)
        ]
        return _ended(rows)
    if isinstance(panel, PlanePanel):
        marks = [
            f"{label or _STYLES.get(style, style)} at {x:.3g}, {y:.3g}"
            for style, label, (x, y) in panel.marks
        ]
        lines = [label for label, _ in panel.curves if label] + [label for label, _ in panel.levels if label]
        return _ended([f"{panel.y} against {panel.x}", *marks, *lines])
    if isinstance(panel, SolidPanel):
        marks = [
            f"{_STYLES.get(style, style)} at {', '.join(f'{v:.3g}' for v in place)}"
            for style, place in panel.marks
        ]
        return _ended([f"a solid over {', '.join(panel.names)}", *marks])
    if isinstance(panel, MapPanel):
        return _ended([spot.words() for spot in panel.spots])
    pairs = ((0, 1), (0, 2), (1, 2))
    ties = [
        f"{panel.names[i]} and {panel.names[j]} are {'friendly' if sign == 1 else 'hostile'}"
        for (i, j), sign in zip(pairs, panel.signs)
    ]
    roles = [f"{name}: {note}" for name, note in zip(panel.names, panel.notes)]
    return _ended([*ties, *roles], panel.unit)


def _mark(mark: Mark) -> str:
    name = _STYLES.get(mark.style, mark.style)
    if mark.high is None:
        return f"{name} {_number(mark.low)}"
    return f"{name} {_number(mark.low)} to {_number(mark.high)}"


def _number(value: float) -> str:
    return "none" if math.isinf(value) else f"{value:.3g}"


def _ended(parts: list[str], unit: str = "") -> str:
    return minus("; ".join(parts) + (f" ({unit})" if unit else "") + ".")


def minus(text: str) -> str:
    """The text with a minus sign before each negative number; hyphens in names stay hyphens.

    >>> minus("Lombardy-Venetia: -0.5")
    'Lombardy-Venetia: −0.5'
    """
    return re.sub(r"(?<!\w)-(?=\d)", "−", text)
