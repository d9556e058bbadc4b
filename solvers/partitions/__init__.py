"""Partitions: who holds which region. All of them as arrays, the best one by an integer program, the cheapest offer."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.partitions._divisions import Divisions as Divisions
    from solvers.partitions._offers import Offers as Offers
    from solvers.partitions._offers import offers as offers
    from solvers.partitions._pareto import pareto_front as pareto_front
    from solvers.partitions._program import Optimum as Optimum
    from solvers.partitions._program import optimise as optimise
    from solvers.partitions._table import Partitions as Partitions
    from solvers.partitions._table import evaluate as evaluate

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_divisions": ["Divisions"],
        "_offers": ["Offers", "offers"],
        "_pareto": ["pareto_front"],
        "_program": ["Optimum", "optimise"],
        "_table": ["Partitions", "evaluate"],
    },
)
