"""The rules beside simple baselines, each fitted to all epochs but the one that it predicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from games.arguments import checked
from games.errors import MethodError, SampleError, did_you_mean
from games.normal_form import FloatArray
from solvers.base.result import Result
from solvers.validation._measures import auc, auc_within, brier, log_score, reliability

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OUTCOMES", "Scores", "fit_logit", "scores"]

OUTCOMES = ("rivalry", "dispute", "war")
DATA = ("next door", "claim", "pact", "ratio")
# Keeps a fit finite where a variable separates the cases: a normal prior with standard deviation 10 on each slope.
_RIDGE = 0.01
# A share of draws of 0 or 1 is not certainty: predictions are kept this far from both for the log score and the logit.
_MARGIN = 0.01

Frame: TypeAlias = "pd.DataFrame"


@dataclass(frozen=True, eq=False, repr=False)
class Scores(Result):
    """Scores of the rules and of baselines on one outcome.

    Attributes
    ----------
    outcome : `rivalry`, `dispute` or `war`
    table : DataFrame, one row a predictor: AUC, AUC within epochs, Brier, log score
    predictions : DataFrame (cases, predictors) with the columns epoch, first, second and the outcome in front
    epochs : DataFrame, one row an epoch: cases, share with the outcome, Brier of the rules and of the base rate, AUC of the rules
    """

    outcome: str
    table: pd.DataFrame
    predictions: pd.DataFrame
    epochs: pd.DataFrame

    def reliability(self, predictor: str = "the rules", bins: int = 5) -> pd.DataFrame:
        """What was seen where so much was predicted; see `solvers.validation._measures.reliability`."""
        if predictor not in self.table.index:
            raise MethodError(
                f"there is no predictor {predictor!r}{did_you_mean(predictor, self.table.index)}"
            )
        return reliability(self.predictions[self.outcome], self.predictions[predictor], bins)

    def misses(self, count: int = 8) -> pd.DataFrame:
        """The cases that the rules got most wrong: epoch, first, second, predicted, the outcome."""
        frame = self.predictions
        order = (
            (frame["the rules"] - frame[self.outcome]).abs().sort_values(ascending=False, kind="stable").index
        )
        return frame.loc[order[:count], ["epoch", "first", "second", "the rules", self.outcome]].reset_index(
            drop=True
        )

    def summary(self) -> str:
        rules, base = self.table.loc["the rules"], self.table.loc["base rate"]
        rivals = self.table.drop(index=["the rules", "data and the rules"])["AUC"].dropna()
        best, rank = str(rivals.idxmax()), float(rivals.max())
        cases = len(self.predictions)
        text = (
            f"{self.outcome}: {cases} pairs in {self.predictions['epoch'].nunique()} epochs, "
            f"{int(self.predictions[self.outcome].sum())} with the outcome. The rules rank them at AUC {rules['AUC']:.2f} "
            f"(within epochs {rules['AUC within']:.2f}), Brier {rules['Brier']:.2f} against {base['Brier']:.2f} of the base "
            f"rate; the best baseline by rank is {best} with {rank:.2f}."
        )
        if rules["Brier"] >= base["Brier"]:
            text += " As chances the rules' numbers are no better than the base rate."
        return text

    def to_frame(self) -> pd.DataFrame:
        """`table`."""
        return self.table.copy()


@checked
def scores(table: pd.DataFrame, outcome: str = "rivalry") -> Scores:
    """Score the predictions of `backtest`.

    Baselines, each fitted to the other epochs: the base rate; persistence (rivals in the epoch before, or how often a new pair
    are rivals); the capability ratio (logit); data (logit of next door, claim, pact and ratio); data and the rules (the same with
    the rules' prediction). The rules are taken as they are: nothing of them is fitted.

    Raises
    ------
    MethodError
        For an unknown outcome, or a table without its columns.
    SampleError
        For fewer than two epochs, or an outcome that never or always occurs.
    """
    import pandas as pd

    if outcome not in OUTCOMES:
        raise MethodError(f"there is no outcome {outcome!r}{did_you_mean(outcome, OUTCOMES)}")
    needed = ["epoch", "first", "second", "predicted", outcome, *DATA, "rivals before"]
    for column in needed:
        if column not in table.columns:
            raise MethodError(f"the table has no column {column!r}; it is what `backtest` returns")
    frame = table.dropna(subset=["predicted", outcome]).reset_index(drop=True)
    if frame["epoch"].nunique() < 2:
        raise SampleError(f"{outcome}: scores need at least two epochs with known outcomes")
    if frame[outcome].nunique() < 2:
        raise SampleError(f"{outcome}: it never or always occurs in these epochs, so nothing can be ranked")
    y = frame[outcome].to_numpy(dtype=np.float64)
    predictors: Mapping[str, Callable[[Frame, Frame, FloatArray], FloatArray]] = {
        "base rate": _base_rate,
        "persistence": _persistence,
        "capability ratio": lambda train, test, target: _logit(train, test, target, ["ratio"]),
        "data": lambda train, test, target: _logit(train, test, target, DATA),
        "data and the rules": lambda train, test, target: _logit(train, test, target, (*DATA, "predicted")),
    }
    predictions = frame[["epoch", "first", "second", outcome]].copy()
    predictions["the rules"] = frame["predicted"]
    epochs = frame["epoch"].to_numpy()
    for name, predict in predictors.items():
        out = np.empty(len(frame))
        for epoch in np.unique(epochs):
            held = epochs == epoch
            out[held] = predict(frame[~held], frame[held], y[~held])
        predictions[name] = out
    names = ["the rules", *predictors]
    rows = []
    for name in names:
        p = predictions[name].to_numpy()
        # Left-out base rates rank epochs in reverse; they rank no pair within one.
        overall = float("nan") if name == "base rate" else auc(y, p)
        rows.append(
            (overall, auc_within(y, p, epochs), brier(y, p), log_score(y, np.clip(p, _MARGIN, 1 - _MARGIN)))
        )
    scored = pd.DataFrame(
        rows, columns=["AUC", "AUC within", "Brier", "log score"], index=pd.Index(names, name="predictor")
    )
    by_epoch = []
    for epoch in np.unique(epochs):
        at = epochs == epoch
        p, base = predictions.loc[at, "the rules"], predictions.loc[at, "base rate"]
        by_epoch.append(
            (epoch, int(at.sum()), y[at].mean(), brier(y[at], p), brier(y[at], base), auc(y[at], p))
        )
    columns = ["epoch", "pairs", outcome, "Brier", "Brier of the base rate", "AUC"]
    return Scores(outcome, scored, predictions, pd.DataFrame(by_epoch, columns=columns).set_index("epoch"))


def _base_rate(train: Frame, test: Frame, target: FloatArray) -> FloatArray:
    return np.full(len(test), target.mean())


def _persistence(train: Frame, test: Frame, target: FloatArray) -> FloatArray:
    """How often the outcome followed rivalry in the epoch before, its absence, or no such epoch (Laplace's rule)."""
    before, out = train["rivals before"].to_numpy(), np.empty(len(test))
    for k, value in enumerate(test["rivals before"].to_numpy()):
        same = np.isnan(before) if np.isnan(value) else before == value
        out[k] = (target[same].sum() + 1) / (same.sum() + 2)
    return out


def _logit(train: Frame, test: Frame, target: FloatArray, names: Sequence[str]) -> FloatArray:
    x, z = _design(train, names), _design(test, names)
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)
    weights = fit_logit((x - mean) / scale, target)
    return np.asarray(1 / (1 + np.exp(-(weights[0] + (z - mean) / scale @ weights[1:]))))


def _design(frame: Frame, names: Sequence[str]) -> FloatArray:
    table = frame[list(names)].to_numpy(dtype=np.float64).copy()
    for k, name in enumerate(names):
        if name == "predicted":
            p = np.clip(table[:, k], _MARGIN, 1 - _MARGIN)
            table[:, k] = np.log(p / (1 - p))
    return table


def fit_logit(x: FloatArray, y: FloatArray) -> FloatArray:
    """Intercept and slopes (1 + K,) of a logit with a weak ridge on the slopes, by Newton's method."""
    from scipy.special import expit

    design = np.column_stack([np.ones(len(x)), x])
    ridge = np.diag([0.0] + [_RIDGE] * x.shape[1])
    weights = np.zeros(design.shape[1])
    for _ in range(100):
        p = expit(design @ weights)
        gradient = design.T @ (y - p) - ridge @ weights
        curvature = (design * (p * (1 - p))[:, None]).T @ design + ridge
        step = np.linalg.solve(curvature + 1e-12 * np.eye(len(weights)), gradient)
        weights = weights + step
        if np.abs(step).max() < 1e-10:
            break
    return np.asarray(weights)
