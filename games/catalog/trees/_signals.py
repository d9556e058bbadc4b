"""Signals: costs that are spent at once, and costs that are paid only by who backs down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from games.catalog.trees._registry import Number, number, ordered, tree
from games.errors import GameError
from games.extensive import Chance, Decision, ExtensiveGame, Node, Terminal

__all__ = [
    "costly_gesture",
    "sunk_costs",
    "tied_hands",
]


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
