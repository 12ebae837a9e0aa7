"""The benchmark: `make bench` measures on the real stack and writes docs/benchmarks.md.

Everything is a ratio to a baseline of the same run, or a count, for a time belongs to a machine.
"""
