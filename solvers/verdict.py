"""The comparison in words: three sentences, the ways the deal breaks in order, where indices disagree, what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from solvers.compare import Comparison
    from solvers.standing import Standing

__all__ = ["LEAVES_OUT", "flips", "sentences", "ways_it_breaks"]

_TOLERANCE = 1e-9
_THIRD = {
    "gain": "gains",
    "gain or lose": "gains or loses",
    "lose": "loses",
    "stay": "neither gains nor loses",
}
# Differences below this vanish in the one decimal that sentences show.
_SHOWN = 0.05

LEAVES_OUT = (
    "A sphere by consent is not told from one by force: a holder meets the local side's resistance even where it is an ally.",
    "Domestic politics, allies as actors of their own, and firms: a power is one actor with one payoff, and a region's people "
    "appear only as a local side that resists.",
    "Nuclear deterrence enters only through an assumed yearly risk of war and an assumed loss from it.",
    "Stakes, gains from cooperation and costs of contest are assumed by rule; a ranking of payoffs that "
    "changes within their ranges is no finding.",
    "Powers know the game and see each other's stance without error; uncertainty about resolve or "
    "capability is not modelled here.",
    "Every region counts by itself: that losing one would make the next easier to take (dominoes) is not modelled.",
    "Legitimacy, law and the harm of being traded over have no price here; autonomy lost is counted "
    "but never netted against the powers' gains.",
)


def sentences(result: Comparison) -> tuple[str, str, str]:
    """Who gains, whether the deal would hold and what breaks it first, who else pays: one sentence each."""
    return _gains(result), _holds(result), _pays(result)


def _gains(result: Comparison) -> str:
    s = result.standing
    spans = [_interval(s, i) for i in range(len(result.players))]
    parts = [
        f"{_the(power)} {_signed(low)}"
        if high - low < _SHOWN
        else f"{_the(power)} between {_signed(low)} and {_signed(high)}"
        for power, (low, high) in zip(result.players, spans)
    ]
    count = len(s.benchmarks)
    if result.model.benchmark == "all-out":
        against = "all-out contest"
    elif result.equilibria.complete:
        against = (
            "the only equilibrium of competition" if count == 1 else f"all {count} equilibria of competition"
        )
    else:
        against = f"the {count} found (there may be more) of the equilibria of competition"
    who = []
    for verb, words in (
        ("gain", ""),
        ("lose", ""),
        ("gain or lose", " depending on the equilibrium"),
        ("stay", " as they are"),
    ):
        named = [_the(p) for i, p in enumerate(result.players) if _effect(s, i) == verb]
        if len(named) == len(result.players):
            named = ["every power"]
        if named:
            single = len(named) == 1
            said = " or ".join(v + "s" * single for v in verb.split(" or "))
            who.append(f"{_list(named)} {said}{words.replace('they are', 'it is') if single else words}")
    return (
        f"On the map '{result.map}', against {against} on the status quo map, {_list(who)}: "
        f"{_list(parts)} points a year."
    )


def _holds(result: Comparison) -> str:
    s = result.standing
    first = result.ways_it_breaks.iloc[0]
    if s.holds and first["status"] != "breaks now":
        spare = int(np.argmin(s.spare))
        return (
            f"It would hold: no power gains by deviating at its own patience, {_the(result.players[spare])} being the "
            f"closest to it (critical discount factor {_number(s.reversion.per_player[spare])}, own "
            f"{s.model.discount[spare]:.3f}); "
            + (
                "nothing that was looked at gains from breaking it, not even in the year itself."
                if first["who"] == "nobody"
                else f"the first to watch is this: {first['what']}."
            )
        )
    if s.holds:
        return f"No power gains by cheating on it alone at its own patience, yet it would not hold, for {first['what']}."
    bound = (
        "though the harshest punishment conceivable (minmax) might yet hold it"
        if s.could_hold
        else "and no punishment whatever could hold it"
    )
    return f"It would not hold by Nash reversion, {bound}: {first['what']}."


def _pays(result: Comparison) -> str:
    total = result.burden_total
    low, high = float(total["person burden low"]), float(total["person burden high"])
    table = result.burden
    worst: Any = table["person burden high"].idxmax()
    best: Any = table["person burden low"].idxmin()
    if low > 5e-3:
        head = f"The regions' own people pay: between them they lose the autonomy of {_span(low, high)} million persons"
    elif high < -5e-3:
        head = f"The regions' own people gain on balance the autonomy of {_span(-high, -low)} million persons"
    else:
        head = (
            f"For the regions' own people the balance lies between a gain of {max(-low, 0):.1f} and a loss of "
            f"{max(high, 0):.1f} million persons' autonomy"
            if max(-low, high) >= _SHOWN
            else "For the regions' own people nothing changes on balance"
        )
    tails = []
    if _row(table, worst)[1] > 5e-3:
        tails.append(f"most is lost in {worst} ({_span(*_row(table, worst))} million)")
    if _row(table, best)[0] < -5e-3:
        a, b = _row(table, best)
        tails.append(f"most is gained in {best} ({_span(-b, -a)} million)")
    return head + ("; " + " and ".join(tails) if tails else "") + "."


def _row(table: pd.DataFrame, region: Any) -> tuple[float, float]:
    return float(table["person burden low"][region]), float(table["person burden high"][region])


def ways_it_breaks(result: Comparison) -> pd.DataFrame:
    """The ways in which the deal breaks, ranked: those that break it now, those that may, those held off with least to spare.

    Within a rank they stand in order of `margin`, each a number without a unit: for cheating the own less the
    critical discount factor, for leaving and for pairs the loss (negative: gain) as a share of the power's payoff range.

    Returns
    -------
    DataFrame with columns way, who, by what, status (`breaks now`, `may break`, `held off`), size, unit, margin, what
    """
    import pandas as pd

    s = result.standing
    rows: list[dict[str, Any]] = []
    ranges = np.maximum(s.game.ranges, np.finfo(float).tiny)
    for i, power in enumerate(result.players):
        low, high = float(s.premium[:, i].min()), float(s.premium[:, i].max())
        if low < -_TOLERANCE * ranges[i]:
            status = "breaks now" if high < -_TOLERANCE * ranges[i] else "may break"
            rows.append(
                {
                    "way": "prefers competition",
                    "who": power,
                    "by what": "staying out of the deal",
                    "status": status,
                    "size": -low,
                    "unit": "points a year",
                    "margin": low / ranges[i],
                    "what": f"{_the(power)} gets {-high:.2f} points a year more in competition than in the deal"
                    if high < 0
                    else f"{_the(power)} gets up to {-low:.2f} points a year more in some equilibria of competition "
                    "than in the deal",
                }
            )
        gain = float(s.reversion.gain[i])
        if gain > _TOLERANCE * ranges[i]:
            own = float(s.model.discount[i])
            easy, hard = float(s.reversion.per_player[i]), float(s.reversion.worst[i])
            status = "breaks now" if own < easy else "may break" if own < hard else "held off"
            need = f"a discount factor of {easy:.3f}" if np.isfinite(easy) else "more patience than there is"
            margin = own - easy if np.isfinite(easy) else -1.0
            rows.append(
                {
                    "way": "cheats alone",
                    "who": power,
                    "by what": s.reversion.deviation[i],
                    "status": status,
                    "size": gain,
                    "unit": "points in the year",
                    "margin": margin,
                    "what": f"{_the(power)} gains {gain:.2f} points in the year by '{s.reversion.deviation[i]}', and resisting "
                    f"that takes {need} where its own is {own:.3f}",
                }
            )
    for group in result.joint.pairs:
        best = group.best_self_enforcing or group.best
        if best is None:
            continue
        status = "may break" if best.self_enforcing else "held off"
        pair = " and ".join(_the(p) for p in best.coalition)
        kind = (
            "a self-enforcing deviation"
            if best.self_enforcing
            else "a deviation on which one of them would cheat in turn"
        )
        rows.append(
            {
                "way": "pair deviates",
                "who": " and ".join(best.coalition),
                "by what": "; ".join(f"{p}: {a}" for p, a in zip(best.coalition, best.actions)),
                "status": status,
                "size": float(best.gains.min()),
                "unit": "points in the year, to the one who gains less",
                "margin": -float(best.normalised.min()),
                "what": f"{pair} both gain in the year, at least {best.gains.min():.2f} points each, by {kind}",
            }
        )
    if not rows:
        rows.append(
            {
                "way": "none found",
                "who": "nobody",
                "by what": "no deviation of one power or of two gains",
                "status": "held off",
                "size": 0.0,
                "unit": "points",
                "margin": 1.0,
                "what": "no power and no pair gains by any pure deviation, even in the year itself",
            }
        )
    order = {"breaks now": 0, "may break": 1, "held off": 2}
    rows.sort(key=lambda row: (order[row["status"]], row["margin"]))
    frame = pd.DataFrame(rows)
    frame.index = pd.RangeIndex(1, len(rows) + 1, name="rank")
    return frame


def flips(result: Comparison) -> tuple[str, ...]:
    """What changes with the capability index, in sentences."""
    out = []
    cases = result.by_capability
    holding = [name for name, s in cases.items() if s.holds]
    if 0 < len(holding) < len(cases):
        rest = [name for name in cases if name not in holding]
        out.append(
            f"The deal holds by Nash reversion under {_list(holding)}, and does not under {_list(rest)}."
        )
    could = [name for name, s in cases.items() if s.could_hold]
    if 0 < len(could) < len(cases):
        rest = [name for name in cases if name not in could]
        out.append(
            f"Some punishment might hold it (minmax bound) under {_list(could)}; none could under {_list(rest)}."
        )
    for i, power in enumerate(result.players):
        effects = {name: _effect(s, i) for name, s in cases.items()}
        if len(set(effects.values())) > 1:
            groups = [
                f"{_THIRD[effect]} under {_list([n for n, e in effects.items() if e == effect])}"
                for effect in _THIRD
                if effect in effects.values()
            ]
            said = f"{_the(power)} {'; '.join(groups)}."
            out.append(said[0].upper() + said[1:])
    strongest = {
        name: result.players[int(np.argmax(shares))]
        for name, shares in result.model.capability_shares.items()
    }
    if len(set(strongest.values())) > 1:
        groups = [
            f"{_the(power)} under {_list([n for n, p in strongest.items() if p == power])}"
            for power in dict.fromkeys(strongest.values())
        ]
        out.append(f"The strongest power is {'; '.join(groups)}.")
    return tuple(out) + _denial(result)


def _denial(result: Comparison) -> tuple[str, ...]:
    """What changes under the other rule for powers that only want a rival kept out."""
    s, other = result.standing, result.other_denial
    rule = (
        "If powers that only want a rival kept out of a region valued its autonomy also while they stand by"
        if other.model.denial == "always"
        else "If powers that only want a rival kept out of a region valued its autonomy only while they contest"
    )
    changes = []
    if s.holds != other.holds:
        changes.append(f"the deal would {'' if other.holds else 'not '}hold by Nash reversion")
    for i, power in enumerate(result.players):
        if _effect(s, i) != _effect(other, i):
            changes.append(f"{_the(power)} {_THIRD[_effect(other, i)]}")
    return (f"{rule}, {_list(changes)}.",) if changes else ()


def _interval(s: Standing, i: int) -> tuple[float, float]:
    return float(s.premium[:, i].min()), float(s.premium[:, i].max())


def _effect(s: Standing, i: int) -> str:
    low, high = _interval(s, i)
    if low > -_SHOWN:
        return "gain" if high >= _SHOWN else "stay"
    return "lose" if high < _SHOWN else "gain or lose"


def _the(power: str) -> str:
    """A power's name as it stands within a sentence."""
    return f"the {power}" if power.startswith("United ") else power


def _signed(x: float) -> str:
    return f"{x:+.1f}".replace("-", "−")


def _number(x: float) -> str:
    return f"{x:.3f}" if np.isfinite(x) else "none"


def _span(low: float, high: float) -> str:
    return _plain(low) if high - low < _SHOWN else f"{_plain(low)} to {_plain(high)}"


def _plain(x: float) -> str:
    return f"{x + 0.0:.1f}".replace("-0.0", "0.0").replace("-", "−")


def _list(words: list[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _verb(subjects: list[str], verb: str) -> str:
    return verb if len(subjects) > 1 else verb + "s"
