"""Crisis bargaining: demands, offers, and who backs down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from games.catalog.trees._registry import Number, number, tree
from games.errors import GameError, did_you_mean
from games.extensive import Chance, Decision, ExtensiveGame, Node, Terminal

__all__ = [
    "audience_costs",
    "fearon_demand",
    "international_interaction",
    "powell_offers",
]


@tree(
    "Demands under doubt about costs",
    "Fearon 1995, International Organization 49(3), pp. 393-395 and appendix; discrete version ours",
    "crisis types bargaining",
    "The risk-return trade-off: a higher demand pays more if it is accepted and is refused by more types. With "
    "costs uniform on [low, "
    "high] the best demand is p + (high - c_A) / 2 (solvers.bargaining.demand gives the closed form), and war "
    "has positive probability.",
)
def fearon_demand(
    p: Number = Fraction(1, 2),
    cost_a: Number = Fraction(1, 10),
    low: Number = 0,
    high: Number = Fraction(1, 2),
    types: int = 10,
) -> ExtensiveGame:
    """A demands a share of 1; B, whose cost of war A does not know, accepts or fights. A wins a war with probability `p`.

    B's costs are the midpoints of `types` equal parts of [low, high], all equally likely; A's demands are p plus the
    ends of the parts (within [0, 1]). No type is then ever indifferent, and exactly the types with costs below x
    refuse a demand p + x.
    """
    win, own = number(p, "p", 0, 1), number(cost_a, "cost_a", 0)
    least, most = number(low, "low", 0), number(high, "high", 0)
    if not least < most:
        raise GameError(f"low is {least} and high is {most}; the costs need an interval")
    if not 1 <= types <= 200:
        raise GameError(f"there are {types} types; between 1 and 200 can be held")
    step = (most - least) / types
    costs = [least + step * (k + Fraction(1, 2)) for k in range(types)]
    demands = [win + least + step * k for k in range(types + 1)]
    demands = [x for x in demands if 0 <= x <= 1]
    if not demands:
        raise GameError("no demand lies between 0 and 1; lower p or the costs")
    branches: dict[str, tuple[Fraction, Node]] = {}
    for cost in costs:
        offers: dict[str, Node] = {
            f"demand {x}": Decision(
                "B",
                {"accept": Terminal([x, 1 - x]), "fight": Terminal([win - own, 1 - win - cost], "war")},
                f"cost {cost} against {x}",
            )
            for x in demands
        }
        branches[f"cost {cost}"] = (Fraction(1, types), Decision("A", offers, "A"))
    return ExtensiveGame(Chance(branches), ("A", "B"), "Demands under doubt about costs")


@tree(
    "Offers in the shadow of power",
    "Powell 1996, Games and Economic Behavior 15(2), and 1999, In the Shadow of Power, chapter 3; finite "
    "horizon and numbers ours",
    "crisis bargaining perfect-information",
    "With everything known there is no war. The satisfied side at once concedes what war would give the dissatisfied "
    "one, and nothing if that is no more than the status quo.",
)
def powell_offers(
    rounds: int = 2,
    p: Number = Fraction(3, 5),
    cost_satisfied: Number = Fraction(3, 20),
    cost_dissatisfied: Number = Fraction(3, 20),
    status_quo: Number = Fraction(1, 5),
    discount: Number = Fraction(9, 10),
    steps: int = 10,
) -> ExtensiveGame:
    """The satisfied and the dissatisfied side make offers in turn; the one who answers accepts, fights or waits.

    An offer is the dissatisfied side's share of 1, in `steps` equal steps; it has `status_quo` now and wins a war with
    probability `p`. Waiting costs a period of the status quo, weighed by 1 - `discount`; after the last round
    the status quo stays. In a
    war each side gets its chance of winning less its cost, from that period on.
    """
    if not 1 <= rounds <= 4 or not 1 <= steps <= 40 or 3 * (steps + 1) ** rounds > 200_000:
        raise GameError(
            f"{rounds} rounds of {steps + 1} offers do not fit; the tree would have too many nodes"
        )
    win = number(p, "p", 0, 1)
    d_cost, s_cost = (
        number(cost_dissatisfied, "cost_dissatisfied", 0),
        number(cost_satisfied, "cost_satisfied", 0),
    )
    q, delta = number(status_quo, "status_quo", 0, 1), number(discount, "discount", 0, 1)
    sides = ("Satisfied", "Dissatisfied")

    def round_(k: int) -> Node:
        weight = delta**k
        before = (1 - weight) * q

        def paid(share: Fraction, name: str = "") -> Node:
            return Terminal([(1 - weight) * (1 - q) + weight * (1 - share), before + weight * share], name)

        war = Terminal(
            [(1 - weight) * (1 - q) + weight * (1 - win - s_cost), before + weight * (win - d_cost)], "war"
        )
        offers: dict[str, Node] = {}
        for j in range(steps + 1):
            x = Fraction(j, steps)
            wait = round_(k + 1) if k + 1 < rounds else paid(q, "status quo")
            offers[f"offer {x}"] = Decision(
                sides[(k + 1) % 2], {"accept": paid(x), "fight": war, "wait": wait}
            )
        return Decision(sides[k % 2], offers)

    return ExtensiveGame(round_(0), sides, "Offers in the shadow of power")


@tree(
    "Audience costs",
    "Fearon 1994, American Political Science Review 88(3); complete information, discrete time and numbers ours",
    "crisis perfect-information audience-costs",
    "With everything known the side whose audience costs grow faster is the first that would rather fight than "
    "back down; the other "
    "backs down at its first move.",
)
def audience_costs(
    steps: int = 6,
    war_a: Number = Fraction(-1, 2),
    war_b: Number = Fraction(-1, 2),
    slope_a: Number = Fraction(3, 10),
    slope_b: Number = Fraction(1, 20),
) -> ExtensiveGame:
    """A and B in turn attack, back down or escalate, for at most `steps` steps; at the last one escalating is attacking.

    The prize is 1; who backs down at step t (from 0) loses `slope * t` before its audience, the other gets the
    prize. War is worth
    `war_a` and `war_b`, less than 0. Information sets are called `A 0`, `B 1`, `A 2`, ...
    """
    if not 1 <= steps <= 400:
        raise GameError(f"the crisis has {steps} steps; it needs between 1 and 400")
    war = [number(war_a, "war_a", None, 0), number(war_b, "war_b", None, 0)]
    slopes = [number(slope_a, "slope_a", 0), number(slope_b, "slope_b", 0)]
    node: Node | None = None
    for t in reversed(range(steps)):
        i = t % 2
        loss = -slopes[i] * t
        branches: dict[str, Node] = {
            "back down": Terminal([loss, 1] if i == 0 else [1, loss]),
            "attack": Terminal(war, "war"),
        }
        if node is not None:
            branches["escalate"] = node
        node = Decision("AB"[i], branches, f"{'AB'[i]} {t}")
    assert node is not None
    return ExtensiveGame(node, ("A", "B"), "Audience costs")


_OUTCOMES: dict[str, tuple[int, int]] = {
    "status quo": (5, 5),
    "B acquiesces": (8, 2),
    "A acquiesces": (2, 8),
    "negotiation": (6, 4),
    "B capitulates": (7, 1),
    "A capitulates": (1, 7),
    "war begun by A": (4, 0),
    "war begun by B": (0, 3),
}


@tree(
    "International interaction game",
    "Bueno de Mesquita and Lalman 1992, War and Reason, chapter 2; numbers ours",
    "crisis perfect-information",
    "Demands, answers and the use of force lead to eight kinds of outcomes: the status quo, acquiescence, "
    "negotiation, capitulation and war.",
)
def international_interaction(payoffs: Mapping[str, Sequence[Number]] | None = None) -> ExtensiveGame:
    """A makes a demand or not, then B; a demand is met by acquiescence or a counter-demand; in a crisis each may use force.

    `payoffs` maps outcomes to (A's, B's) payoffs and replaces defaults: `status quo`, `A acquiesces`, `B acquiesces`,
    `negotiation`, `A capitulates`, `B capitulates`, `war begun by A`, `war begun by B`. In a crisis the side
    that was answered moves
    first: it uses force or not; so does the other; and who has been attacked fights back or capitulates.
    """
    values: dict[str, list[Fraction]] = {k: [Fraction(x) for x in v] for k, v in _OUTCOMES.items()}
    for key, pair in (payoffs or {}).items():
        if key not in values:
            raise GameError(f"there is no outcome {key!r}{did_you_mean(key, values)}")
        if len(pair) != 2:
            raise GameError(f"outcome {key!r} needs two payoffs, A's and B's; got {pair!r}")
        values[key] = [number(x, key) for x in pair]

    def end(name: str) -> Node:
        return Terminal(values[name], name)

    def crisis(first: str, where: str) -> Node:
        second = "B" if first == "A" else "A"
        struck = Decision(
            second,
            {"force": end(f"war begun by {first}"), "no force": end(f"{second} capitulates")},
            f"{second} attacked {where}",
        )
        back = Decision(
            first,
            {"force": end(f"war begun by {second}"), "no force": end(f"{first} capitulates")},
            f"{first} attacked {where}",
        )
        quiet = Decision(
            second, {"force": back, "no force": end("negotiation")}, f"{second} may strike {where}"
        )
        return Decision(first, {"force": struck, "no force": quiet}, f"{first} may strike {where}")

    demanded = Decision(
        "B", {"demand": crisis("A", "after A's demand"), "no demand": end("B acquiesces")}, "B after a demand"
    )
    answered = Decision(
        "A", {"demand": crisis("B", "after B's demand"), "no demand": end("A acquiesces")}, "A after a demand"
    )
    quiet = Decision("B", {"demand": answered, "no demand": end("status quo")}, "B after no demand")
    root = Decision("A", {"demand": demanded, "no demand": quiet}, "A")
    return ExtensiveGame(root, ("A", "B"), "International interaction game")
