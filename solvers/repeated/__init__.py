"""Repeated play: what patience sustains, how much of it is needed, and whether a strategy is an equilibrium."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.repeated.axelrod import Tournament as Tournament
    from solvers.repeated.axelrod import tournament as tournament
    from solvers.repeated.critical import critical_discount as critical_discount
    from solvers.repeated.critical import slack as slack
    from solvers.repeated.deviations import Check as Check
    from solvers.repeated.deviations import best_reply as best_reply
    from solvers.repeated.deviations import check as check
    from solvers.repeated.extraction import PenalCode as PenalCode
    from solvers.repeated.extraction import penal_code as penal_code
    from solvers.repeated.extraction import strategy as strategy
    from solvers.repeated.markov import LongRun as LongRun
    from solvers.repeated.markov import long_run as long_run
    from solvers.repeated.monitoring import Breakdown as Breakdown
    from solvers.repeated.monitoring import FalseAlarms as FalseAlarms
    from solvers.repeated.monitoring import breakdown as breakdown
    from solvers.repeated.monitoring import false_alarms as false_alarms
    from solvers.repeated.monitoring import noisy_threshold as noisy_threshold
    from solvers.repeated.patience import CriticalDiscount as CriticalDiscount
    from solvers.repeated.patience import finite_threshold as finite_threshold
    from solvers.repeated.patience import threshold as threshold
    from solvers.repeated.payoffs import PayoffSet as PayoffSet
    from solvers.repeated.payoffs import payoff_set as payoff_set
    from solvers.repeated.renegotiation import penance_code as penance_code
    from solvers.repeated.sensitivity import Elasticities as Elasticities
    from solvers.repeated.sensitivity import discount_elasticities as discount_elasticities
    from solvers.repeated.sensitivity import elasticities as elasticities
    from solvers.repeated.simulation import Simulation as Simulation
    from solvers.repeated.simulation import simulate as simulate
    from solvers.repeated.simulation import sparkline as sparkline
    from solvers.repeated.wear import PowerShift as PowerShift
    from solvers.repeated.wear import RelativeGains as RelativeGains
    from solvers.repeated.wear import friction_tolerance as friction_tolerance
    from solvers.repeated.wear import largest_tolerated as largest_tolerated
    from solvers.repeated.wear import model_friction_tolerance as model_friction_tolerance
    from solvers.repeated.wear import power_shift as power_shift
    from solvers.repeated.wear import relative_gains as relative_gains

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "axelrod": ["Tournament", "tournament"],
        "critical": ["critical_discount", "slack"],
        "deviations": ["Check", "best_reply", "check"],
        "extraction": ["PenalCode", "penal_code", "strategy"],
        "markov": ["LongRun", "long_run"],
        "monitoring": ["Breakdown", "FalseAlarms", "breakdown", "false_alarms", "noisy_threshold"],
        "patience": ["CriticalDiscount", "finite_threshold", "threshold"],
        "payoffs": ["PayoffSet", "payoff_set"],
        "renegotiation": ["penance_code"],
        "sensitivity": ["Elasticities", "discount_elasticities", "elasticities"],
        "simulation": ["Simulation", "simulate", "sparkline"],
        "wear": [
            "PowerShift",
            "RelativeGains",
            "friction_tolerance",
            "largest_tolerated",
            "model_friction_tolerance",
            "power_shift",
            "relative_gains",
        ],
    },
)
