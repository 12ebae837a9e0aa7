"""The HTTP of sampling; importing the modules fills the table."""

from services.sampling.api import moderation, policies, samples
from services.sampling.api.table import ROUTES

__all__ = ["ROUTES", "moderation", "policies", "samples"]
