"""The environment of the embedded stack, rebuilt from the files of its home.

The launcher gives it to the services; commands take it up to see the same databases.
"""

from collections.abc import Mapping

from shared.launcher.home import Home
from shared.launcher.ports import LOOPBACK
from shared.launcher.store import NAME as STORE


def environment(home: Home, ports: Mapping[str, int]) -> dict[str, str]:
    """What `shared.settings` reads. `ports` are by service name; empty when nothing runs."""
    given = {
        "IAMIS_STACK": "embedded",
        "IAMIS_HOME": str(home.path),
        "IAMIS_JWKS_FILE": str(home.jwks_file),
        "IAMIS_SECRET_KEY_FILE": str(home.secret_file("secret-key")),
        "IAMIS_S3_ACCESS_KEY_FILE": str(home.secret_file("s3-access-key")),
        "IAMIS_S3_SECRET_KEY_FILE": str(home.secret_file("s3-secret-key")),
    }
    for name, port in ports.items():
        variable = "IAMIS_S3_ENDPOINT" if name == STORE else f"IAMIS_URL_{name.upper()}"
        given[variable] = f"http://{LOOPBACK}:{port}"
    return given


def merged(inherited: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """`given` over `inherited`: a secret is never there twice, once plain and once as a file."""
    names = {name.removesuffix("_FILE") for name in given}
    kept = {n: value for n, value in inherited.items() if n.removesuffix("_FILE") not in names}
    return kept | dict(given)
