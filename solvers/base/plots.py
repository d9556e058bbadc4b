"""Where results find their pictures: a module above, named here and imported when somebody asks, never before.

The arrow between the packages stays as it is: this package knows a name, as pandas knows that of its plotting backend.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from games.errors import MethodError

__all__ = ["BACKEND", "plots"]

BACKEND = "reports.plot"
"""The module whose `accessor(result)` gives the pictures of a result; another one can be put in its place."""


def plots(result: object) -> Any:
    """The pictures of a result. Raises MethodError if the backend is not installed or has none of such a result."""
    try:
        backend = import_module(BACKEND)
    except ModuleNotFoundError as error:
        raise MethodError(f"pictures need the module {error.name}, which is not installed") from None
    return backend.accessor(result)
