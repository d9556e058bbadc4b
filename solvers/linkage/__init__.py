"""Bundles of issues: pooled incentives, exchanges of concessions, threats."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.linkage._pooling import Bundle as Bundle
    from solvers.linkage._pooling import Issue as Issue
    from solvers.linkage._pooling import Pooling as Pooling
    from solvers.linkage._pooling import Ranges as Ranges
    from solvers.linkage._pooling import Threat as Threat
    from solvers.linkage._pooling import pooling as pooling
    from solvers.linkage._pooling import ranges as ranges
    from solvers.linkage._swaps import Item as Item
    from solvers.linkage._swaps import Swaps as Swaps
    from solvers.linkage._swaps import swaps as swaps
    from solvers.linkage._threats import Coercion as Coercion
    from solvers.linkage._threats import coercion as coercion

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_pooling": ["Bundle", "Issue", "Pooling", "Ranges", "Threat", "pooling", "ranges"],
        "_swaps": ["Item", "Swaps", "swaps"],
        "_threats": ["Coercion", "coercion"],
    },
)
