"""What groups of players gain by acting together, and the cooperative games that a game induces."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.coalitions import induced as induced
    from solvers.coalitions._checks import CoalitionCheck as CoalitionCheck
    from solvers.coalitions._checks import coalition_proof as coalition_proof
    from solvers.coalitions._checks import strong as strong
    from solvers.coalitions._joint import CoalitionDeviations as CoalitionDeviations
    from solvers.coalitions._joint import JointDeviation as JointDeviation
    from solvers.coalitions._joint import JointDeviations as JointDeviations
    from solvers.coalitions._joint import PairRow as PairRow
    from solvers.coalitions._joint import deviations_of as deviations_of
    from solvers.coalitions._joint import joint_deviations as joint_deviations
    from solvers.coalitions.induced import coalitional_game as coalitional_game
    from solvers.coalitions.induced import partition_function as partition_function

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules={"induced"},
    submod_attrs={
        "_checks": ["CoalitionCheck", "coalition_proof", "strong"],
        "_joint": [
            "CoalitionDeviations",
            "JointDeviation",
            "JointDeviations",
            "PairRow",
            "deviations_of",
            "joint_deviations",
        ],
        "induced": ["coalitional_game", "partition_function"],
    },
)
