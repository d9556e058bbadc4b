"""Bargaining: solutions over lotteries of agreements, alternating offers, and deals in the shadow of war."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.bargaining.axioms import AxiomCheck as AxiomCheck
    from solvers.bargaining.axioms import check_axioms as check_axioms
    from solvers.bargaining.feasible import BargainingProblem as BargainingProblem
    from solvers.bargaining.offers import Offers as Offers
    from solvers.bargaining.offers import alternating_offers as alternating_offers
    from solvers.bargaining.offers import offers_over as offers_over
    from solvers.bargaining.solutions import SOLUTIONS as SOLUTIONS
    from solvers.bargaining.solutions import EqualTreatment as EqualTreatment
    from solvers.bargaining.solutions import Solution as Solution
    from solvers.bargaining.solutions import SolutionTable as SolutionTable
    from solvers.bargaining.solutions import egalitarian as egalitarian
    from solvers.bargaining.solutions import equal_split as equal_split
    from solvers.bargaining.solutions import equal_treatment_cost as equal_treatment_cost
    from solvers.bargaining.solutions import kalai_smorodinsky as kalai_smorodinsky
    from solvers.bargaining.solutions import nash as nash
    from solvers.bargaining.solutions import solve as solve
    from solvers.bargaining.solutions import solve_all as solve_all
    from solvers.bargaining.solutions import utilitarian as utilitarian
    from solvers.bargaining.sources import from_game as from_game
    from solvers.bargaining.sources import from_model as from_model
    from solvers.bargaining.war import BargainingRange as BargainingRange
    from solvers.bargaining.war import IndivisibleStake as IndivisibleStake
    from solvers.bargaining.war import PowerShift as PowerShift
    from solvers.bargaining.war import bargaining_range as bargaining_range
    from solvers.bargaining.war import indivisible_stake as indivisible_stake
    from solvers.bargaining.war import power_shift as power_shift

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "axioms": ["AxiomCheck", "check_axioms"],
        "feasible": ["BargainingProblem"],
        "offers": ["Offers", "alternating_offers", "offers_over"],
        "solutions": [
            "SOLUTIONS",
            "EqualTreatment",
            "Solution",
            "SolutionTable",
            "egalitarian",
            "equal_split",
            "equal_treatment_cost",
            "kalai_smorodinsky",
            "nash",
            "solve",
            "solve_all",
            "utilitarian",
        ],
        "sources": ["from_game", "from_model"],
        "war": [
            "BargainingRange",
            "IndivisibleStake",
            "PowerShift",
            "bargaining_range",
            "indivisible_stake",
            "power_shift",
        ],
    },
)
