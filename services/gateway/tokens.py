"""Identity's token routes, as the gateway uses them for browsers."""

from http import HTTPStatus

from services.gateway import service_paths
from services.gateway.calls import Calls, Json
from services.gateway.upstream import unavailable


class TokenSource:
    """Where fresh tokens come from."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def refresh(self, refresh_token: str) -> Json:
        """New tokens; `UnauthenticatedError` when the family is dead, `UnavailableError` else."""
        answer = self._calls.ask("POST", service_paths.refresh(), {"refresh_token": refresh_token})
        if answer.ok:
            return answer.body
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise answer.problem()
        raise unavailable("identity")

    def look(self, token: str, centre_no: str) -> Json:
        """A token of board staff for what a centre sees; any refusal is raised."""
        answer = self._calls.ask("POST", service_paths.looking(centre_no), token=token)
        if not answer.ok:
            raise answer.problem()
        return answer.body

    def revoke(self, token: str, refresh_token: str) -> None:
        """End the family, if identity can be reached: the cookie is dead either way."""
        self._calls.ask("POST", service_paths.sign_out(), {"refresh_token": refresh_token}, token)
