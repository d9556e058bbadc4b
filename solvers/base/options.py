"""Methods that callers pick by name: each is an entry of a registry, with the options that it takes; others are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from games.errors import ConcertError, MethodError, did_you_mean
from games.words import listed

__all__ = ["Method", "Registry"]

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Method(Generic[F]):
    """One entry of a registry.

    Attributes
    ----------
    name : by which callers pick it
    run : the function that does it
    options : names of the options that it takes
    required : those of them that it cannot do without
    about : one line that says what it is for
    """

    name: str
    run: F
    options: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    about: str = ""


class Registry(Generic[F]):
    """The methods of one function, by name.

    Parameters
    ----------
    what : what a method is called in error messages, "punishment" say
    methods : its entries
    error : the class of error that is raised

    Examples
    --------
    >>> kinds = Registry("mean", [Method("power", lambda x, p: x**p, ("p",), ("p",)), Method("plain", lambda x: x)])
    >>> kinds.options("plain", {"p": None})
    {}
    >>> kinds.options("plain", {"p": 3})
    Traceback (most recent call last):
    games.errors.MethodError: the mean 'plain' takes no option p; 'power' does
    """

    def __init__(
        self, what: str, methods: Iterable[Method[F]], error: type[ConcertError] = MethodError
    ) -> None:
        self.what = what
        self.error = error
        self._methods = {method.name: method for method in methods}

    def __getitem__(self, name: object) -> Method[F]:
        """The entry of that name; an error that suggests a name if there is none."""
        if not isinstance(name, str) or name not in self._methods:
            raise self.error(f"there is no {self.what} {name!r}{did_you_mean(name, self._methods)}")
        return self._methods[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._methods)

    def options(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """The options that were given (None stands for not given), after refusing those that the method does not take."""
        method = self[name]
        chosen = {option: value for option, value in given.items() if value is not None}
        for option in chosen:
            if option not in method.options:
                takers = [repr(other) for other, entry in self._methods.items() if option in entry.options]
                if takers:
                    hint = f"; {listed(takers)} {'does' if len(takers) == 1 else 'do'}"
                else:
                    hint = did_you_mean(option, method.options) if method.options else ""
                raise self.error(f"the {self.what} {name!r} takes no option {option}{hint}")
        for option in method.required:
            if option not in chosen:
                raise self.error(f"the {self.what} {name!r} needs the option {option}=")
        return chosen
