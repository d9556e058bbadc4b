"""Choosing among equilibria: criteria applied to a found set, and the equilibria that no coalition undoes.

A criterion is applied to the equilibria that were *found*. Where the search was not complete, an equilibrium that is missing
could overturn the criteria that compare equilibria with one another; every result says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from games.errors import MethodError, did_you_mean
from games.normal_form import FloatArray, MixedProfile, NormalFormGame
from solvers.matrix_game import solve_matrix_games
from solvers.nash.equilibria import Equilibria, Equilibrium
from solvers.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CoalitionCheck",
    "Selection",
    "coalition_proof",
    "criteria",
    "limiting_logit",
    "pareto_undominated",
    "payoff_dominant",
    "risk_dominant",
    "select",
    "strict",
    "strong",
]

# Shares of a player's payoff range: smaller differences are rounding.
_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class Selection(Result):
    """The equilibria of a found set that meet a criterion.

    Attributes
    ----------
    found : the equilibria that the criterion was applied to
    criterion : its name
    kept : positions in `found` of those that meet it
    guarantee : what was compared and what is guaranteed, in words
    """

    found: Equilibria
    criterion: str
    kept: tuple[int, ...]
    guarantee: str

    @property
    def equilibria(self) -> tuple[Equilibrium, ...]:
        """The equilibria that meet the criterion."""
        return tuple(self.found[e] for e in self.kept)

    def summary(self) -> str:
        return (
            f"{len(self.kept)} of {len(self.found)} equilibria found are {self.criterion}. {self.guarantee}"
        )

    def to_frame(self) -> pd.DataFrame:
        """The table of the found equilibria with a column that tells which meet the criterion."""
        frame = self.found.to_frame()
        frame.insert(1, self.criterion, [e in self.kept for e in range(len(self.found))])
        return frame


@dataclass(frozen=True, eq=False, repr=False)
class CoalitionCheck(Result):
    """Whether some coalition (a single player counts as one) can undo a profile, the others keeping to it.

    Attributes
    ----------
    concept : `strong` or `coalition-proof`
    holds : whether no coalition can
    coalition : names of the first coalition that can, smallest first; None if none can
    deviation : what it does: an array (k_j for each member j), the probability of each joint action; None if none can
    gains : array (members,), what each member gains thereby; None if none can
    checked : which deviations were looked at and what follows, in words
    """

    game: NormalFormGame
    profile: MixedProfile
    concept: Literal["strong", "coalition-proof"]
    holds: bool
    coalition: tuple[str, ...] | None
    deviation: FloatArray | None
    gains: FloatArray | None
    checked: str

    def summary(self) -> str:
        if self.coalition is None:
            return f"{self.concept}: no coalition can undo the profile. {self.checked}"
        return f"not {self.concept}: {' + '.join(self.coalition)} can undo the profile. {self.checked}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each joint action of the deviation: the members' actions and its probability."""
        import pandas as pd

        if self.coalition is None or self.deviation is None:
            return pd.DataFrame(columns=["probability"])
        members = [self.game.player_index(player) for player in self.coalition]
        rows = [
            (*(self.game.actions[j][a] for j, a in zip(members, joint)), float(self.deviation[tuple(joint)]))
            for joint in np.argwhere(self.deviation > 0).tolist()
        ]
        return pd.DataFrame(rows, columns=[*self.coalition, "probability"])


# ---------------------------------------------------------------------- criteria on a found set


def criteria() -> tuple[str, ...]:
    """The names that `select` knows.

    >>> criteria()[:3]
    ('strict', 'pareto-undominated', 'payoff-dominant')
    """
    return tuple(_CRITERIA)


def select(found: Equilibria, criterion: str) -> Selection:
    """Apply a criterion by name; see `criteria`. Raises MethodError for one that is not known.

    >>> from games import NormalFormGame
    >>> from solvers import nash
    >>> hunt = NormalFormGame.from_bimatrix([[4, 0], [3, 3]], [[4, 3], [0, 3]])
    >>> select(nash.pure(hunt), "payoff-dominant").kept, select(nash.pure(hunt), "risk-dominant").kept
    ((0,), (1,))
    """
    if criterion not in _CRITERIA:
        raise MethodError(f"there is no criterion {criterion!r}{did_you_mean(criterion, _CRITERIA)}")
    return _CRITERIA[criterion](found)


def strict(found: Equilibria) -> Selection:
    """Equilibria in which every player's action is its only best response (Harsanyi 1973); they are pure."""
    game = found.game
    kept = []
    for position, e in enumerate(found):
        best = game.best_responses(e.profile, tolerance=_TOLERANCE)
        if e.is_pure and all(len(actions) == 1 for actions in best):
            kept.append(position)
    return Selection(
        found,
        "strict",
        tuple(kept),
        "Checked one by one: best responses within 1e-9 of the range count as ties.",
    )


def pareto_undominated(found: Equilibria) -> Selection:
    """Equilibria to which no other found one is at least as good for all players and better for one."""
    payoffs = _units(found)
    kept = []
    for position, own in enumerate(payoffs):
        better = (payoffs >= own - _TOLERANCE).all(axis=1) & (payoffs > own + _TOLERANCE).any(axis=1)
        if not better.any():
            kept.append(position)
    return Selection(found, "Pareto-undominated", tuple(kept), _compared(found))


def payoff_dominant(found: Equilibria) -> Selection:
    """The equilibrium that gives every player more than every other found one (Harsanyi and Selten 1988), if any."""
    payoffs = _units(found)
    kept = []
    for position, own in enumerate(payoffs):
        rest = np.delete(payoffs, position, axis=0)
        if (own > rest + _TOLERANCE).all():
            kept.append(position)
    return Selection(found, "payoff dominant", tuple(kept), _compared(found))


def risk_dominant(found: Equilibria) -> Selection:
    """The risk-dominant of the two strict equilibria of a 2x2 game.

    Harsanyi and Selten (1988): the one with the larger product of the players' losses from deviating alone. With equal products
    neither is; with fewer than two strict equilibria there is nothing to compare.

    Raises MethodError for a game that is not 2x2.
    """
    game = found.game
    if game.shape != (2, 2):
        raise MethodError(
            f"risk dominance is defined here for 2x2 games; this game is {'x'.join(map(str, game.shape))}"
        )
    kept = strict(found).kept
    words = "The product of both players' losses from deviating decides."
    if len(kept) < 2:
        return Selection(
            found,
            "risk dominant",
            (),
            f"It compares two strict equilibria; of those found {len(kept) or 'none'} "
            f"{'is' if len(kept) == 1 else 'are'} strict.",
        )
    products = np.array([_deviation_loss(found[e]) for e in kept])
    first, second = products
    if abs(first - second) <= _TOLERANCE * products.max():
        return Selection(found, "risk dominant", (), f"{words} Here they are equal: neither dominates.")
    return Selection(found, "risk dominant", (kept[int(products.argmax())],), words)


def _deviation_loss(equilibrium: Equilibrium) -> float:
    """Product over the players of what deviating to the other action costs, in units of their payoff ranges."""
    loss = 1.0
    game = equilibrium.game
    for values, played, scale in zip(
        game.action_values(equilibrium.profile), equilibrium.profile, game.ranges
    ):
        a = int(played.argmax())
        loss *= (values[a] - values[1 - a]) / scale
    return float(loss)


def limiting_logit(found: Equilibria) -> Selection:
    """The equilibrium to which the principal branch of the logit correspondence tends (McKelvey and Palfrey 1995).

    The branch is followed by `solvers.quantal`; the found equilibrium within 1e-3 of its end is kept.
    """
    from solvers import quantal

    limit = quantal.limiting_equilibrium(found.game)
    distance = [max(float(np.abs(p - q).max()) for p, q in zip(e.profile, limit.profile)) for e in found]
    kept = (int(np.argmin(distance)),) if distance and min(distance) < 1e-3 else ()
    words = "" if kept else "The end of the branch is not among the equilibria found. "
    return Selection(found, "limiting logit", kept, words + limit.summary())


def _units(found: Equilibria) -> FloatArray:
    """Payoffs of the found equilibria in units of the players' ranges, (E, N)."""
    game = found.game
    low = game.payoffs.reshape(-1, game.n_players).min(axis=0)
    payoffs = np.array([e.payoffs for e in found]).reshape(-1, game.n_players)
    return np.asarray((payoffs - low) / np.where(game.ranges > 0, game.ranges, 1.0))


def _compared(found: Equilibria) -> str:
    words = "Compared with the other equilibria found"
    if not found.complete:
        return f"{words}; the search was NOT complete, so one that is missing could change this."
    if found.degenerate:
        return f"{words}; the game is degenerate, so other members of connected sets were not compared."
    return f"{words}, which are all that there are of the kind searched for."


# ---------------------------------------------------------------------- what coalitions can undo


def strong(
    game: NormalFormGame, profile: Sequence[Any], deviations: Literal["pure", "correlated"] = "pure"
) -> CoalitionCheck:
    """Is the profile a strong equilibrium: is there no coalition all of whose members gain by a joint deviation?

    Aumann (1959). The others keep to their (possibly mixed) strategies.

    Parameters
    ----------
    profile : action labels, indices or probability vectors, one for each player
    deviations : `pure`: joint actions. `correlated`: also lotteries over joint actions that the members draw together, among
        which are all their mixed deviations; gains are then expected payoffs.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> strong(pd, (1, 1)).coalition
    ('Player 1', 'Player 2')
    """
    if deviations not in ("pure", "correlated"):
        raise MethodError(f"deviations are 'pure' or 'correlated'; got {deviations!r}")
    mixed = game.mixed(profile)
    words = (
        "Every pure joint deviation of every coalition was looked at, lotteries over them were not."
        if deviations == "pure"
        else "Every joint deviation of every coalition was looked at, lotteries included."
    )
    for members in _coalitions(game.n_players):
        gains = _gains(game, mixed, members)
        flat = gains.reshape(-1, len(members))
        least = flat.min(axis=1)
        best = np.zeros(len(flat))
        best[int(least.argmax())] = 1.0
        gained = float(least.max())
        if deviations == "correlated" and gained <= _TOLERANCE and len(members) > 1:
            solved = solve_matrix_games(flat)
            best, gained = solved.rows[0], float(solved.lower[0])
        if gained > _TOLERANCE:
            return _undone(game, mixed, "strong", members, gains, best, words)
    return CoalitionCheck(game, mixed, "strong", True, None, None, None, words)


def coalition_proof(game: NormalFormGame, profile: Sequence[Any]) -> CoalitionCheck:
    """Is the profile coalition-proof: does no coalition have a *self-enforcing* joint deviation by which all members gain?

    Bernheim, Peleg and Whinston (1987). A joint deviation is self-enforcing if no proper part of the coalition has in turn a
    self-enforcing deviation from it by which all of that part gain. Deviations are pure joint actions, the others keep to
    their (possibly mixed) strategies. Every strong equilibrium is coalition-proof.

    >>> from games import NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> coalition_proof(pd, (1, 1)).holds
    True
    """
    mixed = game.mixed(profile)
    words = (
        "Every pure joint deviation of every coalition was looked at, and every further pure deviation of its parts; "
        "lotteries were not."
    )
    for members in _coalitions(game.n_players):
        gains = _gains(game, mixed, members)
        able = (gains > _TOLERANCE).all(axis=-1)
        if not able.any():
            continue
        able &= _self_enforcing(gains)
        if able.any():
            flat = np.where(able, gains.min(axis=-1), -np.inf).reshape(-1)
            best = np.zeros(len(flat))
            best[int(flat.argmax())] = 1.0
            return _undone(game, mixed, "coalition-proof", members, gains, best, words)
    return CoalitionCheck(game, mixed, "coalition-proof", True, None, None, None, words)


def _coalitions(n: int) -> list[tuple[int, ...]]:
    return [members for size in range(1, n + 1) for members in combinations(range(n), size)]


def _gains(game: NormalFormGame, mixed: MixedProfile, members: tuple[int, ...]) -> FloatArray:
    """What each member gains by each joint action, the others kept to the profile: (k_j for members j, members).

    In units of the members' payoff ranges.
    """
    low = game.payoffs.reshape(-1, game.n_players).min(axis=0)
    unit = np.where(game.ranges > 0, game.ranges, 1.0)
    table = ((game.payoffs - low) / unit)[..., list(members)]
    for j in reversed(range(game.n_players)):
        if j not in members:
            table = np.tensordot(table, mixed[j], axes=(j, 0))
    now = table
    for j in members:
        now = np.tensordot(mixed[j], now, axes=(0, 0))
    return np.asarray(table - now)


def _self_enforcing(payoffs: FloatArray) -> npt.NDArray[np.bool_]:
    """Which profiles of a coalition's own game (k_1, ..., k_n, n) no proper part of it would leave.

    stay[S] marks the profiles that S itself would not leave by a self-enforcing deviation, smaller S first. What S could
    move to is self-enforcing where no proper part of S would move on.
    """
    n = payoffs.shape[-1]
    stay: dict[tuple[int, ...], npt.NDArray[np.bool_]] = {}
    for size in range(1, n):
        for part in combinations(range(n), size):
            settled = np.ones(payoffs.shape[:-1], dtype=np.bool_)
            for smaller in range(1, size):
                for inner in combinations(part, smaller):
                    settled &= stay[inner]
            stay[part] = _unimproved(payoffs, part, settled)
    out = np.ones(payoffs.shape[:-1], dtype=np.bool_)
    for kept in stay.values():
        out &= kept
    return out


def _unimproved(
    payoffs: FloatArray, part: tuple[int, ...], settled: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Where has `part` no settled profile, the others' actions unchanged, that gives each of its members more?"""
    front = tuple(range(len(part)))
    own = np.moveaxis(payoffs[..., list(part)], part, front)
    shape = own.shape[: len(part)]
    own = own.reshape(int(np.prod(shape)), -1, len(part))
    at = np.moveaxis(settled, part, front).reshape(own.shape[:2])
    out = np.ones(own.shape[:2], dtype=np.bool_)
    for joint in np.flatnonzero(at.any(axis=1)):
        out &= ~((own[joint] > own + _TOLERANCE).all(axis=2) & at[joint])
    rest = np.moveaxis(settled, part, front).shape[len(part) :]
    return np.moveaxis(out.reshape(*shape, *rest), front, part)


def _undone(
    game: NormalFormGame,
    mixed: MixedProfile,
    concept: Literal["strong", "coalition-proof"],
    members: tuple[int, ...],
    gains: FloatArray,
    deviation: FloatArray,
    words: str,
) -> CoalitionCheck:
    shares = deviation @ gains.reshape(-1, len(members))
    return CoalitionCheck(
        game,
        mixed,
        concept,
        False,
        tuple(game.players[i] for i in members),
        deviation.reshape(gains.shape[:-1]),
        shares * game.ranges[list(members)],
        words,
    )


def _by_coalitions(
    name: str, check: Callable[[NormalFormGame, MixedProfile], CoalitionCheck], found: Equilibria
) -> Selection:
    checks = [check(found.game, e.profile) for e in found]
    kept = tuple(position for position, c in enumerate(checks) if c.holds)
    return Selection(found, name, kept, checks[0].checked if checks else "")


_CRITERIA: dict[str, Callable[[Equilibria], Selection]] = {
    "strict": strict,
    "pareto-undominated": pareto_undominated,
    "payoff-dominant": payoff_dominant,
    "risk-dominant": risk_dominant,
    "limiting-logit": limiting_logit,
    "strong": lambda found: _by_coalitions("strong", strong, found),
    "coalition-proof": lambda found: _by_coalitions("coalition-proof", coalition_proof, found),
}
