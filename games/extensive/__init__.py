"""Games in extensive form: moves in turn, chance, and what a player does not know when it moves.

`ExtensiveGame` is built from `Decision`, `Chance` and `Terminal`, or read from a Gambit `.efg` file.
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from games.extensive._game import Behaviour as Behaviour
    from games.extensive._game import ExtensiveGame as ExtensiveGame
    from games.extensive._nodes import Chance as Chance
    from games.extensive._nodes import Decision as Decision
    from games.extensive._nodes import Node as Node
    from games.extensive._nodes import Terminal as Terminal
    from games.extensive._recall import ChanceMove as ChanceMove
    from games.extensive._recall import InformationSet as InformationSet

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_game": ["Behaviour", "ExtensiveGame"],
        "_nodes": ["Chance", "Decision", "Node", "Terminal"],
        "_recall": ["ChanceMove", "InformationSet"],
    },
)
