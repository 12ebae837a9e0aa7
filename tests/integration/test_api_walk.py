"""The walk through the API, as docs/api.md tells it, in the shell."""

import os
import re
import subprocess
import time

import pyotp

from tests.support.stack import ROOT, Stack

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
SECONDS = 60


def test_the_walk_through_the_api_works(stack: Stack) -> None:
    _before, _marker, text = (ROOT / "docs" / "api.md").read_text("utf-8").partition("<!-- run:")
    blocks = BLOCK.findall(text)
    assert len(blocks) == 4
    admin = next(one for one in stack.accounts if one["role"] == "admin")
    # The next code: the present one may have been used.
    code = pyotp.TOTP(admin["totp_secret"]).at(int(time.time()) + 30)
    given = {"base": f"{stack.base_url}/api", "code": code}
    given |= {name: admin[name] for name in ("email", "password")}
    done = subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
        env=dict(os.environ) | given,
        capture_output=True,
        check=False,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
