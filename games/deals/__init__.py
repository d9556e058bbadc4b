"""Worked cases: bundles of issues and threats from the public debate, each number with its source or range."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from games.deals._deals import Bundle as Bundle
    from games.deals._deals import Issue as Issue
    from games.deals._deals import Threat as Threat
    from games.deals._deals import get as get
    from games.deals._deals import inputs as inputs
    from games.deals._deals import names as names
    from games.deals._deals import table as table

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_deals": ["Bundle", "Issue", "Threat", "get", "inputs", "names", "table"],
    },
)
