"""Nash equilibria: all of them, one of them, the pure ones; every answer verified by its regret."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.nash.components import NashSubset as NashSubset
    from solvers.nash.components import maximal_nash_subsets as maximal_nash_subsets
    from solvers.nash.equilibria import Component as Component
    from solvers.nash.equilibria import Equilibria as Equilibria
    from solvers.nash.equilibria import Equilibrium as Equilibrium
    from solvers.nash.one import find_one as find_one
    from solvers.nash.one import methods as methods
    from solvers.nash.pure_profiles import pure as pure
    from solvers.nash.search import find_all as find_all

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "components": ["NashSubset", "maximal_nash_subsets"],
        "equilibria": ["Component", "Equilibria", "Equilibrium"],
        "one": ["find_one", "methods"],
        "pure_profiles": ["pure"],
        "search": ["find_all"],
    },
)
