"""Repeated play: what patience sustains, how much of it is needed, and whether a strategy is an equilibrium."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.repeated._payoff_set import payoff_set as payoff_set
    from solvers.repeated._power_shift import PowerShift as PowerShift
    from solvers.repeated._power_shift import power_shift as power_shift
    from solvers.repeated._relative_gains import RelativeGains as RelativeGains
    from solvers.repeated._relative_gains import relative_gains as relative_gains
    from solvers.repeated.patience import Breakdown as Breakdown
    from solvers.repeated.patience import CriticalDiscount as CriticalDiscount
    from solvers.repeated.patience import Elasticities as Elasticities
    from solvers.repeated.patience import FalseAlarms as FalseAlarms
    from solvers.repeated.patience import breakdown as breakdown
    from solvers.repeated.patience import critical_discount as critical_discount
    from solvers.repeated.patience import critical_discount_many as critical_discount_many
    from solvers.repeated.patience import discount_elasticities as discount_elasticities
    from solvers.repeated.patience import elasticities as elasticities
    from solvers.repeated.patience import false_alarms as false_alarms
    from solvers.repeated.patience import finite_threshold as finite_threshold
    from solvers.repeated.patience import friction_tolerance as friction_tolerance
    from solvers.repeated.patience import largest_tolerated as largest_tolerated
    from solvers.repeated.patience import model_friction_tolerance as model_friction_tolerance
    from solvers.repeated.patience import noisy_threshold as noisy_threshold
    from solvers.repeated.patience import penance_code as penance_code
    from solvers.repeated.patience import slack as slack
    from solvers.repeated.patience import threshold as threshold
    from solvers.repeated.payoff_sets import PayoffSet as PayoffSet
    from solvers.repeated.payoff_sets import PenalCode as PenalCode
    from solvers.repeated.payoff_sets import penal_code as penal_code
    from solvers.repeated.payoff_sets import strategy as strategy
    from solvers.repeated.play import Check as Check
    from solvers.repeated.play import LongRun as LongRun
    from solvers.repeated.play import Simulation as Simulation
    from solvers.repeated.play import Tournament as Tournament
    from solvers.repeated.play import best_response as best_response
    from solvers.repeated.play import check as check
    from solvers.repeated.play import long_run as long_run
    from solvers.repeated.play import simulate as simulate
    from solvers.repeated.play import sparkline as sparkline
    from solvers.repeated.play import tournament as tournament
    from solvers.repeated.public import ForumValue as ForumValue
    from solvers.repeated.public import GreenPorter as GreenPorter
    from solvers.repeated.public import LimitSet as LimitSet
    from solvers.repeated.public import PublicPayoffSet as PublicPayoffSet
    from solvers.repeated.public import SymmetricSet as SymmetricSet
    from solvers.repeated.public import Triggers as Triggers
    from solvers.repeated.public import forum_value as forum_value
    from solvers.repeated.public import green_porter as green_porter
    from solvers.repeated.public import limit_set as limit_set
    from solvers.repeated.public import scores as scores
    from solvers.repeated.public import strongly_symmetric as strongly_symmetric
    from solvers.repeated.public import triggers as triggers

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_power_shift": ["PowerShift", "power_shift"],
        "_relative_gains": ["RelativeGains", "relative_gains"],
        "patience": [
            "Breakdown",
            "CriticalDiscount",
            "Elasticities",
            "FalseAlarms",
            "breakdown",
            "critical_discount",
            "critical_discount_many",
            "discount_elasticities",
            "elasticities",
            "false_alarms",
            "finite_threshold",
            "friction_tolerance",
            "largest_tolerated",
            "model_friction_tolerance",
            "noisy_threshold",
            "penance_code",
            "slack",
            "threshold",
        ],
        "_payoff_set": ["payoff_set"],
        "payoff_sets": ["PayoffSet", "PenalCode", "penal_code", "strategy"],
        "play": [
            "Check",
            "LongRun",
            "Simulation",
            "Tournament",
            "best_response",
            "check",
            "long_run",
            "simulate",
            "sparkline",
            "tournament",
        ],
        "public": [
            "ForumValue",
            "GreenPorter",
            "LimitSet",
            "PublicPayoffSet",
            "SymmetricSet",
            "Triggers",
            "forum_value",
            "green_porter",
            "limit_set",
            "scores",
            "strongly_symmetric",
            "triggers",
        ],
    },
)
