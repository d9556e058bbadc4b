"""Stances: what a power can do toward its rivals, and the names of profiles of stances.

Each power accommodates or contests each rival. Its action number is a bit pattern over its rivals in player order: bit b
set means that it contests the b-th. Action 0 accommodates everybody. A profile of stances is also an N x N boolean
matrix, `contests[i, j]` saying whether i contests j.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import SupportsInt

import numpy as np

from games.arguments import checked
from games.errors import ProfileError, did_you_mean
from games.normal_form import BoolArray, Profile
from games.words import listed

__all__ = [
    "action_labels",
    "action_of",
    "all_profiles",
    "blocs",
    "contest_matrices",
    "deviations",
    "every_contest",
    "from_pairs",
    "name_regimes",
    "parse",
    "rivals",
]


def rivals(count: int, player: int) -> tuple[int, ...]:
    """The other players in player order."""
    return tuple(j for j in range(count) if j != player)


def action_labels(players: Sequence[str], player: int) -> tuple[str, ...]:
    """Labels of all actions of a player: `contest China, accommodate Russia`, in order of action number.

    >>> action_labels(["US", "China"], 0)
    ('accommodate China', 'contest China')
    """
    others = rivals(len(players), player)
    labels = []
    for action in range(2 ** len(others)):
        contested = [players[j] for b, j in enumerate(others) if action >> b & 1]
        accommodated = [players[j] for b, j in enumerate(others) if not action >> b & 1]
        words = []
        if contested:
            words.append("contest " + listed(contested))
        if accommodated:
            words.append("accommodate " + listed(accommodated))
        labels.append(", ".join(words))
    return tuple(labels)


def action_of(contests_row: Sequence[bool], player: int) -> int:
    """The action number of a row of a contest matrix."""
    others = rivals(len(contests_row), player)
    return sum(1 << b for b, j in enumerate(others) if contests_row[j])


def contest_matrices(profiles: np.ndarray) -> BoolArray:
    """Turn action numbers (B, N) into contest matrices (B, N, N)."""
    count = profiles.shape[1]
    out = np.zeros((profiles.shape[0], count, count), dtype=np.bool_)
    for i in range(count):
        for b, j in enumerate(rivals(count, i)):
            out[:, i, j] = (profiles[:, i] >> b) & 1
    return out


def all_profiles(count: int) -> np.ndarray:
    """Action numbers of all profiles of `count` powers in the order of a flattened payoff array, (B, N)."""
    size = 2 ** (count - 1)
    return np.indices((size,) * count, dtype=np.int16).reshape(count, -1).T


@lru_cache(maxsize=4)
def every_contest(count: int) -> BoolArray:
    """Contest matrices (B, N, N) of `all_profiles`; one array for all who ask, so it is read-only."""
    out = contest_matrices(all_profiles(count))
    out.setflags(write=False)
    return out


def deviations(contests: BoolArray) -> tuple[BoolArray, np.ndarray]:
    """The profiles that one power reaches alone from a contest matrix (N, N).

    Returns contest matrices (B, N, N), the profile itself first, and the row (N, A) at which power i plays its action a.
    """
    count = len(contests)
    own = np.array([action_of(list(contests[i]), i) for i in range(count)])
    size = 2 ** (count - 1)
    profiles = [own]
    where = np.zeros((count, size), dtype=np.intp)
    for i in range(count):
        for action in range(size):
            if action != own[i]:
                where[i, action] = len(profiles)
                other = own.copy()
                other[i] = action
                profiles.append(other)
    return contest_matrices(np.array(profiles)), where


@checked
def parse(
    players: Sequence[str], labels: Sequence[Sequence[str]], profile: Sequence[str | SupportsInt]
) -> Profile:
    """A profile of labels or action numbers as action numbers. Raises ProfileError for anything that is not in the game."""
    if len(profile) != len(players):
        raise ProfileError(f"a profile names one action for each of {', '.join(players)}; got {profile!r}")
    out = []
    for name, known, action in zip(players, labels, profile):
        if isinstance(action, str):
            if action not in known:
                raise ProfileError(f"{name} has no action {action!r}{did_you_mean(action, known)}")
            out.append(known.index(action))
        elif 0 <= int(action) < len(known):
            out.append(int(action))
        else:
            raise ProfileError(
                f"{name} has no action number {action}; numbers run from 0 to {len(known) - 1}"
            )
    return tuple(out)


@checked
def from_pairs(players: Sequence[str], pairs: Iterable[tuple[str, str]]) -> Profile:
    """The profile in which exactly the listed powers contest: pairs (who contests, whom).

    >>> from_pairs(["A", "B", "C"], [("A", "B"), ("B", "A")])
    (1, 1, 0)
    """
    contests = np.zeros((len(players), len(players)), dtype=np.bool_)
    for pair in pairs:
        if len(pair) != 2:
            raise ProfileError(f"a pair names who contests and whom; got {pair!r}")
        for name in pair:
            if name not in players:
                raise ProfileError(f"there is no power {name!r}{did_you_mean(name, players)}")
        one, other = (players.index(name) for name in pair)
        if one == other:
            raise ProfileError(f"{pair[0]} cannot contest itself")
        contests[one, other] = True
    return tuple(action_of(list(contests[i]), i) for i in range(len(players)))


@checked
def blocs(players: Sequence[str], groups: Sequence[Sequence[str]]) -> Profile:
    """The profile in which powers of one bloc accommodate each other and contest all others.

    `groups` lists the blocs; a power in none of them stands alone. Raises ProfileError for an unknown power or one in two
    blocs.
    """
    member: dict[str, int] = {}
    for number, group in enumerate(groups):
        for name in group:
            if name not in players:
                raise ProfileError(
                    f"a bloc names {name!r}, which is not a power here{did_you_mean(name, players)}"
                )
            if name in member:
                raise ProfileError(f"{name} is in two blocs; blocs do not overlap")
            member[name] = number
    side = [member.get(name, len(groups) + i) for i, name in enumerate(players)]
    return tuple(action_of([side[j] != side[i] for j in range(len(players))], i) for i in range(len(players)))


@checked
def name_regimes(players: Sequence[str], named: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, Profile]:
    """All regimes by name: the concert, all-out contest, the scenario's own, and for three powers every pair against one.

    >>> sorted(name_regimes(["A", "B"], {}))
    ['all-out', 'concert']
    """
    regimes = {"concert": blocs(players, [players]), "all-out": blocs(players, [])}
    for name, groups in named.items():
        regimes[name] = blocs(players, groups)
    if len(players) == 3:
        for out in range(3):
            pair = [p for i, p in enumerate(players) if i != out]
            profile = blocs(players, [pair])
            if profile not in regimes.values():
                regimes[f"{pair[0]} + {pair[1]} against {players[out]}"] = profile
    return regimes
