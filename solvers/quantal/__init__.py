"""Quantal response equilibria: one, the principal branch, its limit, and fits to data."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.quantal._equilibrium import Branch as Branch
    from solvers.quantal._equilibrium import Fit as Fit
    from solvers.quantal._equilibrium import QuantalEquilibrium as QuantalEquilibrium
    from solvers.quantal._equilibrium import branch as branch
    from solvers.quantal._equilibrium import equilibrium as equilibrium
    from solvers.quantal._equilibrium import fit as fit
    from solvers.quantal._equilibrium import limiting as limiting

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_equilibrium": ["Branch", "Fit", "QuantalEquilibrium", "branch", "equilibrium", "fit", "limiting"],
    },
)
