"""Two-player games from the literature on solution concepts, algorithms, experiments and oligopoly."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

import numpy as np

from games.catalog.registry import Number, game
from games.errors import GameError
from games.normal_form import NormalFormGame

__all__ = [
    "abreu_sannikov",
    "asymmetric_matching_pennies",
    "aumann_chicken",
    "colonel_blotto",
    "cournot",
    "judd_yeltekin_conklin",
    "moulin_vial",
    "nash_demand",
    "oneill",
    "rock_paper_scissors",
    "shapley_cycling",
    "shapley_inaccessible",
    "travellers_dilemma",
    "von_stengel_3x2",
    "von_stengel_6x6",
    "von_stengel_degenerate",
    "war_of_attrition",
    "winkels",
]

_THIRDS = "1/3 1/3 1/3"


@game(
    "Rock, paper, scissors",
    "Maynard Smith 1982, Evolution and the Theory of Games, appendix D; zero-sum in the usual form",
    known=[(_THIRDS, _THIRDS)],
    count=1,
    tags="symmetric zero-sum cyclic learning",
)
def rock_paper_scissors(win: Number = 1, lose: Number = -1) -> NormalFormGame:
    """Rock, paper, scissors; a tie pays nothing. It is zero-sum when win = -lose."""
    if not win > 0 > lose:
        raise GameError(f"rock, paper, scissors needs win > 0 > lose; got {win} and {lose}")
    A = [[0, lose, win], [win, 0, lose], [lose, win, 0]]
    B = [[0, win, lose], [lose, 0, win], [win, lose, 0]]
    return NormalFormGame.from_bimatrix(
        A, B, actions=[("Rock", "Paper", "Scissors")] * 2, title="Rock, paper, scissors"
    )


@game(
    "Shapley's cycling game",
    "Shapley 1964, 'Some topics in two-person games', in Advances in Game Theory; as in Fudenberg and Levine 1998",
    known=[(_THIRDS, _THIRDS)],
    count=1,
    tags="cyclic learning",
    note="Fictitious play cycles forever and does not converge.",
)
def shapley_cycling() -> NormalFormGame:
    """Shapley's game, in which fictitious play does not converge."""
    A = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    B = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    return NormalFormGame.from_bimatrix(A, B, title="Shapley's cycling game")


@game(
    "Shapley's game with inaccessible equilibria",
    "Shapley 1974, Mathematical Programming Study 1, figure 3",
    known=[
        ("1/6 1/3 1/2", "1/6 1/3 1/2"),
        ("1/3 2/3 0", "1/3 2/3 0"),
        ("3", "3"),
    ],
    count=3,
    tags="algorithm",
    note="The Lemke-Howson algorithm finds one equilibrium from every start; a pair of others cannot be reached.",
)
def shapley_inaccessible() -> NormalFormGame:
    """Shapley's 3x3 game with a pair of equilibria that Lemke-Howson cannot reach."""
    A = [[0, 3, 0], [2, 2, 0], [3, 0, 1]]
    B = [[0, 2, 3], [3, 2, 0], [0, 0, 1]]
    return NormalFormGame.from_bimatrix(A, B, title="Shapley's game with inaccessible equilibria")


@game(
    "O'Neill's zero-sum game",
    "O'Neill 1987, Proceedings of the National Academy of Sciences 84(7)",
    known=[("1/5 1/5 1/5 2/5", "1/5 1/5 1/5 2/5")],
    count=1,
    tags="zero-sum experiment",
)
def oneill() -> NormalFormGame:
    """O'Neill's 4x4 zero-sum game: unique mixed equilibrium, and players' risk attitudes do not matter."""
    A = [[-1, 1, 1, -1], [1, -1, 1, -1], [1, 1, -1, -1], [-1, -1, -1, 1]]
    return NormalFormGame.from_bimatrix(
        A, actions=[("Ace", "Two", "Three", "Joker")] * 2, title="O'Neill's zero-sum game"
    )


@game(
    "Asymmetric matching pennies",
    "Goeree and Holt 2001, American Economic Review 91(5), table 1",
    known=[("1/2 1/2", "1/8 7/8")],
    count=1,
    tags="2x2 experiment quantal",
    note="Nash play keeps the row player at one half whatever the prize; people chose Top 96% of the time.",
)
def asymmetric_matching_pennies(prize: Number = 320) -> NormalFormGame:
    """Matching pennies in which one outcome pays the row player a prize (above 40; 80 makes the game symmetric)."""
    if not prize > 40:
        raise GameError(f"asymmetric matching pennies needs a prize above 40; got {prize}")
    payoffs = [[[prize, 40], [40, 80]], [[40, 80], [80, 40]]]
    return NormalFormGame(
        payoffs, ["Row", "Column"], [("Top", "Bottom"), ("Left", "Right")], "Asymmetric matching pennies"
    )


@game(
    "Aumann's chicken",
    "Aumann 1974, Journal of Mathematical Economics 1(1); payoffs of Aumann 1987, Econometrica 55(1)",
    known=[("Yield", "Insist"), ("Insist", "Yield"), ("2/3 1/3", "2/3 1/3")],
    count=3,
    tags="symmetric 2x2 anticoordination correlated",
    note="The best correlated equilibrium pays 5.25 to each (welfare 10.5), outside the hull of the Nash payoffs.",
)
def aumann_chicken() -> NormalFormGame:
    """Chicken with the payoffs 6, 7, 2, 0 by which Aumann illustrates correlated equilibrium."""
    payoffs = [[[6, 6], [2, 7]], [[7, 2], [0, 0]]]
    return NormalFormGame(payoffs, None, [("Yield", "Insist")] * 2, "Aumann's chicken")


@game(
    "Moulin and Vial's point",
    "idea of Moulin and Vial 1978, International Journal of Game Theory 7(3-4), strategically zero-sum games; numbers ours",
    known=[("Top", "Left")],
    count=1,
    tags="correlated dominance",
    note=(
        "Iterated dominance leaves (3, 3), the only correlated equilibrium; a coarse correlated equilibrium, a third each on "
        "(Top, Left), (Middle, Centre), (Down, Right), pays 10/3 to each."
    ),
)
def moulin_vial() -> NormalFormGame:
    """A dominance-solvable game that coarse correlation improves and correlation does not."""
    A = [[3, 1, 4], [1, 5, 0], [1, 0, 2]]
    B = [[3, 1, 1], [4, 2, 0], [1, 0, 5]]
    return NormalFormGame.from_bimatrix(
        A,
        B,
        actions=[("Top", "Middle", "Down"), ("Left", "Centre", "Right")],
        title="Moulin and Vial's point",
    )


@game(
    "Three by two",
    "von Stengel 2007, in Nisan et al., Algorithmic Game Theory, chapter 3",
    known=[
        ("1", "1"),
        ("4/5 1/5 0", "2/3 1/3"),
        ("0 1/3 2/3", "1/3 2/3"),
    ],
    count=3,
    tags="algorithm",
)
def von_stengel_3x2() -> NormalFormGame:
    """Von Stengel's 3x2 teaching example with three equilibria."""
    return NormalFormGame.from_bimatrix(
        [[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]], title="Three by two"
    )


@game(
    "Three by two, degenerate",
    "von Stengel 2007, in Nisan et al., Algorithmic Game Theory, chapter 3",
    known=[
        ("1", "1"),
        ("1", "2/3 1/3"),
        ("0 1/3 2/3", "1/3 2/3"),
    ],
    count=None,
    tags="algorithm degenerate",
    note="These are the extreme equilibria: the first two span a segment of equilibria, the third is isolated.",
)
def von_stengel_degenerate() -> NormalFormGame:
    """The degenerate variant of the 3x2 example: action 1 has two best responses."""
    return NormalFormGame.from_bimatrix(
        [[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]], title="Three by two, degenerate"
    )


@game(
    "Von Stengel's 6x6 game",
    "von Stengel 1999, Discrete & Computational Geometry 21(4); small payoffs of Savani and von Stengel 2006",
    known=[
        ("2", "6"),
        ("5", "1"),
        ("11/15 4/15 0 0 0 0", "4/15 11/15 0 0 0 0"),
        ("1/30 1/6 3/10 3/10 1/6 1/30", "1/6 1/30 3/10 3/10 1/30 1/6"),
    ],
    count=75,
    tags="algorithm",
    note="75 equilibria, more than the 63 of a 6x6 coordination game.",
)
def von_stengel_6x6() -> NormalFormGame:
    """Von Stengel's nondegenerate 6x6 game with 75 equilibria."""
    A = [
        [-81, 36, -126, 126, -36, 90],
        [-180, 72, -333, 297, -153, 270],
        [20, -3, 42, -33, 17, -30],
        [-30, 17, -33, 42, -3, 20],
        [270, -153, 297, -333, 72, -180],
        [90, -36, 126, -126, 36, -81],
    ]
    B = [
        [72, 36, 17, -3, -36, -153],
        [-180, -81, -30, 20, 90, 270],
        [297, 126, 42, -33, -126, -333],
        [-333, -126, -33, 42, 126, 297],
        [270, 90, 20, -30, -81, -180],
        [-153, -36, -3, 17, 36, 72],
    ]
    return NormalFormGame.from_bimatrix(A, B, title="Von Stengel's 6x6 game")


@game(
    "Winkels' degenerate game",
    "Winkels 1979, in Game Theory and Related Topics; the degenerate example of the equilibrium-set literature",
    known=[
        ("1", "2"),
        ("1/2 1/2 0 0 0 0", "2"),
        ("1/2 1/2 0 0 0 0", "1/4 3/4"),
        ("0 7/8 0 0 1/8 0", "1/4 3/4"),
        ("7/8 0 0 0 0 1/8", "1/4 3/4"),
        ("0 0 0 0 1/2 1/2", "1/4 3/4"),
        ("0 0 0 0 1/2 1/2", "3/4 1/4"),
        ("0 0 0 7/12 5/12 0", "3/4 1/4"),
        ("0 0 7/11 0 0 4/11", "3/4 1/4"),
        ("0 0 5/9 4/9 0 0", "3/4 1/4"),
        ("0 0 5/9 4/9 0 0", "1"),
        ("4", "1"),
    ],
    count=None,
    tags="algorithm degenerate",
    note="These are its 12 extreme equilibria.",
)
def winkels() -> NormalFormGame:
    """Winkels' 6x2 game, whose equilibria form connected sets with twelve extreme points."""
    half = Fraction(5, 2)
    A = [[1, 3], [1, 3], [3, 1], [3, 1], [half, half], [half, half]]
    B = [[1, 2], [0, -1], [-2, 2], [4, -1], [-1, 6], [6, -1]]
    return NormalFormGame.from_bimatrix(A, B, title="Winkels' degenerate game")


@game(
    "Abreu and Sannikov's example",
    "Abreu and Sannikov 2014, Theoretical Economics 9(2)",
    known=[("2", "2")],
    count=1,
    tags="repeated",
    note="The stage game of a worked example of the set of repeated-game payoffs (discount factors 0.3 and 0.4).",
)
def abreu_sannikov() -> NormalFormGame:
    """The 3x3 stage game of Abreu and Sannikov's repeated-game algorithm."""
    A = [[16, 3, 0], [21, 10, -1], [9, 5, -5]]
    B = [[9, 13, 3], [1, 4, 0], [0, -4, -15]]
    return NormalFormGame.from_bimatrix(A, B, title="Abreu and Sannikov's example")


@game(
    "Cournot oligopoly",
    "Cournot 1838, Recherches, chapter 7; the grid of quantities is ours",
    known=[("6", "6")],
    count=1,
    tags="oligopoly repeated",
    note="With linear demand the equilibrium quantity is (intercept - cost) / (n + 1), here 19/3, rounded to the grid.",
)
def cournot(
    n: int = 2,
    quantities: Sequence[Number] = (0, 2, 4, 6, 8, 10),
    intercept: Number = 19,
    cost: Number = 0,
) -> NormalFormGame:
    """Cournot oligopoly of n firms: price max(intercept - total, 0), unit cost `cost`, quantities on a grid."""
    if n < 1 or not quantities or min(quantities) < 0 or len(set(quantities)) != len(quantities):
        raise GameError("Cournot needs at least one firm, and distinct quantities that are not negative")
    payoffs = np.empty((len(quantities),) * n + (n,), dtype=object)
    for cell in product(range(len(quantities)), repeat=n):
        amounts = [quantities[a] for a in cell]
        price = max(intercept - sum(amounts), 0)
        payoffs[cell] = [q * (price - cost) for q in amounts]
    labels = [[f"{q}" for q in quantities]] * n
    return NormalFormGame(payoffs, [f"Firm {i + 1}" for i in range(n)], labels, "Cournot oligopoly")


@game(
    "Judd, Yeltekin and Conklin's Cournot duopoly",
    "Judd, Yeltekin and Conklin 2003, Econometrica 71(4), Cournot example",
    known=[("12/7", "12/7")],
    count=1,
    tags="oligopoly repeated",
    note="Price max(6 - q1 - q2, 0), unit cost 0.6, quantities from 0 to 6; the repeated game has discount factor 0.8.",
)
def judd_yeltekin_conklin(actions: int = 15) -> NormalFormGame:
    """The Cournot duopoly of Judd, Yeltekin and Conklin, quantities evenly spaced on [0, 6]."""
    if actions < 2:
        raise GameError(f"this duopoly needs at least two quantities; got {actions}")
    grid = [Fraction(6 * k, actions - 1) for k in range(actions)]
    return cournot(2, grid, 6, Fraction(3, 5))


@game(
    "Nash demand game",
    "Nash 1953, Econometrica 21(1); on a grid of integers",
    known=[(f"{d}", f"{10 - d}") for d in range(1, 10)],
    count=None,
    tags="bargaining symmetric",
    note="Every efficient split is an equilibrium: the problem that bargaining theory sets out to solve.",
)
def nash_demand(pie: int = 10) -> NormalFormGame:
    """Both demand a whole share of the pie, and get it if the demands fit; otherwise nothing."""
    if pie < 2:
        raise GameError(f"the pie is {pie}; it must be a whole number of at least 2")
    demands = range(1, pie)
    payoffs = [[[a, b] if a + b <= pie else [0, 0] for b in demands] for a in demands]
    return NormalFormGame(payoffs, None, [[str(d) for d in demands]] * 2, "Nash demand game")


@game(
    "Traveller's dilemma",
    "Basu 1994, American Economic Review 84(2)",
    known=[("2", "2")],
    count=1,
    tags="symmetric dominance",
    note="Reasoning step by step leads to the lowest claim, which hardly anyone makes.",
)
def travellers_dilemma(low: int = 2, high: int = 100, bonus: int = 2) -> NormalFormGame:
    """The traveller's dilemma: both get the lower claim, and its author gets the bonus from the other."""
    if not (low < high and bonus > 1):
        raise GameError(f"the traveller's dilemma needs low < high and bonus > 1; got {low}, {high}, {bonus}")
    claims = np.arange(low, high + 1)
    mine, yours = claims[:, None], claims[None, :]
    A = np.minimum(mine, yours) + bonus * np.sign(yours - mine)
    return NormalFormGame.from_bimatrix(
        A, A.T, actions=[[str(c) for c in claims]] * 2, title="Traveller's dilemma"
    )


@game(
    "War of attrition",
    "Maynard Smith 1974, Journal of Theoretical Biology 47(1); in whole periods",
    known=[("0", "4"), ("4", "0"), ("0", "3"), ("3", "0")],
    count=None,
    tags="symmetric crisis evolution",
    note="Someone gives in at once against an opponent who would hold out at least as long as the prize is worth.",
)
def war_of_attrition(value: Number = 3, periods: int = 4) -> NormalFormGame:
    """Each names how long to hold out; both pay 1 a period until one gives in; the other gets the prize (ties split it)."""
    if not value > 0 or periods < 1:
        raise GameError(
            f"a war of attrition needs a positive value and at least one period; got {value}, {periods}"
        )
    half = Fraction(value, 2) if isinstance(value, int) else value / 2
    payoffs = np.empty((periods + 1, periods + 1, 2), dtype=object)
    for mine, yours in product(range(periods + 1), repeat=2):
        time = min(mine, yours)
        win = {True: value, False: 0}
        payoffs[mine, yours] = (
            [half - time] * 2 if mine == yours else [win[mine > yours] - time, win[yours > mine] - time]
        )
    return NormalFormGame(payoffs, None, [[str(t) for t in range(periods + 1)]] * 2, "War of attrition")


@game(
    "Colonel Blotto",
    "Borel 1921, Comptes Rendus 173; Gross and Wagner 1950, RAND RM-408",
    known=[("1-1-1", "1-1-1"), ("0 0 1/3 1/3 0 0 0 0 1/3 0", "1-1-1")],
    count=None,
    tags="zero-sum symmetric war",
    note="By symmetry the value is 0; each side wants to be unpredictable.",
)
def colonel_blotto(troops: int = 3, fields: int = 3) -> NormalFormGame:
    """Colonel Blotto: each side divides its troops over the fields; the payoff is fields won less fields lost."""
    if troops < 1 or fields < 1:
        raise GameError(f"Colonel Blotto needs at least one soldier and one field; got {troops} and {fields}")
    plans = [p for p in product(range(troops, -1, -1), repeat=fields) if sum(p) == troops]
    array = np.array(plans)
    A = np.sign(array[:, None, :] - array[None, :, :]).sum(axis=2)
    labels = ["-".join(map(str, p)) for p in plans]
    return NormalFormGame.from_bimatrix(
        A, players=["Blotto", "Enemy"], actions=[labels] * 2, title="Colonel Blotto"
    )
