"""How patient each power must be for a profile to be kept, under one kind of punishment or another.

The results and the formulas that they rest on are in `solvers.repeated.patience._thresholds`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from games.errors import GameError, MethodError, SizeError, did_you_mean
from games.normal_form import FloatArray, NormalFormGame, Profile
from games.strategies._automata import Automaton
from solvers.repeated.patience._thresholds import (
    CriticalDiscount,
    ProfileLike,
    best_deviation,
    finite_threshold,
    rounding,
)

if TYPE_CHECKING:
    from solvers.equilibrium.results import Equilibria

__all__ = ["MinmaxKind", "critical_discount", "slack"]

MinmaxKind: TypeAlias = Literal["pure", "mixed", "correlated"]

_NAMES = ("nash", "minmax", "finite", "tit-for-tat", "optimal", "renegotiation-proof")


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
        from solvers.repeated.patience._optimal import optimal_thresholds

        values, solved, bracket, notes = optimal_thresholds(game, a, discount)
        words, complete = "optimal punishments", discount is None
    elif punishment == "renegotiation-proof":
        from solvers.repeated.patience._renegotiation import penance_thresholds

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
    from solvers.repeated.play._check import nash_thresholds

    if automaton.played[int(automaton.start.argmax())] != np.ravel_multi_index(profile, game.shape):
        raise MethodError("the automaton does not begin with the profile that is to be sustained")
    note = (
        "The automaton is then a Nash equilibrium; whether it also is subgame perfect, repeated.check tells. "
        "The punishment value varies with the discount factor and is not shown."
    )
    return np.full((1, game.n_players), np.nan), nash_thresholds(game, automaton)[None, :], (note,)
