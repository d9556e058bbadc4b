"""All payoffs of subgame-perfect equilibria with public lotteries."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.repeated.payoff_sets._extraction import PenalCode as PenalCode
    from solvers.repeated.payoff_sets._extraction import penal_code as penal_code
    from solvers.repeated.payoff_sets._extraction import strategy as strategy
    from solvers.repeated.payoff_sets._payoff_set import PayoffSet as PayoffSet
    from solvers.repeated.payoff_sets._payoff_set import payoff_set as payoff_set

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_extraction": ["PenalCode", "penal_code", "strategy"],
        "_payoff_set": ["PayoffSet", "payoff_set"],
    },
)
