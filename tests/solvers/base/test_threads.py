"""One thread of linear algebra inside, as many as before outside, whoever else is at work."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from solvers.base.threads import one_thread


def threads() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@one_thread
def inside() -> set[int]:
    np.linalg.solve(np.eye(3), np.ones(3))
    return threads()


@pytest.fixture(autouse=True)
def _two_threads():
    with threadpool_limits(2, "blas"):
        if threads() != {2}:
            pytest.skip("the library for linear algebra has one thread only")
        yield


def test_one_inside_and_two_again_outside():
    assert inside() == {1}
    assert threads() == {2}


def test_an_error_ends_the_limit():
    @one_thread
    def broken() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        broken()
    assert threads() == {2}


def test_calls_inside_calls_keep_it():
    @one_thread
    def outer() -> list[set[int]]:
        return [inside(), threads()]

    assert outer() == [{1}, {1}]
    assert threads() == {2}


def test_calls_that_overlap_in_two_threads_end_with_the_last():
    begun, go_on = threading.Event(), threading.Event()

    @one_thread
    def long() -> None:
        begun.set()
        go_on.wait(10.0)

    other = threading.Thread(target=long)
    other.start()
    assert begun.wait(10.0)
    assert inside() == {1}
    go_on.set()
    other.join()
    assert threads() == {2}
