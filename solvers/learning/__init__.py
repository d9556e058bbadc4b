"""How players might come to an equilibrium, or not: dynamics of learning and adjustment for any number of players.

All payoffs are measured in units of each player's payoff range, so that no dynamic depends on anybody's units. Random
choices come from a seed; nothing depends on a global random state.
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.learning._best_response import best_response_dynamics as best_response_dynamics
    from solvers.learning._continuous import logit_dynamics as logit_dynamics
    from solvers.learning._continuous import replicator as replicator
    from solvers.learning._path import Path as Path
    from solvers.learning._rounds import fictitious_play as fictitious_play
    from solvers.learning._rounds import regret_matching as regret_matching

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_best_response": ["best_response_dynamics"],
        "_continuous": ["logit_dynamics", "replicator"],
        "_path": ["Path"],
        "_rounds": ["fictitious_play", "regret_matching"],
    },
)
