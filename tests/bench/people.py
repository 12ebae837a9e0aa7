"""People who are signed in to the pages: sessions opened as identity and gateway open them.

python -m tests.bench.people HOME CENTRE...

Without password and code: those are checked at their own pace, and are no part of what is measured.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import select

from services.gateway.calls import Calls
from services.gateway.models import TOKENS
from services.gateway.sessions import Sessions
from services.gateway.tokens import TokenSource
from services.gateway.upstream import Upstreams
from services.identity.commands import sessions
from services.identity.domain.devices import Device, Origin
from services.identity.models import Membership, User
from shared.cli import see_installation
from shared.launcher.home import Home
from shared.operators import database_of
from shared.seal import seal_for
from shared.settings import adopt
from tests.support.stack import ROOT, Stack

SECONDS = 300
LOOPBACK = "127.0.0.1"


def signed_in(stack: Stack, centre_nos: Sequence[str]) -> dict[str, str]:
    """The session cookie of the account of each centre."""
    command = [sys.executable, "-m", "tests.bench.people", str(stack.path)]
    made = subprocess.run(
        command,
        cwd=ROOT,
        check=True,
        input="\n".join(centre_nos).encode(),
        stdout=subprocess.PIPE,
        timeout=SECONDS,
    )
    cookies: dict[str, str] = json.loads(made.stdout)
    return cookies


def _sign_in(centre_nos: Sequence[str]) -> Iterator[tuple[str, str]]:
    origin = Origin(LOOPBACK, Device("generator", "generator"))
    seen = select(Membership.centre_no, User).join(User, User.id == Membership.user_id)
    with database_of("identity") as identity, database_of("gateway") as gateway:
        with identity.transaction() as session:
            found = session.execute(seen.where(Membership.centre_no.in_(centre_nos))).all()
            answers = {no: sessions.start(session, user, origin) for no, user in found}
        browsers = Sessions(gateway, seal_for(TOKENS), TokenSource(Calls(Upstreams())))
        for centre_no, answer in answers.items():
            yield centre_no, browsers.begin(answer)


if __name__ == "__main__":
    given_home = Path(sys.argv[1])
    adopt({"IAMIS_HOME": str(given_home)})
    see_installation(Home(given_home))
    print(json.dumps(dict(_sign_in(sys.stdin.read().split()))))
