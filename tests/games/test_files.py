from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from games import files
from games.errors import FormatError, OutputError


def test_a_file_appears_whole(tmp_path):
    path = tmp_path / "a.txt"
    files.write(path, b"one")
    files.write(path, b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_new_files_have_the_usual_permissions(tmp_path):
    usual = tmp_path / "usual"
    usual.write_text("x")
    files.write(tmp_path / "ours", b"x")
    assert stat.S_IMODE((tmp_path / "ours").stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)


def test_a_replaced_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "a"
    path.write_text("x")
    path.chmod(0o640)
    files.write(path, b"y")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match="No space left on device"):
        files.write(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.txt"]


def test_a_closed_folder_is_named(tmp_path, monkeypatch):
    # Permissions do not bind root, so the answer of the system is put in its mouth.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(OutputError, match="is not writable"):
        files.check_folder(tmp_path / "a.txt")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a Linux /proc")
def test_a_folder_in_which_nothing_can_be_made():
    with pytest.raises(OutputError, match=r"cannot write /proc/report\.html"):
        files.write(Path("/proc/report.html"), b"x")


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_a_symbolic_link_is_followed(tmp_path):
    (tmp_path / "there").mkdir()
    target = tmp_path / "there" / "report.html"
    target.write_bytes(b"old")
    link = tmp_path / "link.html"
    link.symlink_to(target)
    files.write(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path / "there") == ["report.html"]
    dangling = tmp_path / "dangling.html"
    dangling.symlink_to(tmp_path / "there" / "made.html")
    files.write(dangling, b"made")
    assert (tmp_path / "there" / "made.html").read_bytes() == b"made"
    lost = tmp_path / "lost.html"
    lost.symlink_to(tmp_path / "nowhere" / "x.html")
    with pytest.raises(OutputError, match="there is no folder"):
        files.write(lost, b"x")


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_links_that_lead_round_are_refused(tmp_path):
    a, b = tmp_path / "a", tmp_path / "b"
    a.symlink_to(b)
    b.symlink_to(a)
    with pytest.raises(OutputError, match="circle"):
        files.write(a, b"x")


def test_text_is_read_as_people_save_it():
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert files.text_of("Zürich".encode(encoding), "a.csv") == "Zürich"
    for content in ("Zürich".encode("latin-1"), "a".encode("utf-32"), b"\xff\xfea"):
        with pytest.raises(FormatError, match=r"a\.csv, line 1: the file is not UTF-8 text"):
            files.text_of(content, "a.csv")
