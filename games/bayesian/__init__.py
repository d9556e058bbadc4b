"""Games of incomplete information: each player has a type that the others do not know (Harsanyi 1967)."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from games.bayesian._game import BayesianGame as BayesianGame
    from games.bayesian._game import TypeStrategy as TypeStrategy

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submod_attrs={"_game": ["BayesianGame", "TypeStrategy"]}
)
