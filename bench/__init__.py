"""Measure this project beside the plain ways, in one run; figures of different runs do not compare."""
