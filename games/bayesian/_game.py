"""Bayesian games: types, a common prior, and payoffs by type profile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.bayesian import _strategies
from games.bayesian._priors import ObjectArray, checked_prior, distinct, frozen, normalised
from games.errors import GameError, ProfileError, did_you_mean
from games.exact import lossless, resolution
from games.normal_form import FloatArray, MixedProfile, NormalFormGame, Profile

if TYPE_CHECKING:
    import pandas as pd

    from games.extensive import ExtensiveGame

__all__ = ["BayesianGame", "TypeStrategy"]

TypeStrategy: TypeAlias = tuple[npt.NDArray[Any], ...]
"""For each player an array (types, actions): what each type plays. All floats, or all fractions (arrays of objects)."""


class BayesianGame:
    """A finite Bayesian game with a common prior: immutable, labelled and validated.

    Parameters
    ----------
    types : sequence of N sequences of distinct strings
        Labels of each player's types; player i has T_i of them.
    prior : array of shape (T_1, ..., T_N)
        The probability of each type profile: integers, fractions or floats that add up to 1. A float stands for the shortest
        decimal that spells it; floats that add up to 1 within 1e-9 are divided by their sum. Types may be correlated.
    payoffs : array of shape (T_1, ..., T_N, k_1, ..., k_N, N)
        `payoffs[t][a][i]` is player i's payoff at type profile t and action profile a. Integers and fractions are kept exactly.
    players : sequence of N distinct strings, optional
    actions : sequence of N sequences of distinct strings, optional
        All types of a player have the same actions.
    title : str, optional

    Raises
    ------
    GameError
        If an array has the wrong shape or a number that is not finite; if the prior does not add up to 1, is negative, or
        gives a type probability 0; if labels are missing or repeated.

    Examples
    --------
    The battle of the sexes in which player 2 may not want to meet (Gibbons 1992 has a variant with continuous types):

    >>> meets = [[[2, 1], [0, 0]], [[0, 0], [1, 2]]]
    >>> avoids = [[[2, 0], [0, 2]], [[0, 1], [1, 0]]]
    >>> game = BayesianGame([["row"], ["meets", "avoids"]], [[Fraction(1, 2), Fraction(1, 2)]], [[meets, avoids]])
    >>> game
    <BayesianGame: types 1x2, actions 2x2, players Player 1, Player 2>
    >>> [v.tolist() for v in game.interim([[[1, 0]], [[1, 0], [0, 1]]])]
    [[Fraction(1, 1)], [Fraction(1, 1), Fraction(2, 1)]]
    """

    def __init__(
        self,
        types: Sequence[Sequence[str]],
        prior: npt.ArrayLike | Sequence[Any],
        payoffs: npt.ArrayLike | Sequence[Any],
        players: Sequence[str] | None = None,
        actions: Sequence[Sequence[str]] | None = None,
        title: str = "",
    ) -> None:
        if isinstance(types, str) or not hasattr(types, "__len__") or len(types) == 0:
            raise GameError(f"types must hold a list of labels for each player; got {types!r}")
        n = len(types)
        try:
            table = lossless(payoffs)
            if table.dtype.kind not in "biufO":
                raise TypeError(f"these are of type {table.dtype}")
        except (TypeError, ValueError) as error:
            raise GameError(f"payoffs must be an array of numbers: {error}") from None
        if table.ndim != 2 * n + 1 or table.shape[-1] != n:
            raise GameError(
                f"payoffs have shape {table.shape}; a Bayesian game of {n} players needs shape (T_1, ..., T_{n}, k_1, ..., "
                f"k_{n}, {n}): one axis for each player's types, one for each player's actions, and one payoff for each player"
            )
        self._players = (
            tuple(str(p) for p in players)
            if players is not None
            else tuple(f"Player {i + 1}" for i in range(n))
        )
        # One game in normal form, with the type profiles as player 1's actions, checks numbers and labels.
        sizes = table.shape[:n]
        self._types = tuple(
            distinct(labels, k, f"types of {p}") for labels, k, p in zip(types, sizes, self._players)
        )
        flat = table.reshape(prod(sizes), *table.shape[n:])
        if table.size == 0:
            raise GameError(
                f"payoffs have shape {table.shape}; every player needs at least one type and one action"
            )
        stages = [NormalFormGame(stage, players, actions, title) for stage in flat]
        self._stages = dict(zip(product(*map(range, sizes)), stages))
        first = stages[0]
        self._players, self._actions, self._title = first.players, first.actions, first.title
        self._rational = table.dtype == object or table.dtype.kind in "biu"
        rounded = [isinstance(x, (float, np.floating)) for x in table.reshape(-1).tolist()]
        self._rounded = np.reshape(rounded, table.shape)
        self._prior = checked_prior(prior, self._types, self._players)

    @classmethod
    @checked
    def independent(
        cls,
        types: Sequence[Sequence[str]],
        priors: Sequence[Sequence[Any]],
        payoffs: npt.ArrayLike | Sequence[Any],
        players: Sequence[str] | None = None,
        actions: Sequence[Sequence[str]] | None = None,
        title: str = "",
    ) -> BayesianGame:
        """The game whose players' types are drawn independently; `priors` has one vector of probabilities for each player.

        >>> payoffs = np.zeros((2, 1, 2, 2, 2), dtype=int)
        >>> game = BayesianGame.independent([["hawk", "dove"], ["dove"]], [["1/4", "3/4"], [1]], payoffs)
        >>> game.prior.tolist()
        [[0.25], [0.75]]
        """
        if not hasattr(priors, "__len__") or len(priors) != len(types):
            raise GameError(
                f"an independent prior has one vector for each of {len(types)} players; got {priors!r}"
            )
        vectors = [
            normalised(np.array(list(vector), dtype=object), f"the prior of player {i + 1}")
            for i, vector in enumerate(priors)
        ]
        joint = np.empty([len(v) for v in vectors], dtype=object)
        for profile in product(*(range(len(v)) for v in vectors)):
            joint[profile] = prod((v[t] for v, t in zip(vectors, profile)), start=Fraction(1))
        return cls(types, joint, payoffs, players, actions, title)

    @classmethod
    def from_agent_form(
        cls,
        game: NormalFormGame,
        types: Sequence[Sequence[str]],
        prior: npt.ArrayLike | Sequence[Any],
        players: Sequence[str] | None = None,
    ) -> BayesianGame:
        """A Bayesian game with this agent form: the way back from `agent_form`.

        The agents of `game` are the types in order, player 1's first. Many Bayesian games share an agent form;
        this is one of them,
        and they have the same Bayes-Nash equilibria and the same interim payoffs.

        Raises GameError if no Bayesian game with these types and prior has the agent form.
        """
        from games.bayesian import _agents

        return _agents.from_agent_form(cls, game, types, prior, players)

    @classmethod
    @checked
    def read(cls, path: str | Path) -> BayesianGame:
        """Read a `.json` file in the schema of `games.bayesian._json`. FormatError says where it is wrong."""
        from games.bayesian import _json

        return _json.read(cls, path)

    @checked
    def write(self, path: str | Path) -> None:
        """Write the game to a `.json` file, exactly; for Gambit, write `tree()` to an `.efg` file."""
        from games.bayesian import _json

        _json.write(self, path)

    # ------------------------------------------------------------------ what it is

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the N players."""
        return self._players

    @property
    def types(self) -> tuple[tuple[str, ...], ...]:
        """Labels of each player's types."""
        return self._types

    @property
    def actions(self) -> tuple[tuple[str, ...], ...]:
        """Labels of each player's actions."""
        return self._actions

    @property
    def title(self) -> str:
        """A name to show above tables; may be empty."""
        return self._title

    @property
    def n_players(self) -> int:
        """Number of players N."""
        return len(self._players)

    @property
    def n_types(self) -> tuple[int, ...]:
        """Number of types of each player, (T_1, ..., T_N)."""
        return tuple(map(len, self._types))

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of actions of each player, (k_1, ..., k_N)."""
        return tuple(map(len, self._actions))

    @property
    def rational(self) -> bool:
        """True if the payoffs were given as integers or fractions."""
        return self._rational

    @property
    def exact_prior(self) -> ObjectArray:
        """The prior as fractions, shape (T_1, ..., T_N)."""
        return self._prior

    @cached_property
    def prior(self) -> FloatArray:
        """The prior in floats, shape (T_1, ..., T_N)."""
        return frozen(self._prior.astype(np.float64))

    @cached_property
    def payoffs(self) -> FloatArray:
        """Payoffs in floats, shape (T_1, ..., T_N, k_1, ..., k_N, N)."""
        flat = np.stack([stage.payoffs for stage in self._stages.values()])
        return frozen(flat.reshape(*self.n_types, *self.shape, self.n_players))

    @cached_property
    def exact(self) -> ObjectArray:
        """Payoffs as fractions, shape (T_1, ..., T_N, k_1, ..., k_N, N): exactly the numbers that were given."""
        flat = np.stack([stage.exact for stage in self._stages.values()])
        return frozen(flat.reshape(*self.n_types, *self.shape, self.n_players))

    @cached_property
    def ranges(self) -> FloatArray:
        """Each player's largest less smallest payoff over all types, shape (N,)."""
        columns = self.exact.reshape(-1, self.n_players).T.tolist()
        return np.array([float(max(column) - min(column)) for column in columns])

    @cached_property
    def resolution(self) -> FloatArray:
        """How far rounding may have moved each player's payoffs before they came here, over their range; shape (N,)."""
        return resolution(self.payoffs, self._rounded, self.ranges)

    @cached_property
    def is_independent(self) -> bool:
        """True if the prior is the product of its marginals, exactly."""
        marginals = [self.marginal(i) for i in range(self.n_players)]
        return all(
            self._prior[t] == prod((m[k] for m, k in zip(marginals, t)), start=Fraction(1))
            for t in self._stages
        )

    def marginal(self, player: str | int) -> ObjectArray:
        """The prior probability of each of a player's types, shape (T_i,), in fractions."""
        i = self.player_index(player)
        return np.asarray(self._prior.sum(axis=tuple(j for j in range(self.n_players) if j != i)))

    def posterior(self, player: str | int, type: str | int) -> ObjectArray:
        """What a type believes about the others' types: shape (T_1, ..., T_N) without its own axis, in fractions."""
        i = self.player_index(player)
        t = self.type_index(i, type)
        return np.asarray(np.take(self._prior, t, axis=i) / self.marginal(i)[t])

    @checked
    def player_index(self, player: str | int) -> int:
        """Index of a player given by name or index."""
        return next(iter(self._stages.values())).player_index(player)

    @checked
    def type_index(self, player: str | int, type: str | int) -> int:
        """Index of a player's type given by label or index. Raises ProfileError for one that is not there."""
        i = self.player_index(player)
        if isinstance(type, str):
            if type not in self._types[i]:
                raise ProfileError(
                    f"{self._players[i]} has no type {type!r}{did_you_mean(type, self._types[i])}"
                )
            return self._types[i].index(type)
        if not 0 <= type < len(self._types[i]):
            raise ProfileError(
                f"{self._players[i]} has no type with index {type}; they run from 0 to {len(self._types[i]) - 1}"
            )
        return int(type)

    @checked
    def stage(self, types: Sequence[str | int]) -> NormalFormGame:
        """The game that is played at a type profile (labels or indices), with the types known to all."""
        if isinstance(types, str) or len(types) != self.n_players:
            raise ProfileError(
                f"a type profile names one type for each of {', '.join(self._players)}; got {types!r}"
            )
        return self._stages[tuple(self.type_index(i, t) for i, t in enumerate(types))]

    def type_profiles(self) -> Iterator[tuple[Profile, Fraction, NormalFormGame]]:
        """Each type profile that can occur, its probability, and the game played there."""
        for t, stage in self._stages.items():
            if self._prior[t] > 0:
                yield t, self._prior[t], stage

    # ------------------------------------------------------------------ strategies and payoffs

    def strategy(self, strategy: Sequence[Any]) -> TypeStrategy:
        """Turn a profile of type-contingent strategies into N arrays (T_i, k_i).

        Each player's entry is one for each type in order, or a mapping from type labels: an action label, an action number, or
        a vector of probabilities. A single label or number is played by all types.
        ProfileError for what is not in the game, or does not add up to 1.
        """
        return _strategies.strategy(self, strategy)

    def action_values(self, strategy: Sequence[Any]) -> tuple[npt.NDArray[Any], ...]:
        """What each action is worth to each type against the others' strategies: N arrays (T_i, k_i).

        In fractions if the strategy is in fractions.
        """
        return _strategies.action_values(self, self.strategy(strategy))

    def interim(self, strategy: Sequence[Any]) -> tuple[npt.NDArray[Any], ...]:
        """Expected payoff of each type, given that type: N arrays (T_i,)."""
        mixed = self.strategy(strategy)
        return tuple((v * m).sum(axis=1) for v, m in zip(self.action_values(mixed), mixed))

    def ex_ante(self, strategy: Sequence[Any]) -> FloatArray:
        """Expected payoffs before types are known, shape (N,)."""
        interim = self.interim(strategy)
        return np.array([float((self.marginal(i) * interim[i]).sum()) for i in range(self.n_players)])

    def regret(self, strategy: Sequence[Any]) -> tuple[FloatArray, ...]:
        """What each type could gain by another action: N arrays (T_i,)."""
        mixed = self.strategy(strategy)
        # Measured from each player's smallest payoff: a part that all share would cost digits of the differences.
        least = self.exact.reshape(-1, self.n_players).min(axis=0)
        return tuple(
            np.asarray((v.max(axis=1) - (v * m).sum(axis=1)).astype(np.float64))
            for v, m in zip(_strategies.action_values(self, mixed, least), mixed)
        )

    # ------------------------------------------------------------------ other forms

    def agent_form(self) -> NormalFormGame:
        """The game in normal form in which every type is a player, paid its interim payoff (Harsanyi 1967; Myerson 1991, 2.8).

        Agents stand in the order of players and their types and are called `player: type`. Its Nash equilibria are the Bayes-Nash
        equilibria. Raises SizeError past 2,000,000 numbers.
        """
        from games.bayesian import _agents

        return _agents.agent_form(self)

    def normal_form(self) -> NormalFormGame:
        """The game before types are known: an action is a plan that names one action for each type, payoffs are ex ante.

        Raises SizeError past 2,000,000 numbers.
        """
        from games.bayesian import _agents

        return _agents.normal_form(self)

    def to_agents(self, strategy: Sequence[Any]) -> MixedProfile:
        """The profile of the agent form that a type-contingent strategy profile stands for."""
        return tuple(row for own in self.strategy(strategy) for row in own)

    def from_agents(self, profile: Sequence[Any]) -> TypeStrategy:
        """The type-contingent strategy profile that a profile of the agent form stands for."""
        rows = list(profile)
        if len(rows) != sum(self.n_types):
            raise ProfileError(
                f"the agent form has {sum(self.n_types)} players; got a profile of {len(rows)}"
            )
        it = iter(rows)
        return self.strategy([[next(it) for _ in range(count)] for count in self.n_types])

    def tree(self) -> ExtensiveGame:
        """The game as a tree: chance draws the types, then the players move in order, each knowing its own type only."""
        from games.bayesian import _agents

        return _agents.tree(self)

    def inform(self, player: str | int, about: str | int | None = None) -> BayesianGame:
        """The game in which a player also learns another's type before it moves, and all know that it does.

        `about` names the other player; left out, the player learns all types. Its new types are called `own | other`.

        >>> payoffs = np.zeros((1, 2, 2, 2, 2), dtype=int)
        >>> BayesianGame([["row"], ["x", "y"]], [["1/3", "2/3"]], payoffs).inform(0).types
        (('row | x', 'row | y'), ('x', 'y'))
        """
        from games.bayesian import _agents

        i = self.player_index(player)
        others = [j for j in range(self.n_players) if j != i] if about is None else [self.player_index(about)]
        if i in others:
            raise GameError(f"{self._players[i]} knows its own type already")
        return _agents.inform(self, i, others)

    # ------------------------------------------------------------------ how it looks

    def to_frame(self) -> pd.DataFrame:
        """A table with one row for each type profile that can occur and each action profile: probability and payoffs."""
        import pandas as pd

        frames = {
            " & ".join(labels[k] for labels, k in zip(self._types, t)): stage.to_frame().assign(
                prior=float(p)
            )
            for t, p, stage in self.type_profiles()
        }
        return pd.concat(frames, names=["types"])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BayesianGame):
            return NotImplemented
        return (
            (self._players, self._types, self._actions) == (other._players, other._types, other._actions)
            and np.array_equal(self._prior, other._prior)
            and np.array_equal(self.exact, other.exact)
        )

    def __hash__(self) -> int:
        return hash((self._players, self._types, self._actions, (self.payoffs + 0.0).tobytes()))

    def __reduce__(self) -> tuple[Any, ...]:
        payoffs = self.exact if self._rational else self.payoffs
        return BayesianGame, (self._types, self._prior, payoffs, self._players, self._actions, self._title)

    def __repr__(self) -> str:
        sizes = ["x".join(map(str, x)) for x in (self.n_types, self.shape)]
        title = f" {self._title!r}" if self._title else ""
        return (
            f"<BayesianGame{title}: types {sizes[0]}, actions {sizes[1]}, players {', '.join(self._players)}>"
        )

    def _repr_html_(self) -> str:
        from html import escape

        from games import view

        parts = [f"<p><strong>{escape(self._title)}</strong></p>" if self._title else ""]
        for t, p, stage in self.type_profiles():
            who = ", ".join(f"{name}: {labels[k]}" for name, labels, k in zip(self._players, self._types, t))
            titled = NormalFormGame(
                stage.exact if stage.rational else stage.payoffs, self._players, self._actions
            )
            parts.append(f"<p>{escape(who)} (probability {p})</p>{view.html(titled)}")
        return "".join(parts)
