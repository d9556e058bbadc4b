"""Ctrl-C: one named end with status 130, at once, even while a library computes.

A solver may catch the interrupt and return what it has found. Whoever shows that asks `seen` and says that it is partial.
What has not come to an end shortly after the interrupt is ended from outside: a thread of its own hears the signal through
a pipe, because Python's own handler runs only once the library returns.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from types import FrameType

__all__ = ["GRACE", "install", "reset", "seen"]

GRACE = 1.5
"""Seconds between the interrupt and the end from outside: enough to show what was found, and no test of patience."""

_happened = threading.Event()


def seen() -> bool:
    """True once the user has interrupted."""
    return _happened.is_set()


def reset() -> None:
    """Forget an interrupt."""
    _happened.clear()


def install() -> None:
    """Listen for the interrupt, unless it is being ignored (as in the background of a shell)."""
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        return
    signal.signal(signal.SIGINT, _interrupted)
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    # The sockets live as long as the process.
    threading.Thread(target=_watch, args=(ours, theirs), daemon=True).start()


def _interrupted(number: int, frame: FrameType | None) -> None:
    _happened.set()
    raise KeyboardInterrupt


def _watch(ours: socket.socket, _theirs: socket.socket) -> None:
    while True:
        if signal.SIGINT in ours.recv(64):
            time.sleep(GRACE)
            sys.stderr.write("concert: interrupted\n")
            sys.stderr.flush()
            os._exit(130)
