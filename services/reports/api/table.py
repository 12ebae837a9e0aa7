"""The route table that the modules beside this one fill."""

from shared.web.routes import Routes

ROUTES = Routes("reports")

MODERATOR_REPORT = "/centres/<centre_no>/papers/<paper_id>/moderator-report"
