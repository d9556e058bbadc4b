"""Game files: Gambit `.nfg`, `.json`, and payoff tables in `.csv` and `.xlsx`, read and written by their ending.

What is read and written is exact. Integers and fractions stay what they are in every format. A float is written as the shortest
decimal that gives the same float again; `.json` reads it back as a float, the others read decimals as exact decimals.

| ending | players, actions | title | payoffs |
|---|---|---|---|
| `.nfg` | any labels | kept | integers, fractions, decimals |
| `.json` | any labels | kept | integers and floats as numbers, fractions as strings such as `"1/3"` |
| `.csv`, `.xlsx` | labels without spaces at their ends | `.xlsx` only | integers, fractions, decimals |
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from games.errors import FormatError, did_you_mean
from games.formats import _json as json_file
from games.formats import _nfg as nfg_file
from games.formats import _tables as tables
from games.normal_form import NormalFormGame

__all__ = ["ENDINGS", "read", "write"]

ENDINGS = (".nfg", ".json", ".csv", ".xlsx")
"""The endings of the files that can be read and written."""


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
    path = Path(path)
    ending = _ending(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from None
    if ending == ".xlsx":
        return tables.from_xlsx(data, str(path))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FormatError(f"{path}, line {line}: the file is not UTF-8 text; save it as UTF-8") from None
    if ending == ".nfg":
        return nfg_file.from_text(text, str(path))
    if ending == ".json":
        return json_file.from_text(text, str(path))
    return tables.from_csv(text, str(path))


def write(game: NormalFormGame, path: str | Path) -> None:
    """Write a game to a file, in the format of its ending; the file appears whole or not at all.

    Raises
    ------
    FormatError
        If the ending is unknown, the file cannot be written, or the format cannot hold the game's labels.
    """
    path = Path(path)
    ending = _ending(path)
    if ending == ".nfg":
        data = nfg_file.to_text(game).encode()
    elif ending == ".json":
        data = json_file.to_text(game).encode()
    elif ending == ".csv":
        data = tables.to_csv(game, str(path)).encode()
    else:
        data = tables.to_xlsx(game, str(path))
    _write_whole(path, data)


def _ending(path: Path) -> str:
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        known = ", ".join(ENDINGS)
        what = f"the ending {ending!r} is unknown" if ending else "the name has no ending"
        hint = did_you_mean(ending, ENDINGS) if ending else ""
        raise FormatError(
            f"{path}: {what}; games are read and written as {known}{hint if 'mean' in hint else ''}"
        )
    return ending


def _write_whole(path: Path, data: bytes) -> None:
    """Write beside the target and rename, so that nobody ever sees half a file."""
    temporary = None
    try:
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise FormatError(f"{path}: cannot be written: {error.strerror or error}") from None


def _umask() -> int:
    # There is no way to read the mask but to set it.
    mask = os.umask(0)
    os.umask(mask)
    return mask
