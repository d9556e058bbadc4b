"""The two-by-two games that everyone knows by name.

Symmetric games are given by four payoffs to the player whose own action comes first: R (both cooperate), T (I defect
alone), S (I cooperate alone), P (both defect). The order of the four makes the game, so it is checked.
"""

from __future__ import annotations

from fractions import Fraction

from games.catalog.registry import Number, game, ordered_symmetric
from games.errors import GameError
from games.normal_form import NormalFormGame

__all__ = [
    "assurance",
    "battle_of_the_sexes",
    "chicken",
    "compromise",
    "concord",
    "coordination",
    "deadlock",
    "harmony",
    "hawk_dove",
    "hero",
    "leader",
    "matching_pennies",
    "peace",
    "prisoners_dilemma",
    "safe_coordination",
    "stag_hunt",
]


@game(
    "Prisoner's dilemma",
    "Flood and Dresher 1950, Tucker 1950; payoffs of Axelrod 1984, The Evolution of Cooperation, chapter 1",
    known=[("Defect", "Defect")],
    count=1,
    tags="symmetric 2x2 dilemma dominance",
    note="Defection is dominant and both lose by it; grim trigger sustains cooperation from a discount factor of 1/2.",
)
def prisoners_dilemma(T: Number = 5, R: Number = 3, P: Number = 1, S: Number = 0) -> NormalFormGame:
    """The prisoner's dilemma, T > R > P > S.

    >>> prisoners_dilemma().payoff(("Defect", "Cooperate"))
    array([5., 0.])
    """
    return ordered_symmetric({"T": T, "R": R, "P": P, "S": S}, "TRPS", title="Prisoner's dilemma")


@game(
    "Stag hunt",
    "Rousseau 1755, Discourse on Inequality, part 2; ordinal payoffs as in Jervis 1978, World Politics 30(2)",
    known=[("Stag", "Stag"), ("Hare", "Hare"), ("1/2 1/2", "1/2 1/2")],
    count=3,
    tags="symmetric 2x2 coordination",
    note="Trust: the best outcome is an equilibrium, but hunting hare is safe.",
)
def stag_hunt(R: Number = 4, T: Number = 3, P: Number = 2, S: Number = 1) -> NormalFormGame:
    """The stag hunt, R > T > P > S."""
    return ordered_symmetric({"T": T, "R": R, "P": P, "S": S}, "RTPS", ("Stag", "Hare"), title="Stag hunt")


@game(
    "Assurance",
    "Sen 1967, Quarterly Journal of Economics 81(1); this ordinal form (R > P > T > S) as named by Bruns 2015, Games 6(4)",
    known=[("Cooperate", "Cooperate"), ("Defect", "Defect"), ("1/2 1/2", "1/2 1/2")],
    count=3,
    tags="symmetric 2x2 coordination",
)
def assurance(R: Number = 4, P: Number = 3, T: Number = 2, S: Number = 1) -> NormalFormGame:
    """The assurance game in which joint defection is second best, R > P > T > S."""
    return ordered_symmetric({"T": T, "R": R, "P": P, "S": S}, "RPTS", title="Assurance")


@game(
    "Chicken",
    "Russell 1959, Common Sense and Nuclear Warfare; Rapoport and Chammah 1966, American Behavioral Scientist 10(3)",
    known=[("Swerve", "Straight"), ("Straight", "Swerve"), ("1/2 1/2", "1/2 1/2")],
    count=3,
    tags="symmetric 2x2 anticoordination crisis",
    note="Brinkmanship: each wants the other to give way, and disaster follows if neither does.",
)
def chicken(T: Number = 4, R: Number = 3, S: Number = 2, P: Number = 1) -> NormalFormGame:
    """Chicken, T > R > S > P."""
    return ordered_symmetric(
        {"T": T, "R": R, "P": P, "S": S}, "TRSP", ("Swerve", "Straight"), title="Chicken"
    )


@game(
    "Deadlock",
    "Snyder and Diesing 1977, Conflict Among Nations, chapter 2; Oye 1985, World Politics 38(1)",
    known=[("Defect", "Defect")],
    count=1,
    tags="symmetric 2x2 dominance",
    note="There is nothing to cooperate about: both prefer joint defection.",
)
def deadlock(T: Number = 4, P: Number = 3, R: Number = 2, S: Number = 1) -> NormalFormGame:
    """Deadlock, T > P > R > S."""
    return ordered_symmetric({"T": T, "R": R, "P": P, "S": S}, "TPRS", title="Deadlock")


@game(
    "Harmony",
    "Keohane 1984, After Hegemony, chapter 4; this ordinal form as named by Robinson and Goforth 2005",
    known=[("Cooperate", "Cooperate")],
    count=1,
    tags="symmetric 2x2 dominance",
    note="Each side's own interest already does what the other wants: there is no problem to solve.",
)
def harmony(R: Number = 4, S: Number = 3, T: Number = 2, P: Number = 1) -> NormalFormGame:
    """Harmony, R > S > T > P."""
    return ordered_symmetric({"T": T, "R": R, "P": P, "S": S}, "RSTP", title="Harmony")


@game(
    "Concord",
    "Rapoport and Guyer 1966, General Systems 11; named by Robinson and Goforth 2005, The Topology of the 2x2 Games",
    known=[("Cooperate", "Cooperate")],
    count=1,
    tags="symmetric 2x2 dominance",
)
def concord(R: Number = 4, T: Number = 3, S: Number = 2, P: Number = 1) -> NormalFormGame:
    """Concord, R > T > S > P: cooperation is dominant, although each would rather be the one who defects alone."""
    return ordered_symmetric({"T": T, "R": R, "P": P, "S": S}, "RTSP", title="Concord")


@game(
    "Peace",
    "Rapoport and Guyer 1966, General Systems 11; named by Robinson and Goforth 2005, The Topology of the 2x2 Games",
    known=[("Cooperate", "Cooperate")],
    count=1,
    tags="symmetric 2x2 dominance",
)
def peace(R: Number = 4, S: Number = 3, P: Number = 2, T: Number = 1) -> NormalFormGame:
    """Peace, R > S > P > T: to defect alone is worst of all."""
    return ordered_symmetric({"T": T, "R": R, "P": P, "S": S}, "RSPT", title="Peace")


@game(
    "Safe coordination",
    "Rapoport and Guyer 1966, General Systems 11; named by Robinson and Goforth 2005, The Topology of the 2x2 Games",
    known=[("Cooperate", "Cooperate"), ("Defect", "Defect"), ("1/4 3/4", "1/4 3/4")],
    count=3,
    tags="symmetric 2x2 coordination",
    note="The better of two conventions is also the safer one.",
)
def safe_coordination(R: Number = 4, P: Number = 3, S: Number = 2, T: Number = 1) -> NormalFormGame:
    """Safe coordination, R > P > S > T."""
    return ordered_symmetric({"T": T, "R": R, "P": P, "S": S}, "RPST", title="Safe coordination")


@game(
    "Leader",
    "Rapoport 1967, Behavioral Science 12(2), 'Exploiter, leader, hero, and martyr'",
    known=[("Wait", "Move"), ("Move", "Wait"), ("1/2 1/2", "1/2 1/2")],
    count=3,
    tags="symmetric 2x2 anticoordination",
    note="A battle of the sexes with the actions relabelled: the one who moves gains most, and the other gains too.",
)
def leader(T: Number = 4, S: Number = 3, R: Number = 2, P: Number = 1) -> NormalFormGame:
    """Leader, T > S > R > P."""
    return ordered_symmetric({"T": T, "R": R, "P": P, "S": S}, "TSRP", ("Wait", "Move"), title="Leader")


@game(
    "Hero",
    "Rapoport 1967, Behavioral Science 12(2), 'Exploiter, leader, hero, and martyr'",
    known=[("Wait", "Move"), ("Move", "Wait"), ("3/4 1/4", "3/4 1/4")],
    count=3,
    tags="symmetric 2x2 anticoordination",
    note="The one who moves serves the other more than itself.",
)
def hero(S: Number = 4, T: Number = 3, R: Number = 2, P: Number = 1) -> NormalFormGame:
    """Hero, S > T > R > P."""
    return ordered_symmetric({"T": T, "R": R, "P": P, "S": S}, "STRP", ("Wait", "Move"), title="Hero")


@game(
    "Compromise",
    "Rapoport and Guyer 1966, General Systems 11; named by Robinson and Goforth 2005, The Topology of the 2x2 Games",
    known=[("Defect", "Defect")],
    count=1,
    tags="symmetric 2x2 dominance",
)
def compromise(T: Number = 4, P: Number = 3, S: Number = 2, R: Number = 1) -> NormalFormGame:
    """Compromise, T > P > S > R: the dominant action leads both to the second best."""
    return ordered_symmetric({"T": T, "R": R, "P": P, "S": S}, "TPSR", title="Compromise")


@game(
    "Hawk and dove",
    "Maynard Smith and Price 1973, Nature 246; Maynard Smith 1982, Evolution and the Theory of Games, chapter 2",
    known=[("Hawk", "Dove"), ("Dove", "Hawk"), ("1/2 1/2", "1/2 1/2")],
    count=3,
    tags="symmetric 2x2 anticoordination evolution",
    note="In the mixed equilibrium hawks have the share value / cost.",
)
def hawk_dove(value: Number = 2, cost: Number = 4) -> NormalFormGame:
    """Hawk and dove for a prize of `value`, where a fight costs `cost` (more than the prize, positive)."""
    if not cost > value > 0:
        raise GameError(f"hawk and dove needs cost > value > 0; got cost = {cost} and value = {value}")
    fight, share = _half(value - cost), _half(value)
    payoffs = [[[fight, fight], [value, 0]], [[0, value], [share, share]]]
    return NormalFormGame(payoffs, None, [("Hawk", "Dove")] * 2, "Hawk and dove")


@game(
    "Battle of the sexes",
    "Luce and Raiffa 1957, Games and Decisions, section 5.3; payoffs of Osborne and Rubinstein 1994, example 15.3",
    known=[("Bach", "Bach"), ("Stravinsky", "Stravinsky"), ("2/3 1/3", "1/3 2/3")],
    count=3,
    tags="2x2 coordination",
    note="Both want to agree, but not on the same thing.",
)
def battle_of_the_sexes(best: Number = 2, second: Number = 1, apart: Number = 0) -> NormalFormGame:
    """Battle of the sexes (Bach or Stravinsky), best > second > apart."""
    if not best > second > apart:
        raise GameError(f"battle of the sexes needs best > second > apart; got {best}, {second}, {apart}")
    payoffs = [[[best, second], [apart, apart]], [[apart, apart], [second, best]]]
    return NormalFormGame(payoffs, None, [("Bach", "Stravinsky")] * 2, "Battle of the sexes")


@game(
    "Matching pennies",
    "von Neumann 1928, Mathematische Annalen 100; Osborne and Rubinstein 1994, example 17.1",
    known=[("1/2 1/2", "1/2 1/2")],
    count=1,
    tags="2x2 zero-sum",
)
def matching_pennies(stake: Number = 1) -> NormalFormGame:
    """Matching pennies for a positive stake: the first player wants to match, the second to differ."""
    if not stake > 0:
        raise GameError(f"matching pennies needs a positive stake; got {stake}")
    return NormalFormGame.from_bimatrix(
        [[stake, -stake], [-stake, stake]],
        players=["Matcher", "Mismatcher"],
        actions=[("Heads", "Tails")] * 2,
        title="Matching pennies",
    )


@game(
    "Pure coordination",
    "Lewis 1969, Convention, chapter 1; Schelling 1960, The Strategy of Conflict, chapter 3",
    known=[("1", "1"), ("2", "2"), ("1/2 1/2", "1/2 1/2")],
    count=3,
    tags="symmetric coordination",
    note=(
        "Two players with k actions have 2**k - 1 equilibria, one for each set of actions mixed evenly. More players have "
        "more, as in a game of three with three actions."
    ),
)
def coordination(actions: int = 2, n: int = 2) -> NormalFormGame:
    """Pure coordination of n players on one of k actions: all get 1 if they choose alike, else 0."""
    import numpy as np

    if actions < 1 or n < 1:
        raise GameError(
            f"coordination needs at least one player and action; got n = {n}, actions = {actions}"
        )
    payoffs = np.zeros((actions,) * n + (n,), dtype=np.int64)
    for a in range(actions):
        payoffs[(a,) * n] = 1
    return NormalFormGame(payoffs, title="Pure coordination")


def _half(number: Number) -> Number:
    return Fraction(number, 2) if isinstance(number, int) else number / 2
