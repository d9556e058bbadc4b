"""A scheduler that does not answer costs one clear line, not the evening."""

from __future__ import annotations

import socket

import pytest

from games.errors import BackendError
from solvers.uncertainty import _backends


def test_a_port_that_is_open_and_silent_is_given_up(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(_backends, "_PATIENCE", 1)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(1)
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(BackendError, match="nothing came back within 1 seconds"):
            list(_backends.each(abs, [1], "dask", address=address))
