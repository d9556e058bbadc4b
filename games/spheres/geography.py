"""Distances on the globe."""

from __future__ import annotations

import numpy as np

from games.normal_form import FloatArray

__all__ = ["distance_km"]

# Twice the mean radius.
EARTH_DIAMETER_KM = 12742.0


def distance_km(a: FloatArray, b: FloatArray) -> FloatArray:
    """Great-circle distances between places (..., 2) in degrees of latitude and longitude, by the haversine formula.

    >>> round(float(distance_km(np.array([38.9, -77.04]), np.array([55.76, 37.62]))))
    7822
    """
    p, q = np.radians(a[..., 0]), np.radians(b[..., 0])
    l, m = np.radians(a[..., 1]), np.radians(b[..., 1])
    h = np.sin((q - p) / 2) ** 2 + np.cos(p) * np.cos(q) * np.sin((m - l) / 2) ** 2
    return np.asarray(EARTH_DIAMETER_KM * np.arcsin(np.sqrt(np.clip(h, 0.0, 1.0))))
