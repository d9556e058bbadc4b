"""Progress bars: shown to people who wait, to nobody else."""

from __future__ import annotations

from solvers.base import progress


def test_track_yields_everything_and_is_silent_where_nobody_looks(capsys):
    assert list(progress.track(range(5), total=5, label="five")) == [0, 1, 2, 3, 4]
    assert capsys.readouterr().err == ""


def test_track_shows_a_bar_after_its_delay(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")  # as in a terminal
    monkeypatch.setattr(progress, "_DELAY", -1.0)
    monkeypatch.setattr(progress, "_watched", lambda: True)
    assert list(progress.track("ab", total=2, label="letters")) == ["a", "b"]
    assert "letters" in capsys.readouterr().err
