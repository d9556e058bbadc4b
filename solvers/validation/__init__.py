"""Do the rules know anything? Predicted quarrels against two centuries of rivalries and wars, beside simple baselines."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.validation._backtest import EPOCHS as EPOCHS
    from solvers.validation._backtest import backtest as backtest
    from solvers.validation._history import concert as concert
    from solvers.validation._history import triangle as triangle
    from solvers.validation._scores import Scores as Scores
    from solvers.validation._scores import scores as scores

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_backtest": ["EPOCHS", "backtest"],
        "_history": ["concert", "triangle"],
        "_scores": ["Scores", "scores"],
    },
)
