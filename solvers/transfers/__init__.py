"""Repeated play with voluntary payments."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.transfers._cutoffs import Cutoffs as Cutoffs
    from solvers.transfers._cutoffs import TransferSet as TransferSet
    from solvers.transfers._cutoffs import cutoffs as cutoffs
    from solvers.transfers._cutoffs import payoff_set as payoff_set
    from solvers.transfers._joint_constraint import UNIT as UNIT
    from solvers.transfers._joint_constraint import JointConstraint as JointConstraint
    from solvers.transfers._joint_constraint import joint_constraint as joint_constraint
    from solvers.transfers._joint_constraint import payments as payments

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_joint_constraint": ["JointConstraint", "UNIT", "joint_constraint", "payments"],
        "_cutoffs": ["Cutoffs", "TransferSet", "cutoffs", "payoff_set"],
    },
)
