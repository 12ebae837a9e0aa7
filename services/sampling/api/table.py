"""The table that the modules of this folder add their routes to."""

from shared.web.routes import Routes

ROUTES = Routes("sampling")
