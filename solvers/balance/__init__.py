"""The balance of power among many: stability, war as an alternative to a division, legislatures, theories of coalitions."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.balance._legislature import Legislature as Legislature
    from solvers.balance._legislature import OpenRule as OpenRule
    from solvers.balance._legislature import closed_rule as closed_rule
    from solvers.balance._legislature import open_rule as open_rule
    from solvers.balance._predictions import Predictions as Predictions
    from solvers.balance._predictions import predictions as predictions
    from solvers.balance._stability import Stability as Stability
    from solvers.balance._stability import stability as stability
    from solvers.balance._wagner import ConstantSumSystem as ConstantSumSystem
    from solvers.balance._wagner import wagner as wagner
    from solvers.balance._war import WarRange as WarRange
    from solvers.balance._war import division as division
    from solvers.balance._war import war_range as war_range

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_legislature": ["Legislature", "OpenRule", "closed_rule", "open_rule"],
        "_predictions": ["Predictions", "predictions"],
        "_stability": ["Stability", "stability"],
        "_wagner": ["ConstantSumSystem", "wagner"],
        "_war": ["WarRange", "division", "war_range"],
    },
)
