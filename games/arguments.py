"""Checks of arguments at the door of public functions: what is not a number, a count or an array is refused by name."""

from __future__ import annotations

import ast
import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache, wraps
from pathlib import Path
from types import UnionType
from typing import Any, Literal, NamedTuple, ParamSpec, TypeVar, Union, get_args, get_origin

import numpy as np
import numpy.typing as npt

from games.errors import (
    AutomatonError,
    ConcertError,
    GameError,
    MethodError,
    ScenarioError,
    did_you_mean,
)
from games.exact import plain
from games.words import a

__all__ = ["checked", "choice", "instance", "number", "numbers", "table", "whole"]

T = TypeVar("T")
P = ParamSpec("P")
R = TypeVar("R")


def instance(value: object, kind: type[T], what: str, error: type[ConcertError] = GameError) -> T:
    """The value, if it is of the class; else an error that says what is needed.

    >>> instance(3, str, "the name")
    Traceback (most recent call last):
    games.errors.GameError: the name must be a str; got 3
    """
    if not isinstance(value, kind):
        raise error(f"{what} must be {a(kind.__name__)}; got {_shown(value)}")
    return value


def number(
    value: object,
    what: str,
    error: type[ConcertError] = GameError,
    *,
    least: float = -math.inf,
    most: float = math.inf,
    above: float = -math.inf,
    below: float = math.inf,
    finite: bool = True,
) -> float:
    """One real number within its bounds (`above` and `below` are strict), as a float.

    `what` is a clause that says what is right; the message adds what came instead.

    >>> number("3", "the share is a number between 0 and 1", least=0, most=1)
    Traceback (most recent call last):
    games.errors.GameError: the share is a number between 0 and 1; got '3'
    """
    x = _float(value)
    if not ((least <= x <= most and above < x < below) or (not finite and x == math.inf)) or (
        finite and math.isinf(x)
    ):
        raise error(f"{what}; got {_shown(value)}")
    return x


def whole(
    value: object,
    what: str,
    error: type[ConcertError] = MethodError,
    *,
    least: int = 0,
    most: int | None = None,
) -> int:
    """One whole number from `least` to `most`; 3.0 counts as 3.

    >>> whole(2.5, "runs is a whole number, at least 1", least=1)
    Traceback (most recent call last):
    games.errors.MethodError: runs is a whole number, at least 1; got 2.5
    """
    x = _float(value)
    if not (math.isfinite(x) and x == math.floor(x) and x >= least and (most is None or x <= most)):
        raise error(f"{what}; got {_shown(value)}")
    return int(value)  # type: ignore[call-overload, no-any-return]


def numbers(
    value: npt.ArrayLike, what: str, error: type[ConcertError] = GameError
) -> npt.NDArray[np.float64]:
    """An array of real numbers of any shape, as float64; NaN and infinities are for the caller to judge.

    >>> numbers([1, "x"], "weights")
    Traceback (most recent call last):
    games.errors.GameError: weights must be numbers; got [1, 'x']
    """
    try:
        raw = plain(value)
        if value is None or raw.dtype.kind not in "biufO":
            raise TypeError
        return np.asarray(raw, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise error(f"{what} must be numbers; got {_shown(value)}") from None


def choice(value: object, known: Sequence[str], what: str, error: type[ConcertError] = MethodError) -> str:
    """One of the known words.

    >>> choice("hihg", ("low", "high"), "which")
    Traceback (most recent call last):
    games.errors.MethodError: which cannot be 'hihg'; did you mean 'high'?
    """
    if not isinstance(value, str) or value not in known:
        raise error(f"{what} cannot be {_shown(value)}{did_you_mean(value, known)}")
    return value


def table(value: object, what: str, error: type[ConcertError] = GameError) -> Mapping[str, Any]:
    """A mapping, or an error that asks for one.

    >>> table([1], "discount")
    Traceback (most recent call last):
    games.errors.GameError: discount must be a mapping from names to values; got [1]
    """
    if not isinstance(value, Mapping):
        raise error(f"{what} must be a mapping from names to values; got {_shown(value)}")
    return value


_OWN: dict[str, type[ConcertError]] = {
    "games.scenario": ScenarioError,
    "games.strategies": AutomatonError,
    "games.world": ScenarioError,
}
"""What is raised about an argument, where that is not GameError."""


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """A public function that refuses arguments of the wrong kind by name before it runs.

    The annotations say what each argument takes: whole numbers, numbers, True or False, words, arrays of numbers, lists,
    mappings, and classes. Annotations of other kinds are left to the function, and so are bounds.

    Raises MethodError for an option of a solver: a word, a truth value, or a number that has a default, such as `time_limit`.
    For any other argument it raises the error of its room: ScenarioError, AutomatonError, or GameError.

    >>> @checked
    ... def share(part: "float", rounds: "int" = 1) -> "float":
    ...     return part / rounds
    >>> share(0.5), share(0.5, 2)
    (0.5, 0.25)
    >>> share("half")
    Traceback (most recent call last):
    games.errors.GameError: part must be a finite number; got 'half'
    """

    in_games = function.__module__.startswith("games.")
    own = next((e for room, e in _OWN.items() if function.__module__.startswith(room)), GameError)

    def refusal(parameter: inspect.Parameter, kinds: tuple[_Kind, ...]) -> type[ConcertError]:
        number = parameter.default is not parameter.empty and any(k in _NUMBERS for k in kinds)
        return MethodError if not in_games and (kinds[0] in _WORDS or number) else own

    @cache
    def door() -> tuple[list[str], dict[str, tuple[tuple[_Kind, ...], type[ConcertError]]]]:
        # Another decorator may stand between: names in annotations are those of the function's own module.
        signature, world = inspect.signature(function), getattr(inspect.unwrap(function), "__globals__", {})
        kinds = {
            name: tuple(_SEED if name == "seed" and k is _WHOLE else k for k in _kinds(p.annotation, world))
            for name, p in signature.parameters.items()
            if p.annotation is not p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
        }
        places = [
            name
            for name, p in signature.parameters.items()
            if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
        ]
        return places, {
            name: (found, refusal(signature.parameters[name], found))
            for name, found in kinds.items()
            if found
        }

    def let_in(name: str, value: Any, wanted: tuple[_Kind, ...], error: type[ConcertError]) -> Any:
        for kind in wanted:
            if kind.fits(value):
                return int(value) if kind in (_WHOLE, _SEED) else value
        words = " or ".join(dict.fromkeys(k.words for k in wanted))
        hint = (
            "; read it with games.load(...) first"
            if words == "a SpheresModel" and isinstance(value, str)
            else ""
        )
        raise error(f"{name} must be {words}; got {_shown(value)}{hint}")

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        # Arguments that are missing, too many or unknown the function refuses itself, in Python's own words.
        places, kinds = door()
        given = list(args)
        for k, (name, value) in enumerate(zip(places, args)):
            if name in kinds:
                given[k] = let_in(name, value, *kinds[name])
        for name, value in kwargs.items():
            if name in kinds:
                kwargs[name] = let_in(name, value, *kinds[name])
        return function(*given, **kwargs)  # type: ignore[arg-type]

    return call


class _Kind(NamedTuple):
    """One kind of argument: a test, and what it is called."""

    fits: Callable[[Any], bool]
    words: str


def _kinds(annotation: Any, world: Mapping[str, Any]) -> tuple[_Kind, ...]:
    """The kinds that an annotation allows; empty if any of them is not known."""
    if isinstance(annotation, str):
        try:
            return _parsed(ast.parse(annotation, mode="eval").body, world)
        except SyntaxError:
            return ()
    if annotation in _PLAIN:
        return (_PLAIN[annotation],)
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        # Which words are known, and which is nearest, the function says.
        return (_PLAIN[str],)
    if origin is np.ndarray:
        return (_ARRAY,)
    if origin in (Union, UnionType):
        return _all(_kinds(part, world) for part in parts)
    if (isinstance(origin, type) and issubclass(origin, Mapping | Sequence)) or isinstance(annotation, type):
        return (_instance(origin or annotation),)
    return ()


def _parsed(node: ast.expr, world: Mapping[str, Any]) -> tuple[_Kind, ...]:
    if isinstance(node, ast.BinOp):
        return _all((_parsed(node.left, world), _parsed(node.right, world)))
    if isinstance(node, ast.Constant):
        return (_PLAIN[type(None)],) if node.value is None else _kinds(node.value, world)
    if isinstance(node, ast.Subscript):
        name = ast.unparse(node.value)
        if name == "Literal":
            return (_PLAIN[str],)
        if name == "Sequence":
            return (_list_of(_parsed(node.slice, world)),)
        return (_SUBSCRIPTED[name],) if name in _SUBSCRIPTED else ()
    name = ast.unparse(node)
    if name in _NAMED:
        return (_NAMED[name],)
    if name not in _CLASSES and name in world:
        return _kinds(world[name], world) if world[name] is not Any else ()
    if name in _CLASSES:
        # Often imported for type checkers only, so that the name must do.
        return (_Kind(lambda value: any(c.__name__ == name for c in type(value).__mro__), a(name)),)
    return ()


def _list_of(members: tuple[_Kind, ...]) -> _Kind:
    """A list whose members are of some kinds, as far as these are known."""

    def fits(value: Any) -> bool:
        if not _LIST.fits(value):
            return False
        if not members or (isinstance(value, np.ndarray) and value.dtype.kind in "biuf"):
            return True
        return all(any(kind.fits(member) for kind in members) for member in value)

    nouns = dict.fromkeys(kind.words.partition(" ")[2] for kind in members)
    words = " or ".join(
        noun.replace("list", "lists", 1) if noun.startswith("list") else f"{noun}s" for noun in nouns
    )
    return _Kind(fits, f"a list of {words}" if words else "a list")


def _all(parts: Iterable[tuple[_Kind, ...]]) -> tuple[_Kind, ...]:
    found = list(parts)
    return tuple(kind for part in found for kind in part) if all(found) else ()


def _instance(kind: type) -> _Kind:
    if issubclass(kind, Sequence):
        return _LIST
    if issubclass(kind, Mapping):
        return _MAPPING
    return _Kind(lambda value: isinstance(value, kind), a(kind.__name__))


def _float(value: Any) -> float:
    """A real number as a float; NaN for what is none, such as a text or a truth value."""
    try:
        return math.nan if isinstance(value, str | bytes | bool | np.bool_) else float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan


def _is_number(value: Any) -> bool:
    return not math.isnan(_float(value))


def _is_array(value: Any) -> bool:
    if type(value) is np.ndarray and value.dtype.kind in "biuf":
        # Nothing can go wrong with these, and large ones come often.
        return True
    try:
        numbers(value, "")
    except ConcertError:
        return False
    return True


# fmt: off
_CLASSES = frozenset({
    "Automaton", "BargainingProblem", "BayesianGame", "BehaviourEquilibria", "Bundle", "CoalitionalGame", "Comparison", "Draws",
    "Equilibria", "ExtensiveGame", "Monitoring", "NormalFormGame", "Outcomes", "Partitions", "PayoffSet", "PayoffSets",
    "RepeatedGame", "SpheresModel", "StochasticGame", "Strategy", "Threat", "Triangles", "TypedGame", "VotingRule",
})
# fmt: on
_NUMBER = _Kind(_is_number, "a finite number")
_WHOLE = _Kind(
    lambda value: _is_number(value) and math.isfinite(value) and value == math.floor(value), "a whole number"
)
_ARRAY = _Kind(_is_array, "an array of numbers")
_LIST = _Kind(
    lambda v: hasattr(v, "__len__") and hasattr(v, "__iter__") and not isinstance(v, str | bytes | Mapping),
    "a list",
)
_PLAIN: dict[Any, _Kind] = {
    int: _WHOLE,
    float: _NUMBER,
    Fraction: _NUMBER,
    bool: _Kind(lambda value: isinstance(value, bool | np.bool_), "True or False"),
    str: _Kind(lambda value: isinstance(value, str), "a text"),
    Path: _Kind(lambda value: isinstance(value, Path), "a path"),
    type(None): _Kind(lambda value: value is None, "None"),
}
_NAMED = {
    **{kind.__name__: found for kind, found in _PLAIN.items() if kind is not type(None)},
    "npt.ArrayLike": _ARRAY,
    "FloatArray": _ARRAY,
    "SupportsInt": _WHOLE,
}
_MAPPING = _Kind(lambda value: isinstance(value, Mapping), "a mapping from names to values")
_SUBSCRIPTED = {
    "Mapping": _MAPPING,
    "Iterable": _Kind(
        lambda value: isinstance(value, Iterable) and not isinstance(value, str | bytes), "a list"
    ),
    "Callable": _Kind(callable, "a function"),
}
_SEED = _Kind(lambda value: _WHOLE.fits(value) and value >= 0, "a whole number that is not negative")
_WORDS, _NUMBERS = (_PLAIN[str], _PLAIN[bool]), (_NUMBER, _WHOLE, _SEED)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
