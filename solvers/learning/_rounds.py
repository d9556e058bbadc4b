"""Play in rounds from the frequencies of the past: fictitious play and regret matching."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from games.arguments import checked
from games.normal_form import NormalFormGame
from games.types import FloatArray
from solvers.base.deadline import Deadline
from solvers.base.multilinear import StackedGame
from solvers.learning._path import Path, path_of
from solvers.learning._start import check_rounds, first_profile

__all__ = ["fictitious_play", "regret_matching"]


@checked
def fictitious_play(
    game: NormalFormGame,
    rounds: int = 1000,
    start: Sequence[Any] | None = None,
    *,
    seed: int = 0,
    time_limit: float | None = None,
) -> Path:
    """Every round each player plays a best response to the others' frequencies so far (Brown 1951).

    Parameters
    ----------
    game : a game of any number of players
    rounds : how many
    start : the pure profile of the first round; by default drawn at random
    seed : of the first profile and of choices among best responses that tie
    time_limit : seconds of wall time, optional; after it the path is cut short and says so

    Examples
    --------
    >>> from games import NormalFormGame
    >>> path = fictitious_play(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]), 20_000)
    >>> bool(path.regret.max() < 0.02)
    True
    """

    def choose(
        round_: int, stacked: StackedGame, frequencies: FloatArray, rng: np.random.Generator
    ) -> list[int]:
        out = []
        for values in stacked.split(stacked.values(frequencies)):
            best = np.flatnonzero(values >= values.max() - 1e-12)
            out.append(int(best[0] if len(best) == 1 else rng.choice(best)))
        return out

    return _rounds(game, f"fictitious play (seed {seed})", rounds, start, seed, choose, Deadline(time_limit))


@checked
def regret_matching(
    game: NormalFormGame,
    rounds: int = 1000,
    start: Sequence[Any] | None = None,
    *,
    seed: int = 0,
    time_limit: float | None = None,
) -> Path:
    """Every round each player plays each action in proportion to the regret for not having always played it.

    Unconditional regret matching (Hart and Mas-Colell 2000): the frequencies of whole profiles, `joint`,
    approach the set of coarse correlated equilibria; the frequencies of single actions need not approach an equilibrium.

    Parameters and result as in `fictitious_play`; `seed` drives every choice.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> path = regret_matching(NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]), 500)
    >>> round(float(path.joint[1, 1]), 1)
    1.0
    """
    regrets = np.zeros(sum(game.shape))
    last: list[int] = []

    def choose(
        round_: int, stacked: StackedGame, frequencies: FloatArray, rng: np.random.Generator
    ) -> list[int]:
        nonlocal last
        if last:
            played = np.zeros(stacked.size)
            chosen = np.array([part.start + a for part, a in zip(stacked.parts, last)])
            played[chosen] = 1.0
            values = stacked.values(played)
            regrets[:] += values - values[chosen][stacked.owner]
        positive = np.maximum(regrets, 0.0)
        last = []
        for weights, draw in zip(stacked.split(positive), rng.random(game.n_players)):
            total = weights.sum()
            if total > 0:
                action = int(np.searchsorted(np.cumsum(weights), draw * total, side="right"))
            else:
                action = int(draw * len(weights))
            last.append(min(action, len(weights) - 1))
        return last

    def first(profile: list[int]) -> None:
        nonlocal last
        last = profile

    deadline = Deadline(time_limit)
    return _rounds(game, f"regret matching (seed {seed})", rounds, start, seed, choose, deadline, first)


Choice = Callable[[int, StackedGame, FloatArray, np.random.Generator], list[int]]


def _rounds(
    game: NormalFormGame,
    dynamic: str,
    rounds: int,
    start: Sequence[Any] | None,
    seed: int,
    choose: Choice,
    deadline: Deadline,
    first: Callable[[list[int]], None] | None = None,
) -> Path:
    check_rounds(rounds)
    rng = np.random.default_rng(seed)
    stacked = StackedGame(game)
    offsets = np.array([part.start for part in stacked.parts])
    plays = np.empty((rounds, game.n_players), dtype=np.intp)
    plays[0] = first_profile(game, start, rng)
    if first is not None:
        first(plays[0].tolist())
    counts = np.zeros(stacked.size)
    counts[plays[0] + offsets] += 1.0
    for t in range(1, rounds):
        if deadline.passed:
            plays = plays[:t]
            break
        plays[t] = choose(t, stacked, counts / t, rng)
        counts[plays[t] + offsets] += 1.0
    played = len(plays)
    indicators = np.zeros((played, stacked.size))
    indicators[np.arange(played)[:, None], plays + offsets] = 1.0
    times = np.arange(1.0, played + 1.0)
    joint = np.zeros(game.shape)
    np.add.at(joint, tuple(plays.T), 1.0 / played)
    joint.setflags(write=False)
    rows = np.cumsum(indicators, axis=0) / times[:, None]
    return path_of(game, dynamic, times, rows, joint, complete=played == rounds)
