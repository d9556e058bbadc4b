"""Comparisons and reports that several files of tests look at; made once."""

from __future__ import annotations

import pytest

from games import load
from reports import build
from solvers import compare


@pytest.fixture(scope="session")
def comparison():
    """A deal on another map than the status quo, so that no column of the report is trivial."""
    return compare.concert(load("us-china-russia-2025"), map="Ukraine to Russia, Taiwan to China")


@pytest.fixture(scope="session")
def report(comparison):
    return build(comparison)


@pytest.fixture(scope="session")
def page(report):
    return report.html()
