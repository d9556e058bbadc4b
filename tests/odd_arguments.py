"""Calling a public function with arguments that make no sense, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from games.errors import ConcertError

__all__ = ["raw_errors"]


def raw_errors(
    function: Callable[..., Any], arguments: Mapping[str, Any], odd: Sequence[Any], name: str = ""
) -> list[str]:
    """A line for each odd argument that ends in an error which is not of this project's."""
    raw = []
    for argument in arguments:
        for value in odd:
            try:
                function(**{**arguments, argument: value})
            except ConcertError:
                continue
            except Exception as error:
                raw.append(f"{name}({argument}={value!r:.40}): {type(error).__name__}: {error}")
    return raw
