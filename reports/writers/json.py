"""Reports as JSON and back, without loss."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass
from typing import Any

from games.errors import FormatError
from reports import document as data
from reports.document import Document

__all__ = ["dump", "load"]

FORMAT = "concert-of-powers report"
VERSION = 1

_CLASSES = {
    cls.__name__: cls
    for cls in (
        data.Bullets,
        data.Column,
        data.Details,
        data.Figure,
        data.GameView,
        data.Mark,
        data.Paragraph,
        data.PlanePanel,
        data.Document,
        data.RowsPanel,
        data.Section,
        data.SharesPanel,
        data.SolidPanel,
        data.Table,
        data.TrianglePanel,
        data.WaterfallPanel,
    )
}


def dump(report: Document) -> str:
    """The report as JSON text. Infinity and NaN, which JSON lacks, become `{"number": "inf"}` and the like.

    >>> load(dump(Document("A", "", ("B.",), ()))) == Document("A", "", ("B.",), ())
    True
    """
    content = {"format": FORMAT, "version": VERSION, "report": _encode(report)}
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def load(text: str, where: str = "report") -> Document:
    """The report that `dump` wrote. Raises FormatError for anything else."""
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise FormatError(f"{where} is not JSON: line {error.lineno}, {error.msg}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise FormatError(f"{where} holds no report; its key 'format' should be {FORMAT!r}")
    if content.get("version") != VERSION:
        raise FormatError(f"{where} is a report of version {content.get('version')}; this reads {VERSION}")
    try:
        found = _decode(content["report"])
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{where} is a damaged report: {error}") from None
    if not isinstance(found, Document):
        raise FormatError(f"{where} holds a {type(found).__name__}, not a report")
    return found


def _encode(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {
            "is": "Document" if isinstance(value, Document) else type(value).__name__,
            **{f.name: _encode(getattr(value, f.name)) for f in fields(value)},
        }
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": str(value)}
    return value


def _decode(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_decode(item) for item in value)
    if isinstance(value, dict):
        if "number" in value:
            return float(value["number"])
        rest = {key: _decode(item) for key, item in value.items() if key != "is"}
        return _CLASSES[value["is"]](**rest)
    return value
