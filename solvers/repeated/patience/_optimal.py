"""Critical discount factors under optimal punishments: every deviator meets its worst equilibrium (Abreu 1988)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from games.normal_form import FloatArray, NormalFormGame, Profile
from games.repeated import RepeatedGame, discount_vector
from games.strategies._automata import Automaton
from solvers.base.deadline import Deadline
from solvers.base.rounding import rounding
from solvers.repeated.patience._thresholds import best_deviation, threshold

__all__ = ["optimal_thresholds"]

_WIDTH = 1e-6
_TOP = 1.0 - 1e-6
_GRID = np.arange(1, 33) / 33


def optimal_thresholds(
    game: NormalFormGame,
    profile: Profile,
    discount: npt.ArrayLike | None = None,
    time_limit: float | None = None,
) -> tuple[FloatArray, FloatArray, FloatArray, tuple[str, ...]]:
    """The least discount factors at which `profile` in every period is an equilibrium path under optimal punishments.

    The worst equilibrium for each player comes from `repeated.payoff_set` (pure strategies, public randomisation). With a common
    discount factor the set only grows with patience (Abreu, Pearce and Stacchetti 1990), so the answer is bracketed by trial. A
    factor at which the *inner* set punishes enough is above it. One at which even the *outer* set does not is below it. The pure
    minmax bounds it from below at the start and reversion to pure stage equilibria from above; each trial's punishment values,
    put into the closed form, bound it further.

    Parameters
    ----------
    game, profile
    discount : the players' discount factors, (N,). Then each entry of the answer is how low that player's may fall while the
        others' stay. Without it one common factor is sought, and all entries are equal.
    time_limit : seconds; at their end the bracket is what has been proved by then

    Returns
    -------
    values : array (1, N), the punishment values at the upper ends
    upper : array (1, N), the upper ends of the brackets; inf where .999999 is not enough, or was not shown to be
    bracket : array (2, N), lower and upper ends
    notes : what the bracket rests on, in words

    Notes
    -----
    With unequal discount factors payoff sets are slow and loose. There the upper ends come from strategies instead. One is
    reversion to the stage equilibrium harshest for each deviator. Others are automata taken out of the payoff sets of a range of
    common discount factors. `repeated.check` finds from which factor of the player on each is an equilibrium, the others'
    unchanged. The lower ends are the minmax bounds, so the brackets may be wide.
    """
    n = game.n_players
    deadline = Deadline(time_limit)
    search = _Search(game, profile, deadline)
    if discount is None:
        low, high, values = search.common()
        bracket = np.array([np.full(n, low), np.full(n, high)])
        between = f"exactly {high:.9g}" if low == high else f"between {low:.9g} and {high:.9g}"
        note = f"The discount factor, the same for all, is {between}."
        if np.isinf(low):
            note = "No discount factor up to .999999 is enough."
        elif np.isinf(high):
            note = f"It is above {low:.9g}; that some discount factor up to .999999 is enough was not shown."
        if deadline.passed:
            note += " The time limit ended the search."
        return values[None, :], bracket[1][None, :], bracket, (note,)
    factors = discount_vector(discount, game)
    candidates = search.strategies(factors)
    ends = [search.alone(i, factors, candidates) for i in range(n)]
    bracket = np.array([[low for low, _, _ in ends], [high for _, high, _ in ends]])
    values = np.array([value for _, _, value in ends])
    others = ", ".join(f"{name} {d:.4g}" for name, d in zip(game.players, factors))
    words = ", ".join(
        f"{name} {low:.4g} to {'no strategy found' if np.isinf(high) else format(high, '.4g')}"
        for name, low, high in zip(game.players, *bracket)
    )
    note = (
        f"How low each player's discount factor may fall while the others' stay ({others}), between the minmax bound "
        f"and the lowest at which a strategy was found and checked: {words}."
        + (" The time limit ended the search." if deadline.passed else "")
    )
    return values[None, :], bracket[1][None, :], bracket, (note,)


class _Search:
    def __init__(self, game: NormalFormGame, profile: Profile, deadline: Deadline) -> None:
        from solvers import minmax

        self.game, self.profile, self.deadline = game, profile, deadline
        self.flat = int(np.ravel_multi_index(profile, game.shape))
        self.gain, _ = best_deviation(game, profile)
        self.cooperative = game.payoffs[profile]
        self.tolerance = rounding(game)
        self.minmax = np.asarray(minmax.values(game, "pure").lower)

    def needed(self, values: FloatArray) -> FloatArray:
        return threshold(self.gain, self.cooperative, values, self.tolerance)

    def reversion(self) -> float:
        """The common discount factor from which on reversion to pure stage equilibria is enough; inf if none is."""
        return float(self.needed(self.harshest()).max())

    def harshest(self) -> FloatArray:
        """Each player's lowest payoff in a pure stage equilibrium, (N,); infinite without one."""
        from solvers import nash

        found = [equilibrium.payoffs for equilibrium in nash.pure(self.game)]
        return np.min(found, axis=0) if found else np.full(self.game.n_players, np.inf)

    def worst(self, discount: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Each player's lowest payoff in the inner and in the outer set; infinite where the set is empty."""
        from solvers.repeated.payoff_sets._payoff_set import payoff_set

        found = payoff_set(RepeatedGame(self.game, discount), time_limit=self.deadline.allowance)
        return found.inner.lowest, found.outer.lowest

    def trial(self, discount: FloatArray) -> tuple[bool, bool, FloatArray, FloatArray]:
        """Is the profile sustained (inner set), surely not (outer set), and with what lowest payoffs?"""
        inner, outer = self.worst(discount)
        own = discount + 1e-12
        enough = bool((self.needed(inner) <= own).all())
        hopeless = bool((self.needed(outer) > own).any())
        return enough, hopeless, inner, outer

    def common(self) -> tuple[float, float, FloatArray]:
        """Lower and upper end of the common discount factor, and the punishment values at the upper one."""
        n = self.game.n_players
        low = float(self.needed(self.minmax).max())
        if low == 0.0:
            return 0.0, 0.0, self.cooperative
        if not low < _TOP:
            return np.inf, np.inf, np.full(n, np.nan)
        high = min(self.reversion(), _TOP)
        enough, hopeless, inner, outer = self.trial(np.full(n, high))
        if self.deadline.passed and high < _TOP and not enough:
            return low, high, self.harshest()
        if not enough:
            return (np.inf if hopeless else low), np.inf, np.full(n, np.nan)
        values = inner
        # Less patience leaves milder punishments only, so what the harshest ones need is a lower bound.
        low = proven = max(low, float(self.needed(outer).max()))
        # The bound is the answer if the punishments that it rests on exist at the bound itself.
        enough, _, inner, _ = self.trial(np.full(n, low))
        if enough:
            return low, low, inner
        probe = "low"
        while high - low > _WIDTH and not self.deadline.passed:
            # Try right beside a bound that has just moved; otherwise bisect.
            beside = {"low": low + 0.9 * _WIDTH, "high": high - 0.9 * _WIDTH}
            d = beside.get(probe, (low + high) / 2)
            probe = ""
            enough, hopeless, inner, outer = self.trial(np.full(n, d))
            if enough:
                high, values = d, inner
                bound = float(self.needed(outer).max())
                if bound > low:
                    low, proven, probe = bound, max(proven, bound), "low"
                continue
            low = d
            if hopeless:
                proven = d
            need = float(self.needed(inner).max())
            if d < need < high:
                # These punishments exist at higher discount factors too, so what they need is enough.
                high, values, probe = need, inner, "high"
        return min(proven, high), high, values

    def strategies(self, given: FloatArray) -> list[Automaton]:
        """Automata that play the profile in every period on the path, with different punishments."""
        from games.strategies import penal_code
        from solvers import nash
        from solvers.repeated.payoff_sets._extraction import strategy
        from solvers.repeated.payoff_sets._payoff_set import payoff_set

        out = []
        equilibria = nash.pure(self.game)
        if len(equilibria):
            pure = [tuple(int(v.argmax()) for v in e.profile) for e in equilibria]
            harshest = [
                pure[int(np.argmin([e.payoffs[i] for e in equilibria]))] for i in range(self.game.n_players)
            ]
            out.append(penal_code(self.game, [self.profile], [[a] for a in harshest]))
        _, high, _ = self.common()
        if np.isfinite(high):
            top = max(float(given.max()), high)
            grid = np.unique(np.clip(np.append(np.linspace(high, top, 7), given), high, top))
            for d in grid[(grid > 0.0) & (grid < 1.0)]:
                found = payoff_set(RepeatedGame(self.game, d), time_limit=self.deadline.allowance)
                if self.deadline.passed:
                    break
                out.append(strategy(found, self.cooperative))
        return [a for a in out if (a.played[a.start > 0] == self.flat).all()]

    def alone(
        self, player: int, given: FloatArray, candidates: list[Automaton]
    ) -> tuple[float, float, float]:
        """Lower and upper end of one player's discount factor, and its worst state at the upper one."""
        from solvers.repeated.play._check import check

        def worth(automaton: Automaton, d: float) -> float:
            factors = np.where(np.arange(len(given)) == player, d, given)
            found = check(RepeatedGame(self.game, factors), automaton)
            return float(found.values[:, player].min()) if found.is_equilibrium else np.nan

        bound = self.needed(self.minmax)
        low = float(bound[player])
        if (self.gain <= self.tolerance).all():
            return 0.0, 0.0, float(self.cooperative[player])
        if not low < _TOP or (np.delete(bound, player) > np.delete(given, player)).any():
            return np.inf, np.inf, np.nan
        best, value = np.inf, np.nan
        for automaton in candidates:
            if self.deadline.passed:
                break
            # Only discount factors below the best so far are tried.
            tried = np.append(_GRID[best > _GRID], [best - _WIDTH] if np.isfinite(best) else [])
            holding = next(
                (k for k, d in enumerate(tried) if d > 0 and not np.isnan(worth(automaton, d))), None
            )
            if holding is None:
                continue
            failing, holds = (float(tried[holding - 1]) if holding else 0.0), float(tried[holding])
            if low > failing and not np.isnan(worth(automaton, low)):
                failing = holds = low
            while holds - failing > _WIDTH:
                middle = (failing + holds) / 2
                failing, holds = (middle, holds) if np.isnan(worth(automaton, middle)) else (failing, middle)
            if holds < best:
                best, value = holds, worth(automaton, holds)
        return min(low, best), best, value
