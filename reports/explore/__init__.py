"""The explorer: a deal chosen by menus and sliders, and what follows from it at once, in a notebook or on a local page.

`explore(model)` shows it in a notebook (needs the extra `explore`); `serve` offers the same page to a browser on this machine.
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from reports.explore._server import serve as serve
    from reports.explore._state import Choice as Choice
    from reports.explore._state import Explorer as Explorer
    from reports.explore._widget import explore as explore

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={"_server": ["serve"], "_state": ["Choice", "Explorer"], "_widget": ["explore"]},
)
