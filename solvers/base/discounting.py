"""Discounted sums along a Markov chain, of thousands of states in pieces between which a time limit is kept."""

from __future__ import annotations

import numpy as np

from games.types import FloatArray
from solvers.base.deadline import checkpoint

__all__ = ["discounted_sums"]

# Up to here one call of LAPACK takes some tenths of a second, and nothing has to come between.
_WHOLE = 1024
# Products of blocks of this size take some hundredths of a second, and are large enough to be as fast as any.
_BLOCK = 512


def discounted_sums(step: FloatArray, discount: float, reward: FloatArray) -> FloatArray:
    """What is earned from each state on, x = reward + discount step x; shape (S, ...), that of `reward`.

    Of many states by elimination in blocks. Rows of `step` are lotteries, so that 1 - discount step is dominated by its diagonal,
    and elimination without exchange of rows is stable (Golub and Van Loan, *Matrix Computations*, on diagonally dominant
    systems).

    Parameters
    ----------
    step : array (S, S), the probability of each next state
    discount : below 1
    reward : array (S, ...)

    Raises
    ------
    TimeOver
        At the end of a time limit that is enforced.

    Examples
    --------
    >>> discounted_sums(np.array([[0.0, 1.0], [0.0, 1.0]]), 0.5, np.array([3.0, 1.0]))
    array([4., 2.])
    """
    size = len(step)
    if size <= _WHOLE:
        return np.asarray(np.linalg.solve(np.eye(size) - discount * step, reward))
    left = -discount * step
    left[np.diag_indices(size)] += 1.0
    right = np.array(reward, dtype=np.float64).reshape(size, -1)
    blocks = [slice(begin, min(begin + _BLOCK, size)) for begin in range(0, size, _BLOCK)]
    for block in blocks:
        checkpoint()
        end, width = block.stop, size - block.stop
        solved = np.linalg.solve(left[block, block], np.column_stack([left[block, end:], right[block]]))
        left[block, end:], right[block] = solved[:, :width], solved[:, width:]
        for below in blocks:
            if below.start < end:
                continue
            checkpoint()
            factor = left[below, block]
            left[below, end:] -= factor @ left[block, end:]
            right[below] -= factor @ right[block]
    for block in reversed(blocks):
        right[block] -= left[block, block.stop :] @ right[block.stop :]
    return right.reshape(np.shape(reward))
