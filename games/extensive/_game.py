"""The tree: an immutable, checked game in extensive form, held as arrays over its nodes.

Nodes are numbered in the order in which a walk meets them that takes the first branch first (preorder); node 0 is the root.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import GameError, ProfileError, did_you_mean
from games.exact import resolution
from games.extensive import _behaviour, _recall
from games.extensive import parts as tree_parts
from games.extensive._nodes import Node
from games.extensive._recall import ChanceMove, InformationSet

if TYPE_CHECKING:
    from games.normal_form import FloatArray, MixedProfile, NormalFormGame

__all__ = ["CHANCE", "END", "Behaviour", "ChanceMove", "ExtensiveGame", "InformationSet"]

Behaviour: TypeAlias = tuple[npt.NDArray[Any], ...]
"""One probability vector for each information set, in order: all floats, or all fractions (arrays of objects)."""

CHANCE, END = -1, -2

# A notebook shows larger trees in words only; `draw` draws them all the same.
_DRAWN = 400


class ExtensiveGame:
    """A finite game in extensive form: immutable, labelled and validated.

    Parameters
    ----------
    root : Decision, Chance or Terminal
        The tree, put together from `games.extensive.Decision`, `Chance` and `Terminal`.
    players : sequence of distinct strings, optional
        Left out, the players stand in the order in which a walk through the tree meets them, first branches first.
    title : str, optional

    Attributes
    ----------
    players, title, information_sets, chance : see the properties
    parent, branch, mover : integer arrays over nodes: the node before, the number of the branch that leads here (-1 at the
        root), and who moves (a player's index, -1 for chance, -2 at an end)
    terminals : indices of the ends, shape (Z,); `payoffs` (Z, N) in floats and `exact` (Z, N) in fractions go with them

    Raises
    ------
    GameError
        If a player or action has no name or stands twice; if an information set belongs to two players or its nodes have
        different actions; if probabilities do not add up to 1; if an end has too few payoffs or one that is not finite.

    Notes
    -----
    Payoffs given as integers or fractions are kept exactly. Imperfect recall is allowed here (`recall_fault` names it);
    solvers that need perfect recall refuse such a game.

    Examples
    --------
    >>> from games.extensive import Decision, Terminal
    >>> entry = ExtensiveGame(
    ...     Decision("Entrant", {
    ...         "Out": Terminal([0, 2]),
    ...         "In": Decision("Incumbent", {"Fight": Terminal([-1, -1]), "Accommodate": Terminal([1, 1])}),
    ...     })
    ... )
    >>> entry
    <ExtensiveGame: 5 nodes, 3 ends, 2 information sets, players Entrant, Incumbent>
    >>> entry.normal_form().payoff(("In", "Accommodate"))
    array([1., 1.])
    """

    def __init__(self, root: Node, players: Sequence[str] | None = None, title: str = "") -> None:
        self._take(tree_parts.from_nodes(root, players, title))

    @classmethod
    def _from_parts(cls, parts: tree_parts.Parts) -> ExtensiveGame:
        game = cls.__new__(cls)
        game._take(parts)
        return game

    def _take(self, parts: tree_parts.Parts) -> None:
        tree_parts.check(parts)
        self._parts = parts
        self.parent = _frozen(parts.parent)
        self.branch = _frozen(parts.branch)
        self.mover = _frozen(parts.mover)
        self.terminals = _frozen([v for v, m in enumerate(parts.mover) if m == END])
        nodes: list[list[int]] = [[] for _ in parts.sets]
        for node, number in enumerate(parts.information):
            if number >= 0:
                nodes[number].append(node)
        self._sets = tuple(
            InformationSet(label, player, actions, tuple(members))
            for (label, player, actions), members in zip(parts.sets, nodes)
        )
        self._chance = {node: ChanceMove(*move) for node, move in parts.chance.items()}
        exact, floats = tree_parts.payoffs(parts)
        self.exact = exact
        self.payoffs: FloatArray = floats

    # ------------------------------------------------------------------ files

    @classmethod
    @checked
    def read(cls, path: str | Path) -> ExtensiveGame:
        """Read a Gambit `.efg` file. FormatError, with the line, if it is missing, unreadable or malformed."""
        from games.extensive import _efg

        return cls._from_parts(_efg.read(path))

    @checked
    def write(self, path: str | Path) -> None:
        """Write the game to a Gambit `.efg` file; numbers stay exact, and the file appears whole or not at all."""
        from games.extensive import _efg

        _efg.write(self, path)

    # ------------------------------------------------------------------ what it is

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the N players."""
        return tuple(self._parts.players)

    @property
    def title(self) -> str:
        """A name to show above the tree; may be empty."""
        return self._parts.title

    @property
    def n_players(self) -> int:
        """Number of players N."""
        return len(self._parts.players)

    @property
    def n_nodes(self) -> int:
        """Number of nodes, ends included."""
        return len(self._parts.parent)

    @property
    def information_sets(self) -> tuple[InformationSet, ...]:
        """The players' information sets, in the order in which the nodes are numbered."""
        return self._sets

    @property
    def chance(self) -> Mapping[int, ChanceMove]:
        """The moves of chance by node."""
        return dict(self._chance)

    @property
    def rational(self) -> bool:
        """True if all payoffs were given as integers or fractions, so that `exact` says what was meant."""
        return all(not isinstance(x, float) for _, values in self._parts.outcomes for x in values)

    @cached_property
    def information(self) -> npt.NDArray[np.int64]:
        """For each node the number of its information set; -1 where no player moves."""
        return _frozen(self._parts.information)

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """For each node the nodes that follow it, in the order of the branches."""
        out: list[list[int]] = [[] for _ in self._parts.parent]
        for node, parent in enumerate(self._parts.parent):
            if parent >= 0:
                out[parent].append(node)
        return tuple(map(tuple, out))

    @cached_property
    def ranges(self) -> FloatArray:
        """Each player's largest less smallest payoff, shape (N,)."""
        return np.array([float(max(column) - min(column)) for column in self.exact.T.tolist()])

    @cached_property
    def above_lowest(self) -> FloatArray:
        """Payoffs less each player's smallest, shape (Z, N): subtracted before they are rounded."""
        return np.asarray((self.exact - self.exact.min(axis=0)).astype(np.float64))

    @cached_property
    def resolution(self) -> FloatArray:
        """How far rounding may have moved each player's payoffs before they came here, over their range; shape (N,)."""
        given = [values for _, values in self._parts.outcomes] or [(0,) * self.n_players]
        rounded = np.array([[isinstance(x, float) for x in values] for values in given])
        return resolution(np.array(given, dtype=np.float64), rounded, self.ranges)

    @checked
    def actions(self, node: int) -> tuple[str, ...]:
        """Labels of the branches at a node; none at an end."""
        if self._parts.mover[node] == CHANCE:
            return self._chance[node].actions
        number = self._parts.information[node]
        return () if number < 0 else self._sets[number].actions

    @checked
    def node_name(self, node: int) -> str:
        """The name of a node (for an end: of its outcome, if the node has none); may be empty."""
        outcome = self._parts.outcome[node]
        return self._parts.names[node] or (self._parts.outcomes[outcome][0] if outcome >= 0 else "")

    @checked
    def path(self, node: int) -> tuple[str, ...]:
        """The actions that lead from the root to a node, those of chance included."""
        out = []
        while node:
            parent = self._parts.parent[node]
            out.append(self.actions(parent)[self._parts.branch[node]])
            node = parent
        return tuple(reversed(out))

    @checked
    def player_index(self, player: str | int) -> int:
        """Index of a player given by name or index. Raises ProfileError for one who is not in the game."""
        if isinstance(player, str):
            if player not in self.players:
                raise ProfileError(f"there is no player {player!r}{did_you_mean(player, self.players)}")
            return self.players.index(player)
        if not 0 <= player < self.n_players:
            raise ProfileError(
                f"there is no player with index {player}; this game has players 0 to {self.n_players - 1}"
            )
        return int(player)

    @checked
    def information_set(self, label: str | int) -> int:
        """Number of an information set given by label or number. Raises ProfileError for one that is not there."""
        if isinstance(label, str):
            known = self._number_of
            if label not in known:
                raise ProfileError(f"there is no information set {label!r}{did_you_mean(label, known)}")
            return known[label]
        if not 0 <= label < len(self._sets):
            raise ProfileError(
                f"there is no information set with number {label}; they run from 0 to {len(self._sets) - 1}"
            )
        return int(label)

    @cached_property
    def _number_of(self) -> dict[str, int]:
        return {s.label: k for k, s in enumerate(self._sets)}

    @cached_property
    def perfect_information(self) -> bool:
        """True if every information set is a single node."""
        return all(len(s.nodes) == 1 for s in self._sets)

    # ------------------------------------------------------------------ sequences and recall

    @cached_property
    def sequences(self) -> tuple[tuple[tuple[int, int, int], ...], ...]:
        """For each player its sequences of own moves as (sequence before, information set, action).

        Sequence 0 is the empty one, entered as (-1, -1, -1); a sequence stands after the one that it continues.
        """
        return self._walk[0]

    @cached_property
    def sequence_of(self) -> npt.NDArray[np.int64]:
        """For each node and player the number of the player's sequence on the way there, shape (nodes, N)."""
        return self._walk[1]

    @cached_property
    def _walk(self) -> tuple[tuple[tuple[tuple[int, int, int], ...], ...], npt.NDArray[np.int64]]:
        return tree_parts.sequences(self._parts)

    @cached_property
    def recall_fault(self) -> str | None:
        """Who forgets what, in a sentence; None if every player has perfect recall (Kuhn 1953, definition 16).

        A player has perfect recall if all nodes of each of its information sets come after the same own moves.
        """
        return _recall.fault(self)

    def require_recall(self, what: str) -> None:
        """Raise GameError, saying who forgets what, unless every player has perfect recall."""
        if self.recall_fault is not None:
            raise GameError(f"{what} needs perfect recall. {self.recall_fault}")

    # ------------------------------------------------------------------ strategies

    def behaviour(self, strategy: Mapping[Any, Any] | Sequence[Any]) -> Behaviour:
        """Turn a behaviour strategy profile into one probability vector for each information set.

        Parameters
        ----------
        strategy : mapping from information sets (labels or numbers) to entries, or one entry for each in order.
            An entry is an action label, an action number, a vector of probabilities or a mapping from action labels to
            probabilities (actions left out get 0). Information sets with one action may be left out of a mapping.

        Returns
        -------
        tuple of arrays: of fractions if every number is an integer, a fraction or a string such as "1/3", else of floats.

        Raises
        ------
        ProfileError
            For an information set, action or vector that is not in the game, or is missing; for probabilities that are
            negative or do not add up to 1 (exactly for fractions, within 1e-9 for floats).
        """
        return _behaviour.vectors(self, strategy)

    def reach(self, strategy: Mapping[Any, Any] | Sequence[Any]) -> npt.NDArray[Any]:
        """For each node the probability that play comes to it, shape (nodes,); fractions if the strategy is in fractions."""
        from games.extensive import forms

        return forms.reach(self, self.behaviour(strategy))

    def outcome(self, strategy: Mapping[Any, Any] | Sequence[Any]) -> npt.NDArray[Any]:
        """For each end the probability that the game ends there, shape (Z,), in the order of `terminals`."""
        return self.reach(strategy)[self.terminals]

    def expected(self, strategy: Mapping[Any, Any] | Sequence[Any]) -> FloatArray:
        """Expected payoffs, shape (N,)."""
        return np.asarray(self.outcome(strategy).astype(np.float64) @ self.payoffs)

    # ------------------------------------------------------------------ other forms

    @checked
    def strategies(self, player: str | int, reduced: bool = True) -> tuple[tuple[int | None, ...], ...]:
        """The player's pure strategies, in the order of the normal form.

        A strategy names an action number for each of the player's information sets; None where the strategy itself keeps
        play from coming there (only if `reduced`).
        """
        from games.extensive import forms

        return forms.strategies(self, self.player_index(player), reduced)

    def normal_form(self, reduced: bool = True) -> NormalFormGame:
        """The game in (reduced) normal form, with exact payoffs.

        In the reduced form strategies that differ only where they themselves keep play from coming are one. A strategy's label
        joins its actions in the order of the information sets; `*` stands where the strategy says nothing.

        Raises SizeError if there are more than 2,000,000 profiles or 20,000 strategies of one player.
        """
        from games.extensive import forms

        return forms.normal_form(self, reduced)

    def agent_form(self) -> NormalFormGame:
        """The game in which every information set is a player of its own, paid as the player it belongs to (Selten 1975)."""
        from games.extensive import forms

        return forms.agent_form(self)

    def to_behaviour(self, mixed: Sequence[Any], reduced: bool = True) -> Behaviour:
        """The behaviour strategies that lead to the same outcomes as a mixed profile of the normal form (Kuhn 1953).

        At information sets that a player's own mixed strategy keeps play from reaching, all actions get equal probability.

        Raises
        ------
        GameError
            If a player has imperfect recall.
        """
        from games.extensive import forms

        self.require_recall("turning mixed into behaviour strategies")
        return forms.to_behaviour(self, mixed, reduced)

    def to_mixed(self, strategy: Mapping[Any, Any] | Sequence[Any], reduced: bool = True) -> MixedProfile:
        """The mixed profile of the normal form in which every player chooses at each information set on its own."""
        from games.extensive import forms

        return forms.to_mixed(self, self.behaviour(strategy), reduced)

    def subgames(self) -> tuple[int, ...]:
        """Nodes at which a subgame begins: no information set holds nodes both inside and outside. The root is one."""
        from games.extensive import forms

        return forms.subgame_roots(self)

    @checked
    def subgame(self, node: int) -> ExtensiveGame:
        """The subgame that begins at a node, with all players. GameError if none begins there."""
        from games.extensive import forms

        return forms.subgame(self, node)

    # ------------------------------------------------------------------ how it looks

    def draw(self, strategy: Mapping[Any, Any] | Sequence[Any] | None = None, beliefs: Any = None) -> str:
        """The tree as one SVG element; the branches that a strategy plays are marked by width and arrowheads."""
        from games.extensive import _drawing

        return _drawing.draw(self, None if strategy is None else self.behaviour(strategy), beliefs)

    def _key(self) -> tuple[Any, ...]:
        p = self._parts
        return (
            tuple(p.players),
            tuple(p.parent),
            tuple(p.mover),
            tuple(p.information),
            tuple((label, player, actions) for label, player, actions in p.sets),
            tuple(sorted((node, move) for node, move in p.chance.items())),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ExtensiveGame):
            return NotImplemented
        return self._key() == other._key() and np.array_equal(self.exact, other.exact)

    def __hash__(self) -> int:
        return hash((self._key(), tuple(self.exact.reshape(-1).tolist())))

    def __reduce__(self) -> tuple[Any, ...]:
        return ExtensiveGame._from_parts, (self._parts,)

    def __repr__(self) -> str:
        title = f" {self.title!r}" if self.title else ""
        return (
            f"<ExtensiveGame{title}: {_count(self.n_nodes, 'node')}, {_count(len(self.terminals), 'end')}, "
            f"{_count(len(self._sets), 'information set')}, players {', '.join(self.players)}>"
        )

    def _repr_html_(self) -> str:
        from html import escape

        return self.draw() if self.n_nodes <= _DRAWN else f"<p>{escape(repr(self))}</p>"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _frozen(values: Sequence[int]) -> npt.NDArray[np.int64]:
    out = np.array(values, dtype=np.int64)
    out.setflags(write=False)
    return out
