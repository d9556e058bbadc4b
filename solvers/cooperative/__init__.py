"""Cooperative games with side payments: the core, the Shapley value, the nucleolus, the Banzhaf index, triads of powers."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.cooperative._core import Core as Core
    from solvers.cooperative._core import core as core
    from solvers.cooperative._nucleolus import Nucleolus as Nucleolus
    from solvers.cooperative._nucleolus import nucleolus as nucleolus
    from solvers.cooperative._triads import Triads as Triads
    from solvers.cooperative._triads import balance as balance
    from solvers.cooperative._triads import caplow_type as caplow_type
    from solvers.cooperative._values import Allocation as Allocation
    from solvers.cooperative._values import banzhaf as banzhaf
    from solvers.cooperative._values import dummies as dummies
    from solvers.cooperative._values import pivotal as pivotal
    from solvers.cooperative._values import shapley as shapley

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_core": ["Core", "core"],
        "_nucleolus": ["Nucleolus", "nucleolus"],
        "_values": ["Allocation", "banzhaf", "dummies", "pivotal", "shapley"],
        "_triads": ["Triads", "balance", "caplow_type"],
    },
)
