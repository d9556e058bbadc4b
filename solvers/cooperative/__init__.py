"""Cooperative games with side payments: cores, nucleoli, values, kernels, stable sets, voting power, triads of powers."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.cooperative._bargaining_set import BargainingSetCheck as BargainingSetCheck
    from solvers.cooperative._bargaining_set import in_bargaining_set as in_bargaining_set
    from solvers.cooperative._core import Core as Core
    from solvers.cooperative._core import core as core
    from solvers.cooperative._kernel import Kernel as Kernel
    from solvers.cooperative._kernel import KernelCheck as KernelCheck
    from solvers.cooperative._kernel import in_kernel as in_kernel
    from solvers.cooperative._kernel import kernel as kernel
    from solvers.cooperative._membership import Membership as Membership
    from solvers.cooperative._membership import core_membership as core_membership
    from solvers.cooperative._nucleolus import Nucleolus as Nucleolus
    from solvers.cooperative._nucleolus import nucleolus as nucleolus
    from solvers.cooperative._owen import owen as owen
    from solvers.cooperative._stable_sets import StableSetCheck as StableSetCheck
    from solvers.cooperative._stable_sets import is_stable_set as is_stable_set
    from solvers.cooperative._stable_sets import main_simple_solution as main_simple_solution
    from solvers.cooperative._triads import Triads as Triads
    from solvers.cooperative._triads import balance as balance
    from solvers.cooperative._triads import caplow_type as caplow_type
    from solvers.cooperative._typed_core import TypedCore as TypedCore
    from solvers.cooperative._typed_core import typed_core as typed_core
    from solvers.cooperative._typed_nucleolus import TypedAllocation as TypedAllocation
    from solvers.cooperative._typed_nucleolus import TypedNucleolus as TypedNucleolus
    from solvers.cooperative._typed_nucleolus import typed_nucleolus as typed_nucleolus
    from solvers.cooperative._typed_values import typed_banzhaf as typed_banzhaf
    from solvers.cooperative._typed_values import typed_shapley as typed_shapley
    from solvers.cooperative._values import Allocation as Allocation
    from solvers.cooperative._values import banzhaf as banzhaf
    from solvers.cooperative._values import dummies as dummies
    from solvers.cooperative._values import pivotal as pivotal
    from solvers.cooperative._values import shapley as shapley
    from solvers.cooperative._voting_power import VotingPower as VotingPower
    from solvers.cooperative._voting_power import voting_power as voting_power

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_bargaining_set": ["BargainingSetCheck", "in_bargaining_set"],
        "_core": ["Core", "core"],
        "_kernel": ["Kernel", "KernelCheck", "in_kernel", "kernel"],
        "_membership": ["Membership", "core_membership"],
        "_nucleolus": ["Nucleolus", "nucleolus"],
        "_owen": ["owen"],
        "_stable_sets": ["StableSetCheck", "is_stable_set", "main_simple_solution"],
        "_triads": ["Triads", "balance", "caplow_type"],
        "_typed_core": ["TypedCore", "typed_core"],
        "_typed_nucleolus": ["TypedAllocation", "TypedNucleolus", "typed_nucleolus"],
        "_typed_values": ["typed_banzhaf", "typed_shapley"],
        "_values": ["Allocation", "banzhaf", "dummies", "pivotal", "shapley"],
        "_voting_power": ["VotingPower", "voting_power"],
    },
)
