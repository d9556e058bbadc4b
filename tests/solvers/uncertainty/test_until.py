"""Drawing on until the error is small enough."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games.errors import ConvergenceError, MethodError, ScenarioError
from solvers import uncertainty
from solvers.base.deadline import Deadline, TimeOver
from solvers.uncertainty import _until
from tests.solvers.uncertainty.worlds import duel, small


def test_the_draws_are_those_of_one_call():
    model = small()
    found = uncertainty.until(model, 0.03, first=64)
    whole = uncertainty.evaluate(model, model.draws(len(found.outcomes)), regimes="concert", autonomy=False)
    assert found.outcomes.payoffs == pytest.approx(whole.payoffs)
    assert found.history[-1][1] <= 0.03 < found.history[-2][1]
    assert found.reached
    assert (found.outcomes.equilibria == whole.equilibria).all()


def test_the_truth_lies_within_the_error():
    found = uncertainty.until(duel(), 0.02, conditions=("equilibrium",))
    truth = 1 - np.log(4 * (40 / 176) ** 2 / 10 / 0.001) / np.log(1000)
    assert abs(found.shares["equilibrium"].value - truth) <= 0.02


def test_giving_up_is_said():
    found = uncertainty.until(small(), 0.001, first=64, most=256)
    assert not found.reached
    assert [n for n, _ in found.history] == [64, 128, 256]
    assert "the limit on draws was reached" in found.summary()
    assert found.to_frame()["draws"].tolist() == [256] * 3


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"precision": 0.0}, MethodError, "precision is 0.0"),
        ({"precision": 1.0}, MethodError, "precision is 1.0"),
        ({"first": 0}, MethodError, "power of two"),
        ({"first": 100}, MethodError, "power of two"),
        ({"first": 64, "most": 10}, MethodError, "fewer than the 64"),
        ({"conditions": ("hold",)}, MethodError, "did you mean 'holds'"),
        ({"map": "swop"}, ScenarioError, "did you mean 'swap'"),
    ],
)
def test_bad_input(options, error, message):
    with pytest.raises(error, match=message):
        uncertainty.until(small(), **{"first": 16, **options})


def test_shares_over_five_seeds_stay_within_their_error():
    model = small()
    shares = [
        uncertainty.evaluate(model, model.draws(1024, seed=s), regimes="concert", autonomy=False).share(
            "South gains"
        )
        for s in range(5)
    ]
    middle = sum(s.value for s in shares) / 5
    assert all(abs(s.value - middle) <= s.error for s in shares)


def test_at_the_time_limit_the_last_complete_doubling_is_handed_over(clock):
    found = uncertainty.until(small(), 1e-6, first=64, most=2**22, time_limit=1.0)
    assert found.cut
    assert not found.reached
    assert found.history[-1][0] == len(found.outcomes)
    assert found.summary().endswith("the time limit was reached.")


def test_before_the_first_draws_are_done_a_time_limit_is_an_error():
    with pytest.raises(ConvergenceError, match=r"the first 1,024 draws were not done .*; raise time_limit"):
        uncertainty.until(small(), 0.5, time_limit=1e-6)


def test_the_last_doubling_is_what_counts():
    found = uncertainty.until(small(), 0.001, first=64, most=256)
    draws, error = found.history[-1]
    assert f"{draws} draws of the concert" in found.summary()
    assert f"The largest error is {error:.2g}" in found.summary()
    assert max(share.error for share in found.shares.values()) == error
    assert replace(found, precision=error).reached
    assert not replace(found, precision=error * 0.999).reached


def test_one_draw_and_no_doubling():
    found = uncertainty.until(small(), 0.001, first=1, most=1)
    assert [n for n, _ in found.history] == [1]
    # Autonomy takes time and decides no share.
    assert np.isnan(found.outcomes.autonomy).all()


def test_an_error_as_large_as_allowed_is_small_enough():
    error = uncertainty.until(small(), 0.9, first=64).history[0][1]
    assert len(uncertainty.until(small(), error, first=64).history) == 1
    assert len(uncertainty.until(small(), np.nextafter(error, 0), first=64).history) == 2


def test_usually_to_a_hundredth_and_at_most_65536_draws():
    found = uncertainty.until(duel(), conditions=("equilibrium",))
    assert found.precision == 0.01
    assert found.history[-1][1] <= 0.01 < found.history[-2][1]
    with pytest.raises(ConvergenceError, match="the first 65,536 draws"):
        uncertainty.until(duel(), first=65536, time_limit=1e-9)
    with pytest.raises(MethodError, match="most is 65536"):
        uncertainty.until(duel(), first=2**17)


def test_shares_against_an_observed_profile():
    found = uncertainty.until(small(), 0.2, against="lately", first=64)
    whole = uncertainty.evaluate(
        small(), small().draws(len(found.outcomes)), regimes="concert", autonomy=False
    )
    assert found.shares["pays all"] == whole.share("pays all", None, "lately")
    assert found.outcomes.observed == ("lately",)
    assert uncertainty.until(small(), 0.2, first=64).outcomes.observed == ()


def test_draws_that_came_too_late_are_not_counted(clock, monkeypatch):
    original, calls = uncertainty.evaluate, []

    def late(*args, **options):
        found = original(*args, **options)
        calls.append(len(found))
        if len(calls) == 2:
            # What stops at the limit by itself says so to the deadline and raises nothing.
            clock.now += 1000.0
            assert Deadline(None).passed
        return found

    monkeypatch.setattr(_until, "evaluate", late)
    found = uncertainty.until(small(), 1e-6, first=64, time_limit=900.0)
    assert calls == [64, 64]
    assert found.history[-1][0] == len(found.outcomes) == 64
    assert found.cut


def test_the_limit_of_a_caller_is_left_to_it(clock):
    limit = Deadline(0.5)
    with limit.enforced(), pytest.raises(TimeOver):
        uncertainty.until(small(), 1e-6, first=64, most=2**22)
