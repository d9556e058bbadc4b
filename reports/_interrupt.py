"""Ctrl-C: one named end with status 130, at once, even while a library computes.

A solver may catch the interrupt and return what it has found. Whoever shows that asks `seen` and says that it is partial.
What has not come to an end shortly after the interrupt is ended from outside: a thread of its own hears the signal through
a pipe, because Python's own handler runs only once the library returns. (A library that neither returns nor lets other threads
run in the meantime is beyond reach.)
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from types import FrameType
from typing import Any

__all__ = ["GRACE", "LONGEST", "install", "seen"]

GRACE = 1.5
"""Seconds in which the program must notice the interrupt: more than any step of ours takes, and no test of patience."""

LONGEST = 6.0
"""Seconds until the end, however busy with what was found: loading what shows it takes two on a slow machine."""

_happened = threading.Event()


def seen() -> bool:
    """True once the user has interrupted."""
    return _happened.is_set()


def install() -> None:
    """Listen for the interrupt, unless it is being ignored (as in the background of a shell)."""
    if threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        return
    signal.signal(signal.SIGINT, _interrupted)
    sys.unraisablehook = _swallowed
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    # The sockets live as long as the process.
    threading.Thread(target=_watch, args=(ours, theirs), daemon=True).start()


def _interrupted(number: int, frame: FrameType | None) -> None:
    again = seen()
    _happened.set()
    # An exception raised while a module is imported may be swallowed there; and who asks twice wants out.
    if again or _importing(frame):
        _end()
    raise KeyboardInterrupt


def _swallowed(unraisable: Any) -> None:
    """Where Python would only print that it ignores an interrupt (in a callback, say), it ends the program."""
    if unraisable.exc_type is KeyboardInterrupt:
        _end()
    sys.__unraisablehook__(unraisable)


def _importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _watch(ours: socket.socket, _theirs: socket.socket) -> None:
    while True:
        if signal.SIGINT in ours.recv(64):
            if _happened.wait(GRACE):
                time.sleep(LONGEST)
            _end()


def _end() -> None:
    """Leave at once: nothing is written half, since files appear whole or not at all."""
    os.write(2, b"concert: interrupted\n")
    os._exit(130)
