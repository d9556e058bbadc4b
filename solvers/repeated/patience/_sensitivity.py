"""By how many per cent a result changes if an input changes by one per cent: elasticities, with kinks marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, SupportsInt

import numpy as np
import numpy.typing as npt

from games.arguments import checked, choice, number, numbers, table
from games.errors import ConcertError, GameError, MethodError, did_you_mean
from games.normal_form import FloatArray
from games.words import counted, listed
from solvers.base.deadline import keeps_time
from solvers.base.progress import track
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from games.spheres import MapLike, SpheresModel
    from solvers.repeated.patience._critical_discount import MinmaxKind

__all__ = ["Elasticities", "discount_elasticities", "elasticities"]


@dataclass(frozen=True, eq=False, repr=False)
class Elasticities(Result):
    """Elasticities of some quantities to some inputs.

    Attributes
    ----------
    inputs : mapping from names to values
    outputs : tuple of M names
    base : array (M,), the quantities at the unchanged inputs
    left, right : arrays (I, M), one-sided derivatives (downward and upward); NaN where that side has no finite value
    step : by how much each input was changed, relative to its size
    """

    _rows_shown = 20
    _ranked = True

    inputs: Mapping[str, float]
    outputs: tuple[str, ...]
    base: FloatArray
    left: FloatArray
    right: FloatArray
    step: float
    tolerance: float

    @property
    def derivative(self) -> FloatArray:
        """Central derivatives (I, M); where only one side exists, that side's."""
        both = (self.left + self.right) / 2
        return np.where(np.isnan(self.left), self.right, np.where(np.isnan(self.right), self.left, both))

    @property
    def kink(self) -> npt.NDArray[np.bool_]:
        """True (I, M) where the two sides differ by more than curvature explains, or one of them does not exist."""
        larger = np.maximum(np.abs(self.left), np.abs(self.right))
        sizes = np.array([abs(x) for x in self.inputs.values()])[:, None]
        scale = np.where(np.isfinite(self.base), np.abs(self.base), 0.0)
        # Both in elasticity terms, so that a quantity that does not change at all shows no kink from rounding.
        floor = np.divide(scale, sizes, out=np.zeros((len(sizes), len(scale))), where=sizes > 0)
        apart = np.abs(self.left - self.right) > self.tolerance * np.maximum(larger, floor)
        return np.asarray(apart | (np.isnan(self.left) != np.isnan(self.right)))

    @property
    def values(self) -> FloatArray:
        """Elasticities (I, M): derivative times input over output; NaN where the output is zero or infinite."""
        sizes = np.array(list(self.inputs.values()), dtype=np.float64)[:, None]
        out = np.full(self.left.shape, np.nan)
        usable = np.isfinite(self.base) & (self.base != 0)
        out[:, usable] = (self.derivative * sizes)[:, usable] / self.base[usable]
        return out

    def summary(self) -> str:
        count = int(self.kink.any(axis=1).sum())
        kinks = f"; {count} of them are at a kink, where the two sides differ" if count else ""
        unusable = [name for name, b in zip(self.outputs, self.base) if not (np.isfinite(b) and b != 0)]
        none = (
            f" There is no elasticity of {listed(unusable)}, which is zero or infinite." if unusable else ""
        )
        return (
            f"Elasticities with respect to {counted(len(self.inputs), 'input')}, by differences of "
            f"{self.step:.0e} of each input{kinks}."
            f"{none}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each input and output: value, elasticity, derivatives on both sides, kink; largest first."""
        import pandas as pd

        rows = [
            (name, value, output, self.values[i, m], self.left[i, m], self.right[i, m], bool(self.kink[i, m]))
            for i, (name, value) in enumerate(self.inputs.items())
            for m, output in enumerate(self.outputs)
        ]
        columns = ["input", "value", "output", "elasticity", "derivative down", "derivative up", "kink"]
        frame = pd.DataFrame(rows, columns=columns)
        order = np.argsort(-frame["elasticity"].abs().fillna(-1.0).to_numpy(), kind="stable")
        return frame.iloc[order].reset_index(drop=True)


@keeps_time("the list of elasticities", "name fewer inputs")
def elasticities(
    function: Callable[[Mapping[str, float]], npt.ArrayLike],
    inputs: Mapping[str, float],
    *,
    outputs: tuple[str, ...] | None = None,
    step: float = 1e-5,
    tolerance: float = 1e-3,
    time_limit: float | None = None,
) -> Elasticities:
    """Elasticities of the quantities that `function` returns with respect to each of its inputs.

    Parameters
    ----------
    function : takes a mapping of some inputs to changed values (the others stay), returns a number or an array (M,);
        for a model: `lambda changes: critical(model.vary(changes))`
    inputs : mapping from names to their values
    outputs : names of the M quantities
    step : change of each input, relative to its size (absolute where it is zero)
    tolerance : one-sided derivatives further apart than this, relatively, mark a kink
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError
        If the number of quantities changes.

    Notes
    -----
    An input on the edge of its range (a probability of 1, say) can change in one direction only: that side's derivative is
    used, and the row is marked as a kink.

    Examples
    --------
    >>> found = elasticities(lambda x: x.get("a", 2.0) ** 3 * max(x.get("b", 1.0), 1.0), {"a": 2.0, "b": 1.0})
    >>> found.values.round(3).tolist(), found.kink.tolist()
    ([[3.0], [0.5]], [[False], [True]])
    """
    step = number(step, "step is a positive share of each input", MethodError, above=0.0)
    tolerance = number(tolerance, "tolerance is a number of at least 0", MethodError, least=0.0)
    if not callable(function):
        raise MethodError(f"function must be callable with changed inputs; got {function!r}")
    table(inputs, "inputs")
    base = np.atleast_1d(numbers(function({}), "what the function returns"))
    names = outputs or tuple(f"output {m + 1}" if len(base) > 1 else "output" for m in range(len(base)))
    if len(names) != len(base):
        raise GameError(f"the function returns {len(base)} quantities, but {len(names)} names are given")
    sides = np.full((2, len(inputs), len(base)), np.nan)
    for i, (name, value) in enumerate(track(inputs.items(), total=len(inputs), label="elasticities")):
        size = step * (abs(value) or 1.0)
        for side, sign in enumerate((-1.0, 1.0)):
            changed = value + sign * size
            try:
                result = np.atleast_1d(np.asarray(function({name: changed}), dtype=np.float64))
            except ConcertError:
                continue
            if result.shape != base.shape:
                raise GameError(
                    f"changing {name!r} changes the number of quantities from {len(base)} to {len(result)}"
                )
            with np.errstate(invalid="ignore"):
                slope = (result - base) / (changed - value)
            sides[side, i] = np.where(np.isfinite(slope), slope, np.nan)
    return Elasticities(dict(inputs), names, base, sides[0], sides[1], step, tolerance)


@checked
@keeps_time("the list of elasticities", "name fewer inputs")
def discount_elasticities(
    model: SpheresModel,
    profile: str | Sequence[str | SupportsInt] = "concert",
    map: MapLike = "status quo",
    *,
    punishment: Literal["nash", "minmax"] = "minmax",
    kind: MinmaxKind | None = None,
    inputs: Sequence[str] | None = None,
    step: float = 1e-5,
    time_limit: float | None = None,
) -> Elasticities:
    """Elasticities of every power's critical discount factor with respect to the inputs of a model of spheres.

    Parameters
    ----------
    model : SpheresModel read from a scenario file
    profile, map : what is to be sustained, and on which map
    punishment : `"nash"` takes the harshest *pure* equilibrium of the status quo for each power, found again for
        each changed input; `"minmax"` takes the bound of the `kind` (`"pure"` by default)
    inputs : paths as in `model.inputs()`; all of them if left out
    step : change of each input, relative to its size
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    MethodError
        For an unknown punishment or input, a `kind` with `"nash"`, or a status quo without a pure equilibrium with `"nash"`.

    Examples
    --------
    >>> from games import load
    >>> model = load("us-china-russia-2025")
    >>> discount_elasticities(model, inputs=["half_distance"]).outputs
    ('United States', 'China', 'Russia')
    """
    from solvers import nash
    from solvers.repeated.patience._critical_discount import PUNISHMENTS, critical_discount

    choice(punishment, ("nash", "minmax"), "the punishment")
    options = PUNISHMENTS.options(punishment, {"kind": kind})
    known = dict(zip(model.inputs()["path"], model.inputs()["value"]))
    paths = list(known) if inputs is None else list(inputs)
    for path in paths:
        if path not in known:
            raise MethodError(f"the model has no input {path!r}{did_you_mean(path, known)}")

    def factors(changes: Mapping[str, float]) -> FloatArray:
        changed = model.vary(changes) if changes else model
        agreed = changed.profile(profile)
        game = changed.stage(map)
        if punishment == "minmax":
            return critical_discount(game, agreed, "minmax", kind=options.get("kind", "pure")).per_player
        equilibria = nash.pure(changed.stage())
        return critical_discount(game, agreed, "nash", equilibria=equilibria).per_player

    return elasticities(factors, {p: float(known[p]) for p in paths}, outputs=model.players, step=step)
