"""The demo: three centres, two series and every kind of paper, made through the HTTP API.

Only the centres and the accounts are put in directly, for there is nobody yet who could sign in.
"""
