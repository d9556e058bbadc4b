"""The strategic triangle: kinds, roles, stability, the cheapest moves, and the price of courting a power."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.triangle._courtship import Courtship as Courtship
    from solvers.triangle._courtship import courtship as courtship
    from solvers.triangle._triangles import Move as Move
    from solvers.triangle._triangles import Route as Route
    from solvers.triangle._triangles import Signs as Signs
    from solvers.triangle._triangles import Triangles as Triangles
    from solvers.triangle._triangles import from_model as from_model
    from solvers.triangle._triangles import from_payoffs as from_payoffs
    from solvers.triangle._triangles import kind as kind
    from solvers.triangle._triangles import roles as roles
    from solvers.triangle._triangles import textbook as textbook

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_courtship": ["Courtship", "courtship"],
        "_triangles": [
            "Move",
            "Route",
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
