"""Figures as SVG: panels of a document drawn without a page around them."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from reports.figures.render import render as render
    from reports.figures.render import swatch as swatch

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "render": ["render", "swatch"],
    },
)
