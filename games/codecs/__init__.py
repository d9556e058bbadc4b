"""Game files as plain data: payoffs and labels, without the class that makes a game of them (see `games.formats`)."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from games.codecs._files import ENDINGS as ENDINGS
    from games.codecs._files import read_data as read_data
    from games.codecs._files import write_data as write_data
    from games.codecs._game_data import GameData as GameData

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={"_files": ["ENDINGS", "read_data", "write_data"], "_game_data": ["GameData"]},
)
