"""Settings of every run of the tests, before the first library is imported."""

import os

# The matrices of the tests are small: threads of linear algebra would wait for each other, on every processor that the
# parallel processes of the tests already keep busy, and take up to four times the processor time.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
