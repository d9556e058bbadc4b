"""The explorer on a page of its own: a server on the loopback address that answers this machine and nobody else."""

from __future__ import annotations

import json
import secrets
import sys
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from games.errors import MethodError
from reports.explore import _page
from reports.explore._state import Explorer
from reports.explore._widget import script, style
from solvers.base.deadline import Deadline

__all__ = ["Server", "serve"]

_HOST = "127.0.0.1"
_LONGEST = 100_000
"""Bytes of the longest request: a choice of a dozen numbers takes a thousand."""
_PATIENCE = 60.0
"""Seconds that a connection may be silent: one that sends half a request holds a thread no longer."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="key" content="{key}">
<title>Explore a deal</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="explore.css">
<style>
html, body {{ margin: 0; background: #f6f4ee; color: #1d2530; }}
@media (prefers-color-scheme: dark) {{ html, body {{ background: #12161c; color: #e9e6df; }} }}
h1 {{ font: 600 1.6rem/1.2 Palatino, Georgia, serif; margin: 1rem 1rem 0; }}
</style>
<script type="module" src="explore.js"></script>
</head>
<body>
<header><h1>Explore a deal</h1></header>
<main id="concert-explore-page"></main>
</body>
</html>
"""


class Server(ThreadingHTTPServer):
    """Serves the explorer on a free port of the loopback address (or the port that is named).

    A request must name this host, so that no other site can reach it under another name. It must carry the key that
    only the page knows, so that no other page of the browser can ask or write.

    Raises MethodError for a port that is taken or not allowed.
    """

    daemon_threads = True

    def __init__(self, explorer: Explorer, port: int = 0, time_limit: float | None = None) -> None:
        Deadline(time_limit)  # what is wrong with it is said here
        self.explorer, self.time_limit = explorer, time_limit
        self.key = secrets.token_urlsafe(16)
        self.turn = threading.Lock()
        try:
            super().__init__((_HOST, port), _Handler)
        except (OSError, OverflowError) as error:
            raise MethodError(
                f"port {port} cannot be used: {error}; leave it out to take a free one"
            ) from None
        number = self.server_address[1]
        self.hosts = (f"{_HOST}:{number}", f"localhost:{number}")
        self.address = f"http://{_HOST}:{number}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that was closed before its answer came is nobody's fault; anything else is printed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = _PATIENCE

    def do_GET(self) -> None:
        """The page, its script and its style sheet."""
        pages: dict[str, tuple[str, Callable[[], str]]] = {
            "/": ("text/html", lambda: _PAGE.format(key=self.server.key)),
            "/explore.js": ("text/javascript", script),
            "/explore.css": ("text/css", style),
        }
        if not self._is_local():
            self._reply(HTTPStatus.FORBIDDEN, "text/plain", "This address answers only under its own name.")
        elif self.path not in pages:
            self._reply(HTTPStatus.NOT_FOUND, "text/plain", "There is nothing here.")
        else:
            kind, content = pages[self.path]
            self._reply(HTTPStatus.OK, kind, content())

    def do_POST(self) -> None:
        """An answer to what the page asks."""
        # What is not read would be taken for the next request.
        self.close_connection = True
        length = self.headers.get("Content-Length", "")
        key = self.headers.get("X-Key", "")
        if not self._is_local() or not secrets.compare_digest(key.encode(), self.server.key.encode()):
            self._reply(HTTPStatus.FORBIDDEN, "text/plain", "Only the explorer's own page may ask.")
            return
        if self.path != "/ask":
            self._reply(HTTPStatus.NOT_FOUND, "text/plain", "There is nothing here.")
            return
        # Python turns at most 4,300 digits into a number.
        if not length.isdecimal() or len(length) > 9 or int(length) > _LONGEST:
            self._reply(HTTPStatus.BAD_REQUEST, "text/plain", "The request has no length or is too long.")
            return
        try:
            request: Any = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            request = None
        if not isinstance(request, dict):
            self._reply(HTTPStatus.BAD_REQUEST, "text/plain", "The request is not a JSON object.")
            return
        self.close_connection = False
        with self.server.turn:
            answer = _page.answer(self.server.explorer, request, self.server.time_limit)
        self._reply(HTTPStatus.OK, "application/json", json.dumps(answer))

    def log_message(self, format: str, *values: Any) -> None:
        """Requests are not logged: the terminal shows the address."""

    def _is_local(self) -> bool:
        return self.headers.get("Host", "") in self.server.hosts

    def _reply(self, status: HTTPStatus, kind: str, text: str) -> None:
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Content-Security-Policy", _POLICY)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)


def serve(
    explorer: Explorer,
    port: int = 0,
    say: Callable[[str], None] = print,
    time_limit: float | None = None,
) -> None:
    """Serve the explorer until it is interrupted; `say` gets the address, once the page can be opened.

    `time_limit` is in seconds, for each answer: the page is then told that it took too long.
    """
    with Server(explorer, port, time_limit) as server:
        say(server.address)
        server.serve_forever()
