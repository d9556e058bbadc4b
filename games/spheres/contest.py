"""Contests over a prize in closed form: the lottery (Tullock) of many sides, and two sides whose members all spend.

In the lottery sides compete; a side may have several members who share its prize (each enjoys its own stake in
proportion to the side's share). A member with stake v and strength e turns effort x (in payoff units) into `e * x` of
influence, and a side's share is its influence over everybody's.

The Nash equilibrium depends on the weights `w = v * e` alone (Hillman and Riley 1989; Stein 2002). Within a side only the
member with the largest weight spends, the others ride free (Baik 1993). With
sides in falling order of weight, the active ones are those whose share comes out positive in

    share_s = 1 - (m - 1) / (w_s * sum of 1 / w over the m active sides).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import GameError
from games.normal_form import BoolArray, FloatArray

__all__ = ["Outcome", "TwoSides", "lottery", "shares", "two_sides"]

# Weights below this fraction of the largest cannot be told from zero in a share.
_NEGLIGIBLE = 1e-200


class Outcome(NamedTuple):
    """Equilibrium of a contest: `shares` (..., S) by side, `efforts` and `payoffs` (..., M) by member."""

    shares: FloatArray
    efforts: FloatArray
    payoffs: FloatArray


@checked
def shares(weights: npt.ArrayLike) -> FloatArray:
    """Each side's equilibrium share of the prize.

    Parameters
    ----------
    weights : array (..., S), not negative; the last axis runs over the sides, a side with weight 0 stays out

    Returns
    -------
    array (..., S); sums to 1 along the last axis, or to 0 where every weight is 0

    Examples
    --------
    >>> shares([1.0, 1.0, 1.0])
    array([0.33333333, 0.33333333, 0.33333333])
    >>> shares([4.0, 1.0])
    array([0.8, 0.2])
    >>> shares([1.0, 1.0, 0.1])
    array([0.5, 0.5, 0. ])
    """
    w = np.asarray(weights, dtype=np.float64)
    if w.size == 0 or w.ndim == 0 or not np.isfinite(w).all() or (w < 0).any():
        raise GameError("contest weights must be finite numbers that are not negative, one for each side")
    largest = w.max(axis=-1, keepdims=True)
    w = np.divide(w, largest, out=np.zeros_like(w), where=largest > 0)
    w[w < _NEGLIGIBLE] = 0.0
    order = np.argsort(-w, axis=-1, kind="stable")
    falling = np.take_along_axis(w, order, axis=-1)
    present = falling > 0
    inverse = np.divide(1.0, falling, out=np.zeros_like(falling), where=present)
    total = np.cumsum(inverse, axis=-1)
    rank = np.arange(w.shape[-1])
    # A side enters if its share is positive among itself and all larger sides.
    active = present & (falling * total > rank)
    members = active.sum(axis=-1, keepdims=True)
    total = np.take_along_axis(total, np.maximum(members - 1, 0), axis=-1)
    ratio = np.divide((members - 1) * inverse, total, out=np.zeros_like(falling), where=active)
    result = np.zeros_like(w)
    np.put_along_axis(result, order, np.where(active, 1.0 - ratio, 0.0), axis=-1)
    return np.asarray(result)


@checked
def lottery(
    stakes: npt.ArrayLike,
    strengths: npt.ArrayLike,
    sides: npt.ArrayLike | None = None,
    present: npt.ArrayLike | None = None,
    first_spender: int | None = None,
) -> Outcome:
    """Solve contests whose sides may have several members.

    Parameters
    ----------
    stakes, strengths : arrays (..., M), not negative
        What the whole prize is worth to each member, and its influence per unit of effort.
    sides : int array (..., M), optional
        The side of each member, 0 to M - 1; left out, each stands for itself.
    present : boolean array (..., M), optional
        Members who take part; the others neither spend nor gain.
    first_spender : int, optional
        The member who spends where it ties for the largest weight of its side. Other tied members split the effort
        equally, so that relabelling them changes nothing.

    Returns
    -------
    Outcome with `shares` (..., M) by side number, `efforts` and `payoffs` (..., M) by member. The payoff is
    `stake * share**2` for a member who spends alone and `stake * share` for one who rides free.

    Examples
    --------
    Three equals with stake V = 1 spend 2/9 each: two thirds of the prize is burnt.

    >>> round(float(lottery([1, 1, 1], [1, 1, 1]).efforts.sum()), 4)
    0.6667
    """
    v, e = _pair(stakes, strengths)
    members = v.shape[-1]
    if sides is None:
        sides = np.arange(members)
    if present is None:
        present = np.ones(members, dtype=np.bool_)
    side = np.asarray(sides)
    shape = np.broadcast_shapes(v.shape, side.shape, np.shape(present))
    v, e, side = (np.broadcast_to(x, shape) for x in (v, e, side))
    here = np.broadcast_to(np.asarray(present, dtype=np.bool_), shape)
    weight = np.where(here, v * e, 0.0)
    belongs: BoolArray = side[..., None, :] == np.arange(members)[:, None]  # (..., side, member)
    largest = np.where(belongs, weight[..., None, :], 0.0).max(axis=-1)
    share = shares(largest)
    own_share = np.take_along_axis(share, side, axis=-1)
    # A side without weight has no share to spend anything on.
    spends = here & (weight == np.take_along_axis(largest, side, axis=-1))
    if first_spender is not None:
        leads = spends[..., first_spender, None] & (side == side[..., first_spender, None])
        leads = leads.copy()
        leads[..., first_spender] = False
        spends = spends & ~leads
    count = (belongs & spends[..., None, :]).sum(axis=-1)
    sharers = np.maximum(np.take_along_axis(count, side, axis=-1), 1)
    prize = np.where(here, v * own_share, 0.0)
    efforts = np.where(spends, prize * (1.0 - own_share) / sharers, 0.0)
    return Outcome(share, efforts, prize - efforts)


class TwoSides(NamedTuple):
    """Equilibrium between two sides: `held` (...), the chance that the defence wins, and `costs` (..., M) by member."""

    held: FloatArray
    costs: FloatArray


@checked
def two_sides(
    gains: npt.ArrayLike, strengths: npt.ArrayLike, defends: npt.ArrayLike, advantage: npt.ArrayLike = 1.0
) -> TwoSides:
    """A contest between two sides whose members all spend on a prize that the whole side enjoys.

    Member i, of strength E_i, turns a cost c into `sqrt(2 E_i c)` of influence. A side's influence Y is the sum over its
    members, and the defence wins with chance `adv Y_D^2 / (adv Y_D^2 + Y_A^2)`. With gains Delta_i from its own side's winning,

        W_S = sum over the side of Delta_i E_i;   p = adv W_D / (adv W_D + W_A);   cost_i = p q Delta_i (Delta_i E_i / W_S)

    This is a contest with quadratic costs of influence, as in Esteban and Ray (1999): allies add up, and none rides
    free. With one member on each side it is the lottery of two.

    Parameters
    ----------
    gains, strengths : arrays (..., M), not negative
    defends : boolean array (..., M); the others attack
    advantage : array (...), the weight of the defence

    Examples
    --------
    >>> two_sides([1.0, 1.0], [3.0, 1.0], [True, False]).held
    array(0.75)
    """
    v, e = _pair(gains, strengths, np.asarray(defends))
    if not (np.isfinite(v).all() and np.isfinite(e).all()) or (v < 0).any() or (e < 0).any():
        raise GameError("gains and strengths must be finite numbers that are not negative")
    side = np.broadcast_to(np.asarray(defends, dtype=np.bool_), v.shape)
    weight = v * e
    defence = np.where(side, weight, 0.0).sum(axis=-1)
    attack = np.where(side, 0.0, weight).sum(axis=-1)
    weight_of_defence = np.asarray(advantage, dtype=np.float64)
    if not (np.isfinite(weight_of_defence) & (weight_of_defence > 0)).all():
        raise GameError("advantage, the weight of the defence, must be positive and finite")
    against = weight_of_defence * defence
    total = against + attack
    held = np.divide(against, total, out=np.ones(np.shape(total)), where=attack > 0)
    own = np.where(side, defence[..., None], attack[..., None])
    part = np.divide(weight, own, out=np.zeros(v.shape), where=own > 0)
    return TwoSides(held, (held * (1 - held))[..., None] * v * part)


def _pair(
    prizes: npt.ArrayLike, strengths: npt.ArrayLike, *others: npt.NDArray[Any]
) -> tuple[FloatArray, FloatArray]:
    """What members can win and their strengths, as arrays of one shape (..., M) that others fit as well."""
    v, e = np.asarray(prizes, dtype=np.float64), np.asarray(strengths, dtype=np.float64)
    try:
        shape = np.broadcast_shapes(v.shape, e.shape)
        fit = (
            bool(shape)
            and shape[-1] > 0
            and all(np.broadcast_shapes(shape, o.shape) == shape for o in others)
        )
    except ValueError:
        fit = False
    if not fit:
        shapes = ", ".join(str(x.shape) for x in (v, e, *others))
        raise GameError(
            f"a contest needs one number for each member, in arrays that fit together; got shapes {shapes}"
        )
    return np.broadcast_to(v, shape), np.broadcast_to(e, shape)
