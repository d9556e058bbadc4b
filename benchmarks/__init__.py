"""Timings beside the peers. `python -m benchmarks` runs every one of them and assembles `benchmarks/README.md`."""

import os

# Threads that wait for one another would count as processor time: one for everybody, ours and the peers'.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
