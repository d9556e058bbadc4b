"""Games in normal (strategic) form, for any number of players.

Notation, used throughout the project: N players, player i has k_i actions, a *profile* `a` is one action index for each
player, `payoffs[a]` is the vector of N payoffs, and `payoffs[a][i]` is player i's. A *mixed profile* is a tuple
of N probability vectors, the i-th of length k_i. Players keep one fixed order everywhere.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from functools import cached_property
from math import lcm
from pathlib import Path
from typing import TYPE_CHECKING, Any, SupportsInt

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import FormatError, GameError, ProfileError, did_you_mean
from games.exact import exactly, exactly_all, lossless, resolution
from games.lotteries import SUM_TOLERANCE
from games.types import BoolArray, FloatArray, MixedProfile, ObjectArray, Profile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BoolArray", "FloatArray", "MixedProfile", "NormalFormGame", "Profile"]


class NormalFormGame:
    """A finite game in normal form: immutable, labelled and validated.

    Parameters
    ----------
    payoffs : array of shape (k_1, ..., k_N, N)
        `payoffs[a][i]` is player i's payoff at profile a. Integers and `fractions.Fraction` are kept exactly
        (see `exact`) beside their float values; floats are taken to mean what they say.
    players : sequence of N distinct strings, optional
        Defaults to `Player 1`, `Player 2`, ...
    actions : sequence of N sequences of distinct strings, optional
        Defaults to `1`, `2`, ... for each player.
    title : str, optional
        A name to show above tables.

    Raises
    ------
    GameError
        If the array has the wrong shape, is empty, or holds NaN or infinity; if labels are missing, too many or
        repeated.

    Examples
    --------
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
    >>> game.payoff(("C", "D"))
    array([0., 5.])
    >>> game.regret(("C", "C"))
    array([2., 2.])
    """

    def __init__(
        self,
        payoffs: npt.ArrayLike | Sequence[Any],
        players: Sequence[str] | None = None,
        actions: Sequence[Sequence[str]] | None = None,
        title: str = "",
    ) -> None:
        try:
            given = lossless(payoffs)
            if given.dtype.kind not in "biufO":
                raise TypeError(f"these are of type {given.dtype}")
            table = np.array(given, dtype=np.float64, order="C")
        except (TypeError, ValueError, OverflowError) as error:
            raise GameError(f"payoffs must be an array of numbers: {error}") from None
        if _is_table(players):
            raise GameError(
                "players are names; got a table of numbers. Of two payoff tables A and B make a game with "
                "NormalFormGame.from_bimatrix(A, B)"
            )
        if table.ndim < 2 or table.shape[-1] != table.ndim - 1:
            raise GameError(
                f"payoffs have shape {table.shape}; a game of N players needs shape (k_1, ..., k_N, N): "
                "one axis for each player's actions and a last axis with one payoff for each player"
            )
        if table.size == 0:
            raise GameError(f"payoffs have shape {table.shape}; every player needs at least one action")
        if not np.isfinite(table).all():
            where = tuple(int(x) for x in np.argwhere(~np.isfinite(table))[0])
            raise GameError(
                f"payoffs[{', '.join(map(str, where))}] is {table[where]}; every payoff must be a finite number"
            )
        with np.errstate(over="ignore"):
            spans = np.ptp(table.reshape(-1, table.shape[-1]), axis=0)
        if not np.isfinite(spans).all():
            raise GameError(
                f"the payoffs of player {int(np.argmax(spans)) + 1} lie further apart than the largest float; rescale them"
            )
        table.setflags(write=False)
        self._payoffs = table
        # Only numbers that a float cannot hold exactly need a second copy.
        self._given = given.copy() if given.dtype == object or given.dtype.kind in "iu" else None
        n = table.shape[-1]
        self._players = _labels(
            players if players is not None else [f"Player {i + 1}" for i in range(n)], n, "players"
        )
        if actions is None:
            actions = [[str(a + 1) for a in range(k)] for k in table.shape[:-1]]
        if isinstance(actions, str) or not hasattr(actions, "__len__") or len(actions) != n:
            raise GameError(f"actions must hold {n} lists of labels, one for each player; got {actions!r}")
        self._actions = tuple(
            _labels(labels, k, f"actions of {player}")
            for labels, k, player in zip(actions, table.shape[:-1], self._players)
        )
        self._title = str(title)

    # ------------------------------------------------------------------ constructors

    @classmethod
    def from_bimatrix(
        cls,
        A: npt.ArrayLike | Sequence[Any],
        B: npt.ArrayLike | Sequence[Any] | None = None,
        players: Sequence[str] | None = None,
        actions: Sequence[Sequence[str]] | None = None,
        title: str = "",
    ) -> NormalFormGame:
        """Make a two-player game from the row player's matrix A and the column player's B (zero-sum if B is left out).

        >>> NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]).payoff((0, 0))
        array([ 1., -1.])
        """
        try:
            a = lossless(A)
            b = _negative(a) if B is None else lossless(B)
        except (TypeError, ValueError) as error:
            raise GameError(f"A and B must be matrices of numbers: {error}") from None
        if a.ndim != 2 or a.shape != b.shape:
            raise GameError(
                f"A and B must be matrices of one shape; they have shapes {a.shape} and {b.shape}"
            )
        if a.dtype != b.dtype and "i" in (a.dtype.kind, b.dtype.kind):
            # Joined as they are, integers would become floats.
            a, b = a.astype(object), b.astype(object)
        return cls(np.stack([a, b], axis=-1), players, actions, title)

    @classmethod
    @checked
    def read(cls, path: str | Path) -> NormalFormGame:
        """Read a game file (`.nfg`, `.json`, `.csv` or `.xlsx`, by its ending); see `games.formats`."""
        from games.codecs import read_data

        data = read_data(path)
        try:
            return cls(data.payoffs, data.players, data.actions, data.title)
        except GameError as error:
            raise FormatError(f"{path}: {error}") from None

    @checked
    def write(self, path: str | Path) -> None:
        """Write the game to a file in the format of its ending; see `games.formats`."""
        from games.codecs import GameData, write_data

        payoffs = self.exact if self.rational else self.payoffs
        write_data(GameData(payoffs, self.players, self.actions, self.title), path)

    # ------------------------------------------------------------------ what it is

    @property
    def payoffs(self) -> FloatArray:
        """Read-only array of shape (k_1, ..., k_N, N)."""
        return self._payoffs

    @cached_property
    def exact(self) -> ObjectArray:
        """The payoffs as `fractions.Fraction`, shape (k_1, ..., k_N, N): exactly the numbers that were given."""
        out = exactly_all(self._payoffs if self._given is None else self._given)
        out.setflags(write=False)
        return out

    @cached_property
    def floats_are_exact(self) -> bool:
        """True if the floats in `payoffs` are exactly the numbers that were given."""
        if self._given is None:
            return True
        return all(
            a == b for a, b in zip(self._given.reshape(-1).tolist(), self._payoffs.reshape(-1).tolist())
        )

    @property
    def rational(self) -> bool:
        """True if the payoffs were given as integers or fractions, so that `exact` says what was meant."""
        return self._given is not None

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the N players."""
        return self._players

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
    def shape(self) -> tuple[int, ...]:
        """Number of actions of each player, (k_1, ..., k_N)."""
        return self._payoffs.shape[:-1]

    @cached_property
    def ranges(self) -> FloatArray:
        """Each player's largest less smallest payoff, shape (N,); the unit in which regrets are judged."""
        if self.floats_are_exact:
            lowest, highest = self._extremes
            return np.asarray(highest - lowest)
        exact = self.exact.reshape(-1, self.n_players)
        return np.array([float(column.max() - column.min()) for column in exact.T])

    @cached_property
    def _extremes(self) -> tuple[FloatArray, FloatArray]:
        """Each player's smallest and largest payoff, as floats, shape (N,)."""
        flat = self._payoffs.reshape(-1, self.n_players)
        return flat.min(axis=0), flat.max(axis=0)

    @cached_property
    def measured(self) -> FloatArray:
        """Payoffs for taking differences of, shape (k_1, ..., k_N, N): as given where floats hold them exactly.

        Otherwise they are measured from each player's smallest payoff, and subtracted before they are rounded.
        """
        if self.floats_are_exact:
            return self._payoffs
        lowest = self.exact.reshape(-1, self.n_players).min(axis=0)
        out = np.asarray((self.exact - lowest).astype(np.float64))
        out.setflags(write=False)
        return out

    @cached_property
    def normalised(self) -> FloatArray:
        """Payoffs from each player's smallest, 0, to its largest, 1 (all 0 if they are equal), shape (k_1, ..., k_N, N).

        They are shifted and scaled before they are rounded, so that a common offset costs no digits of a difference.
        Solvers compute with these: no best response and no equilibrium depends on a player's origin or unit.
        """
        if self.floats_are_exact:
            scale = np.where(self.ranges > 0, self.ranges, 1.0)
            out = (self._payoffs - self._extremes[0]) / scale
        else:
            out = self.two_parts[0]
        out.setflags(write=False)
        return np.asarray(out)

    @cached_property
    def two_parts(self) -> tuple[FloatArray, FloatArray]:
        """The normalised payoffs as sums of two floats, the second what rounding to the first leaves out: 106 bits."""
        high, low = np.zeros(self._payoffs.shape), np.zeros(self._payoffs.shape)
        for i in range(self.n_players):
            own = self.exact[..., i].reshape(-1).tolist()
            scale = lcm(*(x.denominator for x in own))
            whole = [x.numerator * (scale // x.denominator) for x in own]
            least = min(whole)
            span = max(whole) - least
            if span:
                # The quotient of two integers is rounded correctly however long they are.
                near = [(x - least) / span for x in whole]
                ratios = [x.as_integer_ratio() for x in near]
                rest = [((x - least) * d - n * span) / (d * span) for x, (n, d) in zip(whole, ratios)]
                high[..., i], low[..., i] = np.reshape(near, self.shape), np.reshape(rest, self.shape)
        return high, low

    @cached_property
    def resolution(self) -> FloatArray:
        """How far rounding may have moved each player's payoffs before they came here, over their range; shape (N,).

        Zero for integers, fractions and whole numbers that floats hold; else half the distance of the floats next to the
        largest payoff. One or more (infinity where all payoffs are equal) means that the differences are lost.
        """
        if self._given is None:
            return resolution(self._payoffs, True, self.ranges)
        if self._given.dtype != object:
            return np.zeros(self.n_players)
        rounded = [isinstance(x, (float, np.floating)) for x in self._given.reshape(-1).tolist()]
        return resolution(self._payoffs, np.reshape(rounded, self._payoffs.shape), self.ranges)

    # ------------------------------------------------------------------ profiles

    def player_index(self, player: str | int) -> int:
        """Index of a player given by name or index. Raises ProfileError for one who is not in the game."""
        if isinstance(player, str):
            if player in self._players:
                return self._players.index(player)
            raise ProfileError(f"there is no player {player!r}{did_you_mean(player, self._players)}")
        position = _index(player, "a player is named by its label or index")
        if not 0 <= position < self.n_players:
            raise ProfileError(
                f"there is no player with index {position}; this game has players 0 to {self.n_players - 1}"
            )
        return position

    def action_index(self, player: str | int, action: str | SupportsInt) -> int:
        """Index of a player's action given by label or index."""
        i = self.player_index(player)
        if isinstance(action, str):
            if action in self._actions[i]:
                return self._actions[i].index(action)
            raise ProfileError(
                f"{self._players[i]} has no action {action!r}{did_you_mean(action, self._actions[i])}"
            )
        position = _index(action, f"an action of {self._players[i]} is named by its label or index")
        if not 0 <= position < self.shape[i]:
            raise ProfileError(
                f"{self._players[i]} has no action with index {position}; indices run from 0 to {self.shape[i] - 1}"
            )
        return position

    def profile(self, profile: Sequence[str | SupportsInt]) -> Profile:
        """Turn a profile of labels, indices or both into a tuple of N indices.

        Raises ProfileError for a wrong length, an unknown label or an index out of range.
        """
        if isinstance(profile, str) or not hasattr(profile, "__len__") or len(profile) != self.n_players:
            raise ProfileError(
                f"a profile names one action for each of {', '.join(self._players)}; got {profile!r}"
            )
        return tuple(self.action_index(i, a) for i, a in enumerate(profile))

    def labels(self, profile: Sequence[str | SupportsInt]) -> tuple[str, ...]:
        """The action labels of a profile."""
        return tuple(self._actions[i][a] for i, a in enumerate(self.profile(profile)))

    def mixed(self, profile: Sequence[Any]) -> MixedProfile:
        """Turn a profile whose entries are action labels, indices or probability vectors into N probability vectors.

        A vector must have length k_i, no negative entry below -1e-9 and sum to 1 within 1e-9; otherwise ProfileError.
        """
        if isinstance(profile, str) or not hasattr(profile, "__len__") or len(profile) != self.n_players:
            raise ProfileError(
                f"a profile has one entry for each of {', '.join(self._players)}; got {profile!r}"
            )
        out = []
        for i, entry in enumerate(profile):
            if isinstance(entry, str) or np.ndim(entry) == 0:
                vector = np.zeros(self.shape[i])
                vector[self.action_index(i, entry)] = 1.0
            else:
                try:
                    vector = np.array(entry, dtype=np.float64)
                except (TypeError, ValueError) as error:
                    raise ProfileError(
                        f"the strategy of {self._players[i]} is not an action or a vector of probabilities: {error}"
                    ) from None
                if vector.shape != (self.shape[i],):
                    raise ProfileError(
                        f"the strategy of {self._players[i]} has shape {vector.shape}; "
                        f"it needs one probability for each of {self.shape[i]} actions"
                    )
                total = float(np.add.reduce(vector))
                # Written so that an undefined number passes neither.
                if not float(np.minimum.reduce(vector)) >= -SUM_TOLERANCE:
                    raise ProfileError(
                        f"the strategy of {self._players[i]} has a negative or undefined probability"
                    )
                if not abs(total - 1.0) <= SUM_TOLERANCE:
                    raise ProfileError(
                        f"the probabilities of {self._players[i]} sum to {total:.12g}; they must sum to 1"
                    )
            out.append(vector)
        return tuple(out)

    # ------------------------------------------------------------------ payoffs

    def payoff(self, profile: Sequence[str | SupportsInt]) -> FloatArray:
        """Payoffs at a pure profile, shape (N,)."""
        return np.asarray(self._payoffs[self.profile(profile)])

    def expected(self, profile: Sequence[Any]) -> FloatArray:
        """Expected payoffs at a mixed profile, shape (N,)."""
        mixed = self.mixed(profile)
        return np.array([values @ mixed[i] for i, values in enumerate(self._action_values(mixed))])

    def action_values(self, profile: Sequence[Any]) -> tuple[FloatArray, ...]:
        """For each player i the payoff of each of its actions against the others' play, N arrays of shape (k_i,)."""
        return self._action_values(self.mixed(profile))

    def _action_values(self, mixed: MixedProfile, normalised: bool = False) -> tuple[FloatArray, ...]:
        payoffs = self.normalised if normalised else self._payoffs
        return tuple(_contracted(payoffs[..., i], mixed, i) for i in range(self.n_players))

    def regret(self, profile: Sequence[Any]) -> FloatArray:
        """What each player could gain by its best deviation, shape (N,); all zero exactly at a Nash equilibrium.

        It is computed from the differences of the payoffs as given: a common offset costs no digits.
        """
        mixed = self.mixed(profile)
        out = np.zeros(self.n_players)
        for i, values in enumerate(self._action_values(mixed, True)):
            # Differences are taken before they are averaged: two payoffs may agree in all the digits that their values show.
            gains = _contracted(self.gains_over(i, int(values.argmax())), mixed, i)
            out[i] = max(0.0, gains.max() - gains @ mixed[i])
        return out

    def gains_over(self, player: str | int, action: str | SupportsInt) -> FloatArray:
        """What each of a player's actions adds to its payoff over one of them, shape (k_1, ..., k_N), in its payoff units.

        Each difference is formed from the numbers as given and then rounded once.

        >>> game = NormalFormGame.from_bimatrix([[10**18], [10**18 + 1]])
        >>> game.gains_over(0, 0).tolist()
        [[0.0], [1.0]]
        """
        i = self.player_index(player)
        one = [self.action_index(i, action)]
        if self.floats_are_exact:
            own = self._payoffs[..., i]
            return np.asarray(own - own.take(one, axis=i))
        high, low = (part[..., i] for part in self.two_parts)
        return np.asarray(self.ranges[i] * ((high - high.take(one, axis=i)) + (low - low.take(one, axis=i))))

    def best_responses(self, profile: Sequence[Any], tolerance: float = 1e-12) -> tuple[tuple[int, ...], ...]:
        """For each player the indices of its best actions against the others' play.

        `tolerance` is relative to the player's payoff range: values closer than that to the best count as best.
        """
        return tuple(
            tuple(int(a) for a in np.flatnonzero(values >= values.max() - tolerance))
            for values in self._action_values(self.mixed(profile), True)
        )

    @cached_property
    def best_response_mask(self) -> BoolArray:
        """Boolean array like `payoffs`: is `a_i` a best response to the others in a? Ties are exact."""
        mask = np.empty(self._payoffs.shape, dtype=np.bool_)
        payoffs = self._payoffs if self.floats_are_exact else self.exact
        for i in range(self.n_players):
            own = payoffs[..., i]
            np.equal(own, own.max(axis=i, keepdims=True), out=mask[..., i])
        mask.setflags(write=False)
        return mask

    # ------------------------------------------------------------------ new games from old

    @checked
    def restrict(
        self, actions: Mapping[str, Sequence[str | int]] | Sequence[Sequence[str | int]]
    ) -> NormalFormGame:
        """The game in which each player keeps only the named actions, in the order named.

        `actions` maps player names to actions (players left out keep all), or lists the actions of every player.
        """
        if isinstance(actions, Mapping):
            named = {self.player_index(player): list(kept) for player, kept in actions.items()}
            lists = [named.get(i, list(range(k))) for i, k in enumerate(self.shape)]
        else:
            if len(actions) != self.n_players:
                raise ProfileError(f"restrict needs one list of actions for each of {self.n_players} players")
            lists = [list(kept) for kept in actions]
        index = [[self.action_index(i, a) for a in kept] for i, kept in enumerate(lists)]
        for i, kept in enumerate(index):
            if not kept:
                raise ProfileError(f"restrict leaves {self._players[i]} without an action")
        source = self._payoffs if self._given is None else self._given
        return NormalFormGame(
            source[np.ix_(*index, range(self.n_players))],
            self._players,
            [[self._actions[i][a] for a in kept] for i, kept in enumerate(index)],
            self._title,
        )

    @checked
    def rescale(self, scale: npt.ArrayLike = 1, shift: npt.ArrayLike = 0) -> NormalFormGame:
        """The game with payoffs `scale_i * u_i + shift_i`; each is a number or one for each player, scale positive.

        Such a change of units changes no best response and no equilibrium. It is exact if the payoffs, scale and shift are
        all integers or fractions.
        """
        n = self.n_players
        try:
            factor = np.broadcast_to(np.asarray(scale), (n,))
            offset = np.broadcast_to(np.asarray(shift), (n,))
            positive = (np.asarray(factor, dtype=np.float64) > 0).all()
        except (TypeError, ValueError):
            raise GameError(
                f"scale and shift are each one number or {n}, one for each player; got {scale!r} and {shift!r}"
            ) from None
        if not positive:
            raise GameError(f"scale must be positive for every player; got {scale!r}")
        in_fractions = self.rational and factor.dtype.kind in "iuO" and offset.dtype.kind in "iuO"
        if in_fractions:
            units = [(exactly(a), exactly(b)) for a, b in zip(factor.tolist(), offset.tolist())]
            columns = [self.exact[..., i] * a + b for i, (a, b) in enumerate(units)]
            payoffs = np.stack(columns, axis=-1)
        else:
            with np.errstate(over="ignore"):
                payoffs = self._payoffs * factor.astype(np.float64) + offset.astype(np.float64)
        return NormalFormGame(payoffs, self._players, self._actions, self._title)

    @checked
    def permute(self, order: Sequence[str | int]) -> NormalFormGame:
        """The same game with the players in another order."""
        index = [self.player_index(p) for p in order]
        if sorted(index) != list(range(self.n_players)):
            raise ProfileError(f"{order!r} is not an order of the players {', '.join(self._players)}")
        source = self._payoffs if self._given is None else self._given
        return NormalFormGame(
            source.transpose([*index, self.n_players])[..., index],
            [self._players[i] for i in index],
            [self._actions[i] for i in index],
            self._title,
        )

    # ------------------------------------------------------------------ how it looks

    def to_frame(self) -> pd.DataFrame:
        """A table with one row for each profile (indexed by action labels) and one payoff column for each player."""
        import pandas as pd

        index = pd.MultiIndex.from_product(self._actions, names=self._players)
        return pd.DataFrame(
            self._payoffs.reshape(-1, self.n_players), index=index, columns=list(self._players)
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NormalFormGame):
            return NotImplemented
        return (
            self._players == other._players
            and self._actions == other._actions
            and np.array_equal(self._payoffs, other._payoffs)
            # Floats stand for the decimals that they are written as, so only two games in exact numbers differ by less.
            and (
                not (self.rational and other.rational)
                or (self.floats_are_exact and other.floats_are_exact)
                or np.array_equal(self.exact, other.exact)
            )
        )

    def __hash__(self) -> int:
        # Adding zero turns -0.0, which equals 0.0, into it.
        return hash((self._players, self._actions, (self._payoffs + 0.0).tobytes()))

    def __reduce__(self) -> tuple[Any, ...]:
        # Pickled arrays come back writable; building the game anew keeps it immutable.
        source = self._payoffs if self._given is None else self._given
        return NormalFormGame, (source, self._players, self._actions, self._title)

    def __repr__(self) -> str:
        size = "x".join(map(str, self.shape))
        title = f" {self._title!r}" if self._title else ""
        return f"<NormalFormGame{title}: {size}, players {', '.join(self._players)}>"

    def _repr_html_(self) -> str:
        from games import view

        return view.html(self)


def _labels(labels: Sequence[str], count: int, what: str) -> tuple[str, ...]:
    if isinstance(labels, str) or not hasattr(labels, "__len__") or len(labels) != count:
        raise GameError(f"{what}: {count} labels are needed, got {labels!r}")
    out = tuple(str(label) for label in labels)
    seen: set[str] = set()
    for label in out:
        if label in seen:
            raise GameError(f"{what}: the label {label!r} stands more than once; labels must differ")
        seen.add(label)
        if not label.strip():
            raise GameError(f"{what}: a label is empty")
    return out


def _index(given: Any, what: str) -> int:
    try:
        return operator.index(given)
    except TypeError:
        raise ProfileError(f"{what}; got {given!r}") from None


def _contracted(values: FloatArray, mixed: MixedProfile, i: int) -> FloatArray:
    # The last axes first: each step then keeps contiguous memory.
    for j in reversed(range(len(mixed))):
        if j != i:
            values = np.tensordot(values, mixed[j], axes=(j, 0))
    return np.asarray(values)


def _negative(matrix: npt.NDArray[Any]) -> npt.NDArray[Any]:
    # The least 64-bit integer has no negative of its own width.
    if matrix.dtype.kind == "i" and matrix.min(initial=0) == np.iinfo(np.int64).min:
        matrix = matrix.astype(object)
    return np.asarray(-matrix)


def _is_table(value: object) -> bool:
    """Whether a value is rows of numbers, as a second payoff table is."""
    try:
        found = np.asarray(value)
    except ValueError:
        return False
    return found.ndim == 2 and found.dtype.kind in "biuf"
