"""Best-response dynamics: pure profiles that players leave one after the other, or all together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from games.arguments import checked
from games.errors import MethodError
from games.normal_form import NormalFormGame
from solvers.base.deadline import Deadline
from solvers.learning._path import Path, path_of
from solvers.learning._start import check_rounds, first_profile

__all__ = ["best_response_dynamics"]


@checked
def best_response_dynamics(
    game: NormalFormGame,
    start: Sequence[Any] | None = None,
    *,
    rounds: int = 1000,
    order: Literal["in turn", "at once", "random"] = "in turn",
    seed: int = 0,
    time_limit: float | None = None,
) -> Path:
    """Players move to a best response to the others' present actions, until nobody wants to move or a cycle closes.

    A player who is content stays; of several best responses the first in the list of actions is taken. Coming to rest means
    a pure equilibrium; in potential games play in turn always comes to rest (Monderer and Shapley 1996).

    Parameters
    ----------
    game : a game of any number of players
    start : a pure profile; by default drawn at random
    rounds : after how many rounds to stop; in a round each player may move once (with `random`, one player drawn at random)
    order : players move one after the other, all together, or one drawn at random
    seed : of the first profile and the order
    time_limit : seconds of wall time, optional; after it the path is cut short and says so

    Returns
    -------
    Path
        `profiles` are the pure profiles round by round; `settled` is False if play went round in a cycle or was stopped.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> path = best_response_dynamics(NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]), (0, 0))
    >>> path.settled, [int(p.argmax()) for p in path.final]
    (True, [1, 1])
    """
    if order not in ("in turn", "at once", "random"):
        raise MethodError(
            f"best-response dynamics has no order {order!r}; known: 'in turn', 'at once', 'random'"
        )
    check_rounds(rounds)
    deadline = Deadline(time_limit)
    rng = np.random.default_rng(seed)
    n = game.n_players
    profile = first_profile(game, start, rng)
    visited = [tuple(profile)]
    seen = {visited[0]}
    mask = game.best_response_mask
    settled = bool(mask[visited[0]].all())
    cycled = False
    while not settled and len(visited) <= rounds and not deadline.passed:
        movers = [int(rng.integers(n))] if order == "random" else range(n)
        old = list(profile)
        for i in movers:
            held = old if order == "at once" else profile
            if not mask[(*held, i)]:
                line: tuple[Any, ...] = (*held[:i], slice(None), *held[i + 1 :], i)
                profile[i] = int(np.argmax(mask[line]))
        here = tuple(profile)
        visited.append(here)
        settled = bool(mask[here].all())
        if not settled and here in seen and order != "random":
            cycled = True
            break
        seen.add(here)
    rows = np.zeros((len(visited), sum(game.shape)))
    offsets = np.cumsum((0, *game.shape[:-1]))
    rows[np.arange(len(visited))[:, None], np.array(visited) + offsets] = 1.0
    joint = np.zeros(game.shape)
    np.add.at(joint, tuple(np.array(visited).T), 1.0 / len(visited))
    joint.setflags(write=False)
    times = np.arange(float(len(visited)))
    complete = settled or cycled or len(visited) > rounds
    return path_of(game, f"best-response dynamics, {order}", times, rows, joint, settled, complete)
