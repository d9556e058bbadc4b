"""Figures: panels of a document as SVG that stands on its own, as matplotlib figures, and as PNG."""

from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from reports.figures.composition import compose as compose
    from reports.figures.render import draw as draw
    from reports.figures.render import render as render
    from reports.figures.render import swatch as swatch

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={"composition": ["compose"], "render": ["draw", "render", "swatch"]},
)
