"""Repeated play: what patience sustains, how much of it is needed, and whether a strategy is an equilibrium."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.repeated.axelrod import Tournament as Tournament
    from solvers.repeated.axelrod import tournament as tournament
    from solvers.repeated.deviations import Check as Check
    from solvers.repeated.deviations import check as check
    from solvers.repeated.markov import LongRun as LongRun
    from solvers.repeated.markov import long_run as long_run
    from solvers.repeated.patience import CriticalDiscount as CriticalDiscount
    from solvers.repeated.patience import critical_discount as critical_discount
    from solvers.repeated.patience import slack as slack
    from solvers.repeated.patience import threshold as threshold
    from solvers.repeated.simulation import Simulation as Simulation
    from solvers.repeated.simulation import simulate as simulate
    from solvers.repeated.simulation import sparkline as sparkline

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "axelrod": ["Tournament", "tournament"],
        "deviations": ["Check", "check"],
        "markov": ["LongRun", "long_run"],
        "patience": ["CriticalDiscount", "critical_discount", "slack", "threshold"],
        "simulation": ["Simulation", "simulate", "sparkline"],
    },
)
