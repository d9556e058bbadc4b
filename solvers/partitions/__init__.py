"""Partitions: who holds which region. All of them as arrays, or the best one by an integer program."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.partitions._program import Optimum as Optimum
    from solvers.partitions._program import optimise as optimise
    from solvers.partitions._table import Partitions as Partitions
    from solvers.partitions._table import evaluate as evaluate

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_program": ["Optimum", "optimise"],
        "_table": ["Partitions", "evaluate"],
    },
)
