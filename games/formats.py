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

from __future__ import annotations

from pathlib import Path

from games.codecs import ENDINGS, GameData, read_data, write_data
from games.errors import FormatError, GameError
from games.normal_form import NormalFormGame

__all__ = ["ENDINGS", "read", "write"]


def read(path: str | Path) -> NormalFormGame:
    """Read a game from a file, in the format of its ending.

    Raises
    ------
    FormatError
        If the ending is unknown, or the file is missing, unreadable or malformed; the message names the file and the line,
        key or cell, and says what would be right.

    Examples
    --------
    >>> from games import catalog
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "dilemma.nfg"
    >>> write(catalog.prisoners_dilemma(), file)
    >>> read(file) == catalog.prisoners_dilemma()
    True
    """
    data = read_data(path)
    try:
        return NormalFormGame(data.payoffs, data.players, data.actions, data.title)
    except GameError as error:
        raise FormatError(f"{path}: {error}") from None


def write(game: NormalFormGame, path: str | Path) -> None:
    """Write a game to a file, in the format of its ending; the file appears whole or not at all.

    Raises
    ------
    FormatError
        If the ending is unknown, the file cannot be written, or the format cannot hold the game's labels.
    """
    payoffs = game.exact if game.rational else game.payoffs
    write_data(GameData(payoffs, game.players, game.actions, game.title), path)
