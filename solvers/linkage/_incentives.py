"""The incentive constraint of one side of a bundle: its slack, and the discount factor from which on it is met."""

from __future__ import annotations

import numpy as np

from games.issues import Deal
from games.normal_form import FloatArray
from solvers import repeated

__all__ = ["critical_discount", "slack", "tolerance", "weight"]


def weight(deal: Deal) -> FloatArray:
    """What a payoff above the breakdown weighs in the slack, (2,)."""
    d, e, q = deal.discount, deal.false_alarm, deal.detection
    # An alarm that tells nothing (q = e) leaves no weight; kept positive, so that no payment helps and nothing is divided by 0.
    return np.asarray(np.maximum(d * (q - e) * (1 - d) / (1 - d * (1 - e)), 1e-300))


def tolerance(deal: Deal) -> FloatArray:
    """Differences of payoffs below this are rounding, (2,)."""
    every = np.concatenate([np.concatenate([issue.agreed, issue.gain]) for issue in deal.issues])
    return np.asarray(1e-12 * np.abs(every).max(axis=0) * len(deal.issues))


def slack(gain: FloatArray, premium: FloatArray, deal: Deal) -> FloatArray:
    out = weight(deal) * premium - (1 - deal.discount) * gain
    return np.asarray(np.where(np.abs(out) <= tolerance(deal), 0.0, out))


def critical_discount(gain: FloatArray, premium: FloatArray, deal: Deal) -> FloatArray:
    small = tolerance(deal)
    out = repeated.noisy_threshold(gain, premium, 0.0, deal.false_alarm, deal.detection, small)
    # Who gets less than the breakdown walks away, however patient.
    return np.asarray(np.where(premium < -small, np.inf, out))
