"""How sure is this? What follows in every draw of the assumed numbers, and in those that fit what the powers were seen to do."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.uncertainty._assessment import Assessment as Assessment
    from solvers.uncertainty._assessment import assess as assess
    from solvers.uncertainty._discover import Box as Box
    from solvers.uncertainty._discover import Discovery as Discovery
    from solvers.uncertainty._discover import discover as discover
    from solvers.uncertainty._evaluate import evaluate as evaluate
    from solvers.uncertainty._horizon import Horizon as Horizon
    from solvers.uncertainty._horizon import horizon as horizon
    from solvers.uncertainty._match import Matched as Matched
    from solvers.uncertainty._match import match as match
    from solvers.uncertainty._outcomes import Outcomes as Outcomes
    from solvers.uncertainty._outcomes import joined as joined
    from solvers.uncertainty._phase import Phase as Phase
    from solvers.uncertainty._phase import phase as phase
    from solvers.uncertainty._run import Run as Run
    from solvers.uncertainty._run import open_run as open_run
    from solvers.uncertainty._run import run as run
    from solvers.uncertainty._shares import Share as Share
    from solvers.uncertainty._sobol import SobolIndices as SobolIndices
    from solvers.uncertainty._sobol import sobol as sobol
    from solvers.uncertainty._tornado import Tornado as Tornado
    from solvers.uncertainty._tornado import tornado as tornado
    from solvers.uncertainty._until import Reached as Reached
    from solvers.uncertainty._until import until as until
    from solvers.uncertainty._variants import Variants as Variants
    from solvers.uncertainty._variants import variants as variants

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_assessment": ["Assessment", "assess"],
        "_discover": ["Box", "Discovery", "discover"],
        "_evaluate": ["evaluate"],
        "_horizon": ["Horizon", "horizon"],
        "_match": ["Matched", "match"],
        "_outcomes": ["Outcomes", "joined"],
        "_phase": ["Phase", "phase"],
        "_run": ["Run", "open_run", "run"],
        "_shares": ["Share"],
        "_sobol": ["SobolIndices", "sobol"],
        "_tornado": ["Tornado", "tornado"],
        "_until": ["Reached", "until"],
        "_variants": ["Variants", "variants"],
    },
)
