"""Critical discount factors under optimal punishments: every deviator meets its worst equilibrium (Abreu 1988)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from games.normal_form import FloatArray, NormalFormGame, Profile
from games.repeated import RepeatedGame, discount_vector
from solvers.repeated.patience import best_deviation, rounding, threshold

__all__ = ["optimal_thresholds"]

_WIDTH = 1e-6
_TOP = 1.0 - 1e-6


def optimal_thresholds(
    game: NormalFormGame, profile: Profile, discount: npt.ArrayLike | None = None
) -> tuple[FloatArray, FloatArray, FloatArray, tuple[str, ...]]:
    """The least discount factors at which `profile` for ever is an equilibrium path under optimal punishments.

    The worst equilibrium for each player comes from `repeated.payoff_set` (pure strategies, public randomisation). With a
    common discount factor the set only grows with patience (Abreu, Pearce and Stacchetti 1990, theorem 6), so the
    answer is bracketed by trial: a factor at which the *inner* set punishes enough is above it, one at which even the
    *outer* set does not is below. The pure minmax bounds it from below at the start; each trial's punishment
    values, put into the closed form, bound it further.

    Parameters
    ----------
    game, profile
    discount : the players' discount factors, (N,). Then each entry of the answer is how low that player's may fall while the
        others' stay. Without it one common factor is sought, and all entries are equal.

    Returns
    -------
    values : array (1, N), the punishment values at the upper ends
    upper : array (1, N), the upper ends of the brackets; inf where .999999 is not enough
    bracket : array (2, N), lower and upper ends
    notes : what the bracket rests on, in words
    """
    n = game.n_players
    search = _Search(game, profile)
    if discount is None:
        low, high, values = search.bracket(None, None)
        notes = [f"One discount factor for all, between {low:.9g} and {high:.9g}."]
        bracket = np.array([np.full(n, low), np.full(n, high)])
    else:
        given = discount_vector(discount, game)
        bracket, values = np.empty((2, n)), np.empty(n)
        for i in range(n):
            bracket[0, i], bracket[1, i], at = search.bracket(i, given)
            values[i] = at[i]
        others = "; ".join(f"{name} {d:.4g}" for name, d in zip(game.players, given))
        notes = [
            f"How low each player's discount factor may fall with the others' as given ({others}). Found by "
            "halving; that more patience of one player alone never hurts is assumed, not proven."
        ]
    return values[None, :], bracket[1][None, :], bracket, tuple(notes)


class _Search:
    def __init__(self, game: NormalFormGame, profile: Profile) -> None:
        from solvers import minmax

        self.game = game
        self.gain, _ = best_deviation(game, profile)
        self.cooperative = game.payoffs[profile]
        self.small = rounding(game)
        self.minmax = np.asarray(minmax.values(game, "pure").lower)

    def needed(self, values: FloatArray) -> FloatArray:
        return threshold(self.gain, self.cooperative, values, self.small)

    def worst(self, discount: FloatArray) -> tuple[FloatArray | None, FloatArray | None]:
        """Each player's lowest payoff in the inner and in the outer set; None where the set is empty."""
        from solvers.repeated.payoffs import payoff_set

        found = payoff_set(RepeatedGame(self.game, discount))
        if found.empty:
            return None, None
        inner, outer = (np.asarray(p.vertices, dtype=np.float64) for p in (found.inner, found.outer))
        return (inner.min(axis=0) if len(inner) else None), outer.min(axis=0)

    def bracket(self, player: int | None, given: FloatArray | None) -> tuple[float, float, FloatArray]:
        """Lower and upper end, and the punishment values at the upper one; for one player alone if it is named."""
        watched = slice(None) if player is None else [player]
        nothing = np.full(self.game.n_players, np.nan)
        low = float(self.needed(self.minmax)[watched].max())
        if low == 0.0 and (self.gain <= self.small).all():
            return 0.0, 0.0, self.cooperative
        if not low < _TOP:
            return np.inf, np.inf, nothing

        def factors(d: float) -> FloatArray:
            if player is None or given is None:
                return np.full(self.game.n_players, d)
            return np.where(np.arange(self.game.n_players) == player, d, given)

        # A factor is enough if no player needs more than its own; the others' needs count too, since they vary with d.
        def trial(d: float) -> tuple[bool, bool, FloatArray | None, FloatArray | None]:
            inner, outer = self.worst(factors(d))
            own = factors(d) + 1e-12
            enough = inner is not None and bool((self.needed(inner) <= own).all())
            hopeless = outer is None or bool((self.needed(outer) > own).any())
            return enough, hopeless, inner, outer

        enough, hopeless, inner, outer = trial(_TOP)
        if not enough or inner is None:
            return (np.inf if hopeless else low), np.inf, nothing
        high, values, proven = _TOP, inner, low
        if outer is not None:
            # Less patience leaves milder punishments only, so what the harshest ones need is a lower bound.
            low = proven = max(low, float(self.needed(outer)[watched].max()))
        probe = "low"
        while high - low > _WIDTH:
            # A bound is often the answer itself: try right beside one that has just moved, and halve otherwise.
            beside = {"low": low + 0.9 * _WIDTH, "high": high - 0.9 * _WIDTH}
            d = beside.get(probe, (low + high) / 2)
            probe = ""
            enough, hopeless, inner, outer = trial(d)
            if enough and inner is not None:
                high, values = d, inner
                bound = low if outer is None else float(self.needed(outer)[watched].max())
                if bound > low:
                    low, proven, probe = bound, max(proven, bound), "low"
                continue
            low = d
            if hopeless:
                proven = d
            need = np.inf if inner is None or player is not None else float(self.needed(inner).max())
            if d < need < high and inner is not None:
                # More patience keeps these punishments, so what they need is enough.
                high, values, probe = need, inner, "high"
        return min(proven, high), high, values
