"""`--time-limit`: the whole work of a command ends in time, with what was found or with one line that says how far it came."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from reports.commands import _outputs

__all__ = ["TimeLimit", "kept"]

TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        "-t",
        help="Stop computing after so many seconds: what was found by then is written, and what is missing is named.",
        metavar="SECONDS",
    ),
]


@contextmanager
def kept(seconds: float | None) -> Iterator[None]:
    """A context whose computations end within so many seconds, all together.

    What needs the whole answer ends the command here, with the status of an incomplete one; who can do with a part catches
    `TimeOver` inside. Raises MethodError for what is not a positive number.
    """
    from solvers.base.deadline import Deadline, TimeOver

    deadline = Deadline(seconds)
    try:
        with deadline.enforced():
            yield
    except TimeOver:
        far = f" ({deadline.reached})" if deadline.reached else ""
        _outputs.warn(
            f"the time limit of {seconds:g} s was reached before there was an answer{far}; give a longer --time-limit"
        )
        raise typer.Exit(_outputs.INCOMPLETE) from None
