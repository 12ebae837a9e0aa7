"""The rules of accounts, passwords, codes and failed attempts: pure functions."""
