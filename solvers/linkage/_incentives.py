"""The incentive constraints of the two sides of a bundle: their slack, and the discount factors from which on they are met."""

from __future__ import annotations

import numpy as np

from games.issues import Bundle
from games.normal_form import FloatArray
from solvers import repeated
from solvers.base.rounding import ROUNDING
from solvers.repeated.patience import incentive_slack
from solvers.repeated.patience._slack import weight as weight_of

__all__ = ["critical_discount", "slack", "tolerance", "weight"]


def weight(bundle: Bundle) -> FloatArray:
    """What a payoff above the breakdown weighs in the slack, (2,)."""
    # An alarm that says nothing (q = e) leaves no weight; kept positive, so that no payment helps and nothing is divided by 0.
    return np.maximum(weight_of(bundle.discount, bundle.false_alarm, bundle.detection), 1e-300)


def tolerance(bundle: Bundle) -> FloatArray:
    """Differences of payoffs below this are rounding, (2,)."""
    every = np.concatenate([np.concatenate([issue.agreed, issue.gain]) for issue in bundle.issues])
    return np.asarray(ROUNDING * np.abs(every).max(axis=0) * len(bundle.issues))


def slack(gain: FloatArray, premium: FloatArray, bundle: Bundle) -> FloatArray:
    """What each side loses by breaking options that together gain `gain` and pay `premium` above the breakdown, (..., 2)."""
    return incentive_slack(
        gain,
        premium,
        0.0,
        bundle.discount,
        false_alarm=bundle.false_alarm,
        detection=bundle.detection,
        tolerance=tolerance(bundle),
    )


def critical_discount(gain: FloatArray, premium: FloatArray, bundle: Bundle) -> FloatArray:
    """The discount factor from which on each side keeps to such options, (..., 2); inf if none is high enough."""
    least = tolerance(bundle)
    out = repeated.noisy_threshold(gain, premium, 0.0, bundle.false_alarm, bundle.detection, least)
    # A side that gets less than the breakdown walks away at any discount factor.
    return np.asarray(np.where(premium < -least, np.inf, out))
