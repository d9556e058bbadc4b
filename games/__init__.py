"""Games: what is played. Knows nothing of solvers or reports."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from games import catalog as catalog
    from games import coalitional as coalitional
    from games import contest as contest
    from games import deals as deals
    from games import errors as errors
    from games import extensive as extensive
    from games import formats as formats
    from games import ordinal as ordinal
    from games import strategies as strategies
    from games import tariffs as tariffs
    from games import transform as transform
    from games import view as view
    from games.bayesian import BayesianGame as BayesianGame
    from games.extensive import ExtensiveGame as ExtensiveGame
    from games.normal_form import NormalFormGame as NormalFormGame
    from games.repeated import Monitoring as Monitoring
    from games.repeated import RepeatedGame as RepeatedGame
    from games.scenario import load as load
    from games.scenario import scenarios as scenarios
    from games.spheres import SpheresModel as SpheresModel

# Names are imported when first used, so that `import games` stays as cheap as numpy.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules={
        "catalog",
        "coalitional",
        "contest",
        "deals",
        "errors",
        "extensive",
        "formats",
        "ordinal",
        "strategies",
        "tariffs",
        "transform",
        "view",
    },
    submod_attrs={
        "bayesian": ["BayesianGame"],
        "extensive": ["ExtensiveGame"],
        "normal_form": ["NormalFormGame"],
        "repeated": ["Monitoring", "RepeatedGame"],
        "scenario": ["load", "scenarios"],
        "spheres": ["SpheresModel"],
    },
)
