"""How patient each power must be for a profile to be worth keeping to: critical discount factors.

Values are normalised by 1 - discount, so that they are in stage units. Keeping to the profile is worth `u` for ever;
the best deviation gains `g` once and is answered by a continuation worth `w`. It does not pay exactly when

    slack = discount * (u - w) - (1 - discount) * g >= 0,    that is    discount >= g / (g + u - w)

(Friedman 1971 for reversion to a Nash equilibrium; Abreu 1988 for the worst equilibrium as the hardest punishment.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, SupportsInt, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from games.automata import Automaton
from games.errors import GameError, MethodError, SizeError, did_you_mean
from games.normal_form import FloatArray, NormalFormGame, Profile
from games.repeated import discount_vector
from solvers.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from solvers.nash.equilibria import Equilibria

__all__ = [
    "CriticalDiscount",
    "best_deviation",
    "critical_discount",
    "finite_threshold",
    "rounding",
    "slack",
    "threshold",
]

ProfileLike: TypeAlias = Sequence[str | SupportsInt]
MinmaxKind: TypeAlias = Literal["pure", "mixed", "correlated"]

_NAMES = ("nash", "minmax", "finite", "tit-for-tat", "optimal", "renegotiation-proof")
_ROUNDING = 1e-12


def threshold(
    gain: npt.ArrayLike,
    cooperative: npt.ArrayLike,
    punishment_value: npt.ArrayLike,
    tolerance: npt.ArrayLike = 0.0,
) -> FloatArray:
    """The smallest discount factor at which a deviation does not pay: `gain / (gain + cooperative - punishment)`.

    All arguments are arrays that broadcast against one another (one entry each for a power, a partition, ...).
    Where the gain is no more than `tolerance` the answer is 0; where there is a gain and the cooperative payoff
    does not exceed the punishment value by more than `tolerance`, no discount factor will do and the answer is inf.
    A deviation without a gain needs no answer: it is taken to be disregarded where the "punishment" would reward it.
    Source: Friedman (1971), *Review of Economic Studies* 38.

    >>> threshold([2, 0, 1], 3, [1, 1, 3])
    array([0.5, 0. , inf])
    """
    g = np.asarray(gain, dtype=np.float64)
    loss = np.asarray(cooperative, dtype=np.float64) - np.asarray(punishment_value, dtype=np.float64)
    g, loss, small = np.broadcast_arrays(g, loss, np.asarray(tolerance, dtype=np.float64))
    out = np.full(g.shape, np.inf)
    np.divide(g, g + loss, out=out, where=(g > small) & (loss > small))
    out[g <= small] = 0.0
    return out


def finite_threshold(
    gain: npt.ArrayLike,
    cooperative: npt.ArrayLike,
    punishment_value: npt.ArrayLike,
    years: npt.ArrayLike,
    tolerance: npt.ArrayLike = 0.0,
) -> FloatArray:
    """As `threshold` for a punishment of `years` periods, after which cooperation resumes.

    A deviation does not pay if `gain <= (d + d**2 + ... + d**years) * (cooperative - punishment)`; the answer is the root d, and
    inf where even d = 1 would not do. `years` may be infinite.

    >>> finite_threshold(2, 3, 1, [1, 2, 1000]).round(4)
    array([  inf, 0.618, 0.5  ])
    """
    periods = np.asarray(years, dtype=np.float64)
    if not ((periods >= 1) & ((periods == np.floor(periods)) | np.isinf(periods))).all():
        raise MethodError(f"a punishment lasts a whole number of periods, at least 1; years is {years!r}")
    forever = threshold(gain, cooperative, punishment_value, tolerance)
    loss = np.asarray(cooperative, dtype=np.float64) - np.asarray(punishment_value, dtype=np.float64)
    g, loss, periods, small, out = np.broadcast_arrays(gain, loss, periods, tolerance, forever)
    out = out.copy()
    short = (g > small) & (loss > small) & np.isfinite(periods)
    out[short & (g >= np.where(short, periods, 1.0) * loss)] = np.inf
    search = short & np.isfinite(out)
    need, k = (g[search] / loss[search]), periods[search]
    low, high = out[search], np.ones(int(search.sum()))
    # The sum of the first powers grows with d, so halving finds its root to the last digit.
    for _ in range(55):
        middle = (low + high) / 2
        enough = middle * (1 - middle**k) >= need * (1 - middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    out[search] = high
    return out


def rounding(game: NormalFormGame) -> FloatArray:
    """Differences of payoffs below this are rounding, shape (N,): 1e-12 of the range plus a few float spacings."""
    largest = np.abs(game.payoffs).reshape(-1, game.n_players).max(axis=0)
    return np.asarray(_ROUNDING * game.ranges + 8 * np.finfo(np.float64).eps * largest)


def best_deviation(game: NormalFormGame, profile: ProfileLike) -> tuple[FloatArray, Profile]:
    """Each player's gain from its best one-period deviation (N,), and the action that attains it.

    The gain is the best *other* action's payoff less the profile's, so it is negative where every deviation costs;
    a player with one action has no deviation, gain 0.

    >>> from games import NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> best_deviation(pd, (0, 0))
    (array([2., 2.]), (1, 1))
    """
    a = game.profile(profile)
    gain = np.zeros(game.n_players)
    action = list(a)
    for i, k in enumerate(game.shape):
        if k == 1:
            continue
        index: tuple[Any, ...] = (*a[:i], slice(None), *a[i + 1 :], i)
        own = game.payoffs[index]
        others = np.where(np.arange(k) == a[i], -np.inf, own)
        action[i] = int(others.argmax())
        gain[i] = others[action[i]] - own[a[i]]
    return gain, tuple(action)


@dataclass(frozen=True, eq=False, repr=False)
class CriticalDiscount(Result):
    """How patient each player must be for a profile to be sustained, under one kind of punishment.

    Attributes
    ----------
    game : NormalFormGame
    profile : tuple of N action indices, the profile to be sustained
    punishment : what happens to a deviator, in words
    gain : array (N,), what the best one-period deviation gains (negative where every deviation costs)
    best_action : tuple of N action indices, that deviation
    cooperative : array (N,), the payoffs of the profile
    benchmarks : array (E, N), the continuation values considered, one row for each punishment
    benchmark_names : tuple of E strings
    complete : False if there may be further punishments of this kind that were not found
    notes : what was left out, in words
    years : how many periods a punishment lasts; inf for ever
    solved : array (E, N) of critical discount factors where no formula gives them, else None
    bracket : array (2, N), numbers between which each of `solved` provably lies, or None
    """

    game: NormalFormGame
    profile: Profile
    punishment: str
    gain: FloatArray
    best_action: Profile
    cooperative: FloatArray
    benchmarks: FloatArray
    benchmark_names: tuple[str, ...]
    complete: bool
    notes: tuple[str, ...] = ()
    years: float = np.inf
    solved: FloatArray | None = None
    bracket: FloatArray | None = None

    def __post_init__(self) -> None:
        for name in ("gain", "cooperative", "benchmarks"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @cached_property
    def thresholds(self) -> FloatArray:
        """Critical discount factors under each punishment, shape (E, N)."""
        if self.solved is not None:
            return self.solved
        return finite_threshold(self.gain, self.cooperative, self.benchmarks, self.years, rounding(self.game))

    @property
    def deviation(self) -> tuple[str, ...]:
        """Labels of each player's best deviation."""
        return self.game.labels(self.best_action)

    @property
    def punishment_values(self) -> FloatArray:
        """The harshest value found for each player, shape (N,); what `per_player` rests on."""
        return np.asarray(self.benchmarks.min(axis=0))

    @property
    def per_player(self) -> FloatArray:
        """Critical discount factors if each deviator is met with the punishment harshest for it, shape (N,).

        inf where no discount factor sustains the profile, 0 where no deviation gains.
        """
        return np.asarray(self.thresholds.min(axis=0))

    @property
    def worst(self) -> FloatArray:
        """Critical discount factors if each deviator is met with the punishment mildest for it, shape (N,)."""
        return np.asarray(self.thresholds.max(axis=0))

    @property
    def overall(self) -> float:
        """The largest of `per_player`: a common discount factor this high sustains the profile."""
        return float(self.per_player.max())

    @property
    def common(self) -> float:
        """The common discount factor needed if one and the same punishment answers every deviator."""
        return float(self.thresholds.max(axis=1).min())

    @property
    def common_punishment(self) -> str:
        """The punishment that attains `common`."""
        return self.benchmark_names[int(self.thresholds.max(axis=1).argmin())]

    @property
    def binding(self) -> str:
        """The player who needs the most patience."""
        return self.game.players[int(self.per_player.argmax())]

    def slack(self, discount: npt.ArrayLike) -> FloatArray:
        """What each player loses by its best deviation at these discount factors, shape (N,), in payoff units.

        `discount * (u - w) - (1 - discount) * gain` with the harshest punishment (for one of k years times
        `1 - discount**k` in the first term); negative exactly where deviating pays. A player without a gain
        needs no punishment, so a punishment value above `u` then counts as `u`.
        """
        return np.asarray(self._slack(discount).max(axis=0))

    def _slack(self, discount: npt.ArrayLike) -> FloatArray:
        if self.solved is not None:
            raise MethodError(
                f"{self.punishment} has no one value that a deviator is held to at every discount factor; "
                "use repeated.check or repeated.payoff_set at this one"
            )
        d = discount_vector(discount, self.game)
        loss = self.cooperative - self.benchmarks
        loss = np.where(self.gain <= rounding(self.game), np.maximum(loss, 0.0), loss)
        return np.asarray(d * (1 - d**self.years) * loss - (1 - d) * self.gain)

    def slack_by_punishment(self, discount: npt.ArrayLike) -> pd.DataFrame:
        """Slack under each punishment: one row a punishment, one column a player."""
        import pandas as pd

        return pd.DataFrame(
            self._slack(discount), index=list(self.benchmark_names), columns=list(self.game.players)
        )

    @property
    def by_punishment(self) -> pd.DataFrame:
        """Critical discount factors under each punishment: one row a punishment, a column a player, and `overall`."""
        import pandas as pd

        frame = pd.DataFrame(
            self.thresholds, index=list(self.benchmark_names), columns=list(self.game.players)
        )
        frame["overall"] = self.thresholds.max(axis=1)
        return frame

    def summary(self) -> str:
        kept = ", ".join(
            f"{player}: {label}" for player, label in zip(self.game.players, self.game.labels(self.profile))
        )
        if np.isinf(self.overall):
            sure = "whatever its patience" + ("" if self.complete else ", with the punishments found")
            head = (
                f"({kept}) cannot be sustained by {self.punishment}: {self.binding} gains by deviating {sure}"
            )
        elif self.overall == 0.0:
            head = f"({kept}) is a stage equilibrium: no patience is needed"
        else:
            head = (
                f"({kept}) is sustained by {self.punishment} from a common discount factor of "
                f"{self.overall:.6g}; {self.binding} binds"
            )
        several = ""
        if len(self.benchmarks) > 1:
            one = f"{self.common:.6g}" if np.isfinite(self.common) else "none"
            several = (
                f" Each deviator meets the harshest for it of {len(self.benchmarks)} punishments; "
                f"with one and the same for all: {one}."
            )
        return f"{head}.{several}" + "".join(f" {note}" for note in self.notes)

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: payoff, best deviation, gain, punishment value, critical discount."""
        import pandas as pd

        frame = pd.DataFrame(
            {
                "payoff": self.cooperative,
                "best deviation": self.deviation,
                "gain": self.gain,
                "punishment value": self.punishment_values,
                "critical discount": self.per_player,
            },
            index=pd.Index(self.game.players, name="player"),
        )
        if len(self.benchmarks) > 1:
            frame["with the mildest"] = self.worst
        return frame


def critical_discount(
    game: NormalFormGame,
    profile: ProfileLike,
    punishment: str | Automaton | npt.ArrayLike = "nash",
    *,
    equilibria: Equilibria | npt.ArrayLike | None = None,
    kind: MinmaxKind = "correlated",
    years: int | None = None,
    punish: ProfileLike | None = None,
    toward: Literal["any", "each"] = "any",
    discount: npt.ArrayLike | None = None,
) -> CriticalDiscount:
    """How patient each player must be for `profile` to be sustained when deviators are punished.

    Parameters
    ----------
    game : NormalFormGame
    profile : tuple of N action labels or indices
    punishment : str, Automaton or array
        - `"nash"`: reversion for ever to a stage Nash equilibrium (closed form). All known equilibria are
          considered: `per_player` uses the harshest for each deviator, `worst` the mildest, `common` one for all.
        - `"finite"`: the same for `years` periods, then back.
        - `"minmax"`: the bound that no punishment beats; `kind` says what the others may do together
          (`"correlated"`, `"mixed"` independently, or `"pure"`). No equilibrium need attain it.
        - `"optimal"`: the worst equilibrium for each deviator (pure strategies, public randomisation), from
          `repeated.payoff_set`, bracketed to 1e-6.
        - `"tit-for-tat"`: from which discount factor on no strategy does better against tit for tat than to
          cooperate (`toward` any or each, `punish` as in `games.strategies.tit_for_tat`).
        - `"renegotiation-proof"`: penance that nobody would rather skip; see `repeated.renegotiation`.
          `years` is the length of the penance; by default its end is drawn by public lottery.
        - an Automaton that plays `profile`: from which discount factor on it is a Nash equilibrium.
        - an array of shape (N,) or (E, N): continuation values, each row one punishment.
    equilibria : Equilibria or array (E, N) of payoffs, optional
        For `"nash"` and `"finite"`: the equilibria to revert to (they may belong to another game of the same players,
        such as the stage game on another map). By default all that `solvers.nash.find_all` finds in `game`.
    kind, years, toward : see above
    punish : for `"tit-for-tat"`, the profile to answer with; by default each player's own best deviation
    discount : for `"optimal"` and `"renegotiation-proof"`: the players' discount factors. Then `per_player` says how
        low each one's may fall, the others' as given; without it all players share one.
        (Under the other punishments the others' patience does not matter.)

    Raises
    ------
    ProfileError
        If the profile is not in the game.
    MethodError
        For an unknown punishment, or none to revert to.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> critical_discount(pd, (0, 0), punishment=[1, 1]).per_player
    array([0.5, 0.5])
    >>> critical_discount(pd, (0, 0), "tit-for-tat").per_player
    array([0.6667, 0.6667])
    """
    a = game.profile(profile)
    gain, action = best_deviation(game, a)
    names: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    complete = True
    length = np.inf
    solved: FloatArray | None = None
    bracket: FloatArray | None = None
    if isinstance(punishment, Automaton):
        values, solved, notes = _against_automaton(game, a, punishment)
        words = "the given automaton"
    elif not isinstance(punishment, str):
        values, words = _rows(punishment, game, "punishment"), "the given punishment"
    elif punishment == "nash":
        values, names, complete, notes = _nash(game, equilibria)
        words = "Nash reversion"
    elif punishment == "finite":
        if years is None:
            raise MethodError("punishment='finite' needs years=, the number of periods that it lasts")
        finite_threshold(0.0, 0.0, 0.0, years)
        values, names, complete, notes = _nash(game, equilibria)
        words, length = f"Nash reversion for {years} period{'s' * (years != 1)}", float(years)
    elif punishment == "minmax":
        values, names = _minmax_values(game, kind)[None, :], (f"{kind} minmax",)
        words = f"punishment at the {kind} minmax (a bound, not a strategy)"
    elif punishment == "tit-for-tat":
        from games.strategies import tit_for_tat

        automaton = tit_for_tat(game, a, action if punish is None else punish, toward)
        values, solved, notes = _against_automaton(game, a, automaton)
        words = f"tit for tat toward {toward} rival"
    elif punishment == "optimal":
        from solvers.repeated.penal import optimal_thresholds

        values, solved, bracket, notes = optimal_thresholds(game, a, discount)
        words = "optimal punishments"
    elif punishment == "renegotiation-proof":
        from solvers.repeated.renegotiation import penance_thresholds

        values, solved, notes = penance_thresholds(game, a, years, discount)
        words, complete = "renegotiation-proof penance", False
    else:
        raise MethodError(f"no punishment {punishment!r}{did_you_mean(punishment, _NAMES)}")
    return CriticalDiscount(
        game=game,
        profile=a,
        punishment=words,
        gain=gain,
        best_action=action,
        cooperative=game.payoffs[a],
        benchmarks=values,
        benchmark_names=names or tuple(f"punishment {e + 1}" for e in range(len(values))),
        complete=complete,
        notes=notes,
        years=length,
        solved=solved,
        bracket=bracket,
    )


def slack(
    game: NormalFormGame,
    profile: ProfileLike,
    discount: npt.ArrayLike,
    punishment: str | npt.ArrayLike = "nash",
    **options: Any,
) -> FloatArray:
    """What each player loses by its best deviation, shape (N,): `discount * (u - w) - (1 - discount) * gain`.

    In the player's own payoff units; negative where deviating pays. Arguments as in `critical_discount`.

    >>> from games import NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> slack(pd, (0, 0), discount=[0.5, 0.75], punishment=[1, 1])
    array([0., 1.])
    """
    return critical_discount(game, profile, punishment, **options).slack(discount)


def _rows(values: npt.ArrayLike, game: NormalFormGame, what: str) -> FloatArray:
    rows = np.atleast_2d(np.asarray(values, dtype=np.float64))
    if rows.ndim != 2 or rows.shape[1] != game.n_players or not np.isfinite(rows).all():
        raise GameError(
            f"{what} has shape {np.shape(values)}; it needs one finite payoff for each of "
            f"{', '.join(game.players)}, in one row or several"
        )
    return rows


def _nash(
    game: NormalFormGame, equilibria: Equilibria | npt.ArrayLike | None
) -> tuple[FloatArray, tuple[str, ...], bool, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    if equilibria is None:
        from solvers import nash

        try:
            equilibria = nash.find_all(game)
        except SizeError:
            equilibria = nash.pure(game)
            notes = (
                "The game is too large for a search for mixed equilibria: only pure ones were considered.",
            )
    if not hasattr(equilibria, "found"):
        values = _rows(equilibria, game, "equilibria")
        return values, tuple(f"equilibrium {e + 1}" for e in range(len(values))), True, notes
    found = cast("Equilibria", equilibria)
    complete = found.complete and not notes
    rows = [e.payoffs for e in found]
    names = [f"equilibrium {e + 1}" for e in range(len(rows))]
    # On a connected set of equilibria the harshest for a player is an extreme point, which `found` need not list.
    for c, component in enumerate(found.components):
        for vertex in component.vertices:
            value = found.game.expected(vertex)
            if not any(np.all(np.abs(value - row) <= rounding(found.game)) for row in rows):
                rows.append(value)
                names.append(f"component {c + 1}, a vertex")
    if not rows:
        raise MethodError(
            f"no Nash equilibrium was found to revert to ({found.method}); give equilibria=, or ask for "
            "punishment='minmax'"
        )
    if not complete and not notes:
        notes = ("The search for equilibria was not complete: a harsher one may exist.",)
    return _rows(rows, game, "equilibria"), tuple(names), complete, notes


def _minmax_values(game: NormalFormGame, kind: MinmaxKind) -> FloatArray:
    from solvers import minmax

    # The proven lower end: whatever the others do, the player gets at least this.
    return np.asarray(minmax.values(game, kind).lower, dtype=np.float64)


def _against_automaton(
    game: NormalFormGame, profile: Profile, automaton: Automaton
) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    from solvers.repeated.deviations import nash_thresholds

    if automaton.played[int(automaton.start.argmax())] != np.ravel_multi_index(profile, game.shape):
        raise MethodError("the automaton does not begin with the profile that is to be sustained")
    note = (
        "The automaton is then a Nash equilibrium; whether it also is subgame perfect, repeated.check tells. "
        "The punishment value varies with the discount factor and is not shown."
    )
    return np.full((1, game.n_players), np.nan), nash_thresholds(game, automaton)[None, :], (note,)
