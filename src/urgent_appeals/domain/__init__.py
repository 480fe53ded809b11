"""Decide: pure values and functions, without files, clock, network, randomness or printing."""
