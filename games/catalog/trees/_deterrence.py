"""Deterrence and trust among sides that do not know each other's kind."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from games.bayesian import BayesianGame
from games.catalog.trees._registry import Number, number, ordered, tree
from games.errors import GameError, did_you_mean
from games.extensive import Chance, Decision, ExtensiveGame, Node, Terminal

__all__ = [
    "entry_deterrence",
    "kydd_trust",
    "unilateral_deterrence",
    "zagare_kilgour",
]


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

    A trustworthy side gets R for mutual cooperation, T for defecting on one who cooperates, P for mutual defection and S for
    being exploited. An untrustworthy side gets `exploit` instead of T, and its defection is dominant.
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
