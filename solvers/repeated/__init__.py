"""Repeated play: what patience sustains, how much of it is needed, and whether a strategy is an equilibrium."""
