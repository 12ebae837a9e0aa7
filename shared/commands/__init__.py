"""Operators' commands of the platform; they work in-process on the configured databases and bus."""
