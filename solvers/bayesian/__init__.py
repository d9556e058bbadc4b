"""Bayesian games: all Bayes-Nash equilibria, what information is worth, and what doubt costs."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.bayesian._find_all import find_all as find_all
    from solvers.bayesian._information import CostOfDoubt as CostOfDoubt
    from solvers.bayesian._information import InformationValue as InformationValue
    from solvers.bayesian._information import cost_of_doubt as cost_of_doubt
    from solvers.bayesian._information import value_of_information as value_of_information
    from solvers.bayesian._results import BayesComponent as BayesComponent
    from solvers.bayesian._results import BayesEquilibria as BayesEquilibria
    from solvers.bayesian._results import BayesEquilibrium as BayesEquilibrium

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_find_all": ["find_all"],
        "_information": ["CostOfDoubt", "InformationValue", "cost_of_doubt", "value_of_information"],
        "_results": ["BayesComponent", "BayesEquilibria", "BayesEquilibrium"],
    },
)
