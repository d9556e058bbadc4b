"""The noisy prisoner's dilemma of the tests."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from games import Monitoring, NormalFormGame, RepeatedGame

CASES = json.loads((Path(__file__).parents[3] / "cases" / "public_monitoring.json").read_text())
PD = NormalFormGame(np.array(CASES["dilemma"]["payoffs"]), actions=[["E", "S"], ["E", "S"]])


def noisy(p: float, q: float, r: float) -> Monitoring:
    return Monitoring(signals=[[[p, 1 - p], [q, 1 - q]], [[q, 1 - q], [r, 1 - r]]], labels=["good", "bad"])


def dilemma(discount, monitoring: Monitoring | None = None) -> RepeatedGame:
    case = CASES["dilemma"]
    return RepeatedGame(PD, discount, monitoring=monitoring or noisy(case["p"], case["q"], case["r"]))
