"""Nash equilibria: all of them, one of them, the pure ones; every answer verified by its regret."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.equilibrium.results import Component as Component
    from solvers.equilibrium.results import Equilibria as Equilibria
    from solvers.equilibrium.results import Equilibrium as Equilibrium
    from solvers.nash._find_all import find_all as find_all
    from solvers.nash._find_one import find_one as find_one
    from solvers.nash._find_one import methods as methods
    from solvers.nash._many import ManyEquilibria as ManyEquilibria
    from solvers.nash._many import find_all_many as find_all_many
    from solvers.nash._many import pure_many as pure_many
    from solvers.nash._pure import pure as pure
    from solvers.nash.two_players._components import NashSubset as NashSubset
    from solvers.nash.two_players._components import maximal_nash_subsets as maximal_nash_subsets

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_find_all": ["Component", "Equilibria", "Equilibrium", "find_all"],
        "_find_one": ["find_one", "methods"],
        "_many": ["ManyEquilibria", "find_all_many", "pure_many"],
        "_pure": ["pure"],
        "two_players._components": ["NashSubset", "maximal_nash_subsets"],
    },
)
