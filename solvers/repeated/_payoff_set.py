"""All payoffs that equilibria of a repeated game can give, by what the players see of one another."""

from __future__ import annotations

from games.arguments import instance, number, whole
from games.errors import MethodError
from games.repeated import RepeatedGame
from solvers.repeated.payoff_sets import PayoffSet
from solvers.repeated.payoff_sets import payoff_set as perfect_payoff_set
from solvers.repeated.public import PublicPayoffSet, public_payoff_set

__all__ = ["payoff_set"]


def payoff_set(
    play: RepeatedGame,
    *,
    tolerance: float | None = None,
    max_iterations: int = 5000,
    time_limit: float | None = None,
) -> PayoffSet | PublicPayoffSet:
    """The equilibrium payoffs in pure strategies with public lotteries, between an outer and an inner polytope.

    With perfect monitoring those of subgame-perfect equilibria, for two or more players. With public signals
    (`Monitoring(signals=...)`) those of perfect public equilibria, for two or three.

    Parameters
    ----------
    play : RepeatedGame
        Discount factors may differ, and payoffs may then lie outside the hull of the stage payoffs.
    tolerance : float, optional
        Iteration stops when the outer polytope moves by less than this, in units of the payoff range. The default with
        a common discount factor is 1e-13 for two players and 1e-9 for three; with unequal ones, whose sets have very many
        vertices, 1e-5 and 2e-3; for four players and more 2e-3 in both cases;
        with public signals 1e-4 for two players and 1e-3 for three. With unequal ones and three
        players or more it also sets the number of facets, down to 1e-4, and the gap is many times the tolerance.
    max_iterations : int
    time_limit : seconds of wall time, optional

    Returns
    -------
    PayoffSet or PublicPayoffSet, both with `outer`, `inner`, `gap`, `empty`, `status`

    Raises
    ------
    MethodError
        If there are false alarms or missed violations that are not given as public signals, or an option is out of range.

    Notes
    -----
    Abreu, Pearce and Stacchetti (1990), Econometrica 58, for the operator, with signals and without; Abreu and Sannikov (2014),
    Theoretical Economics 9, for the payoffs that can be extreme with perfect monitoring and a common discount factor.

    Examples
    --------
    >>> from games import Monitoring, NormalFormGame, RepeatedGame
    >>> pd = NormalFormGame.from_bimatrix([[2, -1], [3, 0]], [[2, 3], [-1, 0]])
    >>> seen = payoff_set(RepeatedGame(pd, 0.7))
    >>> price = Monitoring(signals=[[[0.9, 0.1], [0.6, 0.4]], [[0.6, 0.4], [0.35, 0.65]]])
    >>> blurred = payoff_set(RepeatedGame(pd, 0.7, monitoring=price))
    >>> seen.inner.highest, blurred.inner.highest
    (array([2.66667, 2.66667]), array([1.66667, 1.66667]))
    """
    instance(play, RepeatedGame, "the repeated game")
    if tolerance is not None:
        what = "tolerance is a share of the payoff range between 0 and 1"
        tolerance = number(tolerance, what, MethodError, above=0.0, below=1.0)
    max_iterations = whole(max_iterations, "max_iterations is a whole number, at least 1", least=1)
    solve = public_payoff_set if play.monitoring.public else perfect_payoff_set
    return solve(play, tolerance=tolerance, max_iterations=max_iterations, time_limit=time_limit)
