"""How far along a ray the payoffs reach that a polytope of promises generates: one linear program over all profiles.

Public lotteries between profiles included, so that the answer is the operator's own and not that of some directions.
"""

from __future__ import annotations

import numpy as np

from games.normal_form import FloatArray
from solvers.base.deadline import Deadline
from solvers.base.programs import TIGHT, linprog
from solvers.repeated.public._programs import ACCURACY, SignalGame

__all__ = ["Rays", "generates_itself"]


class Rays:
    """The payoffs that promises in the hull of the vertices (V, N) generate, asked ray by ray.

    Variables are weights of the profiles, weights of the vertices after each signal times those, and the length of the ray.
    """

    def __init__(self, game: SignalGame, vertices: FloatArray) -> None:
        from scipy import sparse

        d, count, signals = game.discount, len(vertices), game.signals.shape[1]
        pay, enforce, link = [], [], []
        for a, g in enumerate(game.payoffs):
            who, less, gain = game.departures(a)
            if (gain[(np.abs(less) <= 1e-15).all(axis=1)] > ACCURACY).any():
                continue
            promised = d[:, None, None] * game.signals[a][:, None] * vertices.T[:, None, :]
            sway = d[who, None, None] * less[:, :, None] * vertices.T[who][:, None, :]
            pay.append(np.column_stack([(1.0 - d) * g, promised.reshape(len(d), -1)]))
            enforce.append(np.column_stack([(1.0 - d[who]) * gain, -sway.reshape(len(who), signals * count)]))
            link.append(np.column_stack([-np.ones(signals), np.kron(np.eye(signals), np.ones(count))]))
        self.none = not pay
        if self.none:
            return
        self.payoff = np.hstack(pay)
        self.total = self.payoff.shape[1]
        rows, links = sparse.block_diag(enforce), sparse.block_diag(link)
        self.limits = np.zeros(rows.shape[0])
        self.enforce = sparse.hstack([rows, sparse.csr_matrix((rows.shape[0], 1))], format="csr")
        one = np.zeros(self.total + 1)
        one[0 : self.total : 1 + signals * count] = 1.0
        links = sparse.hstack([links, sparse.csr_matrix((links.shape[0], 1))])
        self.links = sparse.vstack([links, sparse.csr_matrix(one)], format="csr")
        self.right = np.append(np.zeros(links.shape[0]), 1.0)

    def length(self, centre: FloatArray, point: FloatArray) -> float:
        """The largest t up to 1 with `centre + t (point - centre)` generated; -1 if none is."""
        from scipy import sparse

        if self.none:
            return -1.0
        ray = np.column_stack([self.payoff, -(point - centre)])
        answer = linprog(
            np.append(np.zeros(self.total), -1.0),
            self.enforce,
            self.limits,
            sparse.vstack([self.links, sparse.csr_matrix(ray)], format="csr"),
            np.concatenate([self.right, centre]),
            bounds=np.column_stack([np.zeros(self.total + 1), np.append(np.full(self.total, np.inf), 1.0)]),
            options=TIGHT,
        )
        return float(answer.x[-1]) if answer.status == 0 else -1.0


def generates_itself(game: SignalGame, vertices: FloatArray, deadline: Deadline) -> bool:
    """Does the hull of the vertices generate each of them, to the accuracy of the programs? False, too, if time is over."""
    rays, centre = Rays(game, vertices), vertices.mean(axis=0)
    for v in vertices:
        if deadline.passed:
            return False
        length = rays.length(centre, v)
        if length < 0.0 or (1.0 - length) * np.abs(v - centre).max() > ACCURACY:
            return False
    return True
