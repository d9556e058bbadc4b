"""Solvers: what follows. They take games and return results."""

from typing import TYPE_CHECKING

import lazy_loader

import games as _games

if not hasattr(_games, "__path__"):
    # A file of this name beside the user's own script is found before the package.
    raise ImportError(f"{_games.__file__} hides the package games of concert-of-powers; rename that file")

if TYPE_CHECKING:
    from solvers import balance as balance
    from solvers import bargaining as bargaining
    from solvers import bayesian as bayesian
    from solvers import coalitions as coalitions
    from solvers import compare as compare
    from solvers import contests as contests
    from solvers import cooperative as cooperative
    from solvers import correlated as correlated
    from solvers import dominance as dominance
    from solvers import doubt as doubt
    from solvers import learning as learning
    from solvers import linkage as linkage
    from solvers import minmax as minmax
    from solvers import nash as nash
    from solvers import partitions as partitions
    from solvers import quantal as quantal
    from solvers import repeated as repeated
    from solvers import selection as selection
    from solvers import sequential as sequential
    from solvers import stochastic as stochastic
    from solvers import transfers as transfers
    from solvers import triangle as triangle
    from solvers import uncertainty as uncertainty
    from solvers import validation as validation
    from solvers.coalitions import induced as induced

# Modules are imported when first used, so that `import solvers` stays as cheap as numpy.
__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules={
        "balance",
        "bargaining",
        "bayesian",
        "coalitions",
        "compare",
        "contests",
        "cooperative",
        "correlated",
        "dominance",
        "doubt",
        "learning",
        "linkage",
        "minmax",
        "nash",
        "partitions",
        "quantal",
        "repeated",
        "selection",
        "sequential",
        "stochastic",
        "transfers",
        "triangle",
        "uncertainty",
        "validation",
    },
    submod_attrs={"coalitions": ["induced"]},
)
