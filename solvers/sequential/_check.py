"""Does a behaviour profile withstand scrutiny? Nash, subgame perfect, perfect Bayesian and sequential equilibrium."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from games.arguments import checked
from games.errors import GameError, MethodError, ProfileError, did_you_mean
from games.extensive import ExtensiveGame
from games.words import capital, the
from solvers.base.deadline import keeps_time
from solvers.base.exact_programs import maximise
from solvers.base.precision import refuse_lost_differences
from solvers.base.result import Result
from solvers.sequential._assessment import Profile
from solvers.sequential._best_response import best_payoff
from solvers.sequential._consistency import Belief, consistent, find_consistent

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CONCEPTS", "Verdict", "check"]

CONCEPTS = ("nash", "subgame perfect", "weak perfect bayesian", "perfect bayesian", "sequential")
"""The concepts that `check` knows, each stronger than the ones before it (subgame perfect apart from weak perfect Bayesian)."""

_ROUNDS = 1_000


@dataclass(frozen=True, eq=False, repr=False)
class Verdict(Result):
    """Whether a behaviour profile is an equilibrium of some kind, and why.

    Attributes
    ----------
    tree : ExtensiveGame
    concept : one of `CONCEPTS`
    holds : True or False; None if neither could be shown
    reason : in a sentence, what holds or what fails, and where
    beliefs : for each information set label the probabilities of its nodes, where the concept has beliefs and they were found
    """

    tree: ExtensiveGame
    concept: str
    holds: bool | None
    reason: str
    beliefs: Mapping[str, Belief] | None = None

    def __bool__(self) -> bool:
        if self.holds is None:
            raise ValueError(f"undecided: {self.reason}")
        return self.holds

    def summary(self) -> str:
        answer = {True: "Yes", False: "No", None: "Undecided"}[self.holds]
        return f"{_named(self.concept)}: {answer}. {self.reason}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each node of each information set: the moves that lead there, and the belief."""
        import pandas as pd

        rows = [
            (self.tree.players[s.player], s.label, ", ".join(self.tree.path(v)) or "(root)", float(p))
            for s in self.tree.information_sets
            if self.beliefs is not None
            for v, p in zip(s.nodes, self.beliefs[s.label])
        ]
        return pd.DataFrame(rows, columns=["player", "information set", "node after", "belief"])


@checked
@keeps_time("the check", "ask for a weaker concept")
def check(
    tree: ExtensiveGame,
    behaviour: Mapping[Any, Any] | Sequence[Any],
    beliefs: Mapping[Any, Any] | None = None,
    concept: str = "sequential",
    *,
    time_limit: float | None = None,
) -> Verdict:
    """Whether a behaviour profile is an equilibrium of the kind named, with beliefs that support it or the reason why none do.

    Parameters
    ----------
    tree : a game with perfect recall
    behaviour : as `ExtensiveGame.behaviour` takes it
    beliefs : mapping from information sets to probabilities of their nodes, optional
        Information sets that play reaches, and single nodes, may be left out. Without beliefs, some are looked for.
    concept : `nash`; `subgame perfect` (Selten 1965); `weak perfect bayesian`: every player's continuation is optimal given the
        beliefs, which follow Bayes' rule on the path (Mas-Colell, Whinston and Green 1995, definition 9.C.3);
        `perfect bayesian`: that in every subgame (p. 452 there); `sequential`: the beliefs are also limits under
        small mistakes (Kreps and Wilson 1982)
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Returns
    -------
    Verdict
        For a profile in fractions the answer is exact. `holds` is None in two cases only: consistent beliefs would
        have to solve a system of products that the search did not solve, or there are more than 20,000 combinations
        of supports to try.

    Raises
    ------
    GameError
        For imperfect recall; for `sequential` also if chance has a branch of probability 0.
    MethodError
        For an unknown concept, or beliefs for a concept without them.
    ProfileError
        For behaviour or beliefs that do not fit the game.

    Examples
    --------
    Selten's horse: the equilibrium in which player 1 moves down is subgame perfect, as there is no proper subgame.
    But player 2, who would have to move, does not want to do what it announces.

    >>> from games import catalog
    >>> horse = catalog.trees.seltens_horse()
    >>> down = {"1": "D", "2": "c", "3": "L"}
    >>> check(horse, down, concept="subgame perfect").holds
    True
    >>> print(check(horse, down).summary())
    Sequential equilibrium: No. Player 2 gains 3 at '2' by 'd', whatever the beliefs.
    """
    key = concept.lower().replace("-", " ")
    if key not in CONCEPTS:
        raise MethodError(f"there is no concept {concept!r}{did_you_mean(key, CONCEPTS)}")
    tree.require_recall("checking an equilibrium")
    refuse_lost_differences(tree)
    vectors = tree.behaviour(behaviour)
    profile = Profile(tree, vectors)
    if key in CONCEPTS[:2]:
        if beliefs is not None:
            raise MethodError(f"{_named(key)} has no beliefs; leave them out, or name another concept")
        failure = _deviation(profile, 0) if key == "nash" else _in_subgames(profile)
        good = "no player gains by another strategy" + (" in any subgame" if key != "nash" else "")
        return Verdict(tree, key, failure is None, failure or f"{good[0].upper()}{good[1:]}.")
    if key == "sequential":
        for node, move in tree.chance.items():
            if 0 in move.probabilities:
                label = move.actions[move.probabilities.index(Fraction(0))]
                raise GameError(
                    f"sequential equilibrium needs moves of chance with positive probabilities; branch {label!r} "
                    f"{'after ' + ', '.join(tree.path(node)) if node else 'at the root'} has none"
                )
    if beliefs is not None:
        return _with_beliefs(profile, key, _given(profile, beliefs, key))
    return _sequential(profile) if key == "sequential" else _bayesian(profile, key)


def _named(concept: str) -> str:
    names = {
        "nash": "Nash",
        "weak perfect bayesian": "Weak perfect Bayesian",
        "perfect bayesian": "Perfect Bayesian",
    }
    return names.get(concept, concept.capitalize()) + " equilibrium"


# ------------------------------------------------------------------ without beliefs


def _deviation(profile: Profile, root: int) -> str | None:
    """Who gains by another strategy in the subgame at a node, and how much; None if nobody does."""
    tree = profile.tree
    game, behaviour = tree, profile.vectors
    if root:
        game = tree.subgame(root)
        behaviour = [profile.vectors[tree.information_set(s.label)] for s in game.information_sets]
    exact = game.behaviour(behaviour)
    for i in range(tree.n_players):
        gain = best_payoff(game, exact, i) - profile.values[root][i]
        if gain > profile.tolerance[i]:
            where = f" in the subgame after {', '.join(tree.path(root))}" if root else ""
            return f"{capital(the(tree.players[i]))} gains {_shown(gain)} by another strategy{where}."
    return None


def _in_subgames(profile: Profile) -> str | None:
    return next(filter(None, (_deviation(profile, root) for root in profile.tree.subgames())), None)


# ------------------------------------------------------------------ with beliefs


def _given(profile: Profile, beliefs: Mapping[Any, Any], concept: str) -> list[Belief]:
    tree = profile.tree
    out: list[Any] = [None] * len(tree.information_sets)
    for label, entry in beliefs.items():
        k = tree.information_set(label)
        s = tree.information_sets[k]
        if not hasattr(entry, "__len__") or isinstance(entry, str) or len(entry) != len(s.nodes):
            raise ProfileError(
                f"the belief at {s.label!r} needs one probability for each of its {len(s.nodes)} nodes; got {entry!r}"
            )
        floats = any(isinstance(p, float) for p in entry)
        vector = [
            Fraction(p) if isinstance(p, (int, Fraction, str)) else Fraction(repr(float(p))) for p in entry
        ]
        if min(vector) < 0 or abs(sum(vector, Fraction(0)) - 1) > (Fraction(1, 10**9) if floats else 0):
            raise ProfileError(
                f"the belief at {s.label!r} adds up to {_shown(sum(vector))}; it must add up to 1"
            )
        out[k] = tuple(p / sum(vector) for p in vector)
    for k, s in enumerate(tree.information_sets):
        if out[k] is None:
            root = profile.home[k] if concept != "weak perfect bayesian" else 0
            out[k] = (Fraction(1),) if len(s.nodes) == 1 else profile.bayes(k, root)
            if out[k] is None:
                raise ProfileError(f"play does not come to information set {s.label!r}: name a belief there")
    return out


def _with_beliefs(profile: Profile, concept: str, beliefs: list[Belief]) -> Verdict:
    tree = profile.tree
    labelled = {s.label: b for s, b in zip(tree.information_sets, beliefs)}

    def no(reason: str) -> Verdict:
        return Verdict(tree, concept, False, reason, labelled)

    slack = Fraction(0) if profile.exact else Fraction(1, 10**6)
    for k, s in enumerate(tree.information_sets):
        for root in {0, profile.home[k]} if concept != "weak perfect bayesian" else {0}:
            wanted = profile.bayes(k, root)
            if wanted is not None and any(abs(p - q) > slack for p, q in zip(wanted, beliefs[k])):
                shown = ", ".join(map(_shown, wanted))
                return no(f"At {s.label!r} Bayes' rule gives the belief ({shown}).")
    for k, s in enumerate(tree.information_sets):
        own, best, choice = profile.best_continuation(k, beliefs[k])
        if best - own > profile.tolerance[s.player]:
            return no(
                f"{capital(the(tree.players[s.player]))} gains {_shown(best - own)} at {s.label!r} by {s.actions[choice[k]]!r}, "
                "given the beliefs."
            )
    if concept == "sequential":
        why = consistent(profile, beliefs)
        if why is not None:
            return no(f"The beliefs are not consistent: {why}.")
    return Verdict(tree, concept, True, "Every continuation is optimal given the beliefs.", labelled)


def _bayesian(profile: Profile, concept: str) -> Verdict:
    """Perfect Bayesian equilibrium: beliefs at each information set on its own."""
    tree = profile.tree
    out: dict[str, Belief] = {}
    for k, s in enumerate(tree.information_sets):
        fixed = None
        for root in dict.fromkeys((0, profile.home[k]) if concept == "perfect bayesian" else (0,)):
            fixed = fixed or profile.bayes(k, root)
        belief = fixed or ((Fraction(1),) if len(s.nodes) == 1 else _rational_belief(profile, k))
        if belief is None:
            return Verdict(tree, concept, False, _no_belief(profile, k))
        own, best, choice = profile.best_continuation(k, belief)
        if best - own > profile.tolerance[s.player]:
            what = "whatever the beliefs" if len(s.nodes) == 1 else "given what Bayes' rule says"
            return Verdict(
                tree,
                concept,
                False,
                f"{capital(the(tree.players[s.player]))} gains {_shown(best - own)} at {s.label!r} by "
                f"{s.actions[choice[k]]!r}, {what}.",
            )
        out[s.label] = belief
    return Verdict(tree, concept, True, "Every continuation is optimal given the beliefs.", out)


def _rational_belief(profile: Profile, number: int) -> Belief | None:
    """A belief at an information set that makes the player's continuation optimal there; None if no belief does.

    Continuations that do better are met one by one, each as a linear condition on the belief.
    """
    s = profile.tree.information_sets[number]
    n = len(s.nodes)
    own = [profile.values[v][s.player] for v in s.nodes]
    rows: list[tuple[list[Fraction], Fraction]] = []
    belief: Belief = tuple([Fraction(1, n)] * n)
    for _ in range(_ROUNDS):
        value, best, choice = profile.best_continuation(number, belief)
        if best - value <= profile.tolerance[s.player]:
            return belief
        other = profile.plan_values(s.player, choice)
        rows.append(([other[v][s.player] - u for v, u in zip(s.nodes, own)], profile.tolerance[s.player]))
        answer = maximise([0] * n, rows, [([1] * n, 1)])
        if answer is None:
            return None
        belief = tuple(answer[0])
    raise GameError(f"the belief at {s.label!r} takes more than {_ROUNDS} rounds to find")


def _no_belief(profile: Profile, number: int) -> str:
    tree = profile.tree
    s = tree.information_sets[number]
    played = " or ".join(repr(a) for a, p in zip(s.actions, profile.vectors[number]) if p > 0)
    return f"No belief at {s.label!r} makes {played} optimal for {tree.players[s.player]} there."


def _sequential(profile: Profile) -> Verdict:
    tree = profile.tree
    for k, s in enumerate(tree.information_sets):
        fixed = profile.bayes(k, 0) or profile.bayes(k, profile.home[k])
        if len(s.nodes) == 1:
            fixed = (Fraction(1),)
        if fixed is None:
            if _rational_belief(profile, k) is None:
                return Verdict(tree, "sequential", False, _no_belief(profile, k))
            continue
        own, best, choice = profile.best_continuation(k, fixed)
        if best - own > profile.tolerance[s.player]:
            what = "whatever the beliefs" if len(s.nodes) == 1 else "given what Bayes' rule says"
            return Verdict(
                tree,
                "sequential",
                False,
                f"{capital(the(tree.players[s.player]))} gains {_shown(best - own)} at {s.label!r} by "
                f"{s.actions[choice[k]]!r}, {what}.",
            )
    beliefs, complete = find_consistent(profile)
    if beliefs is not None:
        labelled = {s.label: b for s, b in zip(tree.information_sets, beliefs)}
        return Verdict(
            tree,
            "sequential",
            True,
            "Every action is optimal given beliefs that are limits under small mistakes.",
            labelled,
        )
    if complete:
        return Verdict(
            tree,
            "sequential",
            False,
            "Each information set has beliefs that make the behaviour there optimal, but none of them are limits of the same "
            "small mistakes.",
        )
    return Verdict(
        tree,
        "sequential",
        None,
        "No consistent beliefs were found, which does not show that there are none.",
    )


def _shown(x: Any) -> str:
    value = Fraction(x)
    return str(value) if value.denominator < 10_000 else f"{float(value):.6g}"
