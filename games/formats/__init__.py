"""Game files: Gambit `.nfg`, `.json`, and payoff tables in `.csv` and `.xlsx`, read and written by their ending.

What is read and written is exact. Integers and fractions stay what they are in every format. A float is written as the shortest
decimal that gives the same float again; `.json` reads it back as a float, the others read decimals as exact decimals.

| ending | players, actions | title | payoffs |
|---|---|---|---|
| `.nfg` | any labels | kept | integers, fractions, decimals |
| `.json` | any labels | kept | integers and floats as numbers, fractions as strings such as `"1/3"` |
| `.csv`, `.xlsx` | labels without spaces at their ends | `.xlsx` only | integers, fractions, decimals |

Titles and labels with control characters are refused, read or written.
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from games.formats._games import read as read
    from games.formats._games import write as write
    from games.formats.data import ENDINGS as ENDINGS

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submod_attrs={"_games": ["read", "write"], "data": ["ENDINGS"]}
)
