"""The game of spheres of influence: powers, regions, maps, and the payoffs of every profile of stances on them."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from games.spheres import contest as contest
    from games.spheres import payoffs as payoffs
    from games.spheres import stances as stances
    from games.spheres._evaluate import Unilateral as Unilateral
    from games.spheres.actors import Claim as Claim
    from games.spheres.actors import Kind as Kind
    from games.spheres.actors import Member as Member
    from games.spheres.actors import Observed as Observed
    from games.spheres.actors import Piece as Piece
    from games.spheres.actors import Place as Place
    from games.spheres.actors import Power as Power
    from games.spheres.actors import Region as Region
    from games.spheres.draws import Draws as Draws
    from games.spheres.maps import CONSENT as CONSENT
    from games.spheres.maps import FORCE as FORCE
    from games.spheres.maps import NEUTRAL as NEUTRAL
    from games.spheres.maps import NOBODY as NOBODY
    from games.spheres.maps import STATUS_QUO as STATUS_QUO
    from games.spheres.maps import Holdings as Holdings
    from games.spheres.maps import MapLike as MapLike
    from games.spheres.model import SpheresModel as SpheresModel
    from games.spheres.parameters import ASSUMPTIONS as ASSUMPTIONS
    from games.spheres.parameters import SWITCHES as SWITCHES
    from games.spheres.parameters import Assumption as Assumption
    from games.spheres.parameters import Parameters as Parameters

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules={"contest", "payoffs", "stances"},
    submod_attrs={
        "_evaluate": ["Unilateral"],
        "maps": ["CONSENT", "FORCE", "NEUTRAL", "NOBODY", "STATUS_QUO", "Holdings", "MapLike"],
        "actors": ["Claim", "Kind", "Member", "Observed", "Piece", "Place", "Power", "Region"],
        "draws": ["Draws"],
        "model": ["SpheresModel"],
        "parameters": ["ASSUMPTIONS", "SWITCHES", "Assumption", "Parameters"],
    },
)
