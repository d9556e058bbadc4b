"""Errors: one base class, the built-in kin, and suggestions that help."""

from __future__ import annotations

import inspect

import pytest

from games import errors


def test_every_error_is_a_concert_error_and_has_a_docstring() -> None:
    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass) if c.__module__ == "games.errors"]
    assert len(classes) >= 10
    for kind in classes:
        assert issubclass(kind, errors.ConcertError)
        assert kind.__doc__
        assert kind.__name__ in errors.__all__
        if kind is not errors.ConcertError:
            kin = [b for b in kind.__mro__ if b.__module__ == "builtins"]
            assert set(kin) - {Exception, BaseException, object}, f"{kind.__name__} has no built-in kin"


@pytest.mark.parametrize(
    ("name", "known", "wanted"),
    [
        ("Rusia", ["Russia", "China"], "; did you mean 'Russia'?"),
        ("CHINA", ["Russia", "China"], "; did you mean 'China'?"),
        ("zzz", ["Russia", "China"], "; known: 'Russia', 'China'"),
        ("zzz", [f"region {i}" for i in range(20)], ""),
        ("zzz", [], ""),
        (3, ["13", "7"], "; did you mean '13'?"),
    ],
)
def test_did_you_mean(name: object, known: list[str], wanted: str) -> None:
    assert errors.did_you_mean(name, known) == wanted
