"""Errors that name what was wrong, where, and what would be right.

Every error raised on bad input derives from `ConcertError`, so that a caller (the command line among them) can
catch one class and show one clear line. Each also derives from the built-in class that a Python user expects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "AutomatonError",
    "BackendError",
    "BargainingError",
    "ConcertError",
    "ConvergenceError",
    "DiscountError",
    "FormatError",
    "GameError",
    "MethodError",
    "OutputError",
    "PrecisionError",
    "ProfileError",
    "SampleError",
    "ScenarioError",
    "SizeError",
    "did_you_mean",
]


# Numbers, words, quoted texts and lists that are too long to be read in a message.
_LONG = re.compile(r"""\d{60,}|\S{300,}|'[^']{300,}'|\[[^\]]{300,}\]""")


class ConcertError(Exception):
    """Base of all errors that this project raises on purpose.

    What was given may be a number of 400 digits; the message shows how it begins and ends.

    >>> str(GameError("the payoff " + "9" * 400))
    'the payoff 9999999999...99999 (400 characters)'
    """

    def __str__(self) -> str:
        return _LONG.sub(lambda m: f"{m[0][:10]}...{m[0][-5:]} ({len(m[0])} characters)", super().__str__())


class GameError(ConcertError, ValueError):
    """Payoffs, players or actions that do not make a game."""


class ProfileError(ConcertError, ValueError):
    """A profile, action, player or probability vector that is not in the game."""


class ConvergenceError(ConcertError, RuntimeError):
    """A numerical method that stopped before it had an answer.

    `method` names it, `iterate` is what it had when it stopped (as a mixed profile where it had one, else None), and
    `residual` how far from an answer that was, in the units that the message names.
    """

    def __init__(
        self, message: str, method: str, iterate: object = None, residual: float = float("nan")
    ) -> None:
        super().__init__(message)
        self.method = method
        self.iterate = iterate
        self.residual = residual


class DiscountError(ConcertError, ValueError):
    """A discount factor outside the open interval (0, 1), or one number too few or too many."""


class AutomatonError(ConcertError, ValueError):
    """A strategy automaton with a missing, unknown or unreachable state or transition."""


class ScenarioError(ConcertError, ValueError):
    """A scenario file that cannot be read or does not describe a model."""


class FormatError(ConcertError, ValueError):
    """A game file that is not in the format that it claims."""


class MethodError(ConcertError, ValueError):
    """A method or option that does not exist or does not apply to this game."""


class OutputError(ConcertError, OSError):
    """A file that cannot be written: its folder is missing or closed, or no writer knows its ending."""


class PrecisionError(ConcertError, ValueError):
    """Payoffs given as floats whose rounding is as large as their differences, so that any answer would be about the rounding."""


class BackendError(ConcertError, RuntimeError):
    """Workers or a scheduler that are not there, do not answer, or keep dying."""


class BargainingError(ConcertError, ValueError):
    """A bargaining problem without a solution: disagreement point, weights or constraints that do not fit."""


class SampleError(ConcertError, ValueError):
    """Too few draws to say anything, or draws that do not suit the question."""


class SizeError(ConcertError, ValueError):
    """A problem too large to finish; the message says how large and what would fit.

    Attributes
    ----------
    fact : what is too large
    advice : what can be done about it from Python; the command line has its own
    """

    def __init__(self, fact: str, advice: str = "") -> None:
        super().__init__(f"{fact}. {advice}" if advice else fact)
        self.fact, self.advice = fact, advice

    def __reduce__(self) -> tuple[type[SizeError], tuple[str, str]]:
        return type(self), (self.fact, self.advice)


def did_you_mean(name: object, known: Iterable[object]) -> str:
    """Return `"; did you mean 'x'?"` for the closest known name, or the list of known names, or nothing.

    >>> did_you_mean("Rusia", ["Russia", "China"])
    "; did you mean 'Russia'?"
    """
    names = [str(k) for k in known]
    lower = {n.lower(): n for n in reversed(names)}
    close = get_close_matches(str(name).lower(), lower, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {lower[close[0]]!r}?"
    if 0 < len(names) <= 12:
        return "; known: " + ", ".join(repr(n) for n in names)
    return ""
