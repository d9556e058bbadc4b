"""The slack of an incentive constraint: one definition, used wherever a deviation is weighed against its punishment.

Values are normalised by 1 - discount, so that they are in stage units. Keeping to a profile is worth u; a deviation gains g
in the period in which it is made and is answered by a continuation worth w. What the deviation loses is

    slack = discount * (u - w) - (1 - discount) * g

(Friedman 1971), negative exactly where it pays. g is negative where the deviation costs something by itself; it is not cut off
at 0, and w is not cut off at u. So a punishment that pays its victim more than the profile leaves a negative slack if the victim
gets it cheaply enough.

The *surplus* is what is left where a player may also stop without deviating: withhold a payment, or walk away. That gains
nothing by itself and is answered in the same way, so the surplus is the smaller of the slack and `discount * (u - w)`.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from games.normal_form import FloatArray

__all__ = ["incentive_slack", "incentive_surplus", "weight"]


def weight(
    discount: npt.ArrayLike,
    false_alarm: npt.ArrayLike = 0.0,
    detection: npt.ArrayLike = 1.0,
    years: npt.ArrayLike = np.inf,
) -> FloatArray:
    """What u - w weighs in the slack: the discount factor itself under perfect monitoring and a punishment without end.

    An alarm that ends cooperation goes off with probability e (`false_alarm`) if all keep to the profile, and q (`detection`) if
    not. Then u - w counts d (q - e) (1 - d) / (1 - d (1 - e)) (see `noisy_threshold`). If the punishment ends after `years`
    periods, it counts d (1 - d**years). All arguments broadcast.

    >>> weight(0.5), weight(0.5, years=1), weight(0.5, false_alarm=0.1, detection=0.9)
    (array(0.5), array(0.25), array(0.3636))
    """
    d, e, q, k = (np.asarray(x, dtype=np.float64) for x in (discount, false_alarm, detection, years))
    noisy = d * (q - e) * (1 - d) / (1 - d * (1 - e))
    return np.asarray(np.where((e == 0.0) & (q == 1.0), d, noisy) * (1 - d**k))


def incentive_slack(
    gain: npt.ArrayLike,
    cooperative: npt.ArrayLike,
    punishment_value: npt.ArrayLike,
    discount: npt.ArrayLike,
    *,
    false_alarm: npt.ArrayLike = 0.0,
    detection: npt.ArrayLike = 1.0,
    years: npt.ArrayLike = np.inf,
    tolerance: npt.ArrayLike = 0.0,
) -> FloatArray:
    """What a deviation loses: `discount * (cooperative - punishment_value) - (1 - discount) * gain`.

    Arguments broadcast against one another (an entry for each power, punishment, exchange ...). `false_alarm`, `detection` and
    `years` change the weight of the first term, see `weight`. A slack within `tolerance` of 0 is 0.

    >>> incentive_slack([-1, -2], 2, 5, 0.5)
    array([-1. , -0.5])
    """
    g, u, w, d = (np.asarray(x, dtype=np.float64) for x in (gain, cooperative, punishment_value, discount))
    slack = weight(d, false_alarm, detection, years) * (u - w) - (1 - d) * g
    return np.asarray(np.where(np.abs(slack) <= tolerance, 0.0, slack))


def incentive_surplus(
    gain: npt.ArrayLike,
    cooperative: npt.ArrayLike,
    punishment_value: npt.ArrayLike,
    discount: npt.ArrayLike,
    *,
    tolerance: npt.ArrayLike = 0.0,
) -> FloatArray:
    """The slack where stopping without a deviation is answered in the same way: the slack of the larger of `gain` and 0.

    >>> incentive_surplus([-1, -2], 2, 5, 0.5)
    array([-1.5, -1.5])
    """
    at_least = np.maximum(np.asarray(gain, dtype=np.float64), 0.0)
    return incentive_slack(at_least, cooperative, punishment_value, discount, tolerance=tolerance)
