"""All Nash equilibria of games with three and more players, each proven, and a statement whether these are all.

A profile of supports (which actions each player mixes over) turns the equilibrium conditions into a system of multilinear
equations. The systems of all support profiles that conditional dominance leaves are solved. With two mixing players linear
algebra does it, with three subdivision (`_subdivision`), with more subdivision of products (`_product_subdivision`). What these
leave open goes to homotopy (`_homotopy`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from games.errors import SizeError
from games.normal_form import NormalFormGame
from solvers.base.deadline import Deadline
from solvers.equilibrium.results import Component, Equilibria, Equilibrium, Proof
from solvers.nash._pure import pure_as_given
from solvers.nash.many_players._degeneracy import clusters
from solvers.nash.many_players._reduction import Reduction, reduce
from solvers.nash.many_players._search import (
    Group,
    Search,
    exact_parts,
    seconds_for,
    solve_groups,
    support_groups,
)
from solvers.nash.many_players._split import Split, split
from solvers.nash.many_players._supports import root_count, undominated
from solvers.nash.many_players._tied import has_ties, solve_tied

__all__ = ["enumerate_polynomial"]

_METHOD = "support enumeration with subdivision and homotopy (all supports of all players)"
_MAX_SECONDS = 120.0
_MAX_MASKS = 2**20
# Seconds for proving what is at hand when the time is over.
_MOMENT = 0.3
_PERTURBATIONS = (1e-2, 1e-3)


def enumerate_polynomial(
    game: NormalFormGame,
    *,
    seed: int = 0,
    time_limit: float | None = None,
    max_paths: int | None = None,
    solve: Callable[..., Equilibria],
) -> Equilibria:
    """Find all equilibria of a game with three or more players; see `solvers.nash.find_all`.

    `solve` is its search, for the rest of a game of which players are split off.
    """
    begun = time.process_time()
    deadline = Deadline(time_limit)
    reduction = reduce(game)
    core = reduction.core

    def rest(smaller: NormalFormGame) -> Equilibria:
        many = {"seed": seed, "max_paths": max_paths} if smaller.n_players > 2 else {}
        return solve(smaller, time_limit=deadline.allowance, **many)

    divided = split(core, rest)
    if divided is not None:
        return _from_split(divided, reduction, time.process_time() - begun)
    masks = sum(core.shape)
    if masks > np.log2(_MAX_MASKS):
        if time_limit is not None:
            return _only_pure(core, reduction, time.process_time() - begun)
        raise SizeError(
            f"a game of size {_size(core)} (after removing dominated actions) has about 2^{masks} support profiles; "
            f"at most 2^{int(np.log2(_MAX_MASKS))} can be examined",
            "Pass time_limit for the pure ones and a note; nash.find_one finds one equilibrium",
        )
    search = Search(core, exact_parts(core), core.normalised)
    try:
        groups = support_groups(search.payoffs, undominated(search.payoffs))
        _refuse_if_too_long(core, groups, max_paths, time_limit)
        if has_ties(core):
            solve_tied(search, seed, deadline)
        else:
            for e in pure_as_given(core):
                search.add(e.profile, "exact", e.index)
            solve_groups(search, groups, seed, deadline)
            search.prove_candidates(deadline)
            if not search.regular:
                # Degenerate without a tie between two actions: a mixture may tie an action that it leaves unused.
                exactly = Search(core, search.parts, core.normalised)
                solve_tied(exactly, seed, deadline)
                search.interrupted = exactly.interrupted
                if exactly.decided:
                    search = exactly
        # Sets that are not isolated end at points without an index, or leave the sum of the indices short of +1.
        if not (search.regular or search.decided or search.interrupted):
            _represent(search, seed, deadline)
    except KeyboardInterrupt:
        search.interrupted = "The search was interrupted."
    # What was found before an interruption is proven all the same, if that takes a moment only.
    search.prove_candidates(Deadline(_MOMENT))
    return _result(search, reduction, time.process_time() - begun)


def _only_pure(core: NormalFormGame, reduction: Reduction, seconds: float) -> Equilibria:
    """What a search with a time limit hands over of a game with too many supports."""
    search = Search(core, (), core.normalised)
    for e in pure_as_given(core):
        search.add(e.profile, "exact", e.index)
    search.interrupted = (
        f"The game has more than {_MAX_MASKS:,} support profiles; only pure equilibria were looked for."
    )
    return _result(search, reduction, seconds)


def _refuse_if_too_long(
    core: NormalFormGame, groups: Sequence[Group], max_paths: int | None, time_limit: float | None
) -> None:
    work = sum(len(g.masks) * root_count(g.degrees) for g in groups)
    seconds = sum(len(g.masks) * seconds_for(g.degrees) for g in groups)
    if work > max_paths if max_paths is not None else time_limit is None and seconds > _MAX_SECONDS:
        raise SizeError(
            f"the supports of this {_size(core)} game have {work:,} complex roots to account for, which takes about "
            f"{seconds:,.0f} s",
            f"Pass max_paths={work} to go on all the same, or time_limit for a search that stops in time",
        )


def _from_split(divided: Split, reduction: Reduction, seconds: float) -> Equilibria:
    rest = divided.rest
    search = Search(reduction.core, (), reduction.core.normalised)
    for point in divided.points:
        search.add(point.profile, point.proof, point.index, point.radius)
    search.components = divided.components
    search.shapes = divided.shapes
    search.notes = (
        [c.note for c in rest.components] if len(rest.components) == len(divided.components) else []
    )
    search.decided = rest.complete and divided.sure
    search.unresolved = int(not search.decided)
    found = _result(search, reduction, seconds)
    return replace(
        found,
        method=f"{rest.method}, for the players who have a choice and influence",
        # What is said of the rest is often said of the whole as well.
        notes=tuple(dict.fromkeys([*rest.notes, *(note for note in found.notes if search.decided)])),
    )


def _represent(search: Search, seed: int, deadline: Deadline) -> None:
    """Add points on sets of equilibria that are not isolated, from the equilibria of nearby games, and group them."""
    rng = np.random.default_rng([seed, 5])
    for size in _PERTURBATIONS:
        if deadline.passed:
            break
        noise = size * rng.uniform(-1.0, 1.0, search.payoffs.shape)
        nearby = Search(search.core, (search.payoffs + noise,), search.payoffs + noise)
        solve_groups(nearby, support_groups(nearby.payoffs, undominated(nearby.payoffs)), seed, deadline)
        kept = nearby.candidates
        kept += [(e.profile, []) for e in pure_as_given(NormalFormGame(nearby.payoffs))]
        for profile, _ in kept:
            if deadline.left > 0:
                search.settle(profile)
    singular = search.singular
    groups = clusters(search.core, [search.points[k].profile for k in singular])
    search.components = [[singular[k] for k in group] for group in groups]
    search.shapes = [(None, ())] * len(groups)


def _result(search: Search, reduction: Reduction, seconds: float) -> Equilibria:
    """Translate what was found back to the whole game, and say what is guaranteed."""
    order = sorted(
        range(len(search.points)), key=lambda k: tuple(-p for v in search.points[k].profile for p in v)
    )
    notes: list[str] = []
    found: list[Equilibrium] = []
    components: list[Component] = []
    copied = False
    for k in order:
        point = search.points[k]
        copies = reduction.copies(point.profile)
        alone = len(copies) == 1
        proof: Proof = point.proof if alone or point.proof != "interval" else "numeric"
        found.append(
            Equilibrium(
                reduction.game,
                reduction.expand(point.profile),
                proof=proof,
                index=point.index if alone else None,
                radius=point.radius if alone else None,
            )
        )
        if not alone and point.index is not None:
            copied = True
            note = "one equilibrium and all ways to divide its probabilities among identical actions"
            components.append(Component(copies, exact_extreme=False, note=note))
    for position, (group, (dimension, supports)) in enumerate(zip(search.components, search.shapes)):
        vertices = tuple(copy for k in group for copy in reduction.copies(search.points[k].profile))
        if search.notes:
            note = search.notes[position]
        elif dimension is None and search.decided:
            note = "a connected set of equilibria; some of its points are given"
        elif dimension is None or not search.decided:
            note = "points on a set of equilibria that is not isolated; the set may be larger"
            dimension = None
        elif dimension:
            note = (
                f"a connected set of dimension {dimension}, decided exactly; its corners and ends are given"
            )
        else:
            note = "an isolated equilibrium that is not regular"
        own = tuple(reduction.supports(s) for s in supports)
        components.append(
            Component(vertices, exact_extreme=False, note=note, dimension=dimension, supports=own)
        )
    degenerate = bool(search.singular)
    complete = not (search.interrupted or search.skipped) and (search.decided or not search.open)
    if search.interrupted:
        notes.append(search.interrupted)
    if search.skipped:
        notes.append(f"{search.skipped} support profiles were not examined.")
    if search.unresolved:
        notes.append(f"{search.unresolved} support profiles could not be resolved.")
    if degenerate and complete:
        notes.append(
            "Equilibria without an index are not regular: corners and ends of connected sets, or isolated with a tie; all "
            "such sets are found."
        )
    elif degenerate:
        notes.append(
            "Equilibria without an index are representatives: connected sets of equilibria may be missing."
        )
    elif not complete and not search.interrupted and search.index_sum != 1:
        notes.append(f"The indices add up to {search.index_sum:+d} and not to +1: equilibria are missing.")
    if copied:
        notes.append(
            "Some actions are identical; each equilibrium that plays one stands for a connected set."
        )
    return Equilibria(
        reduction.game,
        tuple(found),
        complete=complete,
        degenerate=True if degenerate or copied else (False if complete else None),
        method=_METHOD,
        seconds=seconds,
        components=tuple(components),
        notes=tuple(notes),
    )


def _size(game: NormalFormGame) -> str:
    return "x".join(map(str, game.shape))
