"""Policies, samples, additions and further requests."""
