"""The core of a game: without actions that no equilibrium plays, and with one of each set of identical actions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product

import numpy as np

from games.normal_form import NormalFormGame
from games.types import MixedProfile
from solvers.nash.many_players._supports import undominated_actions

__all__ = ["Reduction", "reduce"]

_COPIES = 64


@dataclass(frozen=True)
class Reduction:
    """A game and its core: `classes[i][a]` lists the actions of the game that action a of player i in the core stands for."""

    game: NormalFormGame
    core: NormalFormGame
    classes: tuple[tuple[tuple[int, ...], ...], ...]

    def expand(self, profile: MixedProfile) -> MixedProfile:
        """The equilibrium of the game that plays the first of each set of identical actions."""
        return self._place(profile, [[c[0] for c in classes] for classes in self.classes])

    def copies(self, profile: MixedProfile) -> tuple[MixedProfile, ...]:
        """The ways to play it with one action of each set of identical ones (at most 64); one way if there are none."""
        choices = [
            [c if p > 0 else c[:1] for c, p in zip(classes, vector)]
            for classes, vector in zip(self.classes, profile)
        ]
        ways = product(*(product(*choice) for choice in choices))
        return tuple(self._place(profile, [list(w) for w in way]) for way in islice(ways, _COPIES))

    def supports(self, supports: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
        """Supports in the core as actions of the game, the first of each set of identical ones."""
        return tuple(tuple(classes[a][0] for a in s) for classes, s in zip(self.classes, supports))

    def _place(self, profile: MixedProfile, where: list[list[int]]) -> MixedProfile:
        out = []
        for k, vector, places in zip(self.game.shape, profile, where):
            full = np.zeros(k)
            full[places] = vector
            out.append(full)
        return tuple(out)


def reduce(game: NormalFormGame) -> Reduction:
    """Remove iterated strict dominance by pure actions, then all but one of actions that are the same for every player.

    Identical actions stay where two players at most have a choice left: the solver for two lists them all.
    """
    # Of whole numbers too long for floats the differences would be lost.
    kept = undominated_actions(game.payoffs if game.floats_are_exact else game.normalised)
    if sum(len(actions) > 1 for actions in kept) <= 2:
        lists = [actions.tolist() for actions in kept]
        whole = all(len(own) == k for own, k in zip(lists, game.shape))
        alone = tuple(tuple((a,) for a in own) for own in lists)
        return Reduction(game, game if whole else game.restrict(lists), alone)
    payoffs = game.payoffs if game.floats_are_exact else game.exact
    block = payoffs[np.ix_(*kept, np.arange(game.n_players))]
    classes = []
    for i, actions in enumerate(kept):
        slices = block.swapaxes(0, i).reshape(len(actions), -1)
        groups: list[list[int]] = []
        firsts: list[int] = []
        for row, action in enumerate(actions.tolist()):
            for group, first in zip(groups, firsts):
                if bool((slices[row] == slices[first]).all()):
                    group.append(action)
                    break
            else:
                groups.append([action])
                firsts.append(row)
        classes.append(tuple(tuple(group) for group in groups))
    if all(len(c) == k for c, k in zip(classes, game.shape)):
        return Reduction(game, game, tuple(classes))
    return Reduction(game, game.restrict([[c[0] for c in own] for own in classes]), tuple(classes))
