"""How sure is this? What follows in every draw of the assumed numbers, and in those that fit what the powers were seen to do."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.uncertainty._evaluate import evaluate as evaluate
    from solvers.uncertainty._match import Matched as Matched
    from solvers.uncertainty._match import match as match
    from solvers.uncertainty._outcomes import Outcomes as Outcomes
    from solvers.uncertainty._shares import Share as Share

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_evaluate": ["evaluate"],
        "_match": ["Matched", "match"],
        "_outcomes": ["Outcomes"],
        "_shares": ["Share"],
    },
)
