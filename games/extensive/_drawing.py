"""A tree as an SVG element: built from strings alone, readable on light and dark paper and without colours.

The tree grows to the right. Decisions are circles, chance is a square, ends are short bars with their payoffs. Nodes of one
information set are joined by a dashed line. What a strategy plays is drawn thick and carries an arrowhead, so that no mark
depends on colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any

from games.errors import ProfileError, SizeError

if TYPE_CHECKING:
    from games.extensive._game import Behaviour, ExtensiveGame

__all__ = ["draw"]

_MAX_NODES = 3_000
_ROW, _MARGIN, _RADIUS, _LETTER, _SLANT = 30.0, 14.0, 5.0, 6.3, 30.0
# Mid-tones with a contrast of about 4.5 on white and on black.
_COLOURS = ("#1a73d0", "#b85a00", "#17853b", "#a24bcf", "#c8364f", "#0e8484", "#7d6f00", "#6b6fd6")


def draw(
    tree: ExtensiveGame,
    behaviour: Behaviour | None = None,
    beliefs: Mapping[Any, Sequence[Any]] | None = None,
) -> str:
    """The tree as one SVG element.

    Parameters
    ----------
    tree : ExtensiveGame
    behaviour : one probability vector for each information set, optional; branches played with positive probability are marked
    beliefs : information sets to probabilities of their nodes, optional, written beside the nodes

    Raises
    ------
    SizeError
        If the tree has more than 3,000 nodes.
    """
    if tree.n_nodes > _MAX_NODES:
        raise SizeError(f"the tree has {tree.n_nodes:,} nodes; at most {_MAX_NODES:,} can be drawn")
    depth = [0] * tree.n_nodes
    for v, parent in enumerate(tree.parent.tolist()):
        depth[v] = depth[parent] + 1 if parent >= 0 else 0
    labels = _node_labels(tree, _beliefs(tree, beliefs))
    x = _columns(tree, depth, labels)
    y = _rows(tree)
    ends = [_payoffs(tree, z) for z in range(len(tree.terminals))]
    names = [tree.node_name(int(v)) for v in tree.terminals]
    texts = [f"{e}  {n}".rstrip() for e, n in zip(ends, names)]
    legend = _legend(tree, behaviour is not None)
    width = max(
        max(x[int(v)] + 12 + _LETTER * len(t) for v, t in zip(tree.terminals, texts)),
        60 + _LETTER * len(legend),
    )
    height = max(y) + _ROW + 24
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + _MARGIN:.0f} {height:.0f}" '
        f'width="{width + _MARGIN:.0f}" style="max-width:100%;height:auto" role="img" '
        'font-family="system-ui, sans-serif" font-size="11" fill="currentColor">',
        f"<title>{escape(tree.title or 'Game tree')}</title>",
        f"<desc>{escape(_words(tree, behaviour))}</desc>",
    ]
    parts += _information_sets(tree, x, y)
    parts += _branches(tree, behaviour, x, y)
    parts += _nodes(tree, x, y, labels)
    for z, v in enumerate(tree.terminals.tolist()):
        parts.append(
            f'<line x1="{x[v]:.1f}" y1="{y[v] - 5:.1f}" x2="{x[v]:.1f}" y2="{y[v] + 5:.1f}" stroke="currentColor" '
            'stroke-width="1.5"/>'
        )
        label = escape(ends[z]) + (
            f' <tspan font-style="italic">{escape(names[z])}</tspan>' if names[z] else ""
        )
        parts.append(f'<text x="{x[v] + 8:.1f}" y="{y[v] + 4:.1f}">{label}</text>')
    parts.append(f'<text x="{_MARGIN}" y="{height - 8:.1f}" font-size="10">{escape(legend)}</text></svg>')
    return "\n".join(parts)


def _rows(tree: ExtensiveGame) -> list[float]:
    """Heights: ends one below the other, every other node in the middle of what follows it."""
    y = [0.0] * tree.n_nodes
    for z, v in enumerate(tree.terminals.tolist()):
        y[v] = _MARGIN + 12 + _ROW * z
    for v in reversed(range(tree.n_nodes)):
        below = tree.children[v]
        if below:
            y[v] = (y[below[0]] + y[below[-1]]) / 2
    return y


def _columns(tree: ExtensiveGame, depth: Sequence[int], labels: Sequence[str]) -> list[float]:
    """Widths: every column as wide as its longest label needs, that of a branch or of the node at its end."""
    longest = [0] * (max(depth) + 1)
    for v in range(tree.n_nodes):
        branch = tree.actions(int(tree.parent[v]))[int(tree.branch[v])] if v else ""
        longest[depth[v]] = max(longest[depth[v]], len(branch) + 7 if v else 0, len(labels[v]))
    left = [_MARGIN + (_LETTER * longest[0] if longest[0] else 0.0)]
    for k in longest[1:]:
        left.append(left[-1] + _SLANT + 18 + max(40.0, _LETTER * k))
    return [left[d] for d in depth]


def _branches(
    tree: ExtensiveGame, behaviour: Behaviour | None, x: Sequence[float], y: Sequence[float]
) -> list[str]:
    out = []
    for v in range(1, tree.n_nodes):
        u, k = int(tree.parent[v]), int(tree.branch[v])
        label = tree.actions(u)[k]
        played = False
        if tree.mover[u] == -1:
            label += f" ({_number(tree.chance[u].probabilities[k])})"
        elif behaviour is not None:
            p = behaviour[int(tree.information[u])][k]
            played = p > 0
            if 0 < p < 1:
                label += f" ({_number(p)})"
        # A slant, then a level stretch that carries the label above it.
        bend = x[u] + _SLANT
        out.append(
            f'<polyline points="{x[u]:.1f},{y[u]:.1f} {bend:.1f},{y[v]:.1f} {x[v]:.1f},{y[v]:.1f}" fill="none" '
            f'stroke="currentColor" stroke-width="{3 if played else 1}" stroke-opacity="{1 if played else 0.6}"/>'
        )
        if played:
            tip = x[v] - 6
            points = f"{tip:.1f},{y[v]:.1f} {tip - 9:.1f},{y[v] - 5:.1f} {tip - 9:.1f},{y[v] + 5:.1f}"
            out.append(f'<polygon points="{points}" fill="currentColor"/>')
        weight = ' font-weight="600"' if played else ""
        out.append(f'<text x="{bend + 3:.1f}" y="{y[v] - 4:.1f}"{weight}>{escape(label)}</text>')
    return out


def _information_sets(tree: ExtensiveGame, x: Sequence[float], y: Sequence[float]) -> list[str]:
    out = []
    for s in tree.information_sets:
        for u, v in zip(s.nodes, s.nodes[1:]):
            # A bow to the left, so that the line does not hide in the branches between two nodes of one column.
            bend = min(x[u], x[v]) - 22
            out.append(
                f'<path d="M {x[u]:.1f} {y[u]:.1f} Q {bend:.1f} {(y[u] + y[v]) / 2:.1f} {x[v]:.1f} {y[v]:.1f}" fill="none" '
                f'stroke="{_COLOURS[s.player % len(_COLOURS)]}" stroke-width="1.4" stroke-dasharray="4 3"/>'
            )
    return out


def _node_labels(tree: ExtensiveGame, beliefs: Mapping[int, str]) -> list[str]:
    """Player and information set at each decision, with the belief where there is one; nothing elsewhere."""
    out = []
    for v in range(tree.n_nodes):
        number = int(tree.information[v])
        if number < 0:
            out.append("")
            continue
        s = tree.information_sets[number]
        player = tree.players[s.player]
        label = s.label if player in s.label else f"{player}: {s.label}"
        out.append(label + (f" [{beliefs[v]}]" if v in beliefs else ""))
    return out


def _nodes(tree: ExtensiveGame, x: Sequence[float], y: Sequence[float], labels: Sequence[str]) -> list[str]:
    out = []
    for v in range(tree.n_nodes):
        mover = int(tree.mover[v])
        if mover == -1:
            out.append(
                f'<rect x="{x[v] - 5:.1f}" y="{y[v] - 5:.1f}" width="10" height="10" fill="none" stroke="currentColor" '
                'stroke-width="1.5"/>'
            )
        elif mover >= 0:
            colour = _COLOURS[mover % len(_COLOURS)]
            out.append(f'<circle cx="{x[v]:.1f}" cy="{y[v]:.1f}" r="{_RADIUS}" fill="{colour}"/>')
            out.append(
                f'<text x="{x[v] - 8:.1f}" y="{y[v] + 13:.1f}" text-anchor="end" font-size="10" fill="{colour}">'
                f"{escape(labels[v])}</text>"
            )
    return out


def _beliefs(tree: ExtensiveGame, beliefs: Mapping[Any, Sequence[Any]] | None) -> dict[int, str]:
    out: dict[int, str] = {}
    for label, vector in (beliefs or {}).items():
        s = tree.information_sets[tree.information_set(label)]
        if len(vector) != len(s.nodes):
            raise ProfileError(
                f"the belief at {s.label!r} needs {len(s.nodes)} probabilities; got {vector!r}"
            )
        if len(s.nodes) > 1:
            out |= {v: _number(p) for v, p in zip(s.nodes, vector)}
    return out


def _payoffs(tree: ExtensiveGame, z: int) -> str:
    return ", ".join(_number(u) for u in tree.exact[z])


def _legend(tree: ExtensiveGame, marked: bool) -> str:
    parts = [f"Payoffs: {', '.join(tree.players)}"]
    if marked:
        parts.append("thick with an arrowhead: played")
    if any(len(s.nodes) > 1 for s in tree.information_sets):
        parts.append("dashed: cannot be told apart")
    if tree.chance:
        parts.append("square: chance")
    return "; ".join(parts) + "."


def _words(tree: ExtensiveGame, behaviour: Behaviour | None) -> str:
    """What the picture shows, for those who do not see it."""
    first = repr(tree).strip("<>")
    if behaviour is None:
        return first + "."
    played = [
        f"{s.label}: {' or '.join(a for a, p in zip(s.actions, vector) if p > 0)}"
        for s, vector in zip(tree.information_sets, behaviour)
    ]
    return f"{first}. Played: {'; '.join(played)}."


def _number(x: Any) -> str:
    if isinstance(x, Fraction) and x.denominator < 1000:
        return str(x)
    return f"{float(x):.4g}"
