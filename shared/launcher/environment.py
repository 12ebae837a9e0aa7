"""The environment of an installation, rebuilt from the files of its home.

The launcher gives it to the services; commands take it up to see the same databases.
"""

from collections.abc import Mapping

from shared.launcher.home import Home
from shared.launcher.instance import is_service
from shared.launcher.ports import LOOPBACK
from shared.launcher.store import NAME as STORE

DATABASE_URL = "database-url-"
OWNER_URL = "database-owner-url-"
AMQP_URL = "amqp-url"
MANAGEMENT_URL = "amqp-management-url"


def environment(home: Home, ports: Mapping[str, int]) -> dict[str, str]:
    """What `shared.settings` reads. `ports` are by service name; empty when nothing runs.

    On the real stack the files with addresses are those of the last start.
    """
    given = {
        "IAMIS_STACK": home.stack or "embedded",
        "IAMIS_HOME": str(home.path),
        "IAMIS_JWKS_FILE": str(home.jwks_file),
        "IAMIS_SECRET_KEY_FILE": str(home.secret_file("secret-key")),
        "IAMIS_S3_ACCESS_KEY_FILE": str(home.secret_file("s3-access-key")),
        "IAMIS_S3_SECRET_KEY_FILE": str(home.secret_file("s3-secret-key")),
    }
    for name, port in ports.items():
        if is_service(name):
            given[f"IAMIS_URL_{name.upper()}"] = f"http://{LOOPBACK}:{port}"
    if STORE in ports:
        given["IAMIS_S3_ENDPOINT"] = f"http://{LOOPBACK}:{ports[STORE]}"
    if home.secret_file(AMQP_URL).exists():
        given["IAMIS_AMQP_URL_FILE"] = str(home.secret_file(AMQP_URL))
    return given | _per_service(home, DATABASE_URL, "IAMIS_DATABASE_URL")


def for_operators(home: Home) -> dict[str, str]:
    """What operators' commands have beside it: the right to declare what there is in the broker."""
    file = home.secret_file(MANAGEMENT_URL)
    return {"IAMIS_AMQP_MANAGEMENT_URL_FILE": str(file)} if file.exists() else {}


def for_preparing(home: Home) -> dict[str, str]:
    """What `iamis prepare` has beside it: the rights of those who own the tables."""
    return for_operators(home) | _per_service(home, OWNER_URL, "IAMIS_DATABASE_OWNER_URL")


def _per_service(home: Home, prefix: str, variable: str) -> dict[str, str]:
    return {
        f"{variable}_{file.name.removeprefix(prefix).upper()}_FILE": str(file)
        for file in home.secret_file(prefix).parent.glob(f"{prefix}*")
    }


def merged(inherited: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """`given` over `inherited`: a secret is never there twice, once plain and once as a file."""
    names = {name.removesuffix("_FILE") for name in given}
    kept = {n: value for n, value in inherited.items() if n.removesuffix("_FILE") not in names}
    return kept | dict(given)
