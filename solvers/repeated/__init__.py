"""Repeated play: what patience sustains, how much of it is needed, and whether a strategy is an equilibrium."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.repeated.patience import CriticalDiscount as CriticalDiscount
    from solvers.repeated.patience import critical_discount as critical_discount
    from solvers.repeated.patience import slack as slack
    from solvers.repeated.patience import threshold as threshold

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "patience": ["CriticalDiscount", "critical_discount", "slack", "threshold"],
    },
)
