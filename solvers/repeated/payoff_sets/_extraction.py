"""Strategies out of a payoff set: an automaton that attains a payoff, and the harshest punishment of each player.

Every vertex of a self-generating polytope is a lottery over generated payoffs `(1 - d) g(a) + d w`: play a now, with the
continuation payoff w, which is again a lottery over vertices. The states of the automaton are these pairs (a, w). A player who
alone deviates from a is sent to the vertex that is worst for it; joint deviations are ignored, since no one can bring one about
alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import checked, instance, numbers
from games.errors import ProfileError
from games.normal_form import FloatArray
from games.strategies._automata import Automaton
from games.types import IndexArray
from games.words import possessive, sentence, the
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.result import Result
from solvers.repeated.payoff_sets._operator import generate
from solvers.repeated.payoff_sets._payoff_set import PayoffSet
from solvers.repeated.payoff_sets.polytope import Polytope

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PenalCode", "penal_code", "strategy"]

_SMALL = 1e-13
_LISTED = 4


@dataclass(frozen=True, eq=False, repr=False)
class PenalCode(Result):
    """The worst equilibrium of the inner polytope for each player (Abreu 1988: an optimal penal code).

    Attributes
    ----------
    found : PayoffSet
    paths : for each player the automaton that punishes it
    payoffs : array (N, N); row i holds what each player gets while player i is punished
    """

    found: PayoffSet
    paths: tuple[Automaton, ...]
    payoffs: FloatArray

    def in_words(self, player: str | int) -> str:
        """The punishment of one player: what is played, for how long, and what follows if it resists."""
        game = self.found.play.stage
        i = game.player_index(player)
        name, path = game.players[i], self.paths[i]
        now, periods = path.start, list[str]()
        for _ in range(_LISTED):
            periods.append(self._played(path, now))
            now = now @ path.path_matrix
        settled = np.linalg.matrix_power(path.path_matrix, 4096)
        now = now @ settled
        later = self._played(path, now)
        while len(periods) > 1 and periods[-1] == periods[-2] == later:
            periods.pop()
        listing = "; ".join(f"period {k + 1}: {text}" for k, text in enumerate(periods))
        end = " forever" if periods[-1] == later else f"; and in the long run: {later}"
        return (
            f"{sentence(possessive(name))[:-1]} punishment is worth {self.payoffs[i, i]:.6g} to it (its minmax is "
            f"{self.found.minmax[i]:.6g}). {sentence(listing + end)} If {the(name)} resists, the punishment starts again; any "
            "other player who deviates from it is punished in turn."
        )

    def _played(self, path: Automaton, now: FloatArray) -> str:
        """The profiles of a period with their probabilities, those below one per cent left out."""
        game = self.found.play.stage
        chance: dict[str, float] = {}
        for s in np.flatnonzero(now > 0.0):
            label = f"({', '.join(game.labels(tuple(int(a) for a in path.outputs[s])))})"
            chance[label] = chance.get(label, 0.0) + float(now[s])
        likely = sorted((kv for kv in chance.items() if kv[1] >= 0.01), key=lambda kv: -kv[1])
        if likely[0][1] > 0.99:
            return likely[0][0]
        return " or ".join(f"{label} with probability {p:.2g}" for label, p in likely)

    def summary(self) -> str:
        game = self.found.play.stage
        worth = ", ".join(f"{the(p)} {self.payoffs[i, i]:.6g}" for i, p in enumerate(game.players))
        return f"The harshest punishments known to be equilibria are worth the following to the player punished: {worth}."

    def to_frame(self) -> pd.DataFrame:
        """One row for each punished player: what each player gets meanwhile."""
        import pandas as pd

        players = list(self.found.play.stage.players)
        return pd.DataFrame(self.payoffs, index=pd.Index(players, name="punished"), columns=players)


@checked
@keeps_time("the strategy", "ask for a payoff near a vertex of the inner set")
def strategy(found: PayoffSet, payoff: npt.ArrayLike, *, time_limit: float | None = None) -> Automaton:
    """An automaton with public lotteries that is an equilibrium and attains the payoff.

    Parameters
    ----------
    found : PayoffSet
    payoff : array (N,), a point of `found.inner`
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    ProfileError
        If the payoff is not in the inner polytope, or there is none.

    Examples
    --------
    >>> from games import NormalFormGame, RepeatedGame
    >>> from solvers.repeated import check
    >>> from solvers.repeated.payoff_sets._payoff_set import payoff_set
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
    >>> play = RepeatedGame(pd, 0.6)
    >>> automaton = strategy(payoff_set(play), [2.5, 2.5])
    >>> verdict = check(play, automaton)
    >>> verdict.is_equilibrium, verdict.payoffs
    (True, array([2.5, 2.5]))
    """
    instance(found, PayoffSet, "found")
    game, stage = found.play.stage, found.stage
    target = numbers(payoff, "a payoff", ProfileError)
    if target.shape != (game.n_players,) or not np.isfinite(target).all():
        raise ProfileError(f"a payoff is one number for each of {', '.join(game.players)}; got {payoff!r}")
    inside = (target - stage.shift) / stage.scale
    if found.core.dimension < 0 or found.core.excess(inside[None, :])[0] > 1e-9:
        raise ProfileError(
            f"{target.tolist()} is not in the inner polytope of equilibrium payoffs; "
            "ask found.inner.contains(payoff), or give one of found.inner.vertices"
        )
    return _Builder(found).automaton(found.core.weights(inside))


@checked
@keeps_time("the penal code", "use penance_code")
def penal_code(found: PayoffSet, *, time_limit: float | None = None) -> PenalCode:
    """The worst equilibrium in the inner polytope for each player, as automata.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    Raises
    ------
    ProfileError
        If there is no inner polytope.
    """
    if instance(found, PayoffSet, "found").core.dimension < 0:
        raise ProfileError(
            "the payoff set has no inner polytope: no equilibrium payoff is known, so no punishment is either"
        )
    builder = _Builder(found)
    starts = [np.eye(len(found.core.vertices))[v] for v in builder.worst]
    return PenalCode(
        found,
        tuple(builder.automaton(w) for w in starts),
        np.array([found.inner.vertices[v] for v in builder.worst]),
    )


class _Builder:
    """Turns lotteries over vertices into automata; what each vertex stands for is computed once, when needed."""

    def __init__(self, found: PayoffSet) -> None:
        self.game, self.stage, self.core = found.play.stage, found.stage, found.core
        self.generated = generate(self.stage, self.core, self.core.lowest)
        # Prefer, among generated payoffs that coincide, the ones that stay where they are.
        self.image, self.corner = self._corners()
        self.worst = [int(self.core.vertices[:, i].argmin()) for i in range(self.game.n_players)]
        self.of_vertex: dict[int, FloatArray] = {}

    def _corners(self) -> tuple[Polytope, IndexArray]:
        """The hull of what is generated, and for each of its vertices a row of `generated` that it stands for."""
        image = Polytope.hull(self.generated.payoffs)
        stays = np.abs(self.generated.payoffs - self.generated.continuations).max(axis=1)
        corner = np.empty(len(image.vertices), dtype=np.intp)
        for v, vertex in enumerate(image.vertices):
            away = np.abs(self.generated.payoffs - vertex).max(axis=1)
            # Ties within rounding go to the pair whose promise is nearest to its own payoff.
            close = away <= away.min() + 1e-14
            corner[v] = np.where(close, stays, np.inf).argmin()
        return image, corner

    def lottery(self, vertex: int) -> FloatArray:
        """A vertex of the polytope as a lottery over the corners of what is generated."""
        if vertex not in self.of_vertex:
            self.of_vertex[vertex] = self.image.weights(self.core.vertices[vertex])
        return self.of_vertex[vertex]

    def mixed(self, weights: FloatArray) -> FloatArray:
        """A lottery over vertices as one over corners."""
        out = np.zeros(len(self.corner))
        for v in np.flatnonzero(weights > _SMALL):
            out += weights[v] * self.lottery(int(v))
        return np.asarray(out / out.sum())

    def automaton(self, start: FloatArray) -> Automaton:
        game = self.game
        first = self.mixed(start)
        punish = [self.lottery(v) for v in self.worst]
        onwards: dict[int, FloatArray] = {}
        queue = [int(c) for row in (first, *punish) for c in np.flatnonzero(row)]
        while queue:
            corner = queue.pop()
            checkpoint()
            if corner in onwards:
                continue
            promise = self.generated.continuations[self.corner[corner]]
            onwards[corner] = self.mixed(self.core.weights(promise))
            queue += [int(c) for c in np.flatnonzero(onwards[corner])]
        corners = sorted(onwards)
        rows = np.array(corners)
        outputs = np.array(np.unravel_index(self.generated.profiles[self.corner[rows]], game.shape)).T
        states = len(corners)
        table = np.empty((states, *game.shape, states))
        for s, corner in enumerate(corners):
            checkpoint()
            table[s] = onwards[corner][rows]
            own = tuple(int(a) for a in outputs[s])
            for i, k in enumerate(game.shape):
                for b in range(k):
                    if b != own[i]:
                        table[(s, *own[:i], b, *own[i + 1 :])] = punish[i][rows]
        reached = _reached(first[rows], table)
        table = table[reached][..., reached]
        names = _names(game.labels, outputs[reached])
        return Automaton(game, outputs[reached], table, first[rows][reached], names)


def _reached(start: FloatArray, table: FloatArray) -> IndexArray:
    step = np.asarray((table > 0.0).reshape(len(start), -1, len(start)).any(axis=1))
    seen = np.asarray(start > 0.0)
    while True:
        more = seen | step[seen].any(axis=0)
        if (more == seen).all():
            return np.flatnonzero(seen)
        seen = more


def _names(labels, outputs: npt.NDArray[np.int64]) -> list[str]:  # type: ignore[no-untyped-def]
    """States named by what is played in them, numbered where several play the same."""
    labelled = [", ".join(labels(tuple(int(a) for a in row))) for row in outputs]
    count: dict[str, int] = {}
    names = []
    for text in labelled:
        count[text] = count.get(text, 0) + 1
        names.append(text if labelled.count(text) == 1 else f"{text} [{count[text]}]")
    return names
