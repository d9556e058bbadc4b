"""Where the command `concert` starts: quick to import, so that an interrupt ends it cleanly from the first moment on."""

from __future__ import annotations

import os
import signal
from types import FrameType

__all__ = ["main"]


def _interrupted(number: int, frame: FrameType | None) -> None:
    os.write(2, b"concert: interrupted\n")
    os._exit(128 + number)


if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # Until the command line takes over: nothing has been written yet.
    signal.signal(signal.SIGINT, _interrupted)
if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
    signal.signal(signal.SIGTERM, _interrupted)


def main() -> None:
    """Run the command line."""
    from reports.cli import main as run

    run()
