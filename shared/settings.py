"""Every setting of every process: parsed once from the environment, all faults named at once.

This is the only module that reads `os.environ`. `VARIABLES` is what the documentation shows.
"""

import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from shared.settings_reader import Network, Reader, SettingsError, Variable

__all__ = ["S3Settings", "Settings", "SettingsError", "Variable", "describe", "settings"]

ISSUER = "iamis"
AUDIENCE = "iamis"

DEFAULT_PORT = 8000
DEFAULT_MAX_FILE_BYTES = 2**30
HIGHEST_PORT = 65535
TEN_YEARS = 10 * 366 * 86400

VARIABLES = (
    Variable("IAMIS_STACK", "What the services run on: embedded or real", "embedded"),
    Variable("IAMIS_HOME", "The folder that holds all state of this installation", "./var"),
    Variable("IAMIS_PORT", "The port people reach the gateway on", str(DEFAULT_PORT)),
    Variable("IAMIS_BIND", "The address every server binds", "127.0.0.1"),
    Variable("IAMIS_URL_<SERVICE>", "Where the gateway finds a service, as http://host:port"),
    Variable(
        "IAMIS_DATABASE_URL_<SERVICE>",
        "The database of a service; required on the real stack",
        "sqlite:///$IAMIS_HOME/db/<service>.sqlite",
        secret=True,
    ),
    Variable("IAMIS_AMQP_URL", "The message broker; required on the real stack", secret=True),
    Variable("IAMIS_S3_ENDPOINT", "The object storage, as http://host:port or https://host"),
    Variable("IAMIS_S3_ACCESS_KEY", "The access key of the object storage", secret=True),
    Variable("IAMIS_S3_SECRET_KEY", "The secret key of the object storage", secret=True),
    Variable("IAMIS_S3_BUCKET", "The bucket for evidence", "iamis-evidence"),
    Variable("IAMIS_S3_REGION", "The region requests are signed for", "us-east-1"),
    Variable(
        "IAMIS_JWKS_FILE",
        "The first copy of the public signing keys",
        "$IAMIS_HOME/run/jwks.json",
    ),
    Variable(
        "IAMIS_SECRET_KEY", "What the gateway signs cookies and seals sessions with", secret=True
    ),
    Variable("IAMIS_CLOCK_OFFSET", "Seconds added to the clock; embedded stack only", "0"),
    Variable("IAMIS_TRUSTED_PROXIES", "Networks whose forwarded headers count, by comma", ""),
    Variable(
        "IAMIS_COOKIE_SECURE",
        "Whether cookies travel over HTTPS alone",
        "true on the real stack, false on the embedded",
    ),
    Variable("IAMIS_LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR", "INFO"),
    Variable(
        "IAMIS_MAX_FILE_BYTES", "The largest evidence file, in bytes", str(DEFAULT_MAX_FILE_BYTES)
    ),
)


@dataclass(frozen=True)
class S3Settings:
    """Where evidence is kept; `endpoint` is `host:port` without a scheme.

    `files` is the folder of the store's files where it is part of this installation: what it has
    accepted is on disk when somebody flushes them.
    """

    endpoint: str
    secure: bool
    bucket: str
    region: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    files: Path | None = None


@dataclass(frozen=True)
class Settings:
    """What this process was told.

    What only some services need (`secret_key`, `s3`, a database URL) raises `SettingsError` when
    it is asked for and was not given: ask at start-up.
    """

    stack: Literal["embedded", "real"]
    home: Path
    port: int
    bind: str
    service_urls: Mapping[str, str]
    database_urls: Mapping[str, str] = field(repr=False)
    amqp_url: str | None = field(repr=False)
    s3_endpoint: str | None
    s3_access_key: str | None = field(repr=False)
    s3_secret_key: str | None = field(repr=False)
    s3_bucket: str
    s3_region: str
    jwks_file: Path
    given_secret_key: str | None = field(repr=False)
    clock_offset: int
    trusted_proxies: tuple[Network, ...]
    cookie_secure: bool
    log_level: str
    max_file_bytes: int

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Parse `environ`; raises `SettingsError` naming everything missing or invalid."""
        read = Reader(environ)
        embedded: Literal["embedded", "real"] = "embedded"
        stack = read.choice("IAMIS_STACK", (embedded, "real"), embedded)
        home = Path(read.text("IAMIS_HOME", "./var")).expanduser().absolute()
        parsed = cls(
            stack=stack,
            home=home,
            port=read.integer("IAMIS_PORT", DEFAULT_PORT, 1, HIGHEST_PORT),
            bind=read.text("IAMIS_BIND", "127.0.0.1"),
            service_urls=read.http_urls("IAMIS_URL_<SERVICE>"),
            database_urls=read.per_service("IAMIS_DATABASE_URL_<SERVICE>", secret=True),
            amqp_url=read.secret("IAMIS_AMQP_URL"),
            s3_endpoint=read.http_url("IAMIS_S3_ENDPOINT"),
            s3_access_key=read.secret("IAMIS_S3_ACCESS_KEY"),
            s3_secret_key=read.secret("IAMIS_S3_SECRET_KEY"),
            s3_bucket=read.text("IAMIS_S3_BUCKET", "iamis-evidence"),
            s3_region=read.text("IAMIS_S3_REGION", "us-east-1"),
            jwks_file=Path(read.text("IAMIS_JWKS_FILE", str(home / "run" / "jwks.json"))),
            given_secret_key=read.secret("IAMIS_SECRET_KEY"),
            clock_offset=read.integer("IAMIS_CLOCK_OFFSET", 0, -TEN_YEARS, TEN_YEARS),
            trusted_proxies=read.networks("IAMIS_TRUSTED_PROXIES"),
            cookie_secure=read.flag("IAMIS_COOKIE_SECURE", default=stack == "real"),
            log_level=read.choice("IAMIS_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
            max_file_bytes=read.integer("IAMIS_MAX_FILE_BYTES", DEFAULT_MAX_FILE_BYTES, 1, 2**40),
        )
        read.problems.extend(parsed.refused_by_the_stack())
        read.finish()
        return parsed

    def refused_by_the_stack(self) -> list[str]:
        """What the real stack asks for or does not allow."""
        if self.stack == "embedded":
            return []
        problems = [] if self.amqp_url else ["IAMIS_AMQP_URL is required on the real stack"]
        if self.clock_offset:
            problems.append("IAMIS_CLOCK_OFFSET is not allowed on the real stack")
        return problems

    @property
    def bus_file(self) -> Path:
        """The file of the embedded stack's event bus."""
        return self.home / "bus" / "bus.sqlite"

    @property
    def secret_key(self) -> str:
        if not self.given_secret_key:
            raise SettingsError(("IAMIS_SECRET_KEY is required by the gateway",))
        return self.given_secret_key

    @property
    def s3(self) -> S3Settings:
        """Where evidence is kept; names all missing parts at once."""
        endpoint, access, secret = self.s3_endpoint, self.s3_access_key, self.s3_secret_key
        if not (endpoint and access and secret):
            given = {"ENDPOINT": endpoint, "ACCESS_KEY": access, "SECRET_KEY": secret}
            raise SettingsError(
                tuple(
                    f"IAMIS_S3_{part} is required to keep evidence"
                    for part, value in given.items()
                    if not value
                )
            )
        url = urlsplit(endpoint)
        return S3Settings(
            endpoint=url.netloc,
            secure=url.scheme == "https",
            bucket=self.s3_bucket,
            region=self.s3_region,
            access_key=access,
            secret_key=secret,
            files=self.home / "objects" / "data" if self.stack == "embedded" else None,
        )

    def database_url(self, service: str) -> str:
        """The SQLAlchemy URL of the database of `service`."""
        given = self.database_urls.get(service)
        if given:
            return given
        if self.stack == "real":
            name = f"IAMIS_DATABASE_URL_{service.upper()}"
            raise SettingsError((f"{name} is required on the real stack",))
        return f"sqlite:///{self.home / 'db' / service}.sqlite"

    def service_url(self, service: str) -> str:
        """The base URL of `service`, without a last slash."""
        try:
            return self.service_urls[service]
        except KeyError:
            name = f"IAMIS_URL_{service.upper()}"
            raise SettingsError((f"{name} is required by the gateway",)) from None


def describe() -> tuple[Variable, ...]:
    """The table of variables, for `--help`, the documentation and the tests that compare them."""
    return VARIABLES


@functools.cache
def settings() -> Settings:
    """The settings of this process, parsed at the first call."""
    return Settings.load()


def inherited() -> dict[str, str]:
    """The environment of this process, to be handed on to others."""
    return dict(os.environ)


def adopt(environment: Mapping[str, str]) -> None:
    """Make `environment` that of this process; `settings()` is parsed anew."""
    os.environ.update(environment)
    settings.cache_clear()
