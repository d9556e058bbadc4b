"""Concert against competition."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.compare._concert import Comparison as Comparison
    from solvers.compare._concert import concert as concert
    from solvers.compare._verdict import LEAVES_OUT as LEAVES_OUT
    from solvers.compare._verdict import sentences as sentences
    from solvers.compare._ways import Way as Way
    from solvers.compare._ways import ways_it_breaks as ways_it_breaks
    from solvers.compare._what_changes import what_changes as what_changes

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_concert": ["Comparison", "concert"],
        "_verdict": ["LEAVES_OUT", "sentences"],
        "_ways": ["Way", "ways_it_breaks"],
        "_what_changes": ["what_changes"],
    },
)
