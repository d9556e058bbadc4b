"""Doctrines for repeated play: grim, tit for tat, limited punishment, stick and carrot, and others, for N players.

Each doctrine is relative to two profiles of the stage game: `cooperate`, what everybody is to do, and `punish`,
what everybody turns to when somebody has not. Every function returns an `Automaton` for the whole table;
`automaton.machine(player)` is one seat's part, so that doctrines can be mixed with `Automaton.compose`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, SupportsInt, TypeAlias

import numpy as np
import numpy.typing as npt

from games import stances
from games.arguments import checked, choice
from games.errors import AutomatonError, GameError, MethodError
from games.lotteries import SUM_TOLERANCE
from games.normal_form import NormalFormGame
from games.strategies._automata import Automaton, Machine
from games.strategies._checks import within_reach
from games.types import FloatArray, IntArray, Profile

__all__ = [
    "Automaton",
    "Machine",
    "always",
    "coin_toss",
    "generous_tit_for_tat",
    "grim",
    "limited_punishment",
    "memory_one",
    "on_signals",
    "penal_code",
    "stick_and_carrot",
    "tit_for_tat",
    "win_stay_lose_shift",
]

ProfileLike: TypeAlias = Sequence[str | SupportsInt]


@checked
def always(game: NormalFormGame, profile: ProfileLike) -> Automaton:
    """Play one profile forever, whatever happens."""
    return Automaton(game, [profile], np.zeros((1, *game.shape), dtype=np.int64), 0, ["always"])


@checked
def coin_toss(game: NormalFormGame, cooperate: ProfileLike, punish: ProfileLike) -> Automaton:
    """Everybody tosses its own coin each period between the two profiles (Axelrod's RANDOM)."""
    toss = np.full((2, *game.shape, 2), 0.5)
    c, p = _pair(game, cooperate, punish)
    return Automaton.compose(
        [Machine(game, i, [c[i], p[i]], toss, [0.5, 0.5], ["heads", "tails"]) for i in range(game.n_players)]
    )


@checked
def grim(game: NormalFormGame, cooperate: ProfileLike, punish: ProfileLike) -> Automaton:
    """Cooperate until anybody does anything else, then punish forever (Friedman 1971).

    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
    >>> grim(pd, ("C", "C"), ("D", "D")).after("cooperate", ("D", "C"))
    {'punish': 1.0}
    """
    c, p = _pair(game, cooperate, punish)
    table = np.ones((2, *game.shape), dtype=np.int64)
    table[(0, *c)] = 0
    return _automaton(game, [c, p], table, ["cooperate", "punish"])


@checked
def limited_punishment(
    game: NormalFormGame, cooperate: ProfileLike, punish: ProfileLike, years: int
) -> Automaton:
    """Answer any departure from the cooperative profile with `years` periods of punishment, then forgive.

    What is played during the punishment is disregarded, so `punish` should be a stage equilibrium (or see
    `stick_and_carrot`).
    """
    if years < 1:
        raise AutomatonError(f"a punishment lasts at least one period; years is {years}")
    c, p = _pair(game, cooperate, punish)
    table = np.zeros((years + 1, *game.shape), dtype=np.int64)
    table[0] = 1
    table[(0, *c)] = 0
    for y in range(1, years):
        table[y] = y + 1
    return _automaton(
        game, [c] + [p] * years, table, ["cooperate", *(f"punish {y + 1}" for y in range(years))]
    )


@checked
def stick_and_carrot(game: NormalFormGame, carrot: ProfileLike, stick: ProfileLike) -> Automaton:
    """Two states: after everybody did as told, the carrot; after anything else, the stick (Abreu 1986).

    Taking one's part in the stick is what ends it.
    """
    c, p = _pair(game, carrot, stick)
    table = np.ones((2, *game.shape), dtype=np.int64)
    table[(0, *c)] = 0
    table[(1, *p)] = 0
    return _automaton(game, [c, p], table, ["carrot", "stick"])


@checked
def penal_code(
    game: NormalFormGame,
    path: Sequence[ProfileLike],
    punishments: Sequence[Sequence[ProfileLike]],
) -> Automaton:
    """A simple strategy profile: a path, and for each player a path that starts whenever that player alone deviates.

    Each path is a list of profiles of which the last is repeated forever. If several deviate at once they are
    disregarded, as is usual: no equilibrium condition depends on it. Source: Abreu (1988), *Econometrica* 56,
    definition 1.
    """
    n = game.n_players
    if len(punishments) != n:
        raise AutomatonError(f"a penal code has one path for each of {n} players; got {len(punishments)}")
    named = [("on the path", path)] + [(f"punishing {game.players[i]}", punishments[i]) for i in range(n)]
    outputs: list[Profile] = []
    names: list[str] = []
    first = []
    follow: list[int] = []
    for name, steps in named:
        if len(steps) == 0:
            raise AutomatonError(f"the path {name!r} is empty; it needs at least one profile")
        first.append(len(outputs))
        for t, profile in enumerate(steps):
            names.append(name if len(steps) == 1 else f"{name}, {t + 1}")
            follow.append(len(outputs) + (1 if t + 1 < len(steps) else 0))
            outputs.append(game.profile(profile))
    table = np.empty((len(outputs), *game.shape), dtype=np.int64)
    for s, told in enumerate(outputs):
        table[s] = follow[s]
        for i in range(n):
            for b in range(game.shape[i]):
                if b != told[i]:
                    table[(s, *told[:i], b, *told[i + 1 :])] = first[1 + i]
    return _automaton(game, outputs, table, names)


@checked
def tit_for_tat(
    game: NormalFormGame,
    cooperate: ProfileLike,
    punish: ProfileLike,
    toward: Literal["any", "each"] = "any",
) -> Automaton:
    """Do to others what they did last period (Rapoport, in Axelrod 1984), for N players.

    `toward="any"`: punish after any rival did something else than cooperate. `toward="each"`, in games of stances:
    contest exactly those rivals that contested the player last period; `cooperate` gives the stances to begin with.
    """
    return _answering(game, cooperate, punish, 0.0, toward)


@checked
def generous_tit_for_tat(
    game: NormalFormGame,
    cooperate: ProfileLike,
    punish: ProfileLike,
    generosity: float,
    toward: Literal["any", "each"] = "any",
) -> Automaton:
    """Tit for tat that lets an offence pass with probability `generosity` (Molander 1985; Nowak and Sigmund 1992).

    The most generous value that still deters in the prisoner's dilemma is
    min(1 - (T-R)/(R-S), (R-P)/(T-P)), 1/3 with payoffs 5, 3, 1, 0.
    """
    if not 0.0 <= generosity < 1.0:
        raise AutomatonError(
            f"generosity is {generosity}; it is a probability below 1 (1 would be to cooperate always)"
        )
    return _answering(game, cooperate, punish, generosity, toward)


@checked
def win_stay_lose_shift(
    game: NormalFormGame,
    cooperate: ProfileLike,
    punish: ProfileLike,
    aspiration: npt.ArrayLike | None = None,
) -> Automaton:
    """Repeat what paid at least one's aspiration last period, otherwise change sides (Nowak and Sigmund 1993).

    `aspiration` is one payoff for each player; by default what the cooperative profile pays. Actions other than the
    cooperative one count as punishing.
    """
    c, p = _pair(game, cooperate, punish)
    wish = game.payoff(c) if aspiration is None else np.asarray(aspiration, dtype=np.float64)
    if wish.shape not in ((), (game.n_players,)) or not np.isfinite(wish).all():
        raise GameError(
            f"aspiration is {wish.tolist()}; give one finite number, or one for each of {', '.join(game.players)}"
        )
    wish = np.broadcast_to(wish, (game.n_players,))
    machines = []
    for i in range(game.n_players):
        punished = _other_than(game, c, i)
        # Rounding in the payoffs must not turn an equal into a loss.
        lost = game.payoffs[..., i] < wish[i] - 1e-12 * game.ranges[i]
        after = np.broadcast_to(np.logical_xor(punished, lost), game.shape).astype(np.int64)
        machines.append(_machine(game, i, [c[i], p[i]], np.stack([after, after]), ["C", "D"]))
    return Automaton.compose(machines)


@checked
def memory_one(
    game: NormalFormGame,
    player: str | int,
    after: npt.ArrayLike,
    first: npt.ArrayLike,
) -> Machine:
    """What is played depends on last period's profile alone, by lottery (Nowak and Sigmund 1990; Press and Dyson 2012).

    Parameters
    ----------
    game : NormalFormGame
    player : str or int
    after : array (k_1, ..., k_N) or (k_1, ..., k_N, k_i)
        The probability of the player's first action after each profile, for players with two actions; or its lottery over all
        actions. Profiles are in the order of the game: player 1's action picks the row, player 2's the column, whoever plays.
    first : float or array (k_i,), the same for the first period

    Raises
    ------
    AutomatonError
        If a number is not a probability or the shape does not fit.

    Examples
    --------
    Press and Dyson's extortion with factor 3 against one who always cooperates:

    >>> from games import RepeatedGame, catalog
    >>> from solvers import repeated
    >>> pd = catalog.prisoners_dilemma()
    >>> extort = memory_one(pd, 0, [[11 / 13, 1 / 2], [7 / 26, 0]], 1.0)
    >>> generous = memory_one(pd, 1, [[1, 1], [1, 1]], 1.0)
    >>> repeated.long_run(RepeatedGame(pd, 0.9), Automaton.compose([extort, generous])).average
    array([3.727, 1.909])
    """
    i = game.player_index(player)
    count = game.shape[i]
    table = _own_lottery(after, game.shape, count, "after")
    begin = _own_lottery(first, (), count, "first")
    return Machine(
        game,
        i,
        range(count),
        np.broadcast_to(table, (count, *table.shape)),
        begin,
        game.actions[i],
    )


@checked
def on_signals(
    game: NormalFormGame,
    signals: npt.ArrayLike,
    outputs: Sequence[ProfileLike],
    after: npt.ArrayLike,
    initial: int = 0,
    names: Sequence[str] | None = None,
) -> Automaton:
    """A public strategy: which state comes next depends on the public signal alone.

    Parameters
    ----------
    game : NormalFormGame
    signals : array (k_1, ..., k_N, Y), as in `Monitoring`
    outputs : S profiles, what everybody is to play in each state
    after : int array (S, Y), the state after each state and signal; or array (S, Y, S) of public lotteries
    initial, names : as for `Automaton`

    Returns
    -------
    Automaton
        Its transitions by profile are the average over signals.

    Examples
    --------
    >>> pd = NormalFormGame.from_bimatrix([[2, -1], [3, 0]], [[2, 3], [-1, 0]], actions=[["C", "D"], ["C", "D"]])
    >>> price = [[[0.9, 0.1], [0.6, 0.4]], [[0.6, 0.4], [0.35, 0.65]]]
    >>> grim = on_signals(pd, price, [("C", "C"), ("D", "D")], [[0, 1], [1, 1]], names=["concert", "war"])
    >>> grim.after("concert", ("C", "D"))
    {'concert': 0.6, 'war': 0.4}
    """
    chances = np.asarray(signals, dtype=np.float64)
    if chances.shape[:-1] != game.shape:
        raise AutomatonError(f"signals have shape {chances.shape}; they need {game.shape} and one more axis")
    given = np.asarray(after)
    count, seen = len(outputs), chances.shape[-1]
    if given.shape == (count, seen) and given.dtype.kind in "iu":
        if given.min() < 0 or given.max() >= count:
            raise AutomatonError(
                f"after leads to a state that does not exist; states are numbered 0 to {count - 1}"
            )
        given = np.eye(count)[given]
    if given.shape != (count, seen, count):
        raise AutomatonError(
            f"after has shape {given.shape}; {count} states and {seen} signals need {(count, seen)} next states, or "
            f"{(count, seen, count)} probabilities"
        )
    table = np.einsum("...y,syt->s...t", chances, given.astype(np.float64))
    return Automaton(game, outputs, table, initial, names)


def _own_lottery(given: npt.ArrayLike, shape: tuple[int, ...], count: int, name: str) -> FloatArray:
    """Probabilities (*shape, count), from those or from those of the first of two actions (*shape,)."""
    table = np.array(given, dtype=np.float64)
    if table.shape == shape and count == 2:
        table = np.stack([table, 1.0 - table], axis=-1)
    if table.shape != (*shape, count):
        raise AutomatonError(
            f"{name} has shape {table.shape}; it needs {(*shape, count)}, a lottery over the player's actions"
        )
    within = (table >= -SUM_TOLERANCE) & (table <= 1.0 + SUM_TOLERANCE)
    if not within.all() or np.abs(table.sum(axis=-1) - 1.0).max() > SUM_TOLERANCE:
        raise AutomatonError(f"{name} must hold probabilities that add up to 1 for each profile")
    return np.clip(table, 0.0, 1.0)


def _answering(
    game: NormalFormGame, cooperate: ProfileLike, punish: ProfileLike, generosity: float, toward: str
) -> Automaton:
    if choice(toward, ("any", "each"), "toward") == "each":
        return _toward_each(game, cooperate, generosity)
    return _toward_any(game, cooperate, punish, generosity)


def _toward_any(
    game: NormalFormGame, cooperate: ProfileLike, punish: ProfileLike, generosity: float
) -> Automaton:
    c, p = _pair(game, cooperate, punish)
    machines = []
    for i in range(game.n_players):
        offended = np.zeros(game.shape, dtype=np.bool_)
        for j in range(game.n_players):
            if j != i:
                offended |= _other_than(game, c, j)
        after: FloatArray | IntArray = offended.astype(np.int64)
        if generosity > 0:
            punishing = (1.0 - generosity) * offended
            after = np.stack([1.0 - punishing, punishing], axis=-1)
        machines.append(_machine(game, i, [c[i], p[i]], np.stack([after, after]), ["C", "D"]))
    return Automaton.compose(machines)


def _toward_each(game: NormalFormGame, initial: ProfileLike, generosity: float) -> Automaton:
    """One state of player i for each set of rivals that it answers; the state's number is its action's."""
    n = game.n_players
    if any(game.actions[i] != stances.action_labels(game.players, i) for i in range(n)):
        raise MethodError(
            "toward='each' needs a game of stances, whose actions say toward each rival 'contest' or 'accommodate' "
            "(as SpheresModel.stage makes them); use toward='any'"
        )
    begin = game.profile(initial)
    played = np.indices(game.shape)
    machines = []
    for i in range(n):
        count = game.shape[i]
        offences = np.zeros(game.shape, dtype=np.int64)
        for b, j in enumerate(stances.rivals(n, i)):
            offences |= ((played[j] >> stances.rivals(n, j).index(i)) & 1) << b
        after: FloatArray | IntArray = offences
        if generosity > 0:
            # Each offence is let pass by a draw of its own.
            after = np.zeros((*game.shape, count))
            for answer in range(count):
                answered, passed = offences & answer, offences & ~answer
                bits = [(answered >> b) & 1 for b in range(n - 1)], [(passed >> b) & 1 for b in range(n - 1)]
                chance = (1 - generosity) ** sum(bits[0]) * generosity ** sum(bits[1])
                after[..., answer] = np.where(answer & ~offences, 0.0, chance)
        table = np.broadcast_to(after, (count, *after.shape))
        machines.append(_machine(game, i, range(count), table, game.actions[i], begin[i]))
    return Automaton.compose(machines)


def _automaton(
    game: NormalFormGame, outputs: Sequence[ProfileLike], table: npt.NDArray[Any], names: Sequence[str]
) -> Automaton:
    """Without the states that nothing can lead to, as where somebody has one action only and cannot offend."""
    start = np.zeros(len(outputs))
    start[0] = 1.0
    kept, table = within_reach(table, start, table.ndim == game.n_players + 2)
    return Automaton(game, [outputs[s] for s in kept], table, 0, [names[s] for s in kept])


def _machine(
    game: NormalFormGame,
    player: int,
    outputs: Sequence[int],
    table: npt.NDArray[Any],
    names: Sequence[str],
    initial: int = 0,
) -> Machine:
    start = np.zeros(len(outputs))
    start[initial] = 1.0
    kept, table = within_reach(table, start, table.ndim == game.n_players + 2)
    return Machine(game, player, [outputs[s] for s in kept], table, start[kept], [names[s] for s in kept])


def _pair(game: NormalFormGame, cooperate: ProfileLike, punish: ProfileLike) -> tuple[Profile, Profile]:
    return game.profile(cooperate), game.profile(punish)


def _other_than(game: NormalFormGame, profile: Profile, player: int) -> npt.NDArray[np.bool_]:
    """Over all profiles (k_1, ..., k_N): did this player do anything else than in `profile`?"""
    return np.asarray(np.indices(game.shape)[player] != profile[player])
