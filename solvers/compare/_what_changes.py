"""What changes with the capability index, or under a structural variant, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.words import listed, sentence, the
from solvers.compare._phrases import EFFECTS, EFFECTS_ON_SEVERAL, effect

if TYPE_CHECKING:
    from solvers.compare._concert import Comparison

__all__ = ["what_changes"]


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
        effects = {name: effect(s, i) for name, s in cases.items()}
        if len(set(effects.values())) > 1:
            groups = [
                f"{EFFECTS[kind]} under {listed([n for n, e in effects.items() if e == kind])}"
                for kind in EFFECTS
                if kind in effects.values()
            ]
            out.append(sentence(f"{the(power)} {'; '.join(groups)}"))
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
        for kind, verb in EFFECTS.items():
            who = [
                the(power)
                for i, power in enumerate(result.players)
                if effect(other, i) == kind != effect(main, i)
            ]
            if who:
                changes.append(f"{listed(who)} {verb if len(who) == 1 else EFFECTS_ON_SEVERAL[kind]}")
        if changes:
            out.append(f"Under the variant '{name}', {listed(changes)}.")
    return tuple(out)
