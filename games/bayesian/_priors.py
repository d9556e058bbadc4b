"""Checks of what a Bayesian game is made from: labels of types, and probabilities as fractions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from games.errors import GameError
from games.lotteries import exact_lottery
from games.types import ObjectArray

__all__ = ["ObjectArray", "checked_prior", "distinct", "frozen", "normalised"]


def distinct(labels: Sequence[str], count: int, what: str) -> tuple[str, ...]:
    """Labels of types, checked for their number and for repeats."""
    if isinstance(labels, str) or not hasattr(labels, "__len__") or len(labels) != count:
        raise GameError(f"{what}: the payoffs have {count} types on this axis; got the labels {labels!r}")
    out = tuple(str(label) for label in labels)
    for label in out:
        if out.count(label) > 1:
            raise GameError(f"{what}: the label {label!r} stands more than once; labels must differ")
        if not label.strip():
            raise GameError(f"{what}: a label is empty")
    return out


def checked_prior(given: Any, types: Sequence[Sequence[str]], players: Sequence[str]) -> ObjectArray:
    """A prior over type profiles as fractions that add up to 1, checked."""
    shape = tuple(map(len, types))
    try:
        table = np.array(given, dtype=object)
    except ValueError as error:
        raise GameError(f"the prior must be an array of probabilities: {error}") from None
    if table.shape != shape:
        raise GameError(
            f"the prior has shape {table.shape}; it needs one probability for each type profile, shape {shape} "
            "(for types drawn independently see BayesianGame.independent)"
        )
    out = normalised(table.reshape(-1), "the prior").reshape(shape)
    for i, labels in enumerate(types):
        mass = out.sum(axis=tuple(j for j in range(len(shape)) if j != i))
        for label, p in zip(labels, np.atleast_1d(mass).tolist()):
            if p == 0:
                raise GameError(
                    f"the prior gives type {label!r} of {players[i]} probability 0; leave out a type that never occurs"
                )
    return frozen(out)


def normalised(values: ObjectArray, what: str) -> ObjectArray:
    """Probabilities as fractions that add up to 1; floats may miss it by rounding."""
    numbers = exact_lottery(values.tolist(), lambda: what)
    out = np.empty(len(numbers), dtype=object)
    out[:] = numbers
    return out


def frozen(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The same array, read-only."""
    array.setflags(write=False)
    return array
