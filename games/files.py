"""Writing files whole or not at all, and reading text as people save it."""

from __future__ import annotations

import codecs
import io
import os
import re
import tempfile
from pathlib import Path

from games.errors import FormatError, OutputError

__all__ = ["check_folder", "text_of", "without_clock", "write"]


def text_of(content: bytes, name: str) -> str:
    """The text of a file: UTF-8, or UTF-16 with its mark in front, as spreadsheets save "Unicode text".

    Raises FormatError with the line for anything else; `name` is the file's.

    >>> text_of("a,b".encode("utf-16"), "table.csv")
    'a,b'
    """
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not content.startswith(
        codecs.BOM_UTF32_LE
    )
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FormatError(f"{name}, line {line}: the file is not UTF-8 text; save it as UTF-8") from None


def check_folder(path: Path) -> None:
    """Raise OutputError unless a file could be written at `path`: its folder exists and lets us in.

    >>> check_folder(Path("nowhere/report.html"))
    Traceback (most recent call last):
    games.errors.OutputError: cannot write nowhere/report.html: there is no folder nowhere; make it first
    """
    folder = path.parent
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"cannot write {path}: {folder} is a file, not a folder")
    if not folder.is_dir():
        raise OutputError(f"cannot write {path}: there is no folder {folder}; make it first")
    if path.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder; name a file in it")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"cannot write {path}: the folder {folder} is not writable")


def write(path: Path, content: bytes) -> None:
    """Write `content` to `path` in one step: a reader finds the old file or the new one, never half of one.

    A symbolic link is followed: the file that it points to is replaced, and the link stays.

    Raises OutputError where the folder is missing, closed or full; nothing is then left behind.
    """
    if path.is_symlink():
        path = _target(path)
    check_folder(path)
    # A link stays one: what it points to is replaced.
    path = Path(os.path.realpath(path))
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(temporary, _permissions(path))
        os.replace(temporary, path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)


def without_clock(content: bytes) -> bytes:
    """An Office file with the times in it set to one moment, so that equal contents give equal bytes."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    buffer = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as source, ZipFile(buffer, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", data)
            target.writestr(ZipInfo(entry.filename, (2000, 1, 1, 0, 0, 0)), data, ZIP_DEFLATED)
    return buffer.getvalue()


def _target(link: Path) -> Path:
    """Where a symbolic link leads in the end; the file there need not exist yet."""
    try:
        return link.resolve()
    except (OSError, RuntimeError):
        raise OutputError(f"cannot write {link}: its symbolic links lead round in a circle") from None


def _permissions(path: Path) -> int:
    """Those of the file that is replaced, or what the umask gives a new one (a temporary file has fewer)."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
