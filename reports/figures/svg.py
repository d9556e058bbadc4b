"""A canvas as an SVG element that stands on its own: its colours, fonts, title and description are in it.

Nothing in it refers to the page around it, so that a picture copied out of a report displays anywhere. A page may still
override the colours, which are plain attributes (a style sheet wins over an attribute).
"""

from __future__ import annotations

from html import escape

from reports.figures.canvas import PALETTE, Canvas, Circle, Shape, Stroke, Words
from reports.printable import printable

__all__ = ["FONTS", "write"]

FONTS = "'Helvetica Neue', 'Liberation Sans', Arial, 'DejaVu Sans', sans-serif"
_ANCHORS = {"left": "", "center": ' text-anchor="middle"', "right": ' text-anchor="end"'}


def write(
    canvas: Canvas,
    prefix: str = "i",
    title: str = "",
    description: str = "",
    ground: bool = True,
    fonts: str = FONTS,
) -> str:
    """The picture as one `<svg>` element.

    `prefix` begins its identifiers, so that several pictures can stand in one page. With a title it is announced as an
    image by that name; without one it is decoration, hidden from screen readers. `ground` paints the panel's colour
    behind it, for readers that show pictures on black.
    """
    hatches: dict[tuple[str, bool], str] = {}
    body = [_shape(shape, hatches, prefix) for shape in canvas.shapes]
    width, height = _number(canvas.width), _number(canvas.height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" font-family="{fonts}" stroke-linejoin="round" '
    )
    if title:
        head += (
            f'role="img" aria-labelledby="{prefix}t {prefix}d"><title id="{prefix}t">{_text(title)}</title>'
            f'<desc id="{prefix}d">{_text(description)}</desc>'
        )
    else:
        head += 'aria-hidden="true" focusable="false">'
    if hatches:
        head += "<defs>" + "".join(_pattern(name, *key) for key, name in hatches.items()) + "</defs>"
    if ground:
        head += f'<rect width="{width}" height="{height}" fill="{PALETTE["panel"]}"/>'
    return head + "".join(body) + "</svg>"


def _shape(shape: Shape, hatches: dict[tuple[str, bool], str], prefix: str) -> str:
    if isinstance(shape, Words):
        weight = ' font-weight="700"' if shape.bold else ""
        return (
            f'<text x="{_number(shape.x)}" y="{_number(shape.y)}" font-size="{_number(shape.size)}"{weight}'
            f'{_ANCHORS[shape.align]} fill="{PALETTE[shape.colour]}">{_text(shape.text)}</text>'
        )
    if isinstance(shape, Circle):
        circle = f'<circle cx="{_number(shape.x)}" cy="{_number(shape.y)}" r="{_number(shape.radius)}"'
        pen = f' stroke="{PALETTE[shape.stroke]}" stroke-width="{_number(shape.width)}"'
        if shape.hatch is None:
            return f'{circle} fill="{PALETTE[shape.fill]}"{pen}/>'
        lines = _hatch(shape.hatch, shape.crossed, hatches, prefix)
        return f'{circle} fill="{PALETTE[shape.fill]}"/>{circle} fill="url(#{lines})"{pen}/>'
    return _stroke(shape, hatches, prefix)


def _stroke(shape: Stroke, hatches: dict[tuple[str, bool], str], prefix: str) -> str:
    end = "Z" if shape.closed else ""
    d = "".join("M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in part) + end for part in shape.parts)
    fill = PALETTE[shape.fill] if shape.fill else "none"
    look = f' fill="{fill}"'
    if shape.fill and shape.opacity != 1.0:
        look += f' fill-opacity="{shape.opacity:.3g}"'
    pen = ""
    if shape.stroke and shape.width:
        pen = f' stroke="{PALETTE[shape.stroke]}" stroke-width="{_number(shape.width)}"'
    if shape.dashes:
        pen += f' stroke-dasharray="{" ".join(_number(x) for x in shape.dashes)}"'
    if shape.hatch is None:
        return f'<path d="{d}"{look}{pen}/>'
    lines = _hatch(shape.hatch, shape.crossed, hatches, prefix)
    return f'<path d="{d}"{look}/><path d="{d}" fill="url(#{lines})"{pen}/>'


def _hatch(colour: str, crossed: bool, hatches: dict[tuple[str, bool], str], prefix: str) -> str:
    return hatches.setdefault((colour, crossed), f"{prefix}h{len(hatches)}")


def _pattern(name: str, colour: str, crossed: bool) -> str:
    lines = "M0 2.5H5M2.5 0V5" if crossed else "M0 2.5H5"
    return (
        f'<pattern id="{name}" width="5" height="5" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(-45)"><path d="{lines}" stroke="{PALETTE[colour]}" stroke-width="1.1" '
        'fill="none"/></pattern>'
    )


def _number(value: float) -> str:
    """Hundredths of a unit are enough for places."""
    rounded = round(value, 2)
    return str(int(rounded)) if rounded == int(rounded) else f"{rounded:g}"


def _text(words: str) -> str:
    return escape(printable(words), quote=False)
