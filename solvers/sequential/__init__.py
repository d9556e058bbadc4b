"""Games in extensive form: backward induction, equilibria of trees, and which of them withstand closer scrutiny."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.sequential._backward import backward_induction as backward_induction
    from solvers.sequential._check import CONCEPTS as CONCEPTS
    from solvers.sequential._check import Verdict as Verdict
    from solvers.sequential._check import check as check
    from solvers.sequential._find_all import find_all as find_all
    from solvers.sequential._find_one import find_one as find_one
    from solvers.sequential._find_one import methods as methods
    from solvers.sequential._intuitive import Refinement as Refinement
    from solvers.sequential._intuitive import intuitive as intuitive
    from solvers.sequential._intuitive import refine as refine
    from solvers.sequential._moves import Moves as Moves
    from solvers.sequential._moves import theory_of_moves as theory_of_moves
    from solvers.sequential._repetition import FiniteRepetition as FiniteRepetition
    from solvers.sequential._repetition import repeat as repeat
    from solvers.sequential._results import BehaviourComponent as BehaviourComponent
    from solvers.sequential._results import BehaviourEquilibria as BehaviourEquilibria
    from solvers.sequential._results import BehaviourEquilibrium as BehaviourEquilibrium
    from solvers.sequential._subgames import subgame_perfect as subgame_perfect

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_backward": ["backward_induction"],
        "_check": ["CONCEPTS", "Verdict", "check"],
        "_find_all": ["find_all"],
        "_find_one": ["find_one", "methods"],
        "_intuitive": ["Refinement", "intuitive", "refine"],
        "_moves": ["Moves", "theory_of_moves"],
        "_repetition": ["FiniteRepetition", "repeat"],
        "_results": ["BehaviourComponent", "BehaviourEquilibria", "BehaviourEquilibrium"],
        "_subgames": ["subgame_perfect"],
    },
)
