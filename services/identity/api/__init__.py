"""The HTTP of identity. Importing the modules completes the route table."""

from services.identity.api import account, allocations, sign_in, users
from services.identity.api.table import ROUTES

__all__ = ["ROUTES", "account", "allocations", "sign_in", "users"]
