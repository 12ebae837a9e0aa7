"""The HTTP of identity. Importing the modules completes the route table."""

from services.identity.api import account, sign_in
from services.identity.api.table import ROUTES

__all__ = ["ROUTES", "account", "sign_in"]
