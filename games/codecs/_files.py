"""Game files as plain data: read and written by their ending, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from games import files
from games.codecs import _json as json_file
from games.codecs import _nfg as nfg_file
from games.codecs import _tables as tables
from games.codecs import _workbook as workbook
from games.codecs._game_data import GameData
from games.codecs.labels import refuse_control_characters
from games.errors import FormatError, OutputError, did_you_mean

__all__ = ["ENDINGS", "GameData", "read_data", "write_data"]

ENDINGS = (".nfg", ".json", ".csv", ".xlsx")
"""The endings of the files that can be read and written."""


def read_data(path: str | Path) -> GameData:
    """Read a file in the format of its ending; raises FormatError as `games.formats.read` does."""
    path = Path(path)
    ending = _ending(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from None
    data = _parsed(content, ending, str(path))
    refuse_control_characters(str(path), data.texts())
    return data


def _parsed(content: bytes, ending: str, name: str) -> GameData:
    if ending == ".xlsx":
        return workbook.from_bytes(content, name)
    text = files.text_of(content, name)
    if ending == ".nfg":
        return nfg_file.from_text(text, name)
    if ending == ".json":
        return json_file.from_text(text, name)
    return tables.from_csv(text, name)


def write_data(data: GameData, path: str | Path) -> None:
    """Write a file in the format of its ending; raises FormatError as `games.formats.write` does."""
    path = Path(path)
    ending = _ending(path)
    refuse_control_characters(str(path), data.texts())
    if ending == ".nfg":
        content = nfg_file.to_text(data).encode()
    elif ending == ".json":
        content = json_file.to_text(data).encode()
    elif ending == ".csv":
        content = tables.to_csv(data, str(path)).encode()
    else:
        content = workbook.to_bytes(data, str(path))
    try:
        files.write(path, content)
    except OutputError as error:
        raise FormatError(f"{path}: cannot be written: {error}") from None


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
