"""The route table of marks; the modules of `api` fill it."""

from shared.web.routes import Routes

ROUTES = Routes("marks")
