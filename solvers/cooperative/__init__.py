"""Cooperative games with side payments: the core, the Shapley value, the nucleolus, the Banzhaf index, triads of powers."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.cooperative.cores import Core as Core
    from solvers.cooperative.cores import core as core
    from solvers.cooperative.least_excess import Nucleolus as Nucleolus
    from solvers.cooperative.least_excess import nucleolus as nucleolus
    from solvers.cooperative.marginal import Allocation as Allocation
    from solvers.cooperative.marginal import banzhaf as banzhaf
    from solvers.cooperative.marginal import dummies as dummies
    from solvers.cooperative.marginal import pivotal as pivotal
    from solvers.cooperative.marginal import shapley as shapley
    from solvers.cooperative.triads import Triads as Triads
    from solvers.cooperative.triads import balance as balance
    from solvers.cooperative.triads import caplow_type as caplow_type

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "cores": ["Core", "core"],
        "least_excess": ["Nucleolus", "nucleolus"],
        "marginal": ["Allocation", "banzhaf", "dummies", "pivotal", "shapley"],
        "triads": ["Triads", "balance", "caplow_type"],
    },
)
