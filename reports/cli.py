"""The command `concert`.

Heavy packages are imported by the command that needs them, so that help comes at once. Exit status: 0 for an answer; 1 for an
answer from which something is missing (the output says what); 2 for bad input (one line on standard error, nothing is
written); 130 for an interrupt (Ctrl-C), 143 for SIGTERM. A time limit that was too short for any answer ends with 1, too.
"""

from __future__ import annotations

import gc
import os
import sys

from reports import _interrupt
from reports.commands import _outputs, app

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line."""
    # The matrices here are small: threads that wait for each other cost more time than they save.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What is made while libraries are imported stays: looking for garbage among it takes a tenth of the time.
    gc.set_threshold(100_000, 50, 100)
    _interrupt.install()
    try:
        app()
    except KeyboardInterrupt:
        _outputs.warn("interrupted")
        sys.exit(_interrupt.status())
    finally:
        # As Python ends it would look through all of it once more, although everything goes anyway.
        gc.freeze()
