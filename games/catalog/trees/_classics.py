"""Trees of the textbooks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from games.catalog.trees._registry import Number, number, tree
from games.errors import GameError
from games.extensive import Chance, Decision, ExtensiveGame, Node, Terminal

__all__ = [
    "beer_quiche",
    "centipede",
    "chain_store",
    "kreps_wilson",
    "kuhn_poker",
    "lemons",
    "seltens_horse",
    "three_movers",
]

_MAX_DEPTH = 400


@tree(
    "Selten's horse",
    "Selten 1975, International Journal of Game Theory 4(1), figure 1",
    "imperfect-information refinement",
    "The equilibrium (D, c, L) is subgame perfect, as there is no proper subgame, but not sequential: player 2 would move d.",
    known=[
        ("sequential", {"1": "C", "2": "c", "3": "R"}),
        ("sequential", {"1": "C", "2": "c", "3": ["1/4", "3/4"]}),
        ("not sequential", {"1": "D", "2": "c", "3": "L"}),
    ],
)
def seltens_horse() -> ExtensiveGame:
    """Player 3 does not know whether player 1 or player 2 has let it move; information sets are `1`, `2` and `3`."""

    def third(left: list[int], right: list[int]) -> Node:
        return Decision("Player 3", {"L": Terminal(left), "R": Terminal(right)}, "3")

    second = Decision("Player 2", {"c": Terminal([1, 1, 1]), "d": third([4, 4, 0], [0, 0, 1])}, "2")
    root = Decision("Player 1", {"C": second, "D": third([3, 2, 2], [0, 0, 0])}, "1")
    return ExtensiveGame(root, ("Player 1", "Player 2", "Player 3"), "Selten's horse")


@tree(
    "Kuhn poker",
    "Kuhn 1950, Contributions to the Theory of Games I, pp. 97-103",
    "zero-sum cards imperfect-information",
    "The game is worth -1/18 to the first player, who has a family of optimal strategies. It bets a jack with "
    "probability a, up to 1/3, and a king with 3a; it calls with a queen with a + 1/3. The second player has one "
    "optimal strategy.",
    known=[
        (
            "sequential",
            {
                "First J": "check",
                "First Q": "check",
                "First K": "check",
                "First J after a bet": "fold",
                "First Q after a bet": ["2/3", "1/3"],
                "First K after a bet": "call",
                "Second J after a check": ["2/3", "1/3"],
                "Second Q after a check": "check",
                "Second K after a check": "bet",
                "Second J after a bet": "fold",
                "Second Q after a bet": ["2/3", "1/3"],
                "Second K after a bet": "call",
            },
        )
    ],
)
def kuhn_poker() -> ExtensiveGame:
    """Three cards J, Q, K; each antes 1 and gets a card; one bet of 1 may be made.

    Information sets are called `First J`, `First J after a bet`, `Second Q after a check` and so on.
    """
    cards = "JQK"

    def deal(one: str, two: str) -> Node:
        w = 1 if cards.index(one) > cards.index(two) else -1
        answer = Decision(
            "First",
            {"fold": Terminal([-1, 1]), "call": Terminal([2 * w, -2 * w])},
            f"First {one} after a bet",
        )
        checked = Decision(
            "Second", {"check": Terminal([w, -w]), "bet": answer}, f"Second {two} after a check"
        )
        bet = Decision(
            "Second",
            {"fold": Terminal([1, -1]), "call": Terminal([2 * w, -2 * w])},
            f"Second {two} after a bet",
        )
        return Decision("First", {"check": checked, "bet": bet}, f"First {one}")

    deals = {one + two: (Fraction(1, 6), deal(one, two)) for one in cards for two in cards if one != two}
    return ExtensiveGame(Chance(deals), ("First", "Second"), "Kuhn poker")


@tree(
    "Beer and quiche",
    "Cho and Kreps 1987, Quarterly Journal of Economics 102(2), figure I",
    "signalling refinement",
    "Both types may pool on beer or on quiche in sequential equilibrium; pooling on quiche fails the intuitive criterion.",
    known=[
        ("sequential", {"surly": "beer", "wimp": "beer", "after beer": "no duel", "after quiche": "duel"}),
        (
            "sequential",
            {"surly": "quiche", "wimp": "quiche", "after beer": "duel", "after quiche": "no duel"},
        ),
    ],
)
def beer_quiche(surly: Number = Fraction(9, 10)) -> ExtensiveGame:
    """A sender who is surly or a wimp has beer or quiche for breakfast; a bully who sees that challenges it to a duel or not.

    The sender gets 1 for its favourite breakfast (beer if surly) and 2 if there is no duel; the receiver gets 1 for duelling
    with a wimp and for leaving the surly alone. `surly` is the probability of that type, between 0 and 1.
    """
    p = number(surly, "surly", 0, 1)

    def breakfast(kind: str) -> Node:
        branches: dict[str, Node] = {}
        for meal in ("beer", "quiche"):
            liked = int((meal == "beer") == (kind == "surly"))
            branches[meal] = Decision(
                "Receiver",
                {
                    "duel": Terminal([liked, int(kind == "wimp")]),
                    "no duel": Terminal([liked + 2, int(kind == "surly")]),
                },
                f"after {meal}",
            )
        return Decision("Sender", branches, kind)

    root = Chance({"surly": (p, breakfast("surly")), "wimp": (1 - p, breakfast("wimp"))})
    return ExtensiveGame(root, ("Sender", "Receiver"), "Beer and quiche")


@tree(
    "Centipede",
    "Rosenthal 1981, Journal of Economic Theory 25(1); payoffs of McKelvey and Palfrey 1992, Econometrica 60(4)",
    "perfect-information",
    "The first player takes at once in every Nash equilibrium, although both gain by passing.",
    known=[("subgame perfect", {"1": "take", "2": "take", "3": "take", "4": "take"})],
)
def centipede(moves: int = 4, large: Number = 4, small: Number = 1, factor: Number = 2) -> ExtensiveGame:
    """Two players in turn take the larger of two piles or pass; every pass multiplies both piles by `factor`.

    Taking must pay the one who takes more than it gets if it passes and the other takes: `large` > `small * factor`.
    Information sets are numbered `1`, `2`, ...
    """
    if not 1 <= moves <= _MAX_DEPTH * 10:
        raise GameError(f"the centipede has {moves} moves; it needs between 1 and {_MAX_DEPTH * 10}")
    one, other, times = number(large, "large"), number(small, "small"), number(factor, "factor")
    if not one > other * times:
        raise GameError(
            f"large is {one} and small * factor is {other * times}; taking must beat passing to one who takes"
        )

    def piles(k: int) -> tuple[Fraction, Fraction]:
        return one * times**k, other * times**k

    def paid(k: int, taker: int) -> Node:
        high, low = piles(k)
        return Terminal([high, low] if taker == 0 else [low, high])

    node: Node = paid(moves, moves % 2)
    for k in reversed(range(moves)):
        node = Decision(f"Player {k % 2 + 1}", {"take": paid(k, k % 2), "pass": node}, str(k + 1))
    return ExtensiveGame(node, ("Player 1", "Player 2"), "Centipede")


@tree(
    "Chain store",
    "Selten 1978, Theory and Decision 9(2)",
    "perfect-information reputation crisis",
    "Every entrant enters and the chain store cooperates in the only subgame perfect equilibrium, however many towns there are; "
    "Selten thinks that deterrence would be more plausible.",
)
def chain_store(towns: int = 3) -> ExtensiveGame:
    """In one town after the other an entrant stays out (1, and 5 for the chain store) or enters.

    The chain store then cooperates (2 each) or is aggressive (0 each); its payoffs add up over towns. All see what happened.
    """
    if not 1 <= towns <= 8:
        raise GameError(f"there are {towns} towns; the tree holds between 1 and 8")
    players = ["Chain store", *(f"Entrant {k + 1}" for k in range(towns))]

    def town(k: int, paid: list[int]) -> Node:
        if k == towns:
            return Terminal(paid)

        def after(store: int, entrant: int) -> Node:
            return town(k + 1, [paid[0] + store, *paid[1 : k + 1], entrant, *paid[k + 2 :]])

        answer = Decision("Chain store", {"cooperate": after(2, 2), "aggressive": after(0, 0)})
        return Decision(players[k + 1], {"out": after(5, 1), "in": answer})

    return ExtensiveGame(town(0, [0] * (towns + 1)), players, "Chain store")


@tree(
    "Reputation in a chain of two",
    "Kreps and Wilson 1982, Journal of Economic Theory 27(2), section 2; numbers ours",
    "reputation crisis types refinement",
    "With n towns left an entrant stays out where the monopolist is strong with probability above b^n, enters "
    "below. A weak monopolist "
    "fights now and then, so that a fight raises the probability to b^(n-1).",
    known=[
        (
            "sequential",
            {
                "Entrant 1": "in",
                "strong 1": "fight",
                "weak 1": {"fight": "1/9", "yield": "8/9"},
                "Entrant 2 after out": "in",
                "Entrant 2 after fight": {"in": "1/2", "out": "1/2"},
                "Entrant 2 after yield": "in",
                "strong 2 after out": "fight",
                "strong 2 after fight": "fight",
                "strong 2 after yield": "fight",
                "weak 2 after out": "yield",
                "weak 2 after fight": "yield",
                "weak 2 after yield": "yield",
            },
        )
    ],
)
def kreps_wilson(
    strong: Number = Fraction(1, 10), b: Number = Fraction(1, 2), a: Number = 2
) -> ExtensiveGame:
    """Two entrants, one after the other, against a monopolist who is strong (likes to fight) with probability `strong`.

    An entrant who stays out gets 0, one who enters `b` if the monopolist yields and `b - 1` if it fights, 0 < b < 1. The
    monopolist gets `a` > 1 if nobody enters. If somebody does, a weak one gets 0 for yielding and -1 for fighting, and a strong
    one -1 for yielding and 0 for fighting.
    """
    p, gain, prize = number(strong, "strong", 0, 1), number(b, "b"), number(a, "a")
    if not 0 < gain < 1 or not prize > 1:
        raise GameError(f"b is {gain} and a is {prize}; the game needs 0 < b < 1 < a")

    def stage(kind: str, town: int, before: str, paid: tuple[Fraction, Fraction, Fraction]) -> Node:
        if town == 3:
            return Terminal(paid)
        suffix = f" after {before}" if before else ""

        def after(what: str, monopolist: Fraction, entrant: Fraction) -> Node:
            added = (
                paid[0] + monopolist,
                *(x + entrant * (k == town) for k, x in enumerate(paid[1:], start=1)),
            )
            return stage(kind, town + 1, what, (added[0], added[1], added[2]))

        costs = (Fraction(0), Fraction(-1)) if kind == "strong" else (Fraction(-1), Fraction(0))
        answer = Decision(
            "Monopolist",
            {"fight": after("fight", costs[0], gain - 1), "yield": after("yield", costs[1], gain)},
            f"{kind} {town}{suffix}",
        )
        return Decision(
            f"Entrant {town}",
            {"in": answer, "out": after("out", prize, Fraction(0))},
            f"Entrant {town}{suffix}",
        )

    start = (Fraction(0),) * 3
    root = Chance(
        {"strong": (p, stage("strong", 1, "", start)), "weak": (1 - p, stage("weak", 1, "", start))}
    )
    return ExtensiveGame(root, ("Monopolist", "Entrant 1", "Entrant 2"), "Reputation in a chain of two")


@tree(
    "Market for lemons",
    "Akerlof 1970, Quarterly Journal of Economics 84(3); discrete version and numbers ours",
    "adverse-selection imperfect-information",
    "The buyer values every car more than its seller does, and still only the worst is sold: a higher price draws in good cars "
    "too slowly.",
    known=[],
)
def lemons(
    qualities: Sequence[Number] = (1, 2, 3),
    multiple: Number = Fraction(5, 4),
    margin: Number = Fraction(1, 10),
) -> ExtensiveGame:
    """A buyer, who knows only how qualities are spread, offers a price; the owner, who knows the quality, sells or keeps.

    Qualities are equally likely; a car of quality q is worth q to its owner and `multiple * q` to the buyer. The prices are the
    qualities plus `margin`, so that no owner is indifferent, or no offer at all.
    """
    values = [number(q, "a quality", 0) for q in qualities]
    if not values or len(set(values)) < len(values):
        raise GameError(
            f"the qualities are {list(map(str, values))}; at least one is needed, and all must differ"
        )
    worth, extra = number(multiple, "multiple", 0), number(margin, "margin")
    if extra <= 0 or any(abs(q + extra - r) == 0 for q in values for r in values):
        raise GameError(f"margin is {extra}; it must be positive and make no price equal to a quality")
    branches: dict[str, tuple[Fraction, Node]] = {}
    for q in values:
        offers: dict[str, Node] = {"no offer": Terminal([0, q])}
        for r in sorted(values):
            price = r + extra
            offers[f"price {price}"] = Decision(
                "Owner",
                {"sell": Terminal([worth * q - price, price]), "keep": Terminal([0, q])},
                f"quality {q} at {price}",
            )
        branches[f"quality {q}"] = (Fraction(1, len(values)), Decision("Buyer", offers, "Buyer"))
    return ExtensiveGame(Chance(branches), ("Buyer", "Owner"), "Market for lemons")


@tree(
    "Three movers",
    "ours, for solving by hand",
    "perfect-information three-players",
    "Solved from the end: C goes left after (l, left), right after (l, right); B therefore goes right; A goes r and gets 4.",
    known=[
        (
            "subgame perfect",
            {"A": "r", "B after l": "right", "C after left": "x", "C after right": "y", "B after r": "stop"},
        )
    ],
)
def three_movers() -> ExtensiveGame:
    """Three players move once each at most; information sets are named after the moves before them."""
    after_left = Decision("C", {"x": Terminal([5, 1, 4]), "y": Terminal([0, 6, 2])}, "C after left")
    after_right = Decision("C", {"x": Terminal([9, 0, 1]), "y": Terminal([3, 2, 3])}, "C after right")
    left = Decision("B", {"left": after_left, "right": after_right}, "B after l")
    right = Decision("B", {"stop": Terminal([4, 4, 0]), "go": Terminal([6, 3, 9])}, "B after r")
    return ExtensiveGame(Decision("A", {"l": left, "r": right}, "A"), ("A", "B", "C"), "Three movers")
