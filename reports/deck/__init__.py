"""A deck of slides for one lecture on a deal: each slide one figure or table, under a sentence that is computed.

A deck is a document with one section a slide: its title is the finding, its lead says how it was found.
"""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from reports.deck._deck import ENDINGS as ENDINGS
    from reports.deck._deck import Deck as Deck
    from reports.deck._deck import check_path as check_path
    from reports.deck._slides import build as build

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submod_attrs={"_deck": ["ENDINGS", "Deck", "check_path"], "_slides": ["build"]}
)
