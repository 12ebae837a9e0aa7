"""The route table of identity, which the modules beside this one fill."""

from shared.web.routes import Routes

ROUTES = Routes("identity")
