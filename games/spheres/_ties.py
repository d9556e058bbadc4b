"""What powers get from each other, beside the regions: contests, war, friction and order. Axes as in `games.spheres.payoffs`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from games.heartbeat import beat
from games.normal_form import BoolArray, FloatArray

__all__ = ["Costs", "tie_rows", "tie_totals"]


@dataclass(frozen=True, eq=False)
class Costs:
    """What contests and order cost and bring between powers, in W worlds.

    `contest` (N, N, W): lost by both for each contest in either direction; `war` (N, W): yearly expected loss where both contest;
    `friction` (N, N, W): taken from a power's gains where both accommodate; `benefit` and `upkeep` (N, W) of order.
    """

    contest: FloatArray
    war: FloatArray
    friction: FloatArray
    benefit: FloatArray
    upkeep: FloatArray


def tie_rows(costs: Costs, contests: BoolArray) -> tuple[FloatArray, FloatArray]:
    """What each power gets from each rival, (W, B, N, N), and from order, (W, B, N).

    A tie costs `contest` for every contest in either direction and `war` where both contest, and `friction` where neither does.
    Order brings `benefit` times the share of pairs that accommodate each other, less `upkeep` times the share of
    rivals that a power accommodates. Arguments as for `region_totals`.
    """
    n, worlds = costs.war.shape
    ties = np.zeros((n, n, contests.shape[-3], worlds))
    stance = _stance(contests)
    for i in range(n):
        for j in range(n):
            if i != j:
                ties[i, j] = _tie(costs, i, j, stance)
    order = _order(costs, stance)
    return np.ascontiguousarray(ties.transpose(3, 2, 0, 1)), np.ascontiguousarray(order.transpose(2, 1, 0))


def tie_totals(costs: Costs, contests: BoolArray) -> FloatArray:
    """The sum over rivals and order, (W, B, N)."""
    n, worlds = costs.war.shape
    total = np.zeros((n, contests.shape[-3], worlds))
    stance = _stance(contests)
    for i in range(n):
        for j in range(n):
            if i != j:
                beat()
                total[i] += _tie(costs, i, j, stance)
    total += _order(costs, stance)
    return np.ascontiguousarray(total.transpose(2, 1, 0))


def _stance(contests: BoolArray) -> BoolArray:
    """Contests with the powers first, (N, N, B, 1) or (N, N, B, W)."""
    if contests.ndim == 3:
        return np.ascontiguousarray(contests.transpose(1, 2, 0))[..., None]
    return contests.transpose(2, 3, 1, 0)


def _tie(costs: Costs, a: int, b: int, stance: BoolArray) -> FloatArray:
    """What a gets from its tie with b, (B, W): one of four numbers in each world, by who contests whom."""
    one, other = (np.array(x, dtype=np.bool_)[:, None] for x in ((0, 0, 1, 1), (0, 1, 0, 1)))
    fights = one.astype(np.float64) + other
    values = fights * -costs.contest[a, b] - (one & other) * costs.war[a]
    if costs.friction[a, b].any():
        values = values - ~(one | other) * costs.friction[a, b]
    code = 2 * stance[a, b].astype(np.int8) + stance[b, a]
    if code.shape[-1] == 1:
        return np.asarray(values[code[:, 0]])
    return np.asarray(values[code, np.arange(code.shape[-1])])


def _order(costs: Costs, stance: BoolArray) -> FloatArray:
    """What each power gets from order, (N, B, W)."""
    n, worlds = costs.war.shape
    out = np.zeros((n, stance.shape[2], worlds))
    if costs.benefit.any() or costs.upkeep.any():
        pairs = n * (n - 1) / 2
        peace = np.zeros(stance.shape[2:])
        for i in range(n):
            for j in range(i + 1, n):
                peace += ~(stance[i, j] | stance[j, i])
        for i in range(n):
            contested = stance[i].sum(axis=0)
            out[i] = peace / pairs * costs.benefit[i] - (1 - contested / (n - 1)) * costs.upkeep[i]
    return out
