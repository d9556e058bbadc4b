"""How much patience a profile of play needs, by what follows a deviation."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.repeated.patience._critical_discount import critical_discount as critical_discount
    from solvers.repeated.patience._critical_discount import slack as slack
    from solvers.repeated.patience._friction import friction_tolerance as friction_tolerance
    from solvers.repeated.patience._friction import largest_tolerated as largest_tolerated
    from solvers.repeated.patience._friction import model_friction_tolerance as model_friction_tolerance
    from solvers.repeated.patience._many import critical_discount_many as critical_discount_many
    from solvers.repeated.patience._monitoring import Breakdown as Breakdown
    from solvers.repeated.patience._monitoring import FalseAlarms as FalseAlarms
    from solvers.repeated.patience._monitoring import breakdown as breakdown
    from solvers.repeated.patience._monitoring import false_alarms as false_alarms
    from solvers.repeated.patience._monitoring import noisy_threshold as noisy_threshold
    from solvers.repeated.patience._renegotiation import penance_code as penance_code
    from solvers.repeated.patience._sensitivity import Elasticities as Elasticities
    from solvers.repeated.patience._sensitivity import discount_elasticities as discount_elasticities
    from solvers.repeated.patience._sensitivity import elasticities as elasticities
    from solvers.repeated.patience._slack import incentive_slack as incentive_slack
    from solvers.repeated.patience._slack import incentive_surplus as incentive_surplus
    from solvers.repeated.patience._thresholds import CriticalDiscount as CriticalDiscount
    from solvers.repeated.patience._thresholds import best_deviation as best_deviation
    from solvers.repeated.patience._thresholds import finite_threshold as finite_threshold
    from solvers.repeated.patience._thresholds import threshold as threshold

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_critical_discount": ["critical_discount", "slack"],
        "_friction": ["friction_tolerance", "largest_tolerated", "model_friction_tolerance"],
        "_many": ["critical_discount_many"],
        "_monitoring": ["Breakdown", "FalseAlarms", "breakdown", "false_alarms", "noisy_threshold"],
        "_renegotiation": ["penance_code"],
        "_sensitivity": ["Elasticities", "discount_elasticities", "elasticities"],
        "_slack": ["incentive_slack", "incentive_surplus"],
        "_thresholds": ["CriticalDiscount", "best_deviation", "finite_threshold", "threshold"],
    },
)
