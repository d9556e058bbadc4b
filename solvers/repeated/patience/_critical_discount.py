"""How patient each player must be to keep to a profile, under each kind of punishment.

The results and the formulas that they rest on are in `solvers.repeated.patience._thresholds`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from games.arguments import instance, numbers, whole
from games.errors import GameError, MethodError, SizeError, did_you_mean
from games.normal_form import FloatArray, NormalFormGame, Profile
from games.strategies._automata import Automaton
from games.types import ObjectArray
from solvers.base.deadline import keeps_time
from solvers.base.options import Method, Registry
from solvers.base.precision import from_lowest, less
from solvers.base.rounding import rounding
from solvers.repeated.patience._thresholds import (
    CriticalDiscount,
    ProfileLike,
    best_deviation,
)

if TYPE_CHECKING:
    from solvers.equilibrium.results import Equilibria

__all__ = ["PUNISHMENTS", "MinmaxKind", "critical_discount", "known_options", "slack"]

MinmaxKind: TypeAlias = Literal["pure", "mixed", "correlated"]


class _Answer(NamedTuple):
    """What follows a deviation: `CriticalDiscount` says what the fields mean."""

    values: FloatArray
    words: str
    names: tuple[str, ...] = ()
    complete: bool = True
    notes: tuple[str, ...] = ()
    years: float = np.inf
    solved: FloatArray | None = None
    bracket: FloatArray | None = None


def critical_discount(
    game: NormalFormGame,
    profile: ProfileLike,
    punishment: str | Automaton | npt.ArrayLike = "nash",
    *,
    equilibria: Equilibria | npt.ArrayLike | None = None,
    kind: MinmaxKind | None = None,
    years: int | None = None,
    punish: ProfileLike | None = None,
    toward: Literal["any", "each"] | None = None,
    discount: npt.ArrayLike | None = None,
    time_limit: float | None = None,
) -> CriticalDiscount:
    """How patient each player must be for `profile` to be sustained when deviators are punished.

    Parameters
    ----------
    game : NormalFormGame
    profile : tuple of N action labels or indices
    punishment : str, Automaton or array
        - `"nash"`: permanent reversion to a stage Nash equilibrium (closed form). All known equilibria are
          considered: `per_player` uses the harshest for each deviator, `worst` the mildest, `uniform` one for all.
          Takes `equilibria`.
        - `"finite"`: the same for `years` periods, then back. Takes `equilibria`, needs `years`.
        - `"minmax"`: the bound that no punishment beats; `kind` says what the others may do together
          (`"correlated"` by default, `"mixed"` independently, or `"pure"`). No equilibrium need attain it.
        - `"optimal"`: the worst equilibrium for each deviator (pure strategies, public randomisation), from
          `repeated.payoff_set`, bracketed to 1e-6. Takes `discount`.
        - `"tit-for-tat"`: the discount factor from which on no strategy does better against tit for tat than to
          cooperate. Takes `punish` and `toward` (`"any"` by default, or `"each"`), as in `games.strategies.tit_for_tat`.
        - `"renegotiation-proof"`: a penance that not all would rather skip. Takes `years`, the length of the penance (by
          default a public lottery ends it), and `discount`.
        - an Automaton that plays `profile`: the discount factor from which on it is a Nash equilibrium.
        - an array of shape (N,) or (E, N): continuation values, each row one punishment.
    equilibria : Equilibria or array (E, N) of payoffs, optional
        The equilibria to revert to (they may belong to another game of the same players, such as the stage game on
        another map). By default all that `solvers.nash.find_all` finds in `game`.
    kind, years, toward : see above
    punish : the profile with which tit for tat answers; by default each player's own best deviation
    discount : the players' discount factors. Then `per_player` says how low each one's may fall while the others' stay;
        without it all players share one. (Under the other punishments the others' discount factors do not matter.)
    time_limit : seconds of wall time. Where it ends the search for optimal punishments the bracket is wider, and a note says so;
        for any other punishment a ConvergenceError says how far the work had come

    Raises
    ------
    ProfileError
        If the profile is not in the game.
    PrecisionError
        If the payoffs are floats whose rounding has erased a player's differences.
    MethodError
        For an unknown punishment, an option that the punishment does not take, or no equilibrium to revert to.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> critical_discount(pd, (0, 0), punishment=[1, 1]).per_player
    array([0.5, 0.5])
    >>> critical_discount(pd, (0, 0), "tit-for-tat").per_player
    array([0.6667, 0.6667])
    """
    instance(game, NormalFormGame, "the game")
    a = game.profile(profile)
    as_given = game
    game, lowest = from_lowest(game)
    if lowest is not None:
        # Differences of payoffs beside a large part that they share: all is computed without that part.
        equilibria = None if equilibria is None else _without(equilibria, as_given, lowest, "equilibria")
        if not isinstance(punishment, (str, Automaton)):
            punishment = _without(punishment, as_given, lowest, "punishment")
    gain, action = best_deviation(game, a)
    options = {
        "equilibria": equilibria,
        "kind": kind,
        "years": years,
        "punish": punish,
        "toward": toward,
        "discount": discount,
    }
    if isinstance(punishment, str) and punishment == "optimal":
        # Its search ends with a bracket where the time is over.
        options["time_limit"] = time_limit
        time_limit = None
    found = _answer(game, a, punishment, options, time_limit=time_limit)
    values = found.values if lowest is None else found.values + lowest.astype(np.float64)
    return CriticalDiscount(
        game=as_given,
        profile=a,
        punishment=found.words,
        gain=gain,
        best_action=action,
        cooperative=as_given.payoffs[a],
        punishments=values,
        punishment_names=found.names or tuple(f"punishment {e + 1}" for e in range(len(found.values))),
        complete=found.complete,
        notes=found.notes,
        years=found.years,
        solved=found.solved,
        bracket=found.bracket,
        loss=game.payoffs[a] - found.values,
    )


@keeps_time("the critical discount factor", "give the punishment's values as numbers")
def _answer(
    game: NormalFormGame,
    a: Profile,
    punishment: str | Automaton | npt.ArrayLike,
    options: Mapping[str, Any],
    *,
    time_limit: float | None = None,
) -> _Answer:
    if isinstance(punishment, str):
        return PUNISHMENTS[punishment].run(game, a, **PUNISHMENTS.options(punishment, options))
    for option, value in options.items():
        if value is not None:
            raise MethodError(
                f"a punishment that is given as values or as an automaton takes no option {option}"
            )
    if isinstance(punishment, Automaton):
        return _against_automaton(game, a, punishment, "the given automaton")
    return _Answer(_rows(punishment, game, "punishment"), "the given punishment")


@keeps_time("the slack", "give the punishment's values as numbers")
def slack(
    game: NormalFormGame,
    profile: ProfileLike,
    discount: npt.ArrayLike,
    punishment: str | npt.ArrayLike = "nash",
    *,
    time_limit: float | None = None,
    **options: Any,
) -> FloatArray:
    """What each player loses by its best deviation, shape (N,): `discount * (u - w) - (1 - discount) * gain`.

    In the player's own payoff units; negative where deviating pays. Arguments as in `critical_discount`; for plain numbers
    instead of a game see `solvers.repeated.patience._slack.incentive_slack`, which defines it.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> from games import NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> slack(pd, (0, 0), discount=[0.5, 0.75], punishment=[1, 1])
    array([0., 1.])
    """
    return critical_discount(game, profile, punishment, **known_options(options)).slack(discount)


def known_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options as they are, or MethodError for one that no punishment takes."""
    every = sorted({option for name in PUNISHMENTS for option in PUNISHMENTS[name].options})
    for option in options:
        if option not in every:
            raise MethodError(f"no punishment takes an option {option!r}{did_you_mean(option, every)}")
    return dict(options)


def _rows(values: npt.ArrayLike, game: NormalFormGame, what: str) -> FloatArray:
    rows = np.atleast_2d(numbers(values, what))
    if rows.ndim != 2 or rows.shape[1] != game.n_players or not len(rows) or not np.isfinite(rows).all():
        raise GameError(
            f"{what} has shape {np.shape(values)}; it needs one finite payoff for each of "
            f"{', '.join(game.players)}, in one row or several"
        )
    return rows


def _without(given: Any, game: NormalFormGame, lowest: ObjectArray, what: str) -> Any:
    """Values or equilibria that were given in the units of the game, in those of the game without `lowest`."""
    if not hasattr(given, "found"):
        _rows(given, game, what)
        return less(given, lowest)
    found = cast("Equilibria", given)
    other = found.game
    shifted = NormalFormGame(other.exact - lowest, other.players, other.actions, other.title)
    return replace(found, game=shifted, found=tuple(replace(e, game=shifted) for e in found.found))


def _nash(
    game: NormalFormGame, profile: Profile, equilibria: Equilibria | npt.ArrayLike | None = None
) -> _Answer:
    values, names, complete, notes = _reversion(game, equilibria)
    return _Answer(values, "Nash reversion", names, complete, notes)


def _finite(
    game: NormalFormGame, profile: Profile, years: int, equilibria: Equilibria | npt.ArrayLike | None = None
) -> _Answer:
    years = whole(years, "a punishment lasts a whole number of periods, at least 1", least=1)
    values, names, complete, notes = _reversion(game, equilibria)
    words = f"Nash reversion for {years} period{'s' * (years != 1)}"
    return _Answer(values, words, names, complete, notes, float(years))


def _minmax(game: NormalFormGame, profile: Profile, kind: MinmaxKind = "correlated") -> _Answer:
    from solvers import minmax

    # The proven lower end: whatever the others do, the player gets at least this.
    values = np.asarray(minmax.values(game, kind).lower, dtype=np.float64)[None, :]
    return _Answer(values, f"punishment at the {kind} minmax (a bound, not a strategy)", (f"{kind} minmax",))


def _tit_for_tat(
    game: NormalFormGame,
    profile: Profile,
    punish: ProfileLike | None = None,
    toward: Literal["any", "each"] = "any",
) -> _Answer:
    from games.strategies import tit_for_tat

    answer = best_deviation(game, profile)[1] if punish is None else punish
    automaton = tit_for_tat(game, profile, answer, toward)
    return _against_automaton(game, profile, automaton, f"tit for tat toward {toward} rival")


def _optimal(
    game: NormalFormGame,
    profile: Profile,
    discount: npt.ArrayLike | None = None,
    time_limit: float | None = None,
) -> _Answer:
    from solvers.repeated.patience._optimal import optimal_thresholds

    values, solved, bracket, notes = optimal_thresholds(game, profile, discount, time_limit)
    complete = discount is None
    return _Answer(
        values, "optimal punishments", complete=complete, notes=notes, solved=solved, bracket=bracket
    )


def _renegotiation_proof(
    game: NormalFormGame, profile: Profile, years: int | None = None, discount: npt.ArrayLike | None = None
) -> _Answer:
    from solvers.repeated.patience._renegotiation import penance_thresholds

    values, solved, notes = penance_thresholds(game, profile, years, discount)
    return _Answer(values, "renegotiation-proof penance", complete=False, notes=notes, solved=solved)


PUNISHMENTS: Registry[Callable[..., _Answer]] = Registry(
    "punishment",
    [
        Method("nash", _nash, ("equilibria",), about="permanent reversion to a stage equilibrium"),
        Method("finite", _finite, ("equilibria", "years"), ("years",), "reversion for some periods"),
        Method("minmax", _minmax, ("kind",), about="the bound that no punishment beats"),
        Method(
            "optimal", _optimal, ("discount", "time_limit"), about="the worst equilibrium for each deviator"
        ),
        Method("tit-for-tat", _tit_for_tat, ("punish", "toward"), about="tit for tat"),
        Method(
            "renegotiation-proof",
            _renegotiation_proof,
            ("years", "discount"),
            about="a penance that not all would rather skip",
        ),
    ],
)
"""What can follow a deviation, by name, with the options of each."""


def _reversion(
    game: NormalFormGame, equilibria: Equilibria | npt.ArrayLike | None
) -> tuple[FloatArray, tuple[str, ...], bool, tuple[str, ...]]:
    """The payoffs of the equilibria to revert to, their names, whether there are no others, and notes."""
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
            f"no Nash equilibrium was found to revert to ({found.method}); give equilibria=, or use "
            "punishment='minmax'"
        )
    if not complete and not notes:
        notes = ("The search for equilibria was not complete: a harsher one may exist.",)
    return _rows(rows, game, "equilibria"), tuple(names), complete, notes


def _against_automaton(game: NormalFormGame, profile: Profile, automaton: Automaton, words: str) -> _Answer:
    from solvers.repeated.play._check import nash_thresholds

    if automaton.played[int(automaton.start.argmax())] != np.ravel_multi_index(profile, game.shape):
        raise MethodError("the automaton does not begin with the profile that is to be sustained")
    note = (
        "From there on the automaton is a Nash equilibrium; repeated.check says whether it is subgame perfect as well. "
        "The punishment value varies with the discount factor and is not shown."
    )
    values = np.full((1, game.n_players), np.nan)
    return _Answer(values, words, notes=(note,), solved=nash_thresholds(game, automaton)[None, :])
