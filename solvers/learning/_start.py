"""The first profile of play in rounds, and the number of rounds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from games.errors import MethodError
from games.normal_form import NormalFormGame

__all__ = ["check_rounds", "first_profile"]


def first_profile(game: NormalFormGame, start: Sequence[Any] | None, rng: np.random.Generator) -> list[int]:
    """The pure profile given, or one drawn at random."""
    return [int(rng.integers(k)) for k in game.shape] if start is None else list(game.profile(start))


def check_rounds(rounds: int) -> None:
    """Raise MethodError unless there is a round to play."""
    if rounds < 1:
        raise MethodError(f"at least one round is needed; got {rounds}")
