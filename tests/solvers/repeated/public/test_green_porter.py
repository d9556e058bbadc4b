"""Green and Porter's oligopoly: known limits, incentives on another grid, and values written out anew."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import lognorm

from games.errors import DiscountError, GameError
from solvers import repeated


def profit(own: float, others: float) -> float:
    return own * max(1.0 - own - others, 0.0)


@pytest.mark.parametrize(
    ("firms", "discount", "shock", "length"), [(2, 0.95, 0.1, None), (3, 0.9, 0.1, 6), (2, 0.9, 0.2, 10)]
)
def test_value_and_incentives(firms: int, discount: float, shock: float, length: float | None) -> None:
    found = repeated.green_porter(firms, discount, shock, length=length)
    assert found.colludes
    assert length in (None, found.length)
    theta = lognorm(s=shock, scale=np.exp(-0.5 * shock**2))
    assert theta.mean() == pytest.approx(1.0)
    q, cournot = found.output, 1.0 / (firms + 1)
    assert found.cournot == pytest.approx([cournot, cournot**2])

    def worth(own: float) -> float:
        price = 1.0 - own - (firms - 1) * q
        alarm = theta.cdf(found.trigger / price) if price > 0 else 1.0
        periods = 5000 if np.isinf(found.length) else int(found.length) - 1
        punished = (1 - discount**periods) * cournot**2 + discount**periods * found.value
        return (1 - discount) * profit(own, (firms - 1) * q) + discount * (
            (1 - alarm) * found.value + alarm * punished
        )

    assert worth(q) == pytest.approx(found.value, abs=1e-10)
    assert found.reversion == pytest.approx(theta.cdf(found.trigger / (1 - firms * q)), abs=1e-12)
    others = [worth(own) for own in np.linspace(0, 1, 401)]
    assert max(others) <= found.value + 1e-8


def test_more_noise_is_worth_less() -> None:
    values = [repeated.green_porter(2, 0.9, shock).value for shock in (0.1, 0.3)]
    assert values == sorted(values, reverse=True)
    assert values[0] < 1 / 8


def test_impatient_firms_compete() -> None:
    found = repeated.green_porter(2, 0.2, 0.2)
    assert not found.colludes
    assert found.value == pytest.approx(1 / 9)
    assert "No trigger price was found" in found.summary()


def test_units() -> None:
    one = repeated.green_porter(2, 0.9, 0.1, length=8)
    other = repeated.green_porter(2, 0.9, 0.1, intercept=12.0, slope=2.0, cost=0.0, length=8)
    assert other.output == pytest.approx(6 * one.output, rel=1e-6)
    assert other.value == pytest.approx(72 * one.value, rel=1e-6)
    assert other.to_frame().index.tolist() == ["Cournot", "trigger price", "monopoly"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((1, 0.9, 0.1), GameError),
        ((2, 1.0, 0.1), DiscountError),
        ((2, 0.9, 0.0), GameError),
        ((2, 0.9, 0.1, 1.0, -1.0), GameError),
    ],
)
def test_input_is_checked(arguments, error) -> None:
    with pytest.raises(error):
        repeated.green_porter(*arguments)
    with pytest.raises(GameError, match="length"):
        repeated.green_porter(2, 0.9, 0.1, length=1)
