"""Names as they stand in sentences: lists, articles, possessives, capitals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

__all__ = [
    "a",
    "capital",
    "counted",
    "keep",
    "listed",
    "plural",
    "possessive",
    "sentence",
    "the",
    "with_articles",
]

# English puts an article before names that are plural, and before names that end in, or begin with, a common noun of these.
# fmt: off
_LAST = frozenset({
    "arctic", "balkans", "canal", "caucasus", "coast", "confederation", "congo", "east", "emirates", "empire", "eu",
    "federation", "gulf", "horn", "islands", "kingdom", "levant", "maghreb", "netherlands", "ocean", "peninsula", "republic",
    "republics", "sahel", "sea", "states", "strait", "straits", "tropics", "uae", "uk", "union", "us", "usa", "ussr", "world",
})
_PLURAL = frozenset({
    "bahamas", "balkans", "baltics", "comoros", "emirates", "islands", "maldives", "netherlands", "philippines", "republics",
    "seychelles", "solomons", "states", "straits", "tropics",
})
# Plural names of several states; a plural name of one state takes a singular verb.
_SEVERAL = frozenset({"balkans", "baltics", "republics", "straits", "tropics"})
# fmt: on
_FIRST = frozenset({"commonwealth", "democratic", "dominican", "kingdom", "republic", "united"})


def listed(names: Sequence[str], last: str = "and") -> str:
    """Names in a row, the last joined by `and` (or another word).

    >>> listed(["A", "B", "C"]), listed(["A"]), listed(["A", "B"], "or")
    ('A, B and C', 'A', 'A or B')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def the(name: str) -> str:
    """The name of a power, region or player within a sentence, with its article where English has one.

    >>> the("United States"), the("Baltics"), the("China"), the("Player 1")
    ('the United States', 'the Baltics', 'China', 'Player 1')
    """
    return f"the {name}" if _takes_article(name) else name


def possessive(name: str) -> str:
    """The same with a possessive ending: an apostrophe alone after a plural.

    >>> possessive("United States"), possessive("China"), possessive("Laos")
    ("the United States'", "China's", "Laos's")
    """
    return f"{the(name)}{chr(39) if plural(name) else chr(39) + 's'}"


def plural(name: str) -> bool:
    """Is the name plural in form? The United States are, though the verb that follows is singular.

    >>> plural("Philippines"), plural("Laos")
    (True, False)
    """
    words = name.lower().split()
    return bool(words) and (words[-1] in _PLURAL or words[:2] == ["united", "states"])


def keep(name: str) -> str:
    """`keep` or `keeps`, as the name of a region before it wants: several states keep, one keeps.

    >>> [f"{name} {keep(name)}" for name in ("Saxony", "Saxony and 5 others", "Philippines", "Baltics")]
    ['Saxony keeps', 'Saxony and 5 others keep', 'Philippines keeps', 'Baltics keep']
    """
    of_several = name.lower().rpartition(" ")[2] in _SEVERAL or re.search(r" and \d+ others?$", name)
    return "keep" if of_several else "keeps"


def capital(text: str) -> str:
    """The text with a capital at its beginning.

    >>> capital("the United States")
    'The United States'
    """
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text with a capital at its beginning and a full stop at its end, where it has none.

    >>> sentence("the United States gains")
    'The United States gains.'
    """
    start = capital(text)
    return start if not start or start.endswith((".", "!", "?", ":")) else f"{start}."


def a(noun: str) -> str:
    """A noun with its indefinite article, by its first letter.

    >>> a("swap"), a("exchange")
    ('a swap', 'an exchange')
    """
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun, in the singular for one.

    >>> counted(1, "region"), counted(1085, "region"), counted(0, "equilibrium", "equilibria")
    ('1 region', '1,085 regions', '0 equilibria')
    """
    several = plural or (f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s")
    return f"{number:,} {noun if number == 1 else several}"


def with_articles(text: str, names: Iterable[str]) -> str:
    """A label, such as an action or a list of changes, with the articles of the names in it.

    >>> with_articles("contest United States, accommodate China", ["United States", "China"])
    'contest the United States, accommodate China'
    """
    for name in sorted((n for n in names if _takes_article(n)), key=len, reverse=True):
        text = re.sub(rf"(?<![\w-])(?<!the )(?<!the\xa0){re.escape(name)}(?![\w-])", f"the {name}", text)
    return text


def _takes_article(name: str) -> bool:
    words = name.lower().split()
    if not words or words[0] == "the":
        return False
    several = len(words) > 1
    return (
        plural(name)
        or (words[-1] in _LAST and (several or words[-1] not in ("world", "east", "horn", "sea")))
        or (several and words[0] in _FIRST)
    )
