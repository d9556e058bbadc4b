"""Ctrl-C and SIGTERM: one named end with status 130 or 143, at once, even while a library computes.

A solver may catch the interrupt and return what it has found. Whoever shows that asks `seen` and says that it is partial. What
has not come to an end shortly after the interrupt is ended from outside. A thread of its own hears the signal through a pipe,
because Python's own handler runs only once the library returns. (A library that neither returns nor lets other threads run in the
meantime is beyond reach.)
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

__all__ = ["GRACE", "LONGEST", "install", "seen", "status"]

GRACE = 1.5
"""Seconds in which the program must notice the interrupt: more than any step of ours takes, and no test of patience."""

LONGEST = 6.0
"""Seconds until the end, however busy with what was found: loading what shows it takes two on a slow machine."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_happened = threading.Event()
_last = signal.SIGINT


def seen() -> bool:
    """True once the user, or whoever runs the program for them, has interrupted."""
    return _happened.is_set()


def status() -> int:
    """The exit status of an interrupted program: 128 and the number of the signal, as shells have it."""
    return 128 + _last


def install() -> None:
    """Listen for interrupts, except those that are being ignored (as Ctrl-C is in the background of a shell)."""
    if threading.current_thread() is not threading.main_thread():
        return
    heard = [number for number in _SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    if not heard:
        return
    for number in heard:
        signal.signal(number, _interrupted)
    sys.unraisablehook = _swallowed
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    # The sockets live as long as the process.
    threading.Thread(target=_watch, args=(ours, theirs), daemon=True).start()


def _interrupted(number: int, frame: FrameType | None) -> None:
    global _last
    again = seen()
    _last = signal.Signals(number)
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
    global _last
    while True:
        heard = ours.recv(64)
        for number in _SIGNALS:
            if number not in heard:
                continue
            _last = number
            if _happened.wait(GRACE):
                time.sleep(LONGEST)
            _end()


def _end() -> None:
    """Leave at once: nothing is written half, since files appear whole or not at all."""
    os.write(2, b"concert: interrupted\n")
    os._exit(status())
