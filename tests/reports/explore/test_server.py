"""The local page: whom it answers, what it refuses, and the command that starts it."""

from __future__ import annotations

import http.client
import json
import os
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

import pytest

from games.errors import MethodError
from games.spheres.inputs import OFF
from reports.explore import Explorer, _page
from reports.explore._server import Server

NAME = "us-china-russia-2025"


@pytest.fixture(scope="module")
def server():
    with Server(Explorer(NAME)) as found:
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield found
        found.shutdown()
        thread.join(10)


def ask(server, method="POST", path="/ask", body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=300)
    sent = {"Host": server.hosts[0], **headers}
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in sent.items()})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def test_it_listens_on_the_loopback_address_alone(server):
    assert server.server_address[0] == "127.0.0.1"
    assert server.address == f"http://127.0.0.1:{server.server_address[1]}/"


def test_the_page_names_nothing_elsewhere(server):
    for path in ("/", "/explore.js", "/explore.css"):
        response, content = ask(server, "GET", path)
        assert response.status == 200
        assert b"http" not in content
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert ask(server, "GET", "/../pyproject.toml")[0].status == 404


def test_an_answer_needs_the_key_and_the_host(server):
    body = json.dumps({"ask": "settings", "scenario": ""})
    response, content = ask(server, body=body, X_Key=server.key)
    assert response.status == 200
    assert json.loads(content)["scenario"] == NAME
    assert ask(server, body=body)[0].status == 403
    assert ask(server, body=body, X_Key="x" * len(server.key))[0].status == 403
    assert ask(server, body=body, X_Key=server.key, Host="elsewhere.example")[0].status == 403
    assert ask(server, "GET", "/", Host="elsewhere.example")[0].status == 403


@pytest.mark.parametrize("body", ["", "[1]", "{", "[" * 50_000, "x" * 200_000])
def test_what_is_not_a_request_is_refused(server, body):
    assert ask(server, body=body, X_Key=server.key)[0].status == 400


@pytest.mark.parametrize("length", ["9" * 5000, "100001", "-1", "1e3", "", "0x10"])
def test_a_length_that_is_none_is_refused_before_anything_is_read(server, length):
    with socket.create_connection(("127.0.0.1", server.server_address[1]), timeout=20) as connection:
        head = f"POST /ask HTTP/1.1\r\nHost: {server.hosts[0]}\r\nX-Key: {server.key}\r\nContent-Length: {length}\r\n\r\n"
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/%2e%2e/etc/passwd", "//etc/passwd", "/explore.js/../x", "/?x", "/ask"]
)
def test_there_is_nothing_at_other_paths(server, path):
    response, content = ask(server, "GET", path)
    assert response.status == 404
    assert content == b"There is nothing here."


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({}, "must be one of settings, view, shares and save"),
        ({"ask": "view", "scenario": "atlantis"}, "There is no scenario 'atlantis'"),
        ({"ask": "view", "scenario": NAME, "map": 3}, "Map is 3"),
        ({"ask": "view", "scenario": NAME, "numbers": [1]}, "Numbers: an object"),
        ({"ask": "view", "scenario": NAME, "numbers": {"order": "x"}}, "must be a number"),
        ({"ask": "view", "scenario": NAME, "numbers": {"order": True}}, "must be a number"),
        ({"ask": "view", "scenario": NAME, "numbers": {"order": float("nan")}}, "must be a number"),
        ({"ask": "view", "scenario": NAME, "switches": ["claims"]}, "Switches: an object"),
        ({"ask": "view", "scenario": NAME, "switches": {"claims": None}}, "must be a word or a number"),
        ({"ask": "view", "scenario": NAME, "numbers": {"order": 10**400}}, "must be a number"),
        ({"ask": "save", "scenario": NAME, "file": "../x.toml"}, "not a file name"),
        ({"ask": "save", "scenario": NAME, "file": "\0.toml"}, "not a file name"),
        ({"ask": "save", "scenario": NAME, "file": "\ud800.toml"}, "not a file name"),
        ({"ask": "save", "scenario": NAME, "file": "\x1b[31m.toml"}, "not a file name"),
        ({"ask": "save", "scenario": NAME, "file": "x" * 300}, "not a file name"),
    ],
)
def test_what_is_wrong_comes_back_in_a_sentence(server, request_, message):
    response, content = ask(server, body=json.dumps(request_), X_Key=server.key)
    assert response.status == 200
    assert message in json.loads(content)["error"]


def test_a_prefix_cannot_bring_markup_into_the_page(server):
    request = {"ask": "view", "scenario": NAME, "prefix": '"><script>'}
    content = json.loads(ask(server, body=json.dumps(request), X_Key=server.key)[1])
    assert "<svg" in content["html"]
    assert "<script" not in content["html"]


def test_a_port_that_is_taken_is_named(server):
    with pytest.raises(MethodError, match=f"port {server.server_address[1]} cannot be used"):
        Server(server.explorer, server.server_address[1])


def test_the_command_says_where_the_page_is_and_ends_on_an_interrupt(tmp_path):
    command = [
        sys.executable,
        "-c",
        # A shell's background jobs ignore Ctrl-C, and so would what they start.
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from reports._start import main; main()",
        "explore",
        "us-china-russia-2021",
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )  # fmt: skip
    try:
        assert select.select([process.stdout], [], [], 120)[0]
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line + process.stderr.read()
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=300)
        connection.request("GET", "/")
        assert b"Explore a deal" in connection.getresponse().read()
        connection.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    finally:
        process.kill()
        process.communicate()


def test_the_widget_answers_messages(monkeypatch):
    pytest.importorskip("anywidget")
    from reports.explore import explore

    widget = explore(NAME, ["half_distance"])
    sent = []
    monkeypatch.setattr(widget, "send", lambda content, buffers=None: sent.append(content))
    widget._handle_custom_msg({"id": "a", "request": {"ask": "settings", "scenario": ""}}, [])
    (reply,) = sent
    assert reply["id"] == "a"
    assert [n["path"] for n in reply["answer"]["numbers"]] == ["half_distance", *OFF]
    assert "http" not in widget._esm
    widget.close()


def test_without_anywidget_the_extra_is_named(monkeypatch):
    from reports.explore import explore

    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(MethodError, match="extra explore"):
        explore(NAME)


def test_a_page_that_is_closed_before_its_answer_prints_nothing(server, capfd):
    """The reset that the answer then meets is no fault; any other error is still printed."""
    with server.turn, socket.create_connection(server.server_address) as page:
        # With nothing to linger for, closing resets the connection.
        page.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        page.sendall(
            f"POST /ask HTTP/1.1\r\nHost: {server.hosts[0]}\r\nX-Key: {server.key}\r\nContent-Length: 2\r\n\r\n{{}}".encode()
        )
        # The thread holds the request before the page goes.
        time.sleep(0.3)
    ask(server, "GET", "/")
    for error, printed in ((BrokenPipeError(), False), (KeyError("fault"), True)):
        try:
            raise error
        except Exception:
            server.handle_error(None, ("127.0.0.1", 1))
        assert ("Traceback" in capfd.readouterr().err) is printed


def test_an_answer_that_takes_too_long_is_given_up_and_not_kept(clock):
    explorer = Explorer(NAME)
    request = {"ask": "view", "scenario": NAME}
    found = _page.answer(explorer, request, 0.01)
    assert found == {
        "error": "The answer was not there within 0.01 seconds; start the explorer with more time."
    }
    clock.step = 0.0
    assert "headline" in _page.answer(explorer, request, 0.01)
    with pytest.raises(MethodError, match="positive number of seconds"):
        Server(explorer, time_limit=-1.0)
