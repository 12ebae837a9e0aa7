"""Runs the whole system on one machine: what `iamis up` does."""
