"""Whether strategies are an equilibrium, what they pay, and how they do against others."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.repeated.play._check import Check as Check
    from solvers.repeated.play._check import best_response as best_response
    from solvers.repeated.play._check import check as check
    from solvers.repeated.play._markov import LongRun as LongRun
    from solvers.repeated.play._markov import long_run as long_run
    from solvers.repeated.play._simulation import Simulation as Simulation
    from solvers.repeated.play._simulation import simulate as simulate
    from solvers.repeated.play._simulation import sparkline as sparkline
    from solvers.repeated.play._tournament import Tournament as Tournament
    from solvers.repeated.play._tournament import tournament as tournament

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_check": ["Check", "best_response", "check"],
        "_markov": ["LongRun", "long_run"],
        "_simulation": ["Simulation", "simulate", "sparkline"],
        "_tournament": ["Tournament", "tournament"],
    },
)
