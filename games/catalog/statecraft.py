"""Games of international relations: crises, arms, alliances, trade and order."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import numpy as np

from games.catalog.registry import Number, at_least, game, ordered_symmetric
from games.errors import GameError
from games.normal_form import NormalFormGame

__all__ = [
    "alliance_burden_sharing",
    "arms_race",
    "cuban_missile_crisis",
    "deterrence",
    "hegemonic_stability",
    "inspection",
    "relative_gains",
    "security_dilemma",
    "tariff_war",
    "three_person_majority",
]


@game(
    "Security dilemma",
    "Jervis 1978, World Politics 30(2); the parameter `advantage` and the numbers are ours",
    known=[("Restrain", "Restrain"), ("Arm", "Arm"), ("3/4 1/4", "3/4 1/4")],
    count=3,
    tags="symmetric 2x2 arms coordination",
    note=(
        "As the offence gains the advantage, trust must grow (it is enough at (1 + advantage) / 2); from 1 on the stag hunt "
        "turns into a prisoner's dilemma."
    ),
)
def security_dilemma(advantage: Number = Fraction(1, 2)) -> NormalFormGame:
    """Two states arm or show restraint; `advantage` is what attacking first adds, and what being attacked costs.

    Payoffs R = 4, T = 3 + advantage, P = 2, S = 1 - advantage; the advantage is not negative and is not 1.
    """
    if advantage < 0 or advantage == 1:
        raise GameError(
            f"the advantage of the offence is {advantage}; it must be at least 0, and not 1 (a tie)"
        )
    payoffs: dict[str, Number] = {"T": 3 + advantage, "R": 4, "P": 2, "S": 1 - advantage}
    return ordered_symmetric(
        payoffs,
        "RTPS" if advantage < 1 else "TRPS",
        ("Restrain", "Arm"),
        ("State A", "State B"),
        "Security dilemma",
    )


@game(
    "Arms race",
    "Richardson 1960, Arms and Insecurity, as a dilemma after Jervis 1978; this quadratic version is ours",
    known=[("2", "2")],
    count=1,
    tags="symmetric arms dominance dilemma",
    note="The dominant level is security / (2 * cost) for each; both would gain by any equal, lower level.",
)
def arms_race(levels: int = 4, security: Number = 4, cost: Number = 1) -> NormalFormGame:
    """Each state gains `security` for each level above its rival's, and pays `cost` times its own level squared."""
    at_least(levels, 2, "levels of arms")
    payoffs = np.empty((levels, levels, 2), dtype=object)
    for x, y in product(range(levels), repeat=2):
        payoffs[x, y] = [security * (x - y) - cost * x * x, security * (y - x) - cost * y * y]
    labels = [str(x) for x in range(levels)]
    return NormalFormGame(payoffs, ("State A", "State B"), [labels] * 2, "Arms race")


@game(
    "Cuban missile crisis",
    "Brams 1985, Superpower Games; Brams 2001, Plus Magazine 13",
    known=[("1/2 1/2", "3/4 1/4")],
    count=1,
    tags="2x2 crisis",
    note=(
        "Not chicken, which Brams presents in order to reject it. Played once it has no equilibrium in pure strategies; what "
        "happened (blockade, withdrawal) is stable in his theory of moves (solvers.sequential.theory_of_moves)."
    ),
)
def cuban_missile_crisis() -> NormalFormGame:
    """October 1962 with the ordinal payoffs that Brams gives the two sides (1 worst, 4 best)."""
    payoffs = [[[3, 3], [1, 4]], [[2, 2], [4, 1]]]
    return NormalFormGame(
        payoffs,
        ("United States", "Soviet Union"),
        [("Blockade", "Air strike"), ("Withdraw", "Maintain")],
        "Cuban missile crisis",
    )


@game(
    "Deterrence",
    "Schelling 1960, The Strategy of Conflict, chapter 2; the game of Selten 1978, Theory and Decision 9, in normal form",
    known=[("Attack", "Yield"), ("Respect", "Resist"), ("Respect", "1/2 1/2")],
    count=None,
    tags="2x2 crisis degenerate",
    note=(
        "The threat to resist deters if it is believed (probability at least 1/2), but carrying it out would not pay: only "
        "(Attack, Yield) is subgame perfect."
    ),
)
def deterrence() -> NormalFormGame:
    """A challenger respects the status quo or attacks; the defender plans to resist or to yield."""
    payoffs = [[[2, 3], [2, 3]], [[1, 1], [3, 2]]]
    return NormalFormGame(
        payoffs, ("Challenger", "Defender"), [("Respect", "Attack"), ("Resist", "Yield")], "Deterrence"
    )


@game(
    "Inspection game",
    "Dresher 1962, RAND RM-2972; payoffs of von Stengel 2022, Game Theory Basics, chapter 6",
    known=[("9/10 1/10", "4/5 1/5")],
    count=1,
    tags="2x2 arms",
    note="The rate of violation depends on the inspector's payoffs alone, the rate of inspection on the other side's.",
)
def inspection() -> NormalFormGame:
    """An inspector verifies a treaty, or trusts; the inspected side complies or cheats."""
    payoffs = [[[0, 0], [-10, 10]], [[-1, 0], [-6, -90]]]
    return NormalFormGame(
        payoffs, ("Inspector", "Inspected"), [("Trust", "Inspect"), ("Comply", "Cheat")], "Inspection game"
    )


@game(
    "Relative gains",
    "Snidal 1991, American Political Science Review 85(3); Grieco 1988, International Organization 42(3)",
    known=[("Defect", "Defect")],
    count=1,
    tags="symmetric 2x2 dilemma repeated",
    note=(
        "Grim trigger needs a discount factor of 11/17 = .647, 7/9 = .778 and 1 at weights 1/4, 1/2 and 1. Concern for "
        "relative gains makes cooperation harder for two powers."
    ),
)
def relative_gains(
    weight: Number = Fraction(1, 4), T: Number = 5, R: Number = 3, P: Number = 1, S: Number = 0
) -> NormalFormGame:
    """The prisoner's dilemma in which each payoff is reduced by `weight` times the rival's."""
    if not T > R > P > S:
        raise GameError(f"relative gains starts from T > R > P > S; got {T}, {R}, {P}, {S}")
    same = {"R": R * (1 - weight), "P": P * (1 - weight)}
    t, s = T - weight * S, S - weight * T
    payoffs = [[[same["R"]] * 2, [s, t]], [[t, s], [same["P"]] * 2]]
    return NormalFormGame(payoffs, None, [("Cooperate", "Defect")] * 2, "Relative gains")


@game(
    "Tariff war",
    "Johnson 1953, Review of Economic Studies 21(2); payoffs of Krugman and Obstfeld, International Economics",
    known=[("Protection", "Protection")],
    count=1,
    tags="symmetric 2x2 dilemma trade",
    note="A prisoner's dilemma: the case for trade agreements between large countries.",
)
def tariff_war(T: Number = 20, R: Number = 10, P: Number = -5, S: Number = -10) -> NormalFormGame:
    """Two large countries choose free trade or protection, T > R > P > S."""
    return ordered_symmetric(
        {"T": T, "R": R, "P": P, "S": S},
        "TRPS",
        ("Free trade", "Protection"),
        ("Home", "Foreign"),
        "Tariff war",
    )


@game(
    "Alliance burden sharing",
    "Olson and Zeckhauser 1966, Review of Economics and Statistics 48(3); this quadratic version is ours",
    known=[("6", "0", "0")],
    count=None,
    tags="alliance public-good",
    note="The exploitation of the great by the small: the ally that values defence most pays for all of it.",
)
def alliance_burden_sharing(
    values: Sequence[Number] = (4, 2, 2), enough: int = 8, levels: int = 7, cost: Number = 1
) -> NormalFormGame:
    """Allies contribute 0 to levels - 1 units each of common defence.

    With total Q an ally that values defence at v gets v * (Q - Q**2 / (2 * enough)) and pays `cost` a unit. Its
    marginal value falls from v to 0 at Q = enough and stays there.
    """
    at_least(len(values), 1, "allies")
    at_least(levels, 2, "levels of contribution")
    at_least(enough, 1, "unit of defence that is enough")
    n = len(values)
    payoffs = np.empty((levels,) * n + (n,), dtype=object)
    for cell in product(range(levels), repeat=n):
        total = min(sum(cell), enough)
        benefit = total - Fraction(total * total, 2 * enough)
        payoffs[cell] = [v * benefit - cost * own for v, own in zip(values, cell)]
    labels = [str(q) for q in range(levels)]
    return NormalFormGame(
        payoffs, [f"Ally {i + 1}" for i in range(n)], [labels] * n, "Alliance burden sharing"
    )


@game(
    "Hegemonic stability",
    "Kindleberger 1973, The World in Depression; as a privileged group in Snidal 1985, International Organization 39(4)",
    known=[("Provide", "Free ride", "Free ride")],
    count=1,
    tags="public-good dominance order",
    note="A power large enough to gain from providing order alone provides it; the others ride free.",
)
def hegemonic_stability(
    values: Sequence[Number] = (Fraction(3, 2), Fraction(1, 2), Fraction(1, 2)), cost: Number = 1
) -> NormalFormGame:
    """Each provider of order gives power i `values[i]`, and pays `cost`."""
    n = len(values)
    at_least(n, 1, "powers")
    payoffs = np.empty((2,) * n + (n,), dtype=object)
    for cell in product(range(2), repeat=n):
        payoffs[cell] = [v * cell.count(0) - (cost if a == 0 else 0) for v, a in zip(values, cell)]
    players = ["Hegemon", *(f"Power {i + 2}" for i in range(n - 1))]
    return NormalFormGame(payoffs, players, [("Provide", "Free ride")] * n, "Hegemonic stability")


@game(
    "Three-person majority",
    "von Neumann and Morgenstern 1944, Theory of Games and Economic Behavior, section 21",
    known=[
        *[("name B", "name A", third) for third in ("name A", "name B")],
        *[("name C", second, "name A") for second in ("name A", "name C")],
        *[(first, "name C", "name B") for first in ("name B", "name C")],
        ("1/2 1/2",) * 3,
    ],
    count=None,
    tags="zero-sum alliance degenerate",
    note="Any two can gang up on the third: the smallest game in which who allies with whom is everything.",
)
def three_person_majority() -> NormalFormGame:
    """Each of three powers names one of the others; two that name one another take 1/2 each from the third."""
    others = [(1, 2), (0, 2), (0, 1)]
    half = Fraction(1, 2)
    payoffs = np.empty((2, 2, 2, 3), dtype=object)
    for cell in product(range(2), repeat=3):
        named = [others[i][a] for i, a in enumerate(cell)]
        allied = [i for i in range(3) if named[named[i]] == i]
        payoffs[cell] = [(half if i in allied else Fraction(-1)) if allied else Fraction(0) for i in range(3)]
    names = "ABC"
    labels = [[f"name {names[j]}" for j in pair] for pair in others]
    return NormalFormGame(payoffs, list(names), labels, "Three-person majority")
