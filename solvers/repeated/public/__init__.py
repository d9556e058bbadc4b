"""Public signals instead of sight: what can be sustained when everybody sees the same noisy sign of what was played."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.repeated.public._green_porter import GreenPorter as GreenPorter
    from solvers.repeated.public._green_porter import green_porter as green_porter
    from solvers.repeated.public._payoff_set import PublicPayoffSet as PublicPayoffSet
    from solvers.repeated.public._payoff_set import public_payoff_set as public_payoff_set
    from solvers.repeated.public._scores import LimitSet as LimitSet
    from solvers.repeated.public._scores import limit_set as limit_set
    from solvers.repeated.public._scores import scores as scores
    from solvers.repeated.public._symmetric import SymmetricSet as SymmetricSet
    from solvers.repeated.public._symmetric import strongly_symmetric as strongly_symmetric
    from solvers.repeated.public._triggers import ForumValue as ForumValue
    from solvers.repeated.public._triggers import Triggers as Triggers
    from solvers.repeated.public._triggers import forum_value as forum_value
    from solvers.repeated.public._triggers import triggers as triggers

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_green_porter": ["GreenPorter", "green_porter"],
        "_payoff_set": ["PublicPayoffSet", "public_payoff_set"],
        "_scores": ["LimitSet", "limit_set", "scores"],
        "_symmetric": ["SymmetricSet", "strongly_symmetric"],
        "_triggers": ["ForumValue", "Triggers", "forum_value", "triggers"],
    },
)
