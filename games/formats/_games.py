"""Games in normal form from files, and to files."""

from __future__ import annotations

from pathlib import Path

from games.errors import FormatError, GameError
from games.formats.data import GameData, read_data, write_data
from games.normal_form import NormalFormGame

__all__ = ["read", "write"]


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
