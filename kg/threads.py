"""One thread per process for linear algebra.

Sums of floating-point numbers depend on how threads share the work; with one thread the same text gives the same bits.
"""

from __future__ import annotations

import os

VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)


def one_blas_thread() -> None:
    """Ask every linear algebra library for one thread; works only before NumPy is imported in this process."""
    os.environ |= dict.fromkeys(VARIABLES, "1")
