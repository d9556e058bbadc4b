"""The names of the types that all packages share: arrays by what they hold, and profiles.

`Profile` is one action index for each player; `MixedProfile` is one probability vector for each player. `IntArray` holds
numbers (int64), `IndexArray` positions in another array (the platform's index type, as NumPy returns them).
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

__all__ = ["BoolArray", "FloatArray", "IndexArray", "IntArray", "MixedProfile", "ObjectArray", "Profile"]

FloatArray: TypeAlias = npt.NDArray[np.float64]
BoolArray: TypeAlias = npt.NDArray[np.bool_]
IntArray: TypeAlias = npt.NDArray[np.int64]
IndexArray: TypeAlias = npt.NDArray[np.intp]
ObjectArray: TypeAlias = npt.NDArray[np.object_]
Profile: TypeAlias = tuple[int, ...]
MixedProfile: TypeAlias = tuple[FloatArray, ...]
