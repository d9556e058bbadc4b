"""Registries of methods: names are suggested, options that do not apply are refused."""

from __future__ import annotations

import pytest

from games.errors import BargainingError, MethodError
from solvers.base.options import Method, Registry

MEANS = Registry(
    "mean",
    [
        Method("arithmetic", lambda x: sum(x) / len(x)),
        Method(
            "power", lambda x, p: (sum(v**p for v in x) / len(x)) ** (1 / p), ("p",), ("p",), "by exponent"
        ),
        Method("trimmed", lambda x, share=0.1, sides=2: sorted(x)[1:-1], ("share", "sides")),
        Method("winsorised", lambda x, share=0.1: x, ("share",)),
    ],
)


def test_a_method_is_found_by_name():
    assert list(MEANS) == ["arithmetic", "power", "trimmed", "winsorised"]
    assert MEANS["power"].run([1, 2], p=1) == 1.5
    assert MEANS["power"].about == "by exponent"


@pytest.mark.parametrize("name", ["pwoer", None, 3, []])
def test_unknown_names(name):
    with pytest.raises(MethodError, match="there is no mean"):
        MEANS[name]
    with pytest.raises(MethodError, match="did you mean 'power'"):
        MEANS["pwoer"]


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("arithmetic", {"p": 2}, "'arithmetic' takes no option p; 'power' does"),
        ("arithmetic", {"share": 0.0}, "takes no option share; 'trimmed' and 'winsorised' do"),
        ("trimmed", {"shares": 0.1}, "takes no option shares; did you mean 'share'"),
        ("power", {}, "needs the option p="),
        ("power", {"p": None}, "needs the option p="),
    ],
)
def test_options_that_do_not_apply(name, options, says):
    with pytest.raises(MethodError, match=says):
        MEANS.options(name, options)


def test_none_stands_for_not_given():
    assert MEANS.options("trimmed", {"share": None, "sides": 1, "p": None}) == {"sides": 1}


def test_the_class_of_error_is_the_registrys():
    own = Registry("way", [Method("one", lambda: 1)], BargainingError)
    with pytest.raises(BargainingError):
        own["two"]
