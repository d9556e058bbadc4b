"""What tests of several folders share."""

from __future__ import annotations

import pickle

import pytest

# What is imported here would be imported before every test, of the smallest solver as well; so each fixture does it.


@pytest.fixture
def clock(monkeypatch):
    """A clock of time limits that goes on by `step` seconds at every look: what a limit cuts depends on no machine's speed."""
    from types import SimpleNamespace

    from solvers.base import deadline

    counted = SimpleNamespace(now=0.0, step=1e-3)

    def monotonic():
        counted.now += counted.step
        return counted.now

    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=monotonic))
    return counted


@pytest.fixture(scope="session")
def comparison():
    """A deal on another map than the status quo, so that no column of the report is trivial."""
    from games import load
    from solvers import compare

    return compare.concert(load("us-china-russia-2025"), map="Ukraine to Russia, Taiwan to China")


@pytest.fixture(scope="session")
def report(comparison):
    from reports import build

    return build(comparison)


@pytest.fixture(scope="session")
def page(report):
    return report.html()


@pytest.fixture(scope="session")
def made_by_commands():
    """Comparisons and assessments that commands of earlier tests have made."""
    return {}


@pytest.fixture
def compared_once(monkeypatch, made_by_commands):
    """Commands compare the same deal of the same model once, assess its draws once, and make each section of it once."""
    from reports import _build
    from reports.commands import _parts
    from solvers import compare
    from solvers.base.deadline import limited

    compared, assessed, sectioned = compare.concert, _parts.assessment, _build._section

    def once(key, make, *kept):
        if limited():
            # What a time limit may have cut short is nobody else's.
            return make()
        if key not in made_by_commands:
            # Results in a key are kept, so that their identities stay their own.
            made_by_commands[key] = make(), kept
        return made_by_commands[key][0]

    def concert(model, map="status quo", regime="concert"):
        return once((pickle.dumps(model), repr(map), regime), lambda: compared(model, map, regime))

    def assessment(result, draws, seed):
        return once((id(result), draws, seed), lambda: assessed(result, draws, seed), result)

    def section(title, make, result):
        return once((title, make, id(result)), lambda: sectioned(title, make, result), result)

    monkeypatch.setattr(_build, "_section", section)
    monkeypatch.setattr(compare, "concert", concert)
    monkeypatch.setattr(_parts, "assessment", assessment)
