"""Timings beside the peers. `python -m benchmarks` runs every one of them and assembles `benchmarks/README.md`."""
