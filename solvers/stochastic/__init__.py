"""Stochastic games: equilibria of games whose state moves, and the payoffs they can give from each state on."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.stochastic._extraction import strategy as strategy
    from solvers.stochastic._logit import LogitEquilibrium as LogitEquilibrium
    from solvers.stochastic._logit import logit_equilibrium as logit_equilibrium
    from solvers.stochastic._logit import regrets as regrets
    from solvers.stochastic._markov_perfect import MarkovPerfect as MarkovPerfect
    from solvers.stochastic._markov_perfect import markov_perfect as markov_perfect
    from solvers.stochastic._patience import StatePatience as StatePatience
    from solvers.stochastic._patience import critical_discount as critical_discount
    from solvers.stochastic._patience import path_patience as path_patience
    from solvers.stochastic._payoff_set import PayoffSets as PayoffSets
    from solvers.stochastic._payoff_set import StatePayoffSet as StatePayoffSet
    from solvers.stochastic._payoff_set import payoff_set as payoff_set
    from solvers.stochastic._preventive_war import PreventiveWar as PreventiveWar
    from solvers.stochastic._preventive_war import preventive_war as preventive_war
    from solvers.stochastic._strategy import Check as Check
    from solvers.stochastic._strategy import Strategy as Strategy
    from solvers.stochastic._strategy import check as check
    from solvers.stochastic._strategy import markov as markov
    from solvers.stochastic._strategy import trigger as trigger
    from solvers.stochastic._transfers import TransferSets as TransferSets
    from solvers.stochastic._transfers import transfers as transfers

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_extraction": ["strategy"],
        "_logit": ["LogitEquilibrium", "logit_equilibrium", "regrets"],
        "_markov_perfect": ["MarkovPerfect", "markov_perfect"],
        "_patience": ["StatePatience", "critical_discount", "path_patience"],
        "_payoff_set": ["PayoffSets", "StatePayoffSet", "payoff_set"],
        "_preventive_war": ["PreventiveWar", "preventive_war"],
        "_strategy": ["Check", "Strategy", "check", "markov", "trigger"],
        "_transfers": ["TransferSets", "transfers"],
    },
)
