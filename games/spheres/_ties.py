"""What powers get from each other, beside the regions: contests, war, friction and order. Axes as in `games.spheres.payoffs`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

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
    profiles = contests.shape[-3]
    ties = np.zeros((n, n, profiles, worlds))
    order = np.zeros((n, profiles, worlds))
    # (N, N, B, 1) or (N, N, B, W)
    stance = contests.transpose(1, 2, 0)[..., None] if contests.ndim == 3 else contests.transpose(2, 3, 1, 0)
    peace = np.zeros(stance.shape[2:])
    for i in range(n):
        for j in range(i + 1, n):
            one, other = stance[i, j], stance[j, i]
            neither = ~(one | other)
            peace = peace + neither
            fights = one.astype(np.float64) + other
            for a, b in ((i, j), (j, i)):
                row = fights * -costs.contest[a, b] - (one & other) * costs.war[a]
                if costs.friction[a, b].any():
                    row = row - neither * costs.friction[a, b]
                ties[a, b] = row
    if costs.benefit.any() or costs.upkeep.any():
        pairs = n * (n - 1) / 2
        for i in range(n):
            contested = stance[i].sum(axis=0)
            order[i] = peace / pairs * costs.benefit[i] - (1 - contested / (n - 1)) * costs.upkeep[i]
    return np.ascontiguousarray(ties.transpose(3, 2, 0, 1)), np.ascontiguousarray(order.transpose(2, 1, 0))


def tie_totals(costs: Costs, contests: BoolArray) -> FloatArray:
    """The sum over rivals and order, (W, B, N)."""
    ties, order = tie_rows(costs, contests)
    return np.asarray(ties.sum(axis=-1) + order)
