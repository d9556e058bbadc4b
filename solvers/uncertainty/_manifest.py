"""The manifest of a run: what was run, in words and numbers, and whether files in its folder belong to it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from games import files
from games.errors import OutputError
from games.spheres import SpheresModel

__all__ = ["FORMAT", "belongs", "claim", "fingerprint", "labels", "mark", "read_manifest"]

FORMAT = 2
_MANIFEST = "manifest.json"
# Under these keys a chunk's Parquet metadata say whose it is.
_RUN, _NUMBER = b"concert run", b"concert chunk"


def mark(manifest: Mapping[str, Any]) -> str:
    """A hash of the whole manifest: two runs that differ in anything have different ones."""
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:16]


def labels(run: str, k: int) -> dict[bytes, bytes]:
    """What the metadata of chunk k of the run with this mark say."""
    return {_RUN: run.encode(), _NUMBER: str(k).encode()}


def belongs(metadata: Mapping[bytes, bytes] | None, run: str, k: int) -> bool:
    """Were these metadata written for chunk k of the run with this mark?"""
    return metadata is not None and all(metadata.get(key) == text for key, text in labels(run, k).items())


def fingerprint(model: SpheresModel, *more: object) -> str:
    """A hash of everything that a model's outcomes depend on: the same in every process and on every machine."""
    skipped = ("source", "facts", "title", "description", "name")
    parts = {f.name: _plain(getattr(model, f.name)) for f in fields(model) if f.name not in skipped}
    text = json.dumps([parts, [_plain(m) for m in more]], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """Anything in a model as JSON, in one order."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return sorted(([_plain(k), _plain(v)] for k, v in value.items()), key=json.dumps)
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(v) for v in value), key=json.dumps)
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return repr(value)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest in a folder. Raises OutputError where there is none, or where it is damaged."""
    path = folder / _MANIFEST
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OutputError(f"{folder} holds no run: it has no {_MANIFEST}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise OutputError(f"{path} cannot be read: {error}") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise OutputError(f"{path} is not the manifest of a run that this version reads")
    for key, fits in _KEYS.items():
        if not fits(found.get(key)):
            raise OutputError(f"{path}: the entry {key!r} is missing or damaged; choose another folder")
    return found


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 1


def _is_text(value: object) -> bool:
    # A manifest is shown as it stands: nothing in it may steer a terminal.
    return isinstance(value, str) and value.isprintable()


_KEYS: Mapping[str, Callable[[Any], bool]] = {
    "scenario": _is_text,
    "map": _is_text,
    "draws": _is_count,
    "chunk": _is_count,
    "seed": lambda value: type(value) is int,
    "powers": lambda value: isinstance(value, list) and all(map(_is_text, value)),
    "regimes": lambda value: isinstance(value, dict) and all(map(_is_text, value)),
}
"""What is read out of a manifest, and whether an entry can be that."""


def claim(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Make the folder this run's, or see that it is already. Nothing in the folder of another run is touched."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made: {error.strerror or error}") from None
    if (folder / _MANIFEST).exists():
        present = read_manifest(folder)
        differing = [key for key in manifest if present.get(key) != manifest[key]]
        if differing:
            key = differing[0]
            raise OutputError(
                f"{folder} holds another run: its {key} is {present.get(key)!r}, this one's {manifest[key]!r}; "
                "choose another folder"
            )
        return
    if any(folder.glob("chunk-*.parquet")):
        raise OutputError(f"{folder} holds chunks without a {_MANIFEST}; choose another folder")
    files.write(folder / _MANIFEST, (json.dumps(manifest, indent=2) + "\n").encode())
