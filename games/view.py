"""How a game looks: payoff tables for a notebook (`html`) and a terminal (`text`).

Best responses are underlined and carry the mark of their player, pure equilibria are outlined and starred, strictly
dominated actions are struck through. Nothing is told by colour alone, and the colours read on light and dark paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import islice
from math import floor, log10
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.types import Profile

if TYPE_CHECKING:
    from games.normal_form import NormalFormGame

__all__ = ["MARKS", "dominated_actions", "html", "text"]

MARKS = "●◆▲■▼◗✚✦"
"""The mark of each player in turn; from the ninth player on the marks repeat."""

_STAR = "★"
_ROUNDED = ", shown rounded (marks go by the full numbers)"
_LARGE = 400
_SHOWN = 24

# Mid-tones with a contrast of about 4.5 on white and on black, so that one set serves both themes.
_COLOURS = ("#1a73d0", "#b85a00", "#17853b", "#a24bcf", "#c8364f", "#0e8484", "#7d6f00", "#6b6fd6")

_STYLE = """<style>
.concert-game{color:inherit;font-family:inherit;line-height:1.35;overflow-x:auto;position:relative}
.concert-game .slices{display:flex;flex-wrap:wrap;gap:1em 1.5em;align-items:flex-start}
.concert-game table{border-collapse:collapse;margin:.4em 0;color:inherit;background:transparent;
font-variant-numeric:tabular-nums;break-inside:avoid}
.concert-game caption{caption-side:top;text-align:left;font-weight:600;padding:.2em 0;color:inherit}
.concert-game th,.concert-game td{border:1px solid rgba(128,128,128,.55);padding:.3em .45em;text-align:center;
background:transparent;color:inherit;white-space:nowrap}
.concert-game th{font-weight:600;white-space:normal;overflow-wrap:anywhere;min-width:3.5em;max-width:8.5em}
.concert-game th[scope=row]{text-align:left}
.concert-game th.who{font-weight:400;font-style:italic}
.concert-game td.equilibrium{outline:.18em solid currentColor;outline-offset:-.18em;font-weight:600}
.concert-game u{text-decoration:underline;text-decoration-thickness:.13em;text-underline-offset:.18em}
.concert-game s{text-decoration:line-through;text-decoration-thickness:.13em}
.concert-game .m{font-size:.9em;padding-left:.1em}
.concert-game .gap{padding:0 .15em}
.concert-game .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.concert-game .notes{font-size:.9em;margin:.4em 0;max-width:60em}
.concert-game .notes li{margin:.1em 0}
@media print{.concert-game{overflow:visible}.concert-game .m{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
</style>"""


def dominated_actions(game: NormalFormGame) -> tuple[dict[int, int], ...]:
    """For each player the actions that another single action strictly dominates, each with one that does so.

    Dominance by mixtures is not looked for here.

    >>> from games import catalog
    >>> dominated_actions(catalog.prisoners_dilemma())
    ({0: 1}, {0: 1})
    """
    out = []
    for i, k in enumerate(game.shape):
        own = np.moveaxis(game.payoffs[..., i], i, 0).reshape(k, -1)
        found: dict[int, int] = {}
        for a in range(k):
            better = np.flatnonzero((own > own[a]).all(axis=1))
            if better.size:
                found[a] = int(better[0])
        out.append(found)
    return tuple(out)


def html(game: NormalFormGame, max_cells: int = _LARGE) -> str:
    """The game as one self-contained piece of HTML, with a legend.

    Two players make a table, three players one such table for each action of the third, more players a list of profiles. A
    game with more than `max_cells` profiles shows a summary and its first profiles.
    """
    return _Html(game, max_cells).page()


def text(game: NormalFormGame, max_cells: int = _LARGE) -> str:
    """The game as plain text for a terminal, with the same marks; dominated actions stand between tildes.

    >>> from games import catalog
    >>> print(text(catalog.prisoners_dilemma()))
    Prisoner's dilemma
    Player 1 \\ Player 2 | ~Cooperate~ | Defect
    --------------------+-------------+---------
    ~Cooperate~         | 3, 3        | 0, 5◆
    Defect              | 5●, 0       | 1●, 1◆ ★
    ● ◆: best response of Player 1, Player 2. ★: pure equilibrium. ~action~: strictly dominated by a single action.
    """
    return _Text(game, max_cells).page()


class _View:
    """What both views share: marks, numbers, and which profiles stand where."""

    def __init__(self, game: NormalFormGame, max_cells: int) -> None:
        self.game = game
        self.cells = int(np.prod(game.shape))
        self.large = self.cells > max_cells
        self.best = game.best_response_mask
        self.pure: npt.NDArray[np.bool_] = np.asarray(self.best.all(axis=-1))
        self.dominated = dominated_actions(game)
        self.marks = [MARKS[i % len(MARKS)] for i in range(game.n_players)]
        self.rounded = False
        largest = np.abs(game.payoffs.reshape(-1, game.n_players)).max(axis=0)
        # Four digits of the player's largest payoff, and as many decimals for all its others, so that columns compare.
        self.decimals = [max(0, 3 - floor(log10(x))) if 1e-3 < x < 1e6 else None for x in largest]

    def number(self, profile: Profile, i: int) -> str:
        """The number whole if it is short, a short fraction as such, others rounded to the decimals of their player.

        A large game never builds its exact payoffs for this.
        """
        value = float(self.game.payoffs[(*profile, i)])
        short = f"{value:.4g}" if abs(value) < 1e4 else f"{value:.6g}"
        if float(short) == value:
            return short
        if self.game.rational and not self.large:
            exact = self.game.exact[(*profile, i)]
            if exact.denominator <= 999:
                return str(exact)
        self.rounded = True
        decimals = self.decimals[i]
        fixed = "" if decimals is None else f"{value:.{decimals}f}"
        return fixed if fixed and float(fixed) else short

    def counted(self) -> str:
        count = int(self.pure.sum())
        return f"{count} pure equilibrium" if count == 1 else f"{count} pure equilibria"

    def summary(self) -> str:
        size = " x ".join(map(str, self.game.shape))
        shown = min(_SHOWN, self.cells)
        return (
            f"{size} actions make {self.cells:,} profiles, too many for a table: {self.counted()}; "
            f"the first {shown} profiles are shown, and at most {_SHOWN} equilibria."
        )

    def first_profiles(self) -> list[Profile]:
        return list(islice(np.ndindex(self.game.shape), _SHOWN if self.large else None))

    def equilibria(self) -> list[Profile]:
        flat = np.flatnonzero(self.pure)[:_SHOWN]
        return [tuple(int(a) for a in np.unravel_index(x, self.game.shape)) for x in flat]


class _Html(_View):
    def page(self) -> str:
        game = self.game
        title = escape(game.title or "Game")
        if self.large:
            body = (
                f"<p class='notes'><strong>{title}.</strong> {escape(self.summary())}</p>"
                + (self.long_table(self.equilibria(), "Pure equilibria") if self.pure.any() else "")
                + self.long_table(self.first_profiles(), f"The first {min(_SHOWN, self.cells)} profiles")
            )
        elif game.n_players == 2:
            body = self.matrix((), game.title)
        elif game.n_players == 3:
            slices = "".join(
                self.matrix((c,), f"{game.players[2]}: {label}", struck=c in self.dominated[2])
                for c, label in enumerate(game.actions[2])
            )
            heading = f"<p class='notes'><strong>{title}</strong></p>" if game.title else ""
            body = f"{heading}<div class='slices'>{slices}</div>"
        else:
            body = self.long_table(self.first_profiles(), game.title or "All profiles")
        # What scrolls sideways can be reached by keys, and says what it is.
        about = f"tabindex='0' role='group' aria-label='{escape(game.title or 'Game', quote=True)}'"
        return f"<div class='concert-game' {about}>{_STYLE}{body}{self.legend()}</div>"

    def mark(self, i: int) -> str:
        colour = _COLOURS[i % len(_COLOURS)]
        return f"<span class='m' style='color:{colour}' aria-hidden='true'>{self.marks[i]}</span>"

    def label(self, i: int, a: int) -> str:
        plain = escape(self.game.actions[i][a])
        if a not in self.dominated[i]:
            return plain
        by = escape(self.game.actions[i][self.dominated[i][a]], quote=True)
        return f"<s title='strictly dominated by {by}'>{plain}</s><span class='unseen'> (dominated)</span>"

    def payoff(self, profile: Profile, i: int) -> str:
        shown = self.number(profile, i).replace("-", "−")
        if not self.best[(*profile, i)]:
            return shown
        return f"<u>{shown}</u>{self.mark(i)}<span class='unseen'> (best)</span>"

    def cell(self, profile: Profile) -> str:
        both = "<span class='gap'>,</span>".join(self.payoff(profile, i) for i in range(self.game.n_players))
        if self.pure[profile]:
            star = f" <span aria-hidden='true'>{_STAR}</span><span class='unseen'> (equilibrium)</span>"
            return f"<td class='equilibrium'>{both}{star}</td>"
        return f"<td>{both}</td>"

    def matrix(self, rest: Profile, caption: str, struck: bool = False) -> str:
        game = self.game
        rows, columns = game.shape[:2]
        heads = "".join(f"<th scope='col'>{self.label(1, b)}</th>" for b in range(columns))
        lines = []
        for a in range(rows):
            cells = "".join(self.cell((a, b, *rest)) for b in range(columns))
            lines.append(f"<tr><th scope='row'>{self.label(0, a)}</th>{cells}</tr>")
        name = escape(caption or f"{game.players[0]} against {game.players[1]}")
        if struck:
            name = f"<s>{name}</s><span class='unseen'> (dominated)</span>"
        if rest:
            name = f"{self.mark(2)} {name}"
        corner = f"<th class='who' scope='col'>{self.mark(0)} {escape(game.players[0])}</th>"
        across = f"<th class='who' scope='colgroup' colspan='{columns}'>{self.mark(1)} {escape(game.players[1])}</th>"
        return (
            f"<table><caption>{name}</caption><thead><tr>{corner}{across}</tr>"
            f"<tr><td></td>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
        )

    def long_table(self, profiles: Sequence[Profile], caption: str) -> str:
        game = self.game
        who = "".join(f"<th scope='col'>{self.mark(i)} {escape(p)}</th>" for i, p in enumerate(game.players))
        pays = "".join(f"<th scope='col'>payoff of {escape(p)}</th>" for p in game.players)
        lines = []
        for profile in profiles:
            actions = "".join(f"<td>{self.label(i, a)}</td>" for i, a in enumerate(profile))
            equilibrium = bool(self.pure[profile])
            kind = " class='equilibrium'" if equilibrium else ""
            payoffs = "".join(f"<td{kind}>{self.payoff(profile, i)}</td>" for i in range(game.n_players))
            star = f"{_STAR}<span class='unseen'> equilibrium</span>" if equilibrium else ""
            lines.append(f"<tr>{actions}{payoffs}<td>{star}</td></tr>")
        return (
            f"<table><caption>{escape(caption)}</caption><thead><tr>{who}{pays}<th scope='col'>equilibrium</th></tr></thead>"
            f"<tbody>{''.join(lines)}</tbody></table>"
        )

    def legend(self) -> str:
        game = self.game
        order = ", ".join(f"{escape(p)} {self.mark(i)}" for i, p in enumerate(game.players))
        dominated = [
            f"{escape(game.players[i])}: {escape(game.actions[i][a])} (by {escape(game.actions[i][b])})"
            for i, found in enumerate(self.dominated)
            for a, b in found.items()
        ]
        shown = "; ".join(dominated[:8]) + (f"; and {len(dominated) - 8} more" if len(dominated) > 8 else "")
        return (
            "<ul class='notes'>"
            f"<li>Payoffs stand in the order {order}{_ROUNDED if self.rounded else ''}.</li>"
            "<li>A payoff is <u>underlined</u> and carries its player's mark where the player has no better answer to "
            "what the others do there: a best response.</li>"
            f"<li>{_STAR} and a thick outline: all players best respond at once, a pure equilibrium. {self.counted()}"
            f"{'' if self.pure.any() else '; there are mixed equilibria only'}.</li>"
            "<li><s>Struck through</s>: strictly dominated by another single action"
            f"{': ' + shown if dominated else '; there is none here'}.</li></ul>"
        )


class _Text(_View):
    def page(self) -> str:
        game = self.game
        parts = [game.title] if game.title else []
        if self.large:
            parts.append(self.summary())
            if self.pure.any():
                parts.append("Pure equilibria:\n" + self.long_table(self.equilibria()))
            parts.append("First profiles:\n" + self.long_table(self.first_profiles()))
        elif game.n_players == 2:
            parts.append(self.matrix(()))
        elif game.n_players == 3:
            parts.extend(
                f"{game.players[2]}: {self.label(2, c)}\n{self.matrix((c,))}" for c in range(game.shape[2])
            )
        else:
            parts.append(self.long_table(self.first_profiles()))
        marks = " ".join(self.marks)
        parts.append(
            f"{marks}: best response of {', '.join(game.players)}. {_STAR}: pure equilibrium. "
            f"~action~: strictly dominated by a single action.{' Payoffs' + _ROUNDED[1:] + '.' if self.rounded else ''}"
        )
        return "\n".join(parts)

    def label(self, i: int, a: int) -> str:
        return f"~{self.game.actions[i][a]}~" if a in self.dominated[i] else self.game.actions[i][a]

    def cell(self, profile: Profile) -> str:
        payoffs = ", ".join(
            self.number(profile, i) + (self.marks[i] if self.best[(*profile, i)] else "")
            for i in range(self.game.n_players)
        )
        return f"{payoffs} {_STAR}" if self.pure[profile] else payoffs

    def matrix(self, rest: Profile) -> str:
        rows, columns = self.game.shape[:2]
        head = [
            f"{self.game.players[0]} \\ {self.game.players[1]}",
            *(self.label(1, b) for b in range(columns)),
        ]
        body = [[self.label(0, a), *(self.cell((a, b, *rest)) for b in range(columns))] for a in range(rows)]
        return _aligned([head, *body])

    def long_table(self, profiles: Sequence[Profile]) -> str:
        head = [*self.game.players, "payoffs"]
        body = [[*(self.label(i, a) for i, a in enumerate(p)), self.cell(p)] for p in profiles]
        return _aligned([head, *body])


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[c]) for row in rows) for c in range(len(rows[0]))]
    lines = [" | ".join(cell.ljust(w) for cell, w in zip(row, widths)).rstrip() for row in rows]
    return "\n".join([lines[0], "-+-".join("-" * w for w in widths), *lines[1:]])
