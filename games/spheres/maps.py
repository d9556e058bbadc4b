"""Maps: who leads each region, and whether by consent or by force.

A region that a deal hands over is held by force, unless the map says that its government consents. A region that is made
neutral is a buffer: those who were bound to it have pledged to leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from games.errors import ScenarioError, did_you_mean
from games.normal_form import BoolArray
from games.types import IntArray

if TYPE_CHECKING:
    from games.spheres.actors import Region

__all__ = ["CONSENT", "FORCE", "NEUTRAL", "NOBODY", "STATUS_QUO", "Holdings", "MapLike", "parse"]

STATUS_QUO = "status quo"
"""The name of the map that the facts give."""
NOBODY = "nobody"
"""A map's word for a region in nobody's sphere."""
NEUTRAL = "neutral"
"""A map's word for a buffer that all pledge to leave."""
CONSENT = "consent"
"""The mode of a region whose government agrees to its lead."""
FORCE = "force"
"""The mode of a region that is held against its people."""


@dataclass(frozen=True, eq=False)
class Holdings:
    """Who holds what, for one map or many: `lead` (..., R), player indices or -1; `forced` (..., R), held by force."""

    lead: IntArray
    forced: BoolArray


MapLike: TypeAlias = "str | Mapping[str, str | None] | Holdings | npt.NDArray[np.integer]"
"""A map's name, a mapping of changes, an array of leads, or `Holdings`."""


def entry(holder: int | None, mode: str | None, players: Sequence[str]) -> str | None:
    """A map's entry for a region: `China`, `China by force`, or None for nobody."""
    if holder is None or holder < 0:
        return None
    return players[holder] if mode is None else f"{players[holder]} by {mode}"


def split(text: str) -> tuple[str, str | None]:
    """A map's entry as the holder's name and the mode that it states, if any.

    >>> split("China by consent"), split("China")
    (('China', 'consent'), ('China', None))
    """
    for mode in (CONSENT, FORCE):
        if text.endswith(f" by {mode}"):
            return text.removesuffix(f" by {mode}"), mode
    return text, None


def status_quo(regions: Sequence[Region], players: Sequence[str]) -> Holdings:
    """The map as the facts have it."""
    lead = [-1 if r.lead is None else players.index(r.lead) for r in regions]
    return Holdings(np.array(lead, dtype=np.int64), np.array([r.forced for r in regions], dtype=np.bool_))


def by_rule(lead: npt.NDArray[np.integer], base: Holdings) -> Holdings:
    """Holdings (..., R) from leads alone: what changes hands is held by force."""
    leads = np.asarray(lead, dtype=np.int64)
    return Holdings(leads, np.where(leads == base.lead, base.forced, leads >= 0))


def parse(
    where: str,
    entries: Mapping[str, str | None],
    regions: Sequence[Region],
    players: Sequence[str],
    base: Holdings,
) -> Holdings:
    """A map region -> holder as holdings; regions that it leaves out stay as on the status quo.

    Raises ScenarioError for an unknown region or power, or a piece of a power's land that a third party is to hold.
    """
    names = [r.name for r in regions]
    lead, forced = base.lead.copy(), base.forced.copy()
    for region, text in entries.items():
        if region not in names:
            raise ScenarioError(f"{where}: there is no region {region!r}{did_you_mean(region, names)}")
        r = names.index(region)
        mode = None
        if text is None or text in (NOBODY, NEUTRAL):
            holder = -1
        else:
            name, mode = split(text)
            if name not in players:
                raise ScenarioError(
                    f"{where}: {region} is held by {text!r}, which is neither a power nor 'nobody' or 'neutral'"
                    f"{did_you_mean(name, players)}"
                )
            holder = players.index(name)
        piece = regions[r].piece
        if piece is not None:
            if holder not in (players.index(piece.claimant), players.index(piece.owner)):
                raise ScenarioError(
                    f"{where}: {region} is a piece of {piece.owner}'s own land; {piece.owner} or {piece.claimant} holds it"
                )
            if mode is not None:
                raise ScenarioError(
                    f"{where}: {region} is a piece of a power; it has no government that could consent"
                )
            lead[r], forced[r] = holder, False
            continue
        unchanged = holder == int(base.lead[r])
        lead[r] = holder
        if holder < 0:
            forced[r] = False
        elif mode is None:
            forced[r] = base.forced[r] if unchanged else True
        else:
            forced[r] = mode == FORCE
    return Holdings(lead, forced)
