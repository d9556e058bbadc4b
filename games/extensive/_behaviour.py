"""From a behaviour strategy as people write it to one probability vector for each information set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from games.errors import ProfileError, did_you_mean
from games.lotteries import SUM_TOLERANCE

if TYPE_CHECKING:
    from games.extensive._game import Behaviour, ExtensiveGame, InformationSet
    from games.extensive._nodes import Number

__all__ = ["vectors"]


def vectors(tree: ExtensiveGame, strategy: Mapping[Any, Any] | Sequence[Any]) -> Behaviour:
    """See `ExtensiveGame.behaviour`."""
    entries = _entries(tree, strategy)
    probabilities = [_vector(s, entry) for s, entry in zip(tree.information_sets, entries)]
    floats = any(isinstance(p, float) for vector in probabilities for p in vector)
    out = []
    for s, vector in zip(tree.information_sets, probabilities):
        total = sum(vector)
        if any(p < (-SUM_TOLERANCE if floats else 0) for p in vector):
            raise ProfileError(f"the strategy at {s.label!r} has a negative probability")
        if abs(total - 1) > (SUM_TOLERANCE if floats else 0):
            raise ProfileError(
                f"the probabilities at {s.label!r} add up to {_shown(total)}; they must add up to 1"
            )
        array = np.empty(len(vector), dtype=np.float64 if floats else object)
        array[:] = vector
        array.setflags(write=False)
        out.append(array)
    return tuple(out)


def _entries(tree: ExtensiveGame, strategy: Mapping[Any, Any] | Sequence[Any]) -> list[Any]:
    if isinstance(strategy, Mapping):
        entries: list[Any] = [None] * len(tree.information_sets)
        for label, entry in strategy.items():
            entries[tree.information_set(label)] = entry
        for k, s in enumerate(tree.information_sets):
            if entries[k] is None:
                if len(s.actions) > 1:
                    raise ProfileError(
                        f"the strategy says nothing about information set {s.label!r} of {tree.players[s.player]}"
                    )
                entries[k] = 0
        return entries
    if (
        isinstance(strategy, str)
        or not hasattr(strategy, "__len__")
        or len(strategy) != len(tree.information_sets)
    ):
        raise ProfileError(
            f"a behaviour strategy has one entry for each of {len(tree.information_sets)} information sets; got {strategy!r}"
        )
    return list(strategy)


def _vector(s: InformationSet, entry: Any) -> list[Any]:
    k = len(s.actions)
    if isinstance(entry, str) or not hasattr(entry, "__len__"):
        pure: list[Any] = [Fraction(0)] * k
        pure[_action(s, entry)] = Fraction(1)
        return pure
    if isinstance(entry, Mapping):
        vector: list[Any] = [Fraction(0)] * k
        for action, p in entry.items():
            vector[_action(s, action)] = _probability(p, s.label)
        return vector
    if len(entry) != k:
        raise ProfileError(
            f"the strategy at {s.label!r} has {len(entry)} probabilities; it needs one for each of {k} actions: "
            + ", ".join(s.actions)
        )
    return [_probability(p, s.label) for p in entry]


def _action(s: InformationSet, action: Any) -> int:
    if isinstance(action, str):
        if action not in s.actions:
            raise ProfileError(f"{s.label!r} has no action {action!r}{did_you_mean(action, s.actions)}")
        return s.actions.index(action)
    number = int(action)
    if number != action or not 0 <= number < len(s.actions):
        raise ProfileError(
            f"{s.label!r} has no action number {action}; numbers run from 0 to {len(s.actions) - 1}"
        )
    return number


def _probability(p: Any, label: str) -> Number:
    if isinstance(p, (bool, np.bool_)):
        return Fraction(int(p))
    if isinstance(p, (int, np.integer)):
        return Fraction(int(p))
    if isinstance(p, Fraction):
        return p
    if isinstance(p, str):
        from games.codecs.numbers import parse

        number = parse(p.strip())
        if number is not None:
            return number
    try:
        number_float = float(p)
    except (TypeError, ValueError):
        number_float = float("nan")
    if not np.isfinite(number_float):
        raise ProfileError(f"the strategy at {label!r} has the probability {p!r}, which is not a number")
    return number_float


def _shown(total: Any) -> str:
    return str(total) if isinstance(total, Fraction) else f"{float(total):.12g}"
