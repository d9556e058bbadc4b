"""The comparison in words: three sentences, the ways the deal breaks in order, where indices disagree, what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from games.spheres import STATUS_QUO
from games.words import listed, the
from solvers.spheres.standing import NONE_FOUND

if TYPE_CHECKING:
    import pandas as pd

    from solvers.compare._concert import Comparison
    from solvers.spheres.standing import Standing

__all__ = ["LEAVES_OUT", "flips", "sentences", "ways_it_breaks"]

_TOLERANCE = 1e-9
_THIRD = {
    "gain": "gains",
    "gain or stay": "gains or stays as it is",
    "gain or lose": "gains or loses",
    "lose or stay": "loses or stays as it is",
    "lose": "loses",
    "stay": "neither gains nor loses",
}
# Differences in points below this vanish in the one decimal that sentences show; in games played for less than
# some ten points all told, differences below this share of the largest payoff range.
_SHOWN = 0.05
_SHARE = 1e-3
# Burdens below this many million persons (500 of them) are none.
_PERSONS = 5e-4

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
    shown = _shown(s)
    spans = [_interval(s, i) for i in range(len(result.players))]
    parts = [
        f"{the(power)} {_signed(low, shown)}"
        if high - low < shown
        else f"{the(power)} between {_signed(low, shown)} and {_signed(high, shown)}"
        for power, (low, high) in zip(result.players, spans)
    ]
    who = []
    for verb, tail in (
        ("gain", ""),
        ("lose", ""),
        ("gain or lose", " depending on the equilibrium"),
        ("gain or stay", " as they are, depending on the equilibrium"),
        ("lose or stay", " as they are, depending on the equilibrium"),
        ("stay", " as they are"),
    ):
        named = [the(p) for i, p in enumerate(result.players) if _effect(s, i) == verb]
        if len(named) == len(result.players):
            named = ["every power"]
        if named:
            single = len(named) == 1
            said = " or ".join(v + "s" * single for v in verb.split(" or "))
            who.append(f"{listed(named)} {said}{tail.replace('they are', 'it is') if single else tail}")
    # Clauses that hold a comma of their own are told apart by semicolons.
    clauses = "; ".join(who) if any("," in c for c in who) and len(who) > 1 else listed(who)
    return (
        f"On the map '{result.map}', against {_against(result)} on the status quo map, {clauses}: "
        f"{listed(parts)} points a year."
    )


def _against(result: Comparison) -> str:
    """What the premium is measured against, and how much of it was found."""
    s = result.standing
    count = len(s.benchmarks)
    if result.model.benchmark == "all-out":
        return "all-out contest"
    if not result.equilibria.complete:
        return (
            "the one equilibrium of competition that was found (there may be more)"
            if count == 1
            else f"the {count} equilibria of competition that were found (there may be more)"
        )
    if result.equilibria.components:
        exact = all(component.exact_extreme for component in result.equilibria.components)
        kind = f"its {count} extreme points" if exact else f"{count} of its points; the interval may be wider"
        return f"the infinite set of equilibria of competition ({kind})"
    if count == 1:
        itself = result.map == STATUS_QUO and all(
            v[a] == 1 for v, a in zip(s.benchmark_profiles[0], s.profile)
        )
        return "the only equilibrium of competition" + (", which is this very regime," if itself else "")
    return f"all {count} equilibria of competition"


def _holds(result: Comparison) -> str:
    s = result.standing
    table = result.ways_it_breaks
    first = table.iloc[0]
    leaves = table[(table["way"] == "prefers competition") & (table["status"] == "breaks now")]
    cheats = table[table["way"] == "cheats alone"]
    if s.holds and leaves.empty:
        watch = (
            "nothing that was looked at gains from breaking it, not even in the year itself."
            if first["who"] == "nobody"
            else f"the first to watch is this: {first['what']}."
        )
        if cheats.empty:
            if first["who"] == "nobody":
                return "It would hold at any patience: no power and no pair gains by a pure deviation, even in the year itself."
            return f"It would hold: no power gains by deviating alone, even in the year itself; {watch}"
        spare = min((result.players.index(who) for who in cheats["who"]), key=lambda i: s.spare[i])
        return (
            f"It would hold: no power gains by deviating at its own patience, {the(result.players[spare])} being the "
            f"closest to it (critical discount factor {_number(s.reversion.per_player[spare])}, own "
            f"{s.model.discount[spare]:.3f}); {watch}"
        )
    if s.holds:
        return (
            "No power gains by cheating on it alone at its own patience, yet it would not hold, for "
            f"{leaves.iloc[0]['what']}."
        )
    bound = (
        "though a harsher punishment is not ruled out (minmax bound)"
        if s.could_hold
        else "and no punishment whatever could hold it"
    )
    # What reversion fails to deter is a deviation; that somebody would rather stay out is another matter.
    besides = "" if leaves.empty else f"; besides, {leaves.iloc[0]['what']}"
    if not leaves.empty and leaves.iloc[0]["who"] == cheats.iloc[0]["who"]:
        besides = (
            "; it does better in competition anyway" if result.model.benchmark == "competition" else besides
        )
    return f"It would not hold by Nash reversion, {bound}: {cheats.iloc[0]['what']}{besides}."


def _pays(result: Comparison) -> str:
    total = result.burden_total
    low, high = float(total["person burden low"]), float(total["person burden high"])
    table = result.burden
    worst: Any = table["person burden high"].idxmax()
    best: Any = table["person burden low"].idxmin()
    if low > _PERSONS:
        head = f"The regions' own people pay: between them they lose the autonomy of {_persons(low, high)}"
    elif high < -_PERSONS:
        head = f"The regions' own people gain on balance the autonomy of {_persons(-high, -low)}"
    elif high > _PERSONS and low < -_PERSONS:
        head = (
            f"For the regions' own people the balance lies between a gain of {_plain(-low)} and a loss of "
            f"{_plain(high)} million persons' autonomy"
        )
    elif high > _PERSONS:
        head = f"The regions' own people pay in some equilibria: they lose the autonomy of up to {_plain(high)} million persons"
    elif low < -_PERSONS:
        head = f"The regions' own people gain in some equilibria, on balance the autonomy of up to {_plain(-low)} million persons"
    else:
        head = "For the regions' own people nothing changes on balance"
    tails = []
    # A region that weighs next to nothing beside another is not worth a reader's time.
    largest = max(_row(table, worst)[1], -_row(table, best)[0])
    worth = max(_PERSONS, 0.005 * largest)
    if _row(table, worst)[1] > worth:
        tails.append(f"most is lost in {worst} ({_reach(*_row(table, worst))} million)")
    if _row(table, best)[0] < -worth:
        a, b = _row(table, best)
        tails.append(f"most is gained in {best} ({_reach(-b, -a)} million)")
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
    rival = "under all-out contest" if s.model.benchmark == "all-out" else "in competition"
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
                    "what": f"{the(power)} gets {_amount(-high)} points a year more {rival} than in the deal"
                    if -high > 0 and low - high > -_TOLERANCE * ranges[i]
                    else f"{the(power)} gets {_amount(-high)} to {_amount(-low)} points a year more {rival} than in the deal"
                    if status == "breaks now"
                    else f"{the(power)} gets up to {_amount(-low)} points a year more in some equilibria of competition "
                    "than in the deal",
                }
            )
        gain = float(s.reversion.gain[i])
        if gain > _TOLERANCE * ranges[i]:
            own = float(s.model.discount[i])
            easy, hard = float(s.reversion.per_player[i]), float(s.reversion.worst[i])
            status = "breaks now" if own < easy else "may break" if own < hard else "held off"
            # Sentence one measures against the status quo map; what a cheat is answered with is competition on the deal's.
            elsewhere = s.map != STATUS_QUO
            back = "a return to competition" + (" on that map" if elsewhere else "")
            back += "" if s.reversion.complete else ", as far as it was found,"
            otherwise = (
                ", though a return to the status quo map would"
                if elsewhere and own >= s.status_quo.per_player[i]
                else ""
            )
            resists = (
                f"resisting that takes a discount factor of {easy:.3f} where its own is {own:.3f}"
                if np.isfinite(easy)
                else "no equilibrium was found a return to which might deter it"
                if s.reversion.benchmark_names == (NONE_FOUND,)
                else f"{back} would not deter it however patient it were{otherwise}"
            )
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
                    "what": f"{the(power)} gains {_amount(gain)} points in the year by '{s.reversion.deviation[i]}', "
                    f"and {resists}",
                }
            )
    for group in result.joint.pairs:
        best = group.best_self_enforcing or group.best
        if best is None:
            continue
        status = "may break" if best.self_enforcing else "held off"
        pair = " and ".join(the(p) for p in best.coalition)
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
                "what": f"{pair} both gain in the year, at least {_amount(float(best.gains.min()))} points each, by {kind}",
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
            f"Nash reversion keeps every power from cheating alone under {listed(holding)}, and does not under {listed(rest)}."
        )
    could = [name for name, s in cases.items() if s.could_hold]
    if 0 < len(could) < len(cases):
        rest = [name for name in cases if name not in could]
        out.append(
            f"Some punishment might hold it (minmax bound) under {listed(could)}; none could under {listed(rest)}."
        )
    for i, power in enumerate(result.players):
        effects = {name: _effect(s, i) for name, s in cases.items()}
        if len(set(effects.values())) > 1:
            groups = [
                f"{_THIRD[effect]} under {listed([n for n, e in effects.items() if e == effect])}"
                for effect in _THIRD
                if effect in effects.values()
            ]
            said = f"{the(power)} {'; '.join(groups)}."
            out.append(said[0].upper() + said[1:])
    strongest = {
        name: result.players[int(np.argmax(shares))]
        for name, shares in result.model.capability_shares.items()
    }
    if len(set(strongest.values())) > 1:
        groups = [
            f"{the(power)} under {listed([n for n, p in strongest.items() if p == power])}"
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
        changes.append(
            f"Nash reversion would {'' if other.holds else 'not '}keep every power from cheating alone"
        )
    for effect, verb in _THIRD.items():
        who = [
            the(power)
            for i, power in enumerate(result.players)
            if _effect(other, i) == effect != _effect(s, i)
        ]
        if len(who) == len(result.players):
            changes.append("no power gains or loses" if effect == "stay" else f"every power {verb}")
        else:
            changes += [f"{power} {verb}" for power in who]
    return (f"{rule}, {listed(changes)}.",) if changes else ()


def _interval(s: Standing, i: int) -> tuple[float, float]:
    return float(s.premium[:, i].min()), float(s.premium[:, i].max())


def _shown(s: Standing) -> float:
    """The smallest difference in points that sentences speak of."""
    return max(min(_SHOWN, _SHARE * float(s.game.ranges.max())), float(np.finfo(float).tiny))


def _effect(s: Standing, i: int) -> str:
    low, high = _interval(s, i)
    shown = _shown(s)
    if low >= shown:
        return "gain"
    if high <= -shown:
        return "lose"
    if low > -shown:
        return "gain or stay" if high >= shown else "stay"
    return "gain or lose" if high >= shown else "lose or stay"


def _signed(x: float, shown: float = _SHOWN) -> str:
    if abs(x) < shown:
        return "+0.0"
    return ("+" if x > 0 else "−") + _plain(abs(x))


def _number(x: float) -> str:
    return f"{x:.3f}" if np.isfinite(x) else "none"


def _persons(low: float, high: float) -> str:
    a, b = _plain(low), _plain(high)
    return f"{a if a == b else f'{a} to {b}'} million persons"


def _reach(low: float, high: float) -> str:
    """An interval whose upper end is the point: `up to` that where the lower end is no more than nothing."""
    if low <= _PERSONS:
        return f"up to {_plain(high)}"
    return _plain(low) if _plain(low) == _plain(high) else f"{_plain(low)} to {_plain(high)}"


def _plain(x: float) -> str:
    """A positive number with one decimal; small ones with two figures, huge ones with four."""
    return f"{x:.1f}" if 0.095 <= x < 1e6 else f"{x:.2g}" if x < 1.0 else f"{x:.4g}"


def _amount(x: float) -> str:
    """A positive number with two decimals; small ones with two figures, huge ones with four."""
    return f"{x:.2f}" if 0.01 <= x < 1e6 else f"{x:.2g}" if x < 1.0 else f"{x:.4g}"
