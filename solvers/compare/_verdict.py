"""The comparison in words: who gains, whether the deal would hold, who else pays, and what the model leaves out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from games.arguments import checked
from games.spheres import STATUS_QUO
from games.words import listed, the
from solvers.compare._phrases import effect, interval, number, plain, shown, signed

if TYPE_CHECKING:
    import pandas as pd

    from solvers.compare._concert import Comparison
    from solvers.spheres.standing import Standing

__all__ = ["LEAVES_OUT", "sentences"]

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
    least = shown(s)
    clauses = []
    for verb, tail in (
        ("gain", ""),
        ("lose", ""),
        ("gain or lose", ", depending on the equilibrium"),
        ("gain or stay", ", depending on the equilibrium"),
        ("lose or stay", ", depending on the equilibrium"),
        ("stay", ""),
    ):
        found = [i for i in range(len(result.players)) if effect(s, i) == verb]
        if not found:
            continue
        named = listed([f"{the(result.players[i])} ({_span(s, i, least)})" for i in found])
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
    low, high = interval(s, i)
    if high - low < shown:
        return signed(low, shown)
    return f"{signed(low, shown)} to {signed(high, shown)}"


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
    first = result.ways[0]
    leaves = [way for way in result.ways if way.way == "prefers competition" and way.status == "breaks now"]
    cheats = [way for way in result.ways if way.way == "cheats alone"]
    if s.holds and not leaves:
        if not cheats:
            watch = "" if first.deviator == "nobody" else f" The first to watch: {first.what}."
            pair = " and no pair" if first.deviator == "nobody" else ""
            return f"It would hold: no power{pair} gains by deviating, even in the year it is done.{watch}"
        spare = min((result.players.index(way.deviator) for way in cheats), key=lambda i: s.spare[i])
        return (
            f"It would hold under the threat of a return to competition: {the(result.players[spare])} is the most tempted "
            f"and needs a discount factor of {number(s.reversion.per_player[spare])}; its own is {s.model.discount[spare]:.3f}."
        )
    if s.holds:
        return f"No power gains by deviating alone, yet the deal would not hold: {leaves[0].what}."
    breaker = cheats[0].deviator
    others = [way.what for way in leaves if way.deviator != breaker]
    prefers = breaker in {way.deviator for way in leaves}
    besides = "; it prefers competition anyway" if prefers and result.model.benchmark == "competition" else ""
    head = f"It would not hold under the threat of a return to competition: {cheats[0].what}{besides}."
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
            f"{plain(-low)} million people gained it in full and {plain(high)} million lost it"
        )
    elif high > _PERSONS:
        head = (
            "The people of the regions pay in some equilibria: they lose autonomy, equivalent to full autonomy for up to "
            f"{plain(high)} million people"
        )
    elif low < -_PERSONS:
        head = (
            "The people of the regions gain in some equilibria, on balance autonomy equivalent to full autonomy for up to "
            f"{plain(-low)} million people"
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


def _people(low: float, high: float) -> str:
    a, b = plain(low), plain(high)
    return f"{a if a == b else f'{a} to {b}'} million people"


def _reach(low: float, high: float) -> str:
    """An interval whose upper end is the point: `up to` that where the lower end is no more than nothing."""
    if low <= _PERSONS:
        return f"up to {plain(high)}"
    return plain(low) if plain(low) == plain(high) else f"{plain(low)} to {plain(high)}"
