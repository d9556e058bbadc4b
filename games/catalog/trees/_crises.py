"""Crisis bargaining: demands, offers, signals, deterrence, trust."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from games.bayesian import BayesianGame
from games.catalog.trees._registry import Number, number, ordered, tree
from games.errors import GameError, did_you_mean
from games.extensive import Chance, Decision, ExtensiveGame, Node, Terminal

__all__ = [
    "audience_costs",
    "costly_gesture",
    "entry_deterrence",
    "fearon_demand",
    "international_interaction",
    "kydd_trust",
    "powell_offers",
    "sunk_costs",
    "tied_hands",
    "unilateral_deterrence",
    "zagare_kilgour",
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


def _signal(
    title: str,
    signals: Sequence[Fraction],
    sunk: bool,
    strong: Fraction,
    value: Fraction,
    war: Mapping[str, Fraction],
    challenger: tuple[Fraction, Fraction],
) -> ExtensiveGame:
    def sender(kind: str) -> Node:
        branches: dict[str, Node] = {}
        for m in signals:
            now, later = (m, Fraction(0)) if sunk else (Fraction(0), m)
            answer = Decision(
                "Sender",
                {
                    "fight": Terminal([war[kind] - now, -challenger[1]], "war"),
                    "concede": Terminal([-now - later, challenger[0]]),
                },
                f"{kind} challenged after {m}",
            )
            branches[f"signal {m}"] = Decision(
                "Challenger", {"challenge": answer, "stay": Terminal([value - now, 0])}, f"after signal {m}"
            )
        return Decision("Sender", branches, kind)

    root = Chance({"strong": (strong, sender("strong")), "weak": (1 - strong, sender("weak"))})
    return ExtensiveGame(root, ("Sender", "Challenger"), title)


def _signal_numbers(
    signals: Sequence[Number],
    strong: Number,
    value: Number,
    war_strong: Number,
    war_weak: Number,
    gain: Number,
    loss: Number,
) -> tuple[list[Fraction], Fraction, Fraction, dict[str, Fraction], tuple[Fraction, Fraction]]:
    sent = [number(m, "a signal", 0) for m in signals]
    if not sent or len(set(sent)) < len(sent):
        raise GameError(
            f"the signals are {list(map(str, sent))}; at least one is needed, and all must differ"
        )
    war = {"strong": number(war_strong, "war_strong"), "weak": number(war_weak, "war_weak")}
    worth = number(value, "value", 0)
    if not worth > war["strong"] > 0 > war["weak"]:
        raise GameError(
            f"war is worth {war['strong']} to the strong and {war['weak']} to the weak sender, and keeping what "
            f"is at stake {worth}; "
            "the game needs value > war_strong > 0 > war_weak"
        )
    return (
        sent,
        number(strong, "strong", 0, 1),
        worth,
        war,
        (number(gain, "gain", 0), number(loss, "loss", 0)),
    )


@tree(
    "Sunk costs",
    "Fearon 1997, Journal of Conflict Resolution 41(1); two types and numbers ours",
    "crisis types signalling",
    "A signal whose cost is spent at once tells the strong sender apart once it costs the weak one as much as "
    "there is to keep. Nobody bluffs: no sender spends and then gives in.",
)
def sunk_costs(
    signals: Sequence[Number] = (0, 3),
    strong: Number = Fraction(1, 4),
    value: Number = 2,
    war_strong: Number = 1,
    war_weak: Number = -1,
    gain: Number = 1,
    loss: Number = 1,
) -> ExtensiveGame:
    """A sender who is strong or weak spends an amount; a challenger who sees it challenges or stays; the
    sender fights or concedes.

    Keeping the stake without a challenge is worth `value`, war `war_strong` > 0 or `war_weak` < 0, conceding 0, always less what
    was spent. The challenger gets `gain` if the sender concedes, minus `loss` in a war, 0 if it stays.
    """
    sent, prior, worth, war, other = _signal_numbers(signals, strong, value, war_strong, war_weak, gain, loss)
    return _signal("Sunk costs", sent, True, prior, worth, war, other)


@tree(
    "Tied hands",
    "Fearon 1997, Journal of Conflict Resolution 41(1); two types and numbers ours",
    "crisis types signalling",
    "A signal whose cost is paid only by a sender who then gives in commits whoever sends it; no sender ties "
    "its hands and then gives in.",
)
def tied_hands(
    signals: Sequence[Number] = (0, 3),
    strong: Number = Fraction(1, 4),
    value: Number = 2,
    war_strong: Number = 1,
    war_weak: Number = -1,
    gain: Number = 1,
    loss: Number = 1,
) -> ExtensiveGame:
    """As `sunk_costs`, but the signal costs only a sender that is challenged and concedes (audience costs)."""
    sent, prior, worth, war, other = _signal_numbers(signals, strong, value, war_strong, war_weak, gain, loss)
    return _signal("Tied hands", sent, False, prior, worth, war, other)


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


@tree(
    "Rudimentary asymmetric deterrence",
    "Zagare and Kilgour 2000, Perfect Deterrence, section 3.4 and appendix 3; numbers ours",
    "crisis types deterrence",
    "The challenger is deterred exactly if the defender is hard with probability at least (a_DC - a_SQ) / (a_DC "
    "- a_DD): here 1/3.",
    known=[("sequential", {"Challenger": "cooperate", "hard": "defy", "soft": "concede"})],
)
def zagare_kilgour(
    hard: Number = Fraction(1, 2),
    a_sq: Number = 2,
    a_dc: Number = 3,
    a_dd: Number = 0,
    b_sq: Number = 4,
    b_dc: Number = 1,
    b_dd_hard: Number = 2,
    b_dd_soft: Number = 0,
) -> ExtensiveGame:
    """A challenger cooperates (the status quo) or defects; a defender, hard or soft, concedes or defies (conflict).

    Payoffs at the status quo (`sq`), if the defender concedes (`dc`) and in conflict (`dd`): a_dc > a_sq > a_dd and
    b_sq > b_dd_hard > b_dc > b_dd_soft.
    """
    prior = number(hard, "hard", 0, 1)
    names = ("a_sq", "a_dc", "a_dd", "b_sq", "b_dc", "b_dd_hard", "b_dd_soft")
    given = (a_sq, a_dc, a_dd, b_sq, b_dc, b_dd_hard, b_dd_soft)
    v = {name: number(x, name) for name, x in zip(names, given)}
    ordered("a_dc a_sq a_dd", v)
    ordered("b_sq b_dd_hard b_dc b_dd_soft", v)

    def against(kind: str) -> Node:
        answer = Decision(
            "Defender",
            {
                "concede": Terminal([v["a_dc"], v["b_dc"]], "defender concedes"),
                "defy": Terminal([v["a_dd"], v[f"b_dd_{kind}"]], "conflict"),
            },
            kind,
        )
        return Decision(
            "Challenger",
            {"cooperate": Terminal([v["a_sq"], v["b_sq"]], "status quo"), "defect": answer},
            "Challenger",
        )

    root = Chance({"hard": (prior, against("hard")), "soft": (1 - prior, against("soft"))})
    return ExtensiveGame(root, ("Challenger", "Defender"), "Rudimentary asymmetric deterrence")


@tree(
    "Unilateral deterrence",
    "Zagare and Kilgour 2000, Perfect Deterrence, chapter 5; numbers ours",
    "crisis types deterrence",
    "Both sides may be hard or soft. Deterrence is certain, fails for certain, or holds against soft "
    "challengers only, as the two "
    "credibilities lie; a soft challenger may bluff.",
)
def unilateral_deterrence(
    challenger_hard: Number = Fraction(1, 2),
    defender_hard: Number = Fraction(1, 2),
    challenger: Mapping[str, Number] | None = None,
    defender: Mapping[str, Number] | None = None,
) -> ExtensiveGame:
    """A challenger cooperates or defects; the defender concedes or defies; if it defies the challenger concedes or presses on.

    `challenger` and `defender` map `status quo`, `defender concedes`, `challenger defeated`, `conflict hard`
    and `conflict soft` to
    payoffs. Hard sides prefer conflict to giving in, soft ones do not.
    """
    keys = ("status quo", "defender concedes", "challenger defeated", "conflict hard", "conflict soft")
    defaults = ((3, 4, 1, 2, 0), (4, 1, 3, 2, 0))
    values: list[dict[str, Fraction]] = []
    for given, default in zip((challenger, defender), defaults):
        for key in given or {}:
            if key not in keys:
                raise GameError(f"there is no outcome {key!r}{did_you_mean(key, keys)}")
        values.append({k: number((given or {}).get(k, d), k) for k, d in zip(keys, default)})
    a, b = values
    if not (a["conflict hard"] > a["challenger defeated"] > a["conflict soft"]):
        raise GameError("the challenger needs conflict hard > challenger defeated > conflict soft")
    if not (b["conflict hard"] > b["defender concedes"] > b["conflict soft"]):
        raise GameError("the defender needs conflict hard > defender concedes > conflict soft")
    p, q = number(challenger_hard, "challenger_hard", 0, 1), number(defender_hard, "defender_hard", 0, 1)

    def after(c: str, d: str) -> Node:
        press = Decision(
            "Challenger",
            {
                "concede": Terminal(
                    [a["challenger defeated"], b["challenger defeated"]], "challenger defeated"
                ),
                "press on": Terminal([a[f"conflict {c}"], b[f"conflict {d}"]], "conflict"),
            },
            f"{c} challenger, defied",
        )
        answer = Decision(
            "Defender",
            {
                "concede": Terminal([a["defender concedes"], b["defender concedes"]], "defender concedes"),
                "defy": press,
            },
            f"{d} defender",
        )
        quiet = Terminal([a["status quo"], b["status quo"]], "status quo")
        return Decision("Challenger", {"cooperate": quiet, "defect": answer}, f"{c} challenger")

    root = Chance(
        {
            f"{c} & {d}": (pc * pd, after(c, d))
            for c, pc in (("hard", p), ("soft", 1 - p))
            for d, pd in (("hard", q), ("soft", 1 - q))
        }
    )
    return ExtensiveGame(root, ("Challenger", "Defender"), "Unilateral deterrence")


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


@tree(
    "Trust",
    "Kydd 2005, Trust and Mistrust in International Relations, chapter 2; numbers ours",
    "crisis types trust bayesian",
    "Two trustworthy sides can cooperate only if each believes the other trustworthy with probability at least "
    "(P - S) / (R - T + P - S), its minimum trust threshold: here 2/3.",
    known=[
        ("bayes-nash", [["Cooperate", "Defect"], ["Cooperate", "Defect"]]),
        ("bayes-nash", [["Defect", "Defect"], ["Defect", "Defect"]]),
    ],
)
def kydd_trust(
    prior: Number = Fraction(3, 4),
    R: Number = 4,
    T: Number = 3,
    P: Number = 2,
    S: Number = 0,
    exploit: Number = 5,
) -> BayesianGame:
    """Each side is trustworthy (an assurance game: R > T) with probability `prior`, or would rather exploit (`exploit` > R).

    Payoffs of a trustworthy side: R for mutual cooperation, T for defecting on one who cooperates, P for mutual defection, S
    for being exploited; an untrustworthy side gets `exploit` instead of T, and its defection is dominant.
    """
    p = number(prior, "prior", 0, 1)
    v = {"R": number(R, "R"), "T": number(T, "T"), "P": number(P, "P"), "S": number(S, "S")}
    v["exploit"] = number(exploit, "exploit")
    ordered("exploit R T P S", v)

    def own(kind: int, mine: int, other: int) -> Fraction:
        if mine == 0:
            return v["S"] if other else v["R"]
        return v["P"] if other else (v["exploit"] if kind else v["T"])

    payoffs = np.empty((2, 2, 2, 2, 2), dtype=object)
    for s in np.ndindex(2, 2, 2, 2):
        payoffs[s] = [own(s[0], s[2], s[3]), own(s[1], s[3], s[2])]
    kinds = ["trustworthy", "untrustworthy"]
    return BayesianGame.independent(
        [kinds, kinds],
        [[p, 1 - p], [p, 1 - p]],
        payoffs,
        ("First", "Second"),
        [("Cooperate", "Defect")] * 2,
        "Trust",
    )


@tree(
    "Costly gesture",
    "Kydd 2000, International Organization 54(2), and 2005, chapter 7; one-sided, two-type version and numbers ours",
    "crisis types trust signalling",
    "A gesture reassures if a trustworthy side would make it and an untrustworthy one would not. It must cost "
    "more than exploiting trust gains the untrustworthy, and less than being trusted gains the trustworthy.",
)
def costly_gesture(
    cost: Number = Fraction(5, 2),
    trustworthy: Number = Fraction(1, 2),
    R: Number = 4,
    P: Number = 1,
    S: Number = 0,
    exploit: Number = 3,
) -> ExtensiveGame:
    """A side that is trustworthy or not makes a costly gesture or none; the other, who sees it, trusts or guards itself.

    If trusted, a trustworthy side reciprocates (R for both) and an untrustworthy one exploits (`exploit` for
    it, S for the other); if
    the other guards itself both get P. The gesture costs the side that makes it `cost`.
    """
    c, p = number(cost, "cost", 0), number(trustworthy, "trustworthy", 0, 1)
    v = {"R": number(R, "R"), "P": number(P, "P"), "S": number(S, "S"), "exploit": number(exploit, "exploit")}
    ordered("R P S", v)

    def side(kind: str) -> Node:
        branches: dict[str, Node] = {}
        for gesture, spent in (("gesture", c), ("none", Fraction(0))):
            good = kind == "trustworthy"
            trusted = [v["R"] - spent, v["R"]] if good else [v["exploit"] - spent, v["S"]]
            branches[gesture] = Decision(
                "Other",
                {"trust": Terminal(trusted), "guard": Terminal([v["P"] - spent, v["P"]])},
                f"after {gesture}",
            )
        return Decision("Side", branches, kind)

    root = Chance({"trustworthy": (p, side("trustworthy")), "untrustworthy": (1 - p, side("untrustworthy"))})
    return ExtensiveGame(root, ("Side", "Other"), "Costly gesture")


@tree(
    "Deterrence of an unknown defender",
    "ours, for showing what information is worth",
    "crisis types bayesian deterrence",
    "The challenger attacks although it would rather not attack the strong: knowing who it faces is worth 3/8 "
    "to it, and as much to "
    "the defender.",
    known=[("bayes-nash", [["Attack"], ["Fight", "Yield"]])],
)
def entry_deterrence(strong: Number = Fraction(3, 8)) -> BayesianGame:
    """A challenger attacks or waits; a defender, strong or weak, readies itself to fight or to yield at the same time.

    The strong always does better by readying itself to fight, the weak by yielding.
    """
    p = number(strong, "strong", 0, 1)
    half = Fraction(1, 2)
    stages: list[Any] = [
        [[[-1, 0], [1, -1]], [[0, 1], [0, half]]],
        [[[-1, -1], [1, 0]], [[0, half], [0, 1]]],
    ]
    return BayesianGame(
        [["any"], ["strong", "weak"]],
        [[p, 1 - p]],
        [stages],
        ("Challenger", "Defender"),
        [("Attack", "Wait"), ("Fight", "Yield")],
        "Deterrence of an unknown defender",
    )
