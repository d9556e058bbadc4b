"""The price of doubt: a deal among powers whose costs, patience or intentions the others do not know."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.doubt._from_model import Kind as Kind
    from solvers.doubt._from_model import from_model as from_model
    from solvers.doubt._trial import KindRow as KindRow
    from solvers.doubt._trial import PowerType as PowerType
    from solvers.doubt._trial import Trial as Trial
    from solvers.doubt._trial import trial as trial

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_from_model": ["Kind", "from_model"],
        "_trial": ["KindRow", "PowerType", "Trial", "trial"],
    },
)
