"""Reports as JSON and back, without loss.

Each block and panel says what it is in its key `kind`. What is read back is checked by pydantic against the document's own
classes and is data: no writer takes any of it for markup.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from games.errors import FormatError
from reports import document
from reports.document import Document

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError

__all__ = ["FORMAT", "VERSION", "dump", "load"]

FORMAT = "concert-of-powers report"
VERSION = 2

_CLASSES = frozenset(document.__all__)


def dump(report: Document) -> str:
    """The report as JSON text. Infinity and NaN, which JSON lacks, become `{"number": "inf"}` and the like.

    >>> load(dump(Document("A", "", ("B.",), ()))) == Document("A", "", ("B.",), ())
    True
    """
    plain = Document(report.title, report.subtitle, report.verdict, report.sections, report.provenance)
    content = {"format": FORMAT, "version": VERSION, "report": _adapter().dump_python(plain)}
    parts: list[str] = []
    _write(content, "\n", parts)
    text = "".join(parts) + "\n"
    # Half a surrogate pair cannot be written as UTF-8; its escape can.
    return re.sub("[\ud800-\udfff]", lambda match: f"\\u{ord(match[0]):04x}", text)


def load(text: str, where: str = "report") -> Document:
    """The report that `dump` wrote. Raises FormatError for anything else."""
    from pydantic import ValidationError

    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise FormatError(f"{where} is not JSON: line {error.lineno}, {error.msg}") from None
    except (RecursionError, ValueError) as error:
        # Brackets nested too deeply, or a number of thousands of digits.
        raise FormatError(f"{where} cannot be read as JSON: {error}") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise FormatError(f"{where} holds no report; its key 'format' should be {FORMAT!r}")
    if content.get("version") != VERSION:
        raise FormatError(
            f"{where} is a report of version {content.get('version')!r}; this program reads version {VERSION}. "
            "Write the report again"
        )
    if "report" not in content:
        raise FormatError(f"{where} is a damaged report: the key 'report' is missing")
    try:
        return _adapter().validate_python(_numbers(content["report"]))
    except ValidationError as error:
        raise FormatError(f"{where} is a damaged report: {_explain(error)}") from None
    except (RecursionError, ValueError) as error:
        raise FormatError(f"{where} is a damaged report: {error}") from None


@cache
def _adapter() -> TypeAdapter[Document]:
    from pydantic import TypeAdapter

    return TypeAdapter(Document)


def _explain(error: ValidationError) -> str:
    """The first mistake. Where a block could be of several kinds, only those of the kind that it claims are told."""
    found = error.errors(include_url=False)
    others = [entry["loc"][:-1] for entry in found if entry["loc"][-1:] == ("kind",)]
    meant = [e for e in found if not any(e["loc"][: len(other)] == other for other in others)]
    first = (meant or [e for e in found if e["loc"][-1:] == ("kind",)] or found)[0]
    place = ".".join(str(step) for step in first["loc"] if str(step) not in _CLASSES)
    words = "no block or panel is of this kind" if first["loc"][-1:] == ("kind",) else first["msg"]
    return f"{place}: {words}" if place else str(words)


def _write(value: Any, line: str, parts: list[str]) -> None:
    """As `json.dumps(value, indent=1, ensure_ascii=False)`, but faster; `line` starts a line at this depth."""
    if isinstance(value, str):
        parts.append(_quoted(value))
    elif isinstance(value, dict) and value:
        before, inner = "{", line + " "
        for key, item in value.items():
            parts += (before, inner, _quoted(key), ": ")
            _write(item, inner, parts)
            before = ","
        parts += (line, "}")
    elif isinstance(value, (list, tuple)) and value:
        before, inner = "[", line + " "
        for item in value:
            parts += (before, inner)
            _write(item, inner, parts)
            before = ","
        parts += (line, "]")
    elif isinstance(value, float) and not math.isfinite(value):
        _write({"number": str(value)}, line, parts)
    else:
        parts.append(json.dumps(value))


_quoted = json.JSONEncoder(ensure_ascii=False).encode


def _numbers(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_numbers(item) for item in value)
    if isinstance(value, dict):
        if set(value) == {"number"} and value["number"] in ("inf", "-inf", "nan"):
            return float(value["number"])
        return {key: _numbers(item) for key, item in value.items()}
    return value
