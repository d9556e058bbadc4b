"""Strategies for repeated play: automata, and the doctrines that the literature names."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from games.strategies._automata import Automaton as Automaton
    from games.strategies._automata import Machine as Machine
    from games.strategies._doctrines import always as always
    from games.strategies._doctrines import coin_toss as coin_toss
    from games.strategies._doctrines import generous_tit_for_tat as generous_tit_for_tat
    from games.strategies._doctrines import grim as grim
    from games.strategies._doctrines import limited_punishment as limited_punishment
    from games.strategies._doctrines import memory_one as memory_one
    from games.strategies._doctrines import on_signals as on_signals
    from games.strategies._doctrines import penal_code as penal_code
    from games.strategies._doctrines import stick_and_carrot as stick_and_carrot
    from games.strategies._doctrines import tit_for_tat as tit_for_tat
    from games.strategies._doctrines import win_stay_lose_shift as win_stay_lose_shift

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "_automata": ["Automaton", "Machine"],
        "_doctrines": [
            "always",
            "coin_toss",
            "generous_tit_for_tat",
            "grim",
            "limited_punishment",
            "memory_one",
            "on_signals",
            "penal_code",
            "stick_and_carrot",
            "tit_for_tat",
            "win_stay_lose_shift",
        ],
    },
)
