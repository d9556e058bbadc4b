"""A page in headless Chromium, driven through its debugging protocol as a user would: keys, and what stands on the page."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from tornado.websocket import WebSocketClientConnection, websocket_connect

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
_KEYS = {
    "Tab": 9,
    "ArrowRight": 39,
    "ArrowLeft": 37,
    "ArrowDown": 40,
    "ArrowUp": 38,
    "Home": 36,
    "End": 35,
    "Enter": 13,
    "Space": 32,
}
_WAIT = 300.0
"""Seconds until a page that does not answer is given up: a loaded machine may need several for the first answer."""


class Page:
    """One page; `evaluate` runs JavaScript on it, `press` presses a key, `problems` and `requests` list what it did."""

    def __init__(self, folder: Path, address: str, width: int = 1300, dark: bool = False) -> None:
        self.loop = asyncio.new_event_loop()
        self.last = 0
        self.events: list[dict[str, Any]] = []
        profile = folder / "profile"
        self.process = subprocess.Popen(
            [
                str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                "--disable-component-update", "--disable-default-apps", "--disable-dev-shm-usage",
                "--disable-extensions", "--disable-sync", "--no-default-browser-check", "--no-first-run", "--no-pings",
                "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(folder)},
        )  # fmt: skip
        port = self._port(profile / "DevToolsActivePort")
        self.socket = self._run(self._connect(port))
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        self.look(width, dark)
        self.call("Page.navigate", url=address)

    def look(self, width: int, dark: bool) -> None:
        """Show the page at another width, light or dark."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def _run(self, task: Any) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(task, _WAIT))

    def _port(self, file: Path) -> int:
        end = time.monotonic() + _WAIT
        while time.monotonic() < end:
            if file.exists() and (lines := file.read_text().splitlines()):
                return int(lines[0])
            time.sleep(0.1)
        raise AssertionError("Chromium does not start")

    async def _connect(self, port: int) -> WebSocketClientConnection:
        from tornado.httpclient import AsyncHTTPClient

        response = await AsyncHTTPClient().fetch(f"http://127.0.0.1:{port}/json/list", request_timeout=_WAIT)
        target = next(t for t in json.loads(response.body) if t["type"] == "page")
        return await websocket_connect(target["webSocketDebuggerUrl"], max_message_size=2**28)

    async def _call(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        self.last += 1
        number = self.last
        await self.socket.write_message(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            raw = await self.socket.read_message()
            assert raw is not None, "Chromium has gone"
            message = json.loads(raw)
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]
            self.events.append(message)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._run(self._call(method, params))

    def evaluate(self, script: str) -> Any:
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait(self, condition: str) -> None:
        end = time.monotonic() + _WAIT
        while not self.evaluate(f"!!({condition})"):
            assert time.monotonic() < end, (
                f"never: {condition}; page: {self.evaluate('document.body.innerText')}"
            )
            time.sleep(0.02)

    def press(self, key: str, times: int = 1, shift: bool = False) -> None:
        for _ in range(times):
            common = {
                "key": " " if key == "Space" else key, "code": key, "windowsVirtualKeyCode": _KEYS[key],
                "modifiers": 8 if shift else 0,
            }  # fmt: skip
            text = {"Enter": "\r", "Space": " "}.get(key)
            more = {"text": text} if text else {}
            self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", **common, **more)
            self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    def write(self, text: str) -> None:
        self.call("Input.insertText", text=text)

    def problems(self) -> list[str]:
        """Errors and warnings that the page logged."""
        found = []
        for event in self.events:
            params = event.get("params", {})
            if event.get("method") == "Runtime.exceptionThrown":
                found.append(str(params["exceptionDetails"]))
            elif event.get("method") == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
                found.append(params["entry"]["text"])
            elif event.get("method") == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
                found.append(str(params["args"]))
        return found

    def requests(self) -> set[str]:
        """Every address that the page asked for."""
        sent = [e["params"] for e in self.events if e.get("method") == "Network.requestWillBeSent"]
        return {p["request"]["url"] for p in sent}

    async def _leave(self) -> None:
        # Outside a running loop, closing a socket makes tornado open a loop of its own, which nobody closes.
        self.socket.close()

    def close(self) -> None:
        self._run(self._leave())
        self.process.terminate()
        self.process.wait(30)
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()
