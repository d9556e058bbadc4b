"""The strategic triangle: kinds, roles, stability, the cheapest moves, and the price of courting a power."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.triangle.courting import Courtship as Courtship
    from solvers.triangle.courting import courtship as courtship
    from solvers.triangle.signed import Move as Move
    from solvers.triangle.signed import Path as Path
    from solvers.triangle.signed import Signs as Signs
    from solvers.triangle.signed import Triangles as Triangles
    from solvers.triangle.signed import from_model as from_model
    from solvers.triangle.signed import from_payoffs as from_payoffs
    from solvers.triangle.signed import kind as kind
    from solvers.triangle.signed import roles as roles
    from solvers.triangle.signed import textbook as textbook

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "courting": ["Courtship", "courtship"],
        "signed": [
            "Move",
            "Path",
            "Signs",
            "Triangles",
            "from_model",
            "from_payoffs",
            "kind",
            "roles",
            "textbook",
        ],
    },
)
