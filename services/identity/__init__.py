"""Accounts, centres, sign-in, tokens and allocations."""
