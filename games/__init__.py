"""Games: what is played. Knows nothing of solvers or reports."""

from typing import TYPE_CHECKING

import lazy_loader

__version__ = "0.2.0"

if TYPE_CHECKING:
    from games import catalog as catalog
    from games import coalitional as coalitional
    from games import deals as deals
    from games import errors as errors
    from games import extensive as extensive
    from games import formats as formats
    from games import ordinal as ordinal
    from games import strategies as strategies
    from games import tariffs as tariffs
    from games import transform as transform
    from games import typed as typed
    from games import view as view
    from games import voting as voting
    from games import world as world
    from games.bayesian import BayesianGame as BayesianGame
    from games.extensive import ExtensiveGame as ExtensiveGame
    from games.normal_form import NormalFormGame as NormalFormGame
    from games.repeated import Monitoring as Monitoring
    from games.repeated import RepeatedGame as RepeatedGame
    from games.scenario import load as load
    from games.scenario import scenarios as scenarios
    from games.spheres import SpheresModel as SpheresModel
    from games.spheres import contest as contest
    from games.spheres import stances as stances
    from games.stochastic import StochasticGame as StochasticGame

# Names are imported when first used, so that `import games` stays as cheap as numpy.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules={
        "catalog",
        "coalitional",
        "deals",
        "errors",
        "extensive",
        "formats",
        "ordinal",
        "strategies",
        "tariffs",
        "transform",
        "typed",
        "view",
        "voting",
        "world",
    },
    submod_attrs={
        "bayesian": ["BayesianGame"],
        "extensive": ["ExtensiveGame"],
        "normal_form": ["NormalFormGame"],
        "repeated": ["Monitoring", "RepeatedGame"],
        "scenario": ["load", "scenarios"],
        "spheres": ["SpheresModel", "contest", "stances"],
        "stochastic": ["StochasticGame"],
    },
)
