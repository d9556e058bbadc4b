"""Games of three and more players."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from math import sqrt

import numpy as np

from games.catalog.registry import Number, at_least, from_cells, game
from games.errors import GameError
from games.normal_form import NormalFormGame

__all__ = [
    "anti_coordination",
    "beauty_contest",
    "el_farol",
    "jordan",
    "mckelvey_mclennan",
    "minimum_effort",
    "minority",
    "nau_continuum",
    "nau_irrational",
    "public_goods",
    "seltens_horse",
    "volunteers_dilemma",
]

# The root of 12 q**2 + 13 q - 9 that is a probability, and what follows from it (Nau et al. 2004, section 4).
_Q = (sqrt(601) - 13) / 24
_P = (9 * _Q - 1) / (7 * _Q + 2)
_R = (2 - 3 * _Q) / (1 + _Q)


@game(
    "Public good",
    "Olson 1965, The Logic of Collective Action; linear form of Isaac and Walker 1988, Quarterly Journal of Economics 103(1)",
    known=[("Withhold",) * 3],
    count=1,
    tags="symmetric dilemma dominance public-good",
    note="With marginal return 0.5, cost 1 and three players grim trigger needs a discount factor of 1/2.",
)
def public_goods(n: int = 3, marginal_return: Number = 0.5, cost: Number = 1) -> NormalFormGame:
    """Each contributor pays `cost`, and everyone gets `marginal_return` for each contributor.

    It is a dilemma if marginal_return < cost < n * marginal_return; other values are allowed.
    """
    at_least(n, 1)
    payoffs = from_cells(
        n, 2, lambda cell: [cell.count(0) * marginal_return - (cost if a == 0 else 0) for a in cell]
    )
    return NormalFormGame(payoffs, None, [("Contribute", "Withhold")] * n, "Public good")


@game(
    "Volunteer's dilemma",
    "Diekmann 1985, Journal of Conflict Resolution 29(4)",
    known=[
        ("Volunteer", "Wait", "Wait"),
        ("Wait", "Volunteer", "Wait"),
        ("Wait", "Wait", "Volunteer"),
        ("3/4 1/4", "3/4 1/4", "Wait"),
        ("3/4 1/4", "Wait", "3/4 1/4"),
        ("Wait", "3/4 1/4", "3/4 1/4"),
        ("1/2 1/2",) * 3,
    ],
    count=7,
    tags="symmetric dilemma public-good anticoordination",
    note="In the symmetric equilibrium each waits with probability (cost / benefit) ** (1 / (n - 1)).",
)
def volunteers_dilemma(n: int = 3, benefit: Number = 4, cost: Number = 1) -> NormalFormGame:
    """Everyone gets the benefit if anyone volunteers; each volunteer pays the cost (less than the benefit)."""
    at_least(n, 1)
    if not benefit > cost > 0:
        raise GameError(f"the volunteer's dilemma needs benefit > cost > 0; got {benefit} and {cost}")
    payoffs = from_cells(
        n, 2, lambda cell: [(benefit if 0 in cell else 0) - (cost if a == 0 else 0) for a in cell]
    )
    return NormalFormGame(payoffs, None, [("Volunteer", "Wait")] * n, "Volunteer's dilemma")


@game(
    "Anti-coordination",
    "McLennan and Tourky 2006, 'From imitation games to Kakutani'",
    known=[
        ("Claim", "Safe", "Safe"),
        ("Safe", "Claim", "Safe"),
        ("Safe", "Safe", "Claim"),
        ("1/4 3/4", "1/4 3/4", "Safe"),
        ("1/4 3/4", "Safe", "1/4 3/4"),
        ("Safe", "1/4 3/4", "1/4 3/4"),
        ("1/2 1/2",) * 3,
    ],
    count=7,
    tags="symmetric anticoordination",
    note=(
        "2**n - 1 equilibria: for every non-empty set of m players, these mix (or, for m = 1, one claims) and the others "
        "play safe; those who mix play safe with probability prize ** (-1 / (m - 1))."
    ),
)
def anti_coordination(n: int = 3, prize: Number = 4) -> NormalFormGame:
    """Safe pays 1; Claim pays the prize (above 1) to a player who claims alone, else 0."""
    at_least(n, 1)
    if not prize > 1:
        raise GameError(f"anti-coordination needs a prize above 1, which is what Safe pays; got {prize}")
    payoffs = from_cells(n, 2, lambda cell: [1 if a == 0 else (prize if sum(cell) == 1 else 0) for a in cell])
    return NormalFormGame(payoffs, None, [("Safe", "Claim")] * n, "Anti-coordination")


@game(
    "McKelvey and McLennan's game",
    "McKelvey and McLennan 1996, Handbook of Computational Economics 1, chapter 2",
    known=[
        ("1", "1", "1"),
        ("2", "2", "1"),
        ("1", "2", "2"),
        ("2", "1", "2"),
        ("2", "1/3 2/3", "1/3 2/3"),
        ("1/4 3/4", "1", "1/4 3/4"),
        ("1/2 1/2", "1/2 1/2", "1"),
        ("1/4 3/4", "1/2 1/2", "1/3 2/3"),
        ("1/2 1/2", "1/3 2/3", "1/4 3/4"),
    ],
    count=9,
    tags="algorithm",
    note="Nine equilibria, all regular, the largest number a generic 2x2x2 game can have; two are totally mixed.",
)
def mckelvey_mclennan() -> NormalFormGame:
    """The 2x2x2 game with nine equilibria."""
    payoffs = np.zeros((2, 2, 2, 3), dtype=np.int64)
    payoffs[0, 0, 0] = [9, 8, 12]
    payoffs[1, 1, 0] = [9, 8, 2]
    payoffs[0, 1, 1] = [3, 4, 6]
    payoffs[1, 0, 1] = [3, 4, 4]
    return NormalFormGame(payoffs, title="McKelvey and McLennan's game")


@game(
    "Nau, Gomez Canovas and Hansen's irrational game",
    "Nau, Gomez Canovas and Hansen 2004, International Journal of Game Theory 32(4), section 4",
    known=[((_P, 1 - _P), (_Q, 1 - _Q), (_R, 1 - _R))],
    count=1,
    tags="algorithm correlated",
    note="Integer payoffs, one equilibrium, irrational: no exact rational answer exists.",
)
def nau_irrational() -> NormalFormGame:
    """The 2x2x2 game whose only equilibrium is irrational."""
    payoffs = np.zeros((2, 2, 2, 3), dtype=np.int64)
    payoffs[0, 0, 0] = [3, 0, 2]
    payoffs[1, 0, 0] = [0, 1, 0]
    payoffs[0, 1, 0] = [0, 2, 0]
    payoffs[1, 1, 0] = [1, 0, 0]
    payoffs[0, 0, 1] = [1, 0, 0]
    payoffs[1, 0, 1] = [0, 3, 0]
    payoffs[0, 1, 1] = [0, 1, 0]
    payoffs[1, 1, 1] = [2, 0, 3]
    return NormalFormGame(
        payoffs, None, [("Top", "Bottom"), ("Left", "Right"), ("1", "2")], "Nau's irrational game"
    )


@game(
    "Nau, Gomez Canovas and Hansen's continuum",
    "Nau, Gomez Canovas and Hansen 2004, International Journal of Game Theory 32(4), section 5",
    known=[
        ("Top", "Right", "1"),
        ("Bottom", "Left", "1"),
        ("Bottom", "Right", "2"),
    ],
    count=None,
    tags="algorithm degenerate correlated",
    note="Three pure equilibria, two incompletely mixed ones and a continuum of completely mixed ones.",
)
def nau_continuum() -> NormalFormGame:
    """The 2x2x2 game with a continuum of completely mixed equilibria."""
    payoffs = np.zeros((2, 2, 2, 3), dtype=np.int64)
    payoffs[0, 0, 0] = [0, 0, 2]
    payoffs[1, 0, 0] = [3, 0, 0]
    payoffs[0, 1, 0] = [0, 3, 0]
    payoffs[0, 0, 1] = [1, 1, 0]
    payoffs[1, 1, 1] = [0, 0, 3]
    return NormalFormGame(
        payoffs, None, [("Top", "Bottom"), ("Left", "Right"), ("1", "2")], "Nau's continuum"
    )


@game(
    "Jordan's game",
    "Jordan 1993, Games and Economic Behavior 5(3)",
    known=[("1/2 1/2",) * 3],
    count=1,
    tags="learning cyclic",
    note="Three-player matching pennies: fictitious play and replicator dynamics do not converge.",
)
def jordan() -> NormalFormGame:
    """Player 1 wants to match player 2, player 2 to match player 3, player 3 to differ from player 1."""
    payoffs = from_cells(
        3,
        2,
        lambda c: [1 if c[0] == c[1] else -1, 1 if c[1] == c[2] else -1, -1 if c[2] == c[0] else 1],
    )
    return NormalFormGame(payoffs, None, [("Heads", "Tails")] * 3, "Jordan's game")


@game(
    "Selten's horse",
    "Selten 1975, International Journal of Game Theory 4(1), figure 1; normal form",
    known=[("R", "R", "L"), ("L", "R", "R")],
    count=None,
    tags="degenerate refinement",
    note="Two kinds of equilibria; only those of the first kind are trembling-hand perfect.",
)
def seltens_horse() -> NormalFormGame:
    """The normal form of Selten's horse; player 3 moves if player 1 or 2 plays L, and does not know which."""
    ends = {
        ("R", "R"): {"R": (1, 1, 1), "L": (1, 1, 1)},
        ("R", "L"): {"R": (4, 4, 0), "L": (0, 0, 1)},
        ("L", "R"): {"R": (3, 2, 2), "L": (0, 0, 0)},
        ("L", "L"): {"R": (3, 2, 2), "L": (0, 0, 0)},
    }
    payoffs = [[[ends[a, b][c] for c in "RL"] for b in "RL"] for a in "RL"]
    return NormalFormGame(payoffs, None, [("R", "L")] * 3, "Selten's horse")


@game(
    "Minority game",
    "Challet and Zhang 1997, Physica A 246; smallest case",
    known=[*[p for p in product("AB", repeat=3) if 1 <= p.count("A") <= 2], ("1/2 1/2",) * 3],
    count=None,
    tags="symmetric anticoordination degenerate",
    note="Whoever is in the majority is indifferent, so the equilibria form connected sets.",
)
def minority(n: int = 3) -> NormalFormGame:
    """An odd number of players choose a side; those on the smaller side get 1, the others 0."""
    at_least(n, 3)
    if n % 2 == 0:
        raise GameError(f"a minority game needs an odd number of players; got {n}")
    payoffs = from_cells(n, 2, lambda cell: [int(cell.count(a) < n / 2) for a in cell])
    return NormalFormGame(payoffs, None, [("A", "B")] * n, "Minority game")


@game(
    "El Farol bar",
    "Arthur 1994, American Economic Review 84(2); smallest interesting case",
    known=[p for p in product(("Go", "Stay"), repeat=4) if p.count("Go") == 2],
    count=None,
    tags="symmetric anticoordination",
    note="Pure equilibria fill the bar exactly; there are mixed ones besides.",
)
def el_farol(n: int = 4, seats: int = 2) -> NormalFormGame:
    """Going out pays 1 if at most `seats` go and -1 otherwise; staying at home pays 0."""
    at_least(n, 1)
    if not 1 <= seats <= n:
        raise GameError(f"El Farol needs between 1 and {n} seats; got {seats}")
    payoffs = from_cells(
        n, 2, lambda cell: [0 if a == 1 else (1 if cell.count(0) <= seats else -1) for a in cell]
    )
    return NormalFormGame(payoffs, None, [("Go", "Stay")] * n, "El Farol bar")


@game(
    "Minimum effort",
    "Bryant 1983, Quarterly Journal of Economics 98(3); payoffs of Van Huyck, Battalio and Beil 1990, AER 80(1), in cents",
    known=[(str(e),) * 3 for e in range(1, 8)],
    count=None,
    tags="symmetric coordination experiment",
    note="The weakest link: every common effort is a strict equilibrium, the highest is best for all.",
)
def minimum_effort(n: int = 3, levels: int = 7) -> NormalFormGame:
    """Each gets 60 + 20 times the lowest effort less 10 times its own, effort 1 to `levels`."""
    at_least(n, 1)
    at_least(levels, 1, "levels of effort")
    payoffs = from_cells(n, levels, lambda cell: [60 + 20 * (min(cell) + 1) - 10 * (e + 1) for e in cell])
    labels = [str(e + 1) for e in range(levels)]
    return NormalFormGame(payoffs, None, [labels] * n, "Minimum effort")


@game(
    "Beauty contest",
    "Keynes 1936, General Theory, chapter 12; Nagel 1995, American Economic Review 85(5); whole numbers",
    known=[("0", "0", "0")],
    count=None,
    tags="symmetric dominance experiment",
    note="Guess two thirds of the mean: iterated reasoning leads to the lowest numbers.",
)
def beauty_contest(n: int = 3, top: int = 5, fraction: Fraction = Fraction(2, 3)) -> NormalFormGame:
    """Each names a whole number from 0 to `top`; those nearest to `fraction` of the mean share a prize of 1."""
    at_least(n, 2)
    at_least(top, 1, "as highest number")

    def shares(cell: tuple[int, ...]) -> list[Fraction]:
        target = fraction * sum(cell) / n
        gaps = [abs(guess - target) for guess in cell]
        winners = gaps.count(min(gaps))
        return [Fraction(int(gap == min(gaps)), winners) for gap in gaps]

    labels = [str(g) for g in range(top + 1)]
    return NormalFormGame(from_cells(n, top + 1, shares), None, [labels] * n, "Beauty contest")
