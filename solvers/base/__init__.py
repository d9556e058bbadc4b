"""What all solvers stand on: results, time limits, progress, rounding, multilinear payoffs, small linear programs."""
