"""Contests for a prize: Tullock's with any decisiveness, difference form, all-pay, Colonel Blotto, efforts of allies.

`games.contest` has the lottery contest in closed form, for whole arrays at once; here are its relatives, one at a time.
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from solvers.contests._all_pay import AllPay as AllPay
    from solvers.contests._all_pay import all_pay as all_pay
    from solvers.contests._blotto import Blotto as Blotto
    from solvers.contests._blotto import blotto as blotto
    from solvers.contests._blotto_value import BlottoValue as BlottoValue
    from solvers.contests._blotto_value import blotto_value as blotto_value
    from solvers.contests._difference import difference as difference
    from solvers.contests._groups import GroupContest as GroupContest
    from solvers.contests._groups import group_contest as group_contest
    from solvers.contests._mixed_ratio import MixedTullock as MixedTullock
    from solvers.contests._mixed_ratio import tullock_mixed as tullock_mixed
    from solvers.contests._outcomes import Contest as Contest
    from solvers.contests._outcomes import ContestOutcome as ContestOutcome
    from solvers.contests._ratio import tullock as tullock

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_all_pay": ["AllPay", "all_pay"],
        "_blotto": ["Blotto", "blotto"],
        "_blotto_value": ["BlottoValue", "blotto_value"],
        "_difference": ["difference"],
        "_groups": ["GroupContest", "group_contest"],
        "_mixed_ratio": ["MixedTullock", "tullock_mixed"],
        "_outcomes": ["Contest", "ContestOutcome"],
        "_ratio": ["tullock"],
    },
)
