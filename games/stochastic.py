"""Stochastic games: the state of the world moves from year to year, by chance and by what is played.

Notation: S states; in state s the stage game `stages[s]` is played, and `transitions[s][a]` is the lottery over next year's
states after profile a. Players are the same in every state; their actions may differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import DiscountError, GameError, SizeError, did_you_mean
from games.lotteries import lotteries
from games.normal_form import FloatArray, NormalFormGame
from games.repeated import RepeatedGame, discount_vector
from games.words import counted

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["StochasticGame", "crisis"]

# Probabilities kept at once: 400 MB of them.
LARGEST = 50_000_000


@dataclass(frozen=True, eq=False)
class StochasticGame:
    """A game whose state moves (Shapley 1953).

    Parameters
    ----------
    stages : sequence of S NormalFormGames
        The same players in the same order; numbers and labels of actions may differ from state to state.
    transitions : sequence of S arrays (k_1, ..., k_N, S), or one array (S, S)
        `transitions[s][a]` is the lottery over next period's states. A row of S numbers (or a matrix for all states) says
        that the lottery does not depend on what is played.
    discount : float or array (N,)
        As for `RepeatedGame`; values are normalised by 1 - discount.
    names : sequence of S distinct strings, optional
        Defaults to `state 1`, `state 2`, ...
    period : float
        Length of a period in years.

    Raises
    ------
    GameError
        If stages and transitions do not fit together, or a row is not a lottery.
    DiscountError
        For a discount factor outside (0, 1).
    SizeError
        If the table of probabilities is too large; the message says how large.

    Examples
    --------
    >>> calm = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> game = StochasticGame([calm, calm.rescale(2)], [[0.9, 0.1], [0.0, 1.0]], 0.8, names=["calm", "tense"])
    >>> game.n_states, game.absorbing
    (2, ('tense',))
    """

    stages: tuple[NormalFormGame, ...]
    transitions: tuple[FloatArray, ...]
    discount: FloatArray
    names: tuple[str, ...]
    period: float = 1.0

    @checked
    def __init__(
        self,
        stages: Sequence[NormalFormGame],
        transitions: Sequence[npt.ArrayLike] | npt.ArrayLike,
        discount: npt.ArrayLike,
        names: Sequence[str] | None = None,
        period: float = 1.0,
    ) -> None:
        count = len(stages)
        _small_enough(count, count)
        states = _stages(stages)
        _small_enough(count, sum(int(np.prod(stage.shape)) for stage in states))
        labels = tuple(f"state {s + 1}" for s in range(count)) if names is None else tuple(map(str, names))
        if len(labels) != count or len(set(labels)) != count:
            raise GameError(f"names must be {count} distinct names, one for each state; got {list(labels)}")
        if not (np.isfinite(period) and period > 0):
            raise GameError(f"period is {period}; it is a positive number of years")
        rows: Any = transitions
        given = len(rows) if hasattr(rows, "__len__") else "no"
        if given != count:
            raise GameError(f"transitions has {given} entries; give one for each of {count} states")
        object.__setattr__(self, "stages", states)
        object.__setattr__(
            self,
            "transitions",
            tuple(_lotteries(rows[s], states[s], labels[s], count) for s in range(count)),
        )
        object.__setattr__(self, "discount", discount_vector(discount, states[0]))
        object.__setattr__(self, "names", labels)
        object.__setattr__(self, "period", float(period))

    @classmethod
    @checked
    def path(
        cls,
        stages: Sequence[NormalFormGame],
        discount: npt.ArrayLike,
        names: Sequence[str] | None = None,
        period: float = 1.0,
    ) -> StochasticGame:
        """A foreseen path: year after year the next stage, and the last one forever after.

        >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
        >>> StochasticGame.path([game, game.rescale(0.5)], 0.8).absorbing
        ('year 2',)
        """
        count = len(stages)
        if not count:
            raise GameError("stages is empty; a path has at least one year")
        step = np.eye(count, k=1)
        step[-1, -1] = 1.0
        labels = [f"year {t + 1}" for t in range(count)] if names is None else names
        return cls(stages, step, discount, labels, period)

    @classmethod
    @checked
    def repeated(cls, play: RepeatedGame) -> StochasticGame:
        """A repeated game as a stochastic game with one state."""
        if not play.monitoring.perfect:
            raise GameError("stochastic games have perfect monitoring; this repeated game does not")
        return cls([play.stage], [[1.0]], play.discount, period=play.period)

    @property
    def n_states(self) -> int:
        """Number of states S."""
        return len(self.stages)

    @property
    def n_players(self) -> int:
        """Number of players N."""
        return self.stages[0].n_players

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the N players."""
        return self.stages[0].players

    @property
    def absorbing(self) -> tuple[str, ...]:
        """Names of the states that are never left, whatever is played."""
        stay = (float(p.reshape(-1, self.n_states)[:, s].min()) for s, p in enumerate(self.transitions))
        return tuple(name for name, p in zip(self.names, stay) if p >= 1.0)

    @checked
    def state_index(self, state: str | int) -> int:
        """Index of a state given by name or index. Raises GameError for one that is not in the game."""
        if isinstance(state, str):
            if state in self.names:
                return self.names.index(state)
            raise GameError(f"there is no state {state!r}{did_you_mean(state, self.names)}")
        if not 0 <= int(state) < self.n_states:
            raise GameError(
                f"there is no state with index {state}; indices run from 0 to {self.n_states - 1}"
            )
        return int(state)

    @checked
    def with_discount(self, discount: npt.ArrayLike) -> StochasticGame:
        """The same game at other discount factors."""
        return StochasticGame(self.stages, self.transitions, discount, self.names, self.period)

    def to_frame(self) -> pd.DataFrame:
        """One row for each state and profile: payoffs, then the probability of each next state."""
        import pandas as pd

        parts = []
        for name, stage, step in zip(self.names, self.stages, self.transitions):
            payoffs = stage.payoffs.reshape(-1, self.n_players)
            rows = [", ".join(stage.labels(a)) for a in np.ndindex(*stage.shape)]
            table = np.column_stack([payoffs, step.reshape(-1, self.n_states)])
            parts.append(pd.DataFrame(table, index=pd.MultiIndex.from_product([[name], rows])))
        frame = pd.concat(parts)
        frame.columns = pd.MultiIndex.from_tuples(
            [("payoff", p) for p in self.players] + [("next", n) for n in self.names]
        )
        frame.index.names = ["state", "profile"]
        return frame

    def __repr__(self) -> str:
        factors = ", ".join(f"{name} {d:.4g}" for name, d in zip(self.players, self.discount))
        sizes = sorted({"x".join(map(str, stage.shape)) for stage in self.stages})
        return f"<StochasticGame: {counted(self.n_states, 'state')} ({', '.join(sizes)}), discount {factors}>"


def _small_enough(states: int, profiles: int) -> None:
    entries = states * profiles
    if entries > LARGEST:
        raise SizeError(
            f"{states:,} states with {profiles:,} action profiles in all, or more, make {entries:.2g} transition "
            f"probabilities ({8e-9 * entries:.2g} GB); {LARGEST:.2g} fit. Merge states that play alike"
        )


def _stages(stages: Sequence[NormalFormGame]) -> tuple[NormalFormGame, ...]:
    states = tuple(stages)
    if not states or not all(isinstance(stage, NormalFormGame) for stage in states):
        raise GameError("stages must be at least one NormalFormGame, one for each state")
    for s, stage in enumerate(states):
        if stage.players != states[0].players:
            raise GameError(
                f"the stage game of state {s + 1} has players {', '.join(stage.players)}; "
                f"that of state 1 has {', '.join(states[0].players)}"
            )
    return states


def _lotteries(given: Any, stage: NormalFormGame, name: str, states: int) -> FloatArray:
    """Transition probabilities out of one state, checked, of shape (k_1, ..., k_N, S) and read-only."""
    try:
        table = np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise GameError(f"the transitions of state {name!r} must be an array of numbers: {error}") from None
    shape = (*stage.shape, states)
    if table.shape == (states,):
        table = np.broadcast_to(table, shape).copy()
    if table.shape != shape:
        raise GameError(
            f"the transitions of state {name!r} have shape {table.shape}; they need {shape}: for each profile one "
            f"probability for each state (or ({states},) if play does not matter)"
        )
    return lotteries(
        table,
        lambda a, total, least: GameError(
            f"the transitions of state {name!r} after ({', '.join(stage.labels(a))}) are not a lottery: they sum to "
            f"{total:.6g} with smallest entry {least:.6g}; probabilities are at least 0 and sum to 1"
        ),
    )


def crisis(
    strength: npt.ArrayLike,
    discount: float,
    cost_declining: float,
    cost_rising: float,
    proposer: Literal["rising", "declining"] = "rising",
    demands: Sequence[npt.ArrayLike] | npt.ArrayLike = (0.0, 0.5, 1.0),
) -> StochasticGame:
    """Bargaining in the shadow of a shift of power, as a game: each year one side demands or fights, the other accepts or
    fights.

    Parameters
    ----------
    strength : array (T,), the rising side's chance to win a war, year by year; the last lasts
    discount : common discount factor of a year
    cost_declining, cost_rising : costs of war, as shares of the flow at stake for all time
    proposer : the side that makes the demands
    demands : what the *rising* side is to get, in shares: one list for all years, or one list for each of T years

    Returns
    -------
    StochasticGame
        Players `rising` and `declining`. Each year is two periods, `demand t` and an answer to each demand, with a
        discount factor of the square root; war leads to an absorbing state `war t`. Values at an answer are shares of the
        flow at stake; at a demand they are the same times the square root of the discount factor.

    Notes
    -----
    Fearon (1995), International Organization 49, p. 405-408, if the rising side makes the demands.

    Examples
    --------
    >>> crisis([0.3, 0.5], 0.9, 0.1, 0.1).names[:5]
    ('demand 1', 'answer 1: 0', 'answer 1: 0.5', 'answer 1: 1', 'war 1')
    """
    p = np.array(strength, dtype=np.float64)
    if p.ndim != 1 or not len(p) or not ((p >= 0) & (p <= 1)).all():
        raise GameError("strength needs at least one probability between 0 and 1, one a year")
    if proposer not in ("rising", "declining"):
        raise GameError(f"proposer is {proposer!r}; it is 'rising' or 'declining'")
    if not 0.0 < discount < 1.0:
        raise DiscountError(f"the discount factor is {discount}; it must lie strictly between 0 and 1")
    given: Any = demands
    lists = [given] * len(p) if np.ndim(given[0]) == 0 else list(given)
    shares = [np.unique(np.asarray(row, dtype=np.float64)) for row in lists]
    if len(shares) != len(p) or any(len(x) == 0 or x[0] < 0.0 or x[-1] > 1.0 for x in shares):
        raise GameError(
            f"demands must be shares between 0 and 1, one list for all or for each of {len(p)} years"
        )
    half = float(np.sqrt(discount))
    names = [
        name
        for t, x in enumerate(shares, start=1)
        for name in (f"demand {t}", *(f"answer {t}: {share:g}" for share in x), f"war {t}")
    ]
    begins = np.concatenate([[0], np.cumsum([len(x) + 2 for x in shares])])
    players = ["rising", "declining"]
    stages, steps = [], []

    def to(states: Sequence[int]) -> FloatArray:
        return np.eye(len(names))[list(states)]

    for t, (chance, x) in enumerate(zip(p, shares)):
        begin, count = int(begins[t]), len(x)
        labels = [f"{share:g}" for share in x]
        war = np.array([chance - cost_rising, 1.0 - chance - cost_declining])
        shape = (count + 1, 1) if proposer == "rising" else (1, count + 1)
        moves = [*labels, "fight"]
        actions = [moves, ["wait"]] if proposer == "rising" else [["wait"], moves]
        pay = np.vstack([np.zeros((count, 2)), half * war])
        stages.append(NormalFormGame(pay.reshape(*shape, 2), players, actions))
        steps.append(to(range(begin + 1, begin + 2 + count)).reshape(*shape, -1))
        onwards = int(begins[min(t + 1, len(p) - 1)])
        for share in x:
            # A year's flow at the answer, so that a constant stream is worth itself there.
            pay = (1.0 + half) * np.array([[share, 1.0 - share], war])
            shape = (1, 2) if proposer == "rising" else (2, 1)
            actions = (
                [["wait"], ["accept", "fight"]] if proposer == "rising" else [["accept", "fight"], ["wait"]]
            )
            stages.append(NormalFormGame(pay.reshape(*shape, 2), players, actions))
            steps.append(to([onwards, begin + 1 + count]).reshape(*shape, -1))
        stages.append(NormalFormGame((half * war).reshape(1, 1, 2), players))
        steps.append(to([begin + 1 + count]).reshape(1, 1, -1))
    return StochasticGame(stages, steps, half, names, 0.5)
