"""The comparison in words: three sentences, the ways the deal breaks in order, where indices disagree, what is left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from games.arguments import checked
from games.spheres import STATUS_QUO
from games.words import listed, the, with_articles
from solvers.spheres.standing import NONE_FOUND

if TYPE_CHECKING:
    import pandas as pd

    from solvers.compare._concert import Comparison
    from solvers.spheres.standing import Standing

__all__ = ["LEAVES_OUT", "sentences", "ways_it_breaks", "what_changes"]

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
    "Signs and shares can be read; levels of payoff mean little, and nothing here is a yearly chance.",
    "Shares of a lottery are shares of what is at stake in a region, not forecasts of its fate.",
    "A dispute of any kind puts the whole state at stake, and large neighbours of a power (India, for one) appear as prizes.",
    "Pacts between powers have no weight unless the variant that counts them is chosen.",
    "Trade enters only through what a contest costs, nuclear deterrence only through what a war costs.",
    "A region is worth what its capability adds; that says nothing of position, so Greenland is worth almost nothing here.",
    "Domestic politics, law and legitimacy are left out; a region's people appear only as a local actor that resists.",
    "Powers know the game and see each other's stance without error.",
    "Every region counts by itself: that losing one would make the next easier to take (dominoes) is not modelled.",
    "The rules rank rivalries among powers better than chance and say nothing about when wars begin.",
)
"""What the model cannot say, in sentences."""


@checked
def sentences(result: Comparison) -> tuple[str, str, str]:
    """Who gains, whether the deal would hold and what breaks it first, who else pays: one sentence each."""
    return _gains(result), _holds(result), _pays(result)


def _gains(result: Comparison) -> str:
    s = result.standing
    shown = _shown(s)
    clauses = []
    for verb, tail in (
        ("gain", ""),
        ("lose", ""),
        ("gain or lose", ", depending on the equilibrium"),
        ("gain or stay", ", depending on the equilibrium"),
        ("lose or stay", ", depending on the equilibrium"),
        ("stay", ""),
    ):
        found = [i for i in range(len(result.players)) if _effect(s, i) == verb]
        if not found:
            continue
        named = listed([f"{the(result.players[i])} ({_span(s, i, shown)})" for i in found])
        if verb == "stay":
            clauses.append(
                f"{named} {'neither gains nor loses' if len(found) == 1 else 'neither gain nor lose'}"
            )
            continue
        words = verb.replace("stay", "stay as they are" if len(found) > 1 else "stay as it is")
        if len(found) == 1:
            words = " or ".join(re.sub(r"^(\w+)", r"\1s", part) for part in words.split(" or "))
        clauses.append(f"{named} {words}{tail}")
    return (
        f"On the map '{result.map_name}', compared with {_against(result)} on the status quo map, {'; '.join(clauses)} "
        "(points a year)."
    )


def _span(s: Standing, i: int, shown: float) -> str:
    low, high = _interval(s, i)
    if high - low < shown:
        return _signed(low, shown)
    return f"{_signed(low, shown)} to {_signed(high, shown)}"


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
        if cheats.empty:
            watch = "" if first["deviator"] == "nobody" else f" The first to watch: {first['what']}."
            pair = " and no pair" if first["deviator"] == "nobody" else ""
            return f"It would hold: no power{pair} gains by deviating, even in the year it is done.{watch}"
        spare = min((result.players.index(who) for who in cheats["deviator"]), key=lambda i: s.spare[i])
        return (
            f"It would hold under the threat of a return to competition: {the(result.players[spare])} is the most tempted "
            f"and needs a discount factor of {_number(s.reversion.per_player[spare])}; its own is {s.model.discount[spare]:.3f}."
        )
    if s.holds:
        return f"No power gains by deviating alone, yet the deal would not hold: {leaves.iloc[0]['what']}."
    breaker = cheats.iloc[0]["deviator"]
    others = [row["what"] for _, row in leaves.iterrows() if row["deviator"] != breaker]
    prefers = breaker in set(leaves["deviator"])
    besides = "; it prefers competition anyway" if prefers and result.model.benchmark == "competition" else ""
    head = (
        f"It would not hold under the threat of a return to competition: {cheats.iloc[0]['what']}{besides}."
    )
    tail = f" Besides, {others[0]}." if others else ""
    return f"{head}{tail} {_harsher(result)}"


def _harsher(result: Comparison) -> str:
    """What harsher punishments could do, as far as it was proved."""
    s = result.standing
    own = float(s.model.discount.min())
    if not s.could_hold:
        return (
            "No punishment could hold it: some power would deviate even if held to its minmax value forever."
        )
    if not result.endurance.small:
        shunning = s.ostracism()
        shunned = (
            f" Ostracism, contest by all others forever, would hold it from {float(shunning.max()):.3f} on "
            f"(the least patient power has {own:.3f})."
            if np.isfinite(shunning).all()
            else " Ostracism, contest by all others forever, would not hold it."
        )
        return f"The game is too large to compute the harshest equilibrium punishments.{shunned}"
    need = result.endurance.optimal.overall
    if need <= own:
        return (
            f"Harsher punishments could hold it from a common discount factor of {need:.3f} on "
            f"(the least patient power has {own:.3f})."
        )
    if np.isfinite(need):
        return f"The harshest punishments need a common discount factor of {need:.3f}; the least patient power has {own:.3f}."
    return "No punishment that is itself an equilibrium could hold it."


def _pays(result: Comparison) -> str:
    total = result.burden_total
    low, high = float(total["person burden low"]), float(total["person burden high"])
    table = result.burden
    worst: Any = table["person burden high"].idxmax()
    best: Any = table["person burden low"].idxmin()
    if low > _PERSONS:
        head = f"The people of the regions pay: they lose autonomy, equivalent to full autonomy for {_people(low, high)}"
    elif high < -_PERSONS:
        head = (
            "On balance the people of the regions gain autonomy, equivalent to full autonomy for "
            f"{_people(-high, -low)}"
        )
    elif high > _PERSONS and low < -_PERSONS:
        head = (
            "For the people of the regions the balance of autonomy depends on the equilibrium: as if between "
            f"{_plain(-low)} million people gained it in full and {_plain(high)} million lost it"
        )
    elif high > _PERSONS:
        head = (
            "The people of the regions pay in some equilibria: they lose autonomy, equivalent to full autonomy for up to "
            f"{_plain(high)} million people"
        )
    elif low < -_PERSONS:
        head = (
            "The people of the regions gain in some equilibria, on balance autonomy equivalent to full autonomy for up to "
            f"{_plain(-low)} million people"
        )
    else:
        head = "On balance nothing changes for the people of the regions"
    tails = []
    # A region that weighs next to nothing beside another is not worth a reader's time.
    largest = max(_row(table, worst)[1], -_row(table, best)[0])
    worth = max(_PERSONS, 0.005 * largest)
    if _row(table, worst)[1] > worth:
        tails.append(f"the largest loss is in {the(str(worst))} ({_reach(*_row(table, worst))} million)")
    if _row(table, best)[0] < -worth:
        a, b = _row(table, best)
        tails.append(f"the largest gain is in {the(str(best))} ({_reach(-b, -a)} million)")
    return head + ("; " + " and ".join(tails) if tails else "") + "."


def _row(table: pd.DataFrame, region: Any) -> tuple[float, float]:
    return float(table["person burden low"][region]), float(table["person burden high"][region])


@checked
def ways_it_breaks(result: Comparison) -> pd.DataFrame:
    """The ways in which the deal breaks, ranked: what breaks it now, what may break it, what is deterred (smallest margin first).

    Within a rank they stand in order of `margin`, each a number without a unit: for cheating the own less the
    critical discount factor, for leaving and for pairs the loss (negative: gain) as a share of the power's payoff range.

    Returns
    -------
    DataFrame with columns way, deviator, deviation, status (`breaks now`, `may break`, `deterred`), size, unit, margin, what
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
                    "deviator": power,
                    "deviation": "staying out of the deal",
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
            status = "breaks now" if own < easy else "may break" if own < hard else "deterred"
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
                f"resisting that needs a discount factor of {easy:.3f}, and its own is {own:.3f}"
                if np.isfinite(easy)
                else "no equilibrium was found a return to which might deter it"
                if s.reversion.punishment_names == (NONE_FOUND,)
                else f"{back} would not deter it at any discount factor{otherwise}"
            )
            margin = own - easy if np.isfinite(easy) else -1.0
            action = with_articles(s.reversion.deviation[i], result.players)
            rows.append(
                {
                    "way": "cheats alone",
                    "deviator": power,
                    "deviation": s.reversion.deviation[i],
                    "status": status,
                    "size": gain,
                    "unit": "points in the year",
                    "margin": margin,
                    "what": f"{the(power)} gains {_amount(gain)} points in the first year by '{action}', and {resists}",
                }
            )
    for group in result.joint.pairs:
        best = group.best_self_enforcing or group.best
        if best is None:
            continue
        status = "may break" if best.self_enforcing else "deterred"
        pair = " and ".join(the(p) for p in best.coalition)
        kind = (
            "a self-enforcing deviation"
            if best.self_enforcing
            else "a deviation on which one of them would cheat in turn"
        )
        rows.append(
            {
                "way": "pair deviates",
                "deviator": " and ".join(best.coalition),
                "deviation": "; ".join(f"{p}: {a}" for p, a in zip(best.coalition, best.actions)),
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
                "deviator": "nobody",
                "deviation": "no deviation of one power or of two gains",
                "status": "deterred",
                "size": 0.0,
                "unit": "points",
                "margin": 1.0,
                "what": "no power and no pair gains by any pure deviation, even in the year itself",
            }
        )
    order = {"breaks now": 0, "may break": 1, "deterred": 2}
    rows.sort(key=lambda row: (order[row["status"]], row["margin"]))
    frame = pd.DataFrame(rows)
    frame.index = pd.RangeIndex(1, len(rows) + 1, name="rank")
    return frame


@checked
def what_changes(result: Comparison) -> tuple[str, ...]:
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
    return tuple(out) + _variants(result)


def _variants(result: Comparison) -> tuple[str, ...]:
    """What changes under the structural variants of the model."""
    main = result.standing
    out = []
    for name, other in result.by_variant.items():
        if other is main:
            continue
        changes = []
        if main.holds != other.holds:
            changes.append(f"the deal {'would' if other.holds else 'would not'} hold by Nash reversion")
        for effect, verb in _THIRD.items():
            who = [
                the(power)
                for i, power in enumerate(result.players)
                if _effect(other, i) == effect != _effect(main, i)
            ]
            changes += [f"{power} {verb}" for power in who]
        if changes:
            out.append(f"Under the variant '{name}', {listed(changes)}.")
    return tuple(out)


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


def _people(low: float, high: float) -> str:
    a, b = _plain(low), _plain(high)
    return f"{a if a == b else f'{a} to {b}'} million people"


def _reach(low: float, high: float) -> str:
    """An interval whose upper end is the point: `up to` that where the lower end is no more than nothing."""
    if low <= _PERSONS:
        return f"up to {_plain(high)}"
    return _plain(low) if _plain(low) == _plain(high) else f"{_plain(low)} to {_plain(high)}"


def _plain(x: float) -> str:
    """A positive number with one decimal, from a thousand on with none; small ones with two figures, huge ones with four."""
    return (
        f"{x:,.0f}"
        if 999.95 <= x < 1e6
        else f"{x:.1f}"
        if 0.095 <= x < 1e6
        else f"{x:.2g}"
        if x < 1.0
        else f"{x:.4g}"
    )


def _amount(x: float) -> str:
    """A positive number with two decimals; small ones with two figures, huge ones with four."""
    return f"{x:.2f}" if 0.01 <= x < 1e6 else f"{x:.2g}" if x < 1.0 else f"{x:.4g}"
