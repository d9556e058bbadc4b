"""Draws: many values of the numbers that are assumed, one row a draw and one column a number or switch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from numbers import Integral
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from games.errors import ScenarioError, did_you_mean
from games.normal_form import FloatArray
from games.spheres.parameters import SWITCHES, Assumption, Switch

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Distribution", "Draws", "sample"]


class Distribution(Protocol):
    """Anything with a quantile function: a frozen distribution of `scipy.stats` among others."""

    def ppf(self, q: Any) -> Any: ...


LawLike: TypeAlias = "Assumption | Distribution | tuple[float, float] | tuple[float, float, str]"


@dataclass(frozen=True, eq=False)
class Draws:
    """A table of draws: `columns` maps each name to an array (n,) of numbers, or of words for a switch.

    `ranges` holds the law of each column as words, `how` one sentence on where the draws come from.

    Raises ScenarioError for columns of different lengths, none at all, or numbers that are not finite.

    Examples
    --------
    >>> from games import world
    >>> draws = world.build(2021, ["United States", "China", "Russia"]).draws(64, seed=1)
    >>> len(draws), "half_distance" in draws.names
    (64, True)
    """

    columns: Mapping[str, npt.NDArray[Any]]
    ranges: Mapping[str, str]
    how: str = "handed in"
    seed: int | None = None

    def __post_init__(self) -> None:
        sizes = {len(c) for c in self.columns.values()}
        if len(sizes) != 1 or 0 in sizes:
            raise ScenarioError("draws need at least one column and one row, and columns of one length")
        for name, column in self.columns.items():
            if column.dtype.kind in "fiub" and not np.isfinite(column.astype(np.float64)).all():
                raise ScenarioError(f"draws: {name} has values that are not finite")
            column.setflags(write=False)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def __getitem__(self, name: str) -> npt.NDArray[Any]:
        if name not in self.columns:
            raise ScenarioError(f"draws: there is no number {name!r}{did_you_mean(name, self.columns)}")
        return self.columns[name]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(self.columns)

    def take(self, rows: npt.ArrayLike | slice) -> Draws:
        """Some of the rows, by numbers, mask or slice."""
        index = rows if isinstance(rows, slice) else np.asarray(rows)
        return Draws({k: c[index].copy() for k, c in self.columns.items()}, self.ranges, self.how, self.seed)

    def replace(self, **columns: npt.ArrayLike) -> Draws:
        """The same draws with some columns set to one value, or to given values, for all rows."""
        return self.fix(columns)

    def fix(self, columns: Mapping[str, npt.ArrayLike]) -> Draws:
        """As `replace`, for names that are not Python words, such as `powers.China.patience`."""
        new = dict(self.columns)
        for name, values in columns.items():
            column = np.asarray(values)
            new[name] = np.broadcast_to(column, (len(self),)).copy()
        return Draws(new, self.ranges, self.how, self.seed)

    def chunks(self, size: int) -> Iterator[Draws]:
        """The rows in blocks of at most `size`, in order."""
        for start in range(0, len(self), size):
            yield self.take(slice(start, start + size))

    def to_frame(self) -> pd.DataFrame:
        """One row a draw, one column a number or switch."""
        import pandas as pd

        return pd.DataFrame(dict(self.columns), index=pd.RangeIndex(len(self), name="draw"))

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Draws:
        """Draws from a table with one column a number or switch, named as in `SpheresModel.assumptions`."""
        columns: dict[str, npt.NDArray[Any]] = {}
        for name in frame.columns:
            values = frame[name].to_numpy()
            if values.dtype.kind in "fiub":
                columns[str(name)] = values.astype(np.float64)
            else:
                try:
                    columns[str(name)] = values.astype(np.float64)
                except (TypeError, ValueError):
                    columns[str(name)] = values.astype(str)
        return cls(columns, dict.fromkeys(columns, "handed in"))

    def summary(self) -> str:
        """One sentence: how many draws of how many numbers, and how they were made."""
        return f"{len(self):,} draws of {len(self.columns)} numbers and switches; {self.how}."

    def __repr__(self) -> str:
        return f"{self.summary()}\n{self.to_frame().describe(include='all').T.to_string()}"

    def _repr_html_(self) -> str:
        table = self.to_frame().describe(include="all").T.to_html(border=0, escape=True)
        return f"<p>{escape(self.summary())}</p>{table}"


def sample(
    assumptions: Mapping[str, Assumption],
    n: int,
    seed: int,
    together: float = 0.0,
    laws: Mapping[str, LawLike] | None = None,
    switches: Sequence[str] = (),
    regions: Sequence[str] = (),
) -> Draws:
    """Draw assumed numbers over their ranges by scrambled Sobol points (Owen 1998; `scipy.stats.qmc`).

    Numbers of one rule share a Gaussian copula with correlation `together`: 0 draws them one by one, 1 moves them as one.
    `laws` replaces the law of some numbers: a range (low, high), a range with a law's name, or a frozen distribution of
    `scipy.stats`. `switches` names the choices of structure to sample as well.

    Raises ScenarioError for fewer than one draw, unknown names, or a range upside down.
    """
    if not _whole(n) or n < 1:
        raise ScenarioError(f"draws: n is {n!r}; it must be a whole number, and at least one draw is needed")
    if not _whole(seed) or seed < 0:
        raise ScenarioError(f"draws: seed is {seed!r}; it must be a whole number, not negative")
    if not 0 <= together <= 1:
        raise ScenarioError(f"draws: together is {together!r}; it lies between 0 and 1")
    laws = dict(laws or {})
    for name in laws:
        if name not in assumptions:
            raise ScenarioError(
                f"draws: there is no assumed number {name!r}{did_you_mean(name, assumptions)}"
            )
    for name in switches:
        if name not in SWITCHES:
            raise ScenarioError(f"draws: there is no switch {name!r}{did_you_mean(name, SWITCHES)}")
    names = list(assumptions)
    shared = [r for r, k in _counts(a.rule for a in assumptions.values()).items() if r and k > 1]
    width = len(names) + len(switches) + len(shared)
    from scipy.stats import qmc

    engine = qmc.Sobol(d=width, scramble=True, seed=seed)
    exponent = int(np.ceil(np.log2(n)))
    # A Sobol set is balanced at powers of two; its first n points are used.
    points = engine.random_base2(exponent)[:n]
    # Quantile functions of unbounded laws are infinite at 0 and 1.
    points = np.clip(points, 2.0**-53, 1 - 2.0**-53)
    columns: dict[str, npt.NDArray[Any]] = {}
    ranges: dict[str, str] = {}
    for k, name in enumerate(names):
        u = points[:, k]
        rule = assumptions[name].rule
        if rule in shared and together > 0:
            from scipy.special import ndtr, ndtri

            common = points[:, len(names) + len(switches) + shared.index(rule)]
            mixed = np.sqrt(together) * ndtri(common) + np.sqrt(1 - together) * ndtri(u)
            u = ndtr(mixed)
        columns[name], ranges[name] = _quantile(name, laws.get(name, assumptions[name]), u)
    for k, name in enumerate(switches):
        u = points[:, len(names) + k]
        columns[name], ranges[name] = _switch(SWITCHES[name], u, regions)
    how = f"scrambled Sobol points, seed {seed}"
    if shared and together > 0:
        how += f"; numbers of one rule move together to the degree {together:g}"
    return Draws(columns, ranges, how, seed)


def _whole(number: object) -> bool:
    return isinstance(number, Integral) and not isinstance(number, bool)


def _counts(items: Iterable[str]) -> dict[str, int]:
    out: dict[str, int] = {}
    for item in items:
        out[item] = out.get(item, 0) + 1
    return out


def _quantile(name: str, law: LawLike, u: FloatArray) -> tuple[FloatArray, str]:
    if isinstance(law, tuple):
        try:
            low, high, kind = float(law[0]), float(law[1]), str(law[2]) if len(law) > 2 else "uniform"
        except (IndexError, TypeError, ValueError):
            raise ScenarioError(
                f"{name}: {law!r} is not a range; give (low, high) or (low, high, 'log-uniform'), two numbers"
            ) from None
        if kind not in ("uniform", "log-uniform"):
            raise ScenarioError(
                f"{name}: there is no law {kind!r}{did_you_mean(kind, ('uniform', 'log-uniform'))}"
            )
        middle = np.sqrt(low * high) if kind == "log-uniform" and low > 0 else (low + high) / 2
        law = Assumption(float(middle), low, high, "handed in", kind)  # type: ignore[arg-type]
    if isinstance(law, Assumption):
        law.check(name)
        text = f"{law.law} over {law.low:g} to {law.high:g}"
        if law.law == "log-uniform":
            return law.low * (law.high / law.low) ** u, text
        return law.low + (law.high - law.low) * u, text
    if not hasattr(law, "ppf"):
        raise ScenarioError(
            f"{name}: {law!r} is not a law; give (low, high), (low, high, 'log-uniform') or a frozen scipy distribution"
        )
    return np.asarray(law.ppf(u), dtype=np.float64), repr(getattr(law, "dist", law).__class__.__name__)


def _switch(switch: Switch, u: FloatArray, regions: Sequence[str]) -> tuple[npt.NDArray[Any], str]:
    if switch.levels is None:
        return (
            switch.low * (switch.high / switch.low) ** u,
            f"log-uniform over {switch.low:g} to {switch.high:g}",
        )
    levels = switch.levels or ("", *regions)
    chosen = np.minimum((u * len(levels)).astype(np.int64), len(levels) - 1)
    return np.array(levels)[chosen], f"{len(levels)} levels, equally likely"
