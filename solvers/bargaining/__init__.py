"""Bargaining: solutions over lotteries of agreements, alternating offers, and deals in the shadow of war."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.bargaining._alternating_offers import Offers as Offers
    from solvers.bargaining._alternating_offers import alternating_offers as alternating_offers
    from solvers.bargaining._alternating_offers import offers_over as offers_over
    from solvers.bargaining._axioms import AxiomCheck as AxiomCheck
    from solvers.bargaining._axioms import check_axioms as check_axioms
    from solvers.bargaining._demand import Demand as Demand
    from solvers.bargaining._demand import demand as demand
    from solvers.bargaining._equal_treatment import EqualTreatment as EqualTreatment
    from solvers.bargaining._equal_treatment import equal_treatment_cost as equal_treatment_cost
    from solvers.bargaining._from_model import from_game as from_game
    from solvers.bargaining._from_model import from_model as from_model
    from solvers.bargaining._problem import BargainingProblem as BargainingProblem
    from solvers.bargaining._solutions import SOLUTIONS as SOLUTIONS
    from solvers.bargaining._solutions import Solution as Solution
    from solvers.bargaining._solutions import SolutionTable as SolutionTable
    from solvers.bargaining._solutions import egalitarian as egalitarian
    from solvers.bargaining._solutions import equal_split as equal_split
    from solvers.bargaining._solutions import kalai_smorodinsky as kalai_smorodinsky
    from solvers.bargaining._solutions import nash as nash
    from solvers.bargaining._solutions import solve as solve
    from solvers.bargaining._solutions import solve_all as solve_all
    from solvers.bargaining._solutions import utilitarian as utilitarian
    from solvers.bargaining._war import BargainingRange as BargainingRange
    from solvers.bargaining._war import IndivisibleStake as IndivisibleStake
    from solvers.bargaining._war import PowerShift as PowerShift
    from solvers.bargaining._war import bargaining_range as bargaining_range
    from solvers.bargaining._war import indivisible_stake as indivisible_stake
    from solvers.bargaining._war import power_shift as power_shift

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_axioms": ["AxiomCheck", "check_axioms"],
        "_demand": ["Demand", "demand"],
        "_equal_treatment": ["EqualTreatment", "equal_treatment_cost"],
        "_problem": ["BargainingProblem"],
        "_alternating_offers": ["Offers", "alternating_offers", "offers_over"],
        "_solutions": [
            "SOLUTIONS",
            "Solution",
            "SolutionTable",
            "egalitarian",
            "equal_split",
            "kalai_smorodinsky",
            "nash",
            "solve",
            "solve_all",
            "utilitarian",
        ],
        "_from_model": ["from_game", "from_model"],
        "_war": [
            "BargainingRange",
            "IndivisibleStake",
            "PowerShift",
            "bargaining_range",
            "indivisible_stake",
            "power_shift",
        ],
    },
)
