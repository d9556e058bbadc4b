"""The intuitive criterion of Cho and Kreps (1987) for signalling games, and refinements of whole lists of equilibria."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from games.arguments import checked
from games.errors import MethodError
from games.extensive import ExtensiveGame
from solvers.base.deadline import keeps_time
from solvers.base.exact_programs import maximise
from solvers.base.precision import refuse_lost_differences
from solvers.base.result import Result
from solvers.sequential._assessment import Profile
from solvers.sequential._check import CONCEPTS, Verdict, check
from solvers.sequential._results import BehaviourEquilibria, BehaviourEquilibrium

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Refinement", "intuitive", "refine"]

_MAX_COMPLETIONS = 4_096


@dataclass(frozen=True)
class _Signalling:
    """A signalling game: types are the branches of chance, messages what the sender can say.

    Attributes
    ----------
    types : names of the branches of chance
    senders : for each type the sender's node
    receivers : message -> information set of the receiver
    ends : (type, message) -> the ends that follow, by the receiver's actions
    """

    types: tuple[str, ...]
    senders: tuple[int, ...]
    receivers: dict[str, int]
    ends: dict[tuple[int, str], tuple[int, ...]]
    sender: int
    receiver: int


def _signalling(tree: ExtensiveGame) -> _Signalling:
    def refuse(what: str) -> MethodError:
        return MethodError(
            "the intuitive criterion is for signalling games: chance draws the sender's type, the sender sends a message, the "
            f"receiver, who sees only that, acts, and the game ends. Here {what}"
        )

    if tree.mover[0] != -1:
        raise refuse("chance does not move first")
    senders = tree.children[0]
    movers = {int(tree.mover[v]) for v in senders}
    if len(movers) != 1 or min(movers) < 0:
        raise refuse("not all types of one sender move next")
    sender = movers.pop()
    receivers: dict[str, int] = {}
    ends = {}
    receiver = None
    for t, v in enumerate(senders):
        if len(tree.information_sets[tree.information[v]].nodes) != 1:
            raise refuse(
                f"the sender does not know its type at {tree.information_sets[tree.information[v]].label!r}"
            )
        for message, w in zip(tree.actions(v), tree.children[v]):
            number = int(tree.information[w])
            if number < 0 or tree.information_sets[number].player == sender:
                raise refuse(f"no receiver moves after message {message!r}")
            receiver = tree.information_sets[number].player if receiver is None else receiver
            if tree.information_sets[number].player != receiver:
                raise refuse("two receivers move")
            if receivers.setdefault(message, number) != number:
                raise refuse(f"the receiver sees more than the message {message!r}")
            ends[t, message] = tree.children[w]
            if any(tree.mover[z] != -2 for z in tree.children[w]):
                raise refuse("the game goes on after the receiver")
    if len(set(receivers.values())) != len(receivers):
        raise refuse("the receiver cannot tell two messages apart")
    assert receiver is not None
    return _Signalling(tree.chance[0].actions, senders, receivers, ends, sender, receiver)


@checked
@keeps_time("the check by the intuitive criterion", "use check")
def intuitive(
    tree: ExtensiveGame, behaviour: Mapping[Any, Any] | Sequence[Any], *, time_limit: float | None = None
) -> Verdict:
    """Whether an equilibrium of a signalling game passes the intuitive criterion (Cho and Kreps 1987, pp. 199-202).

    A type is left out at an unsent message if its equilibrium payoff is more than anything it could get there from
    answers that are best for some belief. The equilibrium fails if some other type gets more there than in equilibrium
    from every answer that is best for a belief on the types not left out.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    Raises
    ------
    MethodError
        If the tree is not a signalling game.

    Examples
    --------
    >>> from games import catalog
    >>> tree = catalog.trees.beer_quiche()
    >>> quiche = {"surly": "quiche", "wimp": "quiche", "after beer": "duel", "after quiche": "no duel"}
    >>> intuitive(tree, quiche).reason
    "After 'beer' only surly could gain, and it does gain whatever the receiver then does: 3 or more against 2 in equilibrium."
    """
    game = _signalling(tree)
    refuse_lost_differences(tree)
    profile = Profile(tree, tree.behaviour(behaviour))
    tolerance = profile.tolerance[game.sender]
    for message in game.receivers:
        senders = [t for t in range(len(game.types)) if (t, message) in game.ends]
        sent = any(
            profile.edge[tree.children[game.senders[t]][tree.actions(game.senders[t]).index(message)]] > 0
            for t in senders
        )
        if sent:
            continue
        equilibrium = {t: profile.values[game.senders[t]][game.sender] for t in senders}
        answers = _best_answers(profile, game, message, senders)
        could = {
            t: max(tree.exact[profile.end[game.ends[t, message][a]], game.sender] for a in answers)
            for t in senders
        }
        kept = [t for t in senders if could[t] >= equilibrium[t] - tolerance]
        if not kept:
            continue
        narrowed = _best_answers(profile, game, message, kept)
        for t in kept:
            least = min(tree.exact[profile.end[game.ends[t, message][a]], game.sender] for a in narrowed)
            if least > equilibrium[t] + tolerance:
                who = " or ".join(game.types[s] for s in kept)
                return Verdict(
                    tree,
                    "intuitive criterion",
                    False,
                    f"After {message!r} only {who} could gain, and {game.types[t] if len(kept) > 1 else 'it'} does gain "
                    f"whatever the receiver then does: {_shown(least)} or more against {_shown(equilibrium[t])} in equilibrium.",
                )
    return Verdict(
        tree,
        "intuitive criterion",
        True,
        "No type is sure to gain by an unsent message once the types that could not gain by it are left out.",
    )


def _best_answers(profile: Profile, game: _Signalling, message: str, types: Sequence[int]) -> list[int]:
    """The receiver's actions that are best for some belief on these types."""
    tree = profile.tree
    table = [[tree.exact[profile.end[z], game.receiver] for z in game.ends[t, message]] for t in types]
    out = []
    for a in range(len(table[0])):
        rows = [([row[b] - row[a] for row in table], 0) for b in range(len(table[0])) if b != a]
        if maximise([0] * len(types), rows, [([1] * len(types), 1)]) is not None:
            out.append(a)
    return out


@dataclass(frozen=True, eq=False, repr=False)
class Refinement(Result):
    """Which equilibria of a list meet a stronger concept.

    Attributes
    ----------
    found : the equilibria, in the order of the list, each with the free information sets filled in where that helps
    verdicts : what was found for each
    concept : the concept
    """

    found: tuple[BehaviourEquilibrium, ...]
    verdicts: tuple[Verdict, ...]
    concept: str

    @property
    def survivors(self) -> tuple[BehaviourEquilibrium, ...]:
        """The equilibria that meet the concept."""
        return tuple(e for e, v in zip(self.found, self.verdicts) if v.holds)

    def summary(self) -> str:
        undecided = sum(v.holds is None for v in self.verdicts)
        rest = f" {undecided} could not be decided." if undecided else ""
        number = len(self.survivors)
        return (
            f"{number} of {len(self.found)} equilibria {'meets' if number == 1 else 'meet'} the concept "
            f"{self.concept!r}.{rest}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each equilibrium: what is played, whether it meets the concept, why."""
        import pandas as pd

        rows = [
            (e.describe(), {True: "yes", False: "no", None: "undecided"}[v.holds], v.reason)
            for e, v in zip(self.found, self.verdicts)
        ]
        frame = pd.DataFrame(rows, columns=["behaviour", self.concept, "reason"])
        frame.index = pd.RangeIndex(1, len(rows) + 1, name="equilibrium")
        return frame


@checked
@keeps_time("the refinement", "check the equilibria one by one")
def refine(
    found: BehaviourEquilibria, concept: str = "sequential", *, time_limit: float | None = None
) -> Refinement:
    """Which of these equilibria meet a stronger concept: one of `CONCEPTS`, or `intuitive`.

    Where an equilibrium leaves information sets free (its own player keeps play from coming there), their actions are tried in
    turn. An equilibrium survives if some pure completion does. At most 4,096 completions are tried.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> from games import catalog
    >>> from solvers.sequential import find_all
    >>> found = find_all(catalog.trees.beer_quiche())
    >>> [v.holds for v in refine(found, "intuitive").verdicts]
    [True, True, False, False]
    """
    if concept.startswith("intuitive"):
        verdicts = tuple(intuitive(found.tree, e.behaviour) for e in found)
        return Refinement(found.found, verdicts, "intuitive criterion")
    key = concept.lower().replace("-", " ")
    if key not in CONCEPTS:
        raise MethodError(
            f"there is no concept {concept!r}; known: {', '.join(map(repr, (*CONCEPTS, 'intuitive')))}"
        )
    equilibria, verdicts_list = [], []
    for e in found:
        best, verdict = e, check(found.tree, e.behaviour, concept=key)
        if e.free and not verdict.holds:
            sizes = [len(found.tree.information_sets[k].actions) for k in e.free]
            for actions in islice(product(*map(range, sizes)), _MAX_COMPLETIONS):
                entries: list[Any] = list(e.behaviour)
                for k, a, size in zip(e.free, actions, sizes):
                    entries[k] = [Fraction(int(b == a)) for b in range(size)]
                other = check(found.tree, entries, concept=key)
                if other.holds or (other.holds is None and verdict.holds is False):
                    best = BehaviourEquilibrium(found.tree, found.tree.behaviour(entries), e.proof, e.free)
                    verdict = other
                if other.holds:
                    break
        equilibria.append(best)
        verdicts_list.append(verdict)
    return Refinement(tuple(equilibria), tuple(verdicts_list), key)


def _shown(x: Any) -> str:
    return str(x) if x.denominator < 10_000 else f"{float(x):.6g}"
