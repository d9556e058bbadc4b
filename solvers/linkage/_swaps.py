"""Every exchange of concessions between two sides of a bundle, or between two powers of a model."""

from __future__ import annotations

from typing import Any

import numpy as np

from games.arguments import instance
from games.errors import MethodError, SizeError
from games.issues import Bundle
from games.spheres import SpheresModel
from solvers.base.deadline import keeps_time
from solvers.linkage import _incentives as incentives
from solvers.linkage._swap_table import Item, Swaps, efficient

__all__ = ["Item", "Swaps", "swaps"]

_MOST = 1_000_000


@keeps_time("the table of swaps", "name fewer regions, or limit their number with at_most")
def swaps(
    what: Bundle | SpheresModel,
    a: str | None = None,
    b: str | None = None,
    *,
    time_limit: float | None = None,
    **options: Any,
) -> Swaps:
    """Every exchange of concessions between two sides: what both gain, whether it holds, and which is the weaker.

    Parameters
    ----------
    what : Bundle or SpheresModel
        Of a bundle: all choices, each issue at the breakdown or at one of its options (a million at most). Of a model: all
        exchanges between two of its powers; see `solvers.linkage._sphere_swaps.between`, whose options can be given here.
    a, b : the two powers (of a model)
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    ProfileError, MethodError, SizeError
        For powers that do not exist, options of the wrong kind, or too many choices.

    Examples
    --------
    >>> from games import deals
    >>> found = swaps(deals.get("taiwan"))
    >>> len(found), int((found.mutual & found.holds).sum())
    (7, 1)
    """
    if isinstance(what, SpheresModel):
        from solvers.linkage._sphere_swaps import between

        if a is None or b is None:
            raise MethodError(f"name the two powers that swap, of {', '.join(what.players)}")
        return between(what, a, b, **options)
    if a is not None or b is not None or options:
        raise MethodError("a bundle has its own two sides; powers and options are for models")
    instance(what, Bundle, "what is swapped", MethodError)
    counts = [len(issue.options) for issue in what.issues]
    if np.prod(counts, dtype=np.float64) > _MOST:
        raise SizeError(
            f"the bundle has {np.prod(counts, dtype=np.float64):,.0f} combinations of options, more than {_MOST:,}; leave out "
            "some issues "
            "or options"
        )
    choices = np.stack([axis.ravel() for axis in np.indices(counts)], axis=1)[1:]
    gains, tempted = np.zeros((len(choices), 2)), np.zeros((len(choices), 2))
    for m, issue in enumerate(what.issues):
        gains += (issue.agreed - issue.agreed[0])[choices[:, m]]
        tempted += issue.gain[choices[:, m]]
    items = []
    for issue in what.issues:
        words = [("", "")]
        for option, gain in zip(issue.options[1:], issue.gain[1:]):
            # The side that would gain by breaking the option is the one that concedes something.
            conceding = gain > 0 if gain.any() else [True, True]
            words.append((option if conceding[0] else "", option if conceding[1] else ""))
        items.append(Item(issue.name, tuple(words)))
    return Swaps(
        what.sides,
        what.discount,
        tuple(items),
        choices,
        gains,
        incentives.slack(tempted, gains, what),
        incentives.critical_discount(tempted, gains, what),
        incentives.weight(what),
        efficient(gains),
        what.unit,
        "Gains are measured against no agreement on any issue; a side that breaks the bundle ends it permanently.",
    )
