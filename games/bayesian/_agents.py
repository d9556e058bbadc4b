"""A Bayesian game in other forms: agent normal form (and back), normal form, tree, and with more information."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from games.errors import GameError, SizeError
from games.extensive import Chance, Decision, ExtensiveGame, Node, Terminal
from games.normal_form import NormalFormGame

if TYPE_CHECKING:
    from games.bayesian._game import BayesianGame

__all__ = ["agent_form", "from_agent_form", "inform", "normal_form", "tree"]

_MAX_NUMBERS = 2_000_000


def _refuse(count: int, what: str) -> None:
    if count > _MAX_NUMBERS:
        raise SizeError(
            f"the {what} of this game holds {count:,} payoffs; at most {_MAX_NUMBERS:,} can be held"
        )


def agent_form(game: BayesianGame) -> NormalFormGame:
    """Every type a player, paid its interim payoff, exactly."""
    owners = [(i, t) for i, count in enumerate(game.n_types) for t in range(count)]
    shape = tuple(game.shape[i] for i, _ in owners)
    _refuse(prod(shape) * len(owners), "agent form")
    table = np.zeros((*shape, len(owners)), dtype=object)
    for agent, (i, t) in enumerate(owners):
        own = table[..., agent]
        for types, weight, stage in game.type_profiles():
            if types[i] != t:
                continue
            # The payoffs of a type profile depend on the actions of the agents in it, and on nobody else's.
            axes = [owners.index((j, types[j])) for j in range(game.n_players)]
            place = [game.shape[owners[m][0]] if m in axes else 1 for m in range(len(owners))]
            order = sorted(range(game.n_players), key=lambda j: axes[j])
            block = stage.exact[..., i].transpose(order).reshape(place)
            own = own + block * (weight / game.marginal(i)[t])
        table[..., agent] = own
    labels = [f"{game.players[i]}: {game.types[i][t]}" for i, t in owners]
    return NormalFormGame(table, labels, [game.actions[i] for i, _ in owners], game.title)


def from_agent_form(
    kind: type[BayesianGame],
    game: NormalFormGame,
    types: Sequence[Sequence[str]],
    prior: Any,
    players: Sequence[str] | None,
) -> BayesianGame:
    """A Bayesian game with this agent form; see `BayesianGame.from_agent_form`.

    An agent's payoff is divided into interactions with sets of other agents (inclusion and exclusion from the first action of
    each). Types of one player never meet, so an interaction between two of them must be zero. Every other one is paid at the type
    profiles that hold all its agents, in equal shares.
    """
    owners = [(i, t) for i, labels in enumerate(types) for t in range(len(labels))]
    if game.n_players != len(owners):
        raise GameError(f"the game has {game.n_players} players; {len(owners)} types were named")
    sizes = []
    for i in range(len(types)):
        own = {game.actions[m] for m, (j, _) in enumerate(owners) if j == i}
        if len(own) > 1:
            raise GameError(
                f"types of player {i + 1} have different actions: {sorted(own)}; all types need the same"
            )
        sizes.append(len(next(iter(own))))
    counts = tuple(map(len, types))
    template = kind(types, prior, np.zeros((*counts, *sizes, len(types)), dtype=int), players)
    out = np.zeros((*counts, *sizes, len(types)), dtype=object)
    for agent, (i, t) in enumerate(owners):
        others = [m for m in range(len(owners)) if m != agent]
        for size in range(len(others) + 1):
            for group in combinations(others, size):
                part = _interaction(game, agent, group)
                if not np.any(part != 0):
                    continue
                members = {owners[m] for m in group} | {(i, t)}
                met = [x for x, _, _ in template.type_profiles() if all(x[j] == s for j, s in members)]
                if not met or len({j for j, _ in members}) < len(members):
                    names = ", ".join(game.players[m] for m in group)
                    raise GameError(
                        f"no Bayesian game with these types and prior has this agent form: what {game.players[agent]} gets "
                        f"depends on {names} together, who never meet it at once"
                    )
                # `part` has its axes in the order of agents; give it one for each player.
                involved = sorted([agent, *group])
                shape = [1] * len(types)
                for m in involved:
                    shape[owners[m][0]] = game.shape[m]
                block = part.reshape(shape)
                for x in met:
                    share = template.marginal(i)[t] / (template.exact_prior[x] * len(met))
                    out[x][..., i] = out[x][..., i] + block * share
    return kind(types, template.exact_prior, out, players, _actions(game, owners), game.title)


def _actions(game: NormalFormGame, owners: Sequence[tuple[int, int]]) -> list[tuple[str, ...]]:
    return [game.actions[m] for m, (_, t) in enumerate(owners) if t == 0]


def _interaction(game: NormalFormGame, agent: int, group: tuple[int, ...]) -> Any:
    """The part of an agent's payoff that depends on all agents of a group at once, axes of the agent and the group only."""
    index: list[Any] = [0] * game.n_players
    for m in (agent, *group):
        index[m] = slice(None)
    part: Any = game.exact[(*index, agent)]
    kept = sorted((agent, *group))
    for m in group:
        axis = kept.index(m)
        part = part - np.take(part, [0], axis=axis)
    return part


def normal_form(game: BayesianGame) -> NormalFormGame:
    """Plans for all types against plans for all types, with ex ante payoffs."""
    plans = [list(product(range(k), repeat=count)) for k, count in zip(game.shape, game.n_types)]
    shape = tuple(map(len, plans))
    _refuse(prod(shape) * game.n_players, "normal form")
    table = np.zeros((*shape, game.n_players), dtype=object)
    for types, weight, stage in game.type_profiles():
        index = np.ix_(*([plan[t] for plan in own] for own, t in zip(plans, types)))
        table = table + stage.exact[index] * weight
    labels = [
        [
            ", ".join(game.actions[i][a] for a in plan) if len(plan) > 1 else game.actions[i][plan[0]]
            for plan in own
        ]
        for i, own in enumerate(plans)
    ]
    return NormalFormGame(table, game.players, labels, game.title)


def tree(game: BayesianGame) -> ExtensiveGame:
    """Chance draws the types; the players then move in order, knowing their own."""

    def after(types: tuple[int, ...], actions: tuple[int, ...], stage: NormalFormGame) -> Node:
        i = len(actions)
        if i == game.n_players:
            return Terminal((stage.exact if game.rational else stage.payoffs)[actions].tolist())
        return Decision(
            game.players[i],
            {label: after(types, (*actions, a), stage) for a, label in enumerate(game.actions[i])},
            information=f"{game.players[i]}: {game.types[i][types[i]]}",
        )

    branches = {
        " & ".join(labels[k] for labels, k in zip(game.types, t)): (p, after(t, (), stage))
        for t, p, stage in game.type_profiles()
    }
    return ExtensiveGame(Chance(branches), game.players, game.title)


def inform(game: BayesianGame, player: int, others: Sequence[int]) -> BayesianGame:
    """The player's types become pairs of its own and the others'; pairs that never occur are left out."""
    seen = sorted({(t[player], *(t[j] for j in others)) for t, _, _ in game.type_profiles()})
    labels = [
        " | ".join([game.types[player][own], *(game.types[j][s] for j, s in zip(others, rest))])
        for own, *rest in seen
    ]
    counts = [len(seen) if i == player else count for i, count in enumerate(game.n_types)]
    prior = np.full(counts, Fraction(0), dtype=object)
    source = game.exact if game.rational else game.payoffs
    payoffs = np.empty((*counts, *game.shape, game.n_players), dtype=source.dtype)
    for x in product(*map(range, counts)):
        own, *rest = seen[x[player]]
        before = tuple(own if i == player else k for i, k in enumerate(x))
        payoffs[x] = source[before]
        if all(x[j] == s for j, s in zip(others, rest)):
            prior[x] = game.exact_prior[before]
    types = [labels if i == player else own for i, own in enumerate(game.types)]
    return type(game)(types, prior, payoffs, game.players, game.actions, game.title)
