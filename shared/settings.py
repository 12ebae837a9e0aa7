"""Every setting of every process: parsed once from the environment, all faults named at once.

This is the only module that reads `os.environ`.
"""

import functools
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Self
from urllib.parse import urlsplit

from shared.settings_evidence import EvidenceSettings
from shared.settings_help import HelpSettings
from shared.settings_reader import HIGHEST_PORT, Network, Reader, SettingsError, Variable
from shared.settings_s3 import S3Settings
from shared.settings_seen import SeenSettings
from shared.settings_variables import (
    DEFAULT_PORT,
    INVITATIONS_A_DAY,
    NOBODY,
    PORTS,
    RETRY_LADDER,
    VARIABLES,
)

__all__ = ["S3Settings", "Settings", "SettingsError", "Variable", "describe", "settings"]

# Where the processes of one service count together: prometheus_client knows it by this name.
METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

ISSUER = "iamis"
AUDIENCE = "iamis"

Kind = Literal["embedded", "real"]
STACKS: tuple[Kind, ...] = ("embedded", "real")
MOST_WORKERS = 64
MOST_THREADS = 256
TEN_YEARS = 10 * 366 * 86400


@dataclass(frozen=True)
class Settings:
    """What this process was told.

    What only some processes need (`secret_keys`, `s3`, a database URL, `amqp_url`) raises
    `SettingsError` when it is asked for and was not given: ask at start-up.
    """

    stack: Kind
    home: Path
    port: int
    ports: range
    bind: str
    service_urls: Mapping[str, str]
    database_urls: Mapping[str, str] = field(repr=False)
    owner_urls: Mapping[str, str] = field(repr=False)
    given_amqp_url: str | None = field(repr=False)
    amqp_management_url: str | None = field(repr=False)
    retry_ladder: tuple[float, ...]
    s3_endpoint: str | None
    s3_access_key: str | None = field(repr=False)
    s3_secret_key: str | None = field(repr=False)
    s3_bucket: str
    s3_region: str
    s3_public_url: str | None
    clamav_url: str | None
    jwks_file: Path
    given_secret_keys: tuple[str, ...] = field(repr=False)
    clock_offset: int
    trusted_proxies: tuple[Network, ...]
    cookie_secure: bool
    smtp_url: str | None = field(repr=False)
    mail_from: str
    given_public_url: str | None
    help: HelpSettings
    workers: int
    threads: int | None
    seen: SeenSettings
    invitations_a_day: int
    evidence: EvidenceSettings

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Parse `environ`; raises `SettingsError` naming everything missing or invalid."""
        read = Reader(environ)
        stack = read.choice("IAMIS_STACK", STACKS, STACKS[0])
        home = Path(read.text("IAMIS_HOME", "./var")).expanduser().absolute()
        parsed = cls(
            stack=stack,
            home=home,
            port=read.integer("IAMIS_PORT", DEFAULT_PORT, 1, HIGHEST_PORT),
            ports=read.ports("IAMIS_PORTS", PORTS),
            bind=read.text("IAMIS_BIND", "127.0.0.1"),
            service_urls=read.http_urls("IAMIS_URL_<SERVICE>"),
            database_urls=read.per_service("IAMIS_DATABASE_URL_<SERVICE>", secret=True),
            owner_urls=read.per_service("IAMIS_DATABASE_OWNER_URL_<SERVICE>", secret=True),
            given_amqp_url=read.secret("IAMIS_AMQP_URL"),
            amqp_management_url=read.secret("IAMIS_AMQP_MANAGEMENT_URL"),
            retry_ladder=read.pauses("IAMIS_RETRY_LADDER", RETRY_LADDER),
            s3_endpoint=read.http_url("IAMIS_S3_ENDPOINT"),
            s3_access_key=read.secret("IAMIS_S3_ACCESS_KEY"),
            s3_secret_key=read.secret("IAMIS_S3_SECRET_KEY"),
            s3_bucket=read.text("IAMIS_S3_BUCKET", "iamis-evidence"),
            s3_region=read.text("IAMIS_S3_REGION", "us-east-1"),
            s3_public_url=read.http_url("IAMIS_S3_PUBLIC_URL"),
            clamav_url=read.socket_url("IAMIS_CLAMAV_URL"),
            jwks_file=Path(read.text("IAMIS_JWKS_FILE", str(home / "run" / "jwks.json"))),
            given_secret_keys=read.secrets("IAMIS_SECRET_KEY"),
            clock_offset=read.integer("IAMIS_CLOCK_OFFSET", 0, -TEN_YEARS, TEN_YEARS),
            trusted_proxies=read.networks("IAMIS_TRUSTED_PROXIES"),
            cookie_secure=read.flag("IAMIS_COOKIE_SECURE", default=stack == "real"),
            smtp_url=read.smtp_url("IAMIS_SMTP_URL"),
            mail_from=read.text("IAMIS_MAIL_FROM", NOBODY),
            given_public_url=read.http_url("IAMIS_PUBLIC_URL"),
            help=HelpSettings.read(read),
            workers=read.integer("IAMIS_WORKERS", 1, 1, MOST_WORKERS),
            threads=read.integer("IAMIS_THREADS", 0, 0, MOST_THREADS) or None,
            seen=SeenSettings.read(read),
            invitations_a_day=read.integer("IAMIS_INVITATIONS_A_DAY", INVITATIONS_A_DAY, 1, 10**6),
            evidence=EvidenceSettings.read(read),
        )
        return read.finish(parsed, parsed.refused_by_the_stack())

    def refused_by_the_stack(self) -> list[str]:
        """What a stack does not allow."""
        if self.stack == "embedded":
            return ["IAMIS_WORKERS must be 1 on the embedded stack"] if self.workers > 1 else []
        refused = "IAMIS_CLOCK_OFFSET is not allowed on the real stack"
        return [refused] if self.clock_offset else []

    @property
    def amqp_url(self) -> str | None:
        """The broker; None on the embedded stack, which has none."""
        if self.stack == "real" and not self.given_amqp_url:
            raise SettingsError(("IAMIS_AMQP_URL is required on the real stack",))
        return self.given_amqp_url

    @property
    def log_level(self) -> str:
        return self.seen.log_level

    @property
    def otlp_url(self) -> str | None:
        """The collector of OpenTelemetry that spans are sent to, without a last slash."""
        return self.seen.otlp_url

    @property
    def metrics_port(self) -> int | None:
        """Where the service that people reach tells its metrics, apart from its pages."""
        return self.seen.metrics_port

    @property
    def max_file_bytes(self) -> int:
        return self.evidence.max_file_bytes

    @property
    def bus_file(self) -> Path:
        """The file of the embedded stack's event bus."""
        return self.home / "bus" / "bus.sqlite"

    @property
    def mail_folder(self) -> Path:
        """Where mail is kept that no server takes."""
        return self.home / "mail"

    @property
    def public_url(self) -> str:
        """The address of the pages, without a last slash."""
        here = f"http://127.0.0.1:{self.port}"
        return self.given_public_url or self.service_urls.get("gateway", here)

    @property
    def behind_tls(self) -> bool:
        """Whether people reach the pages by https alone."""
        return self.cookie_secure and self.public_url.startswith("https:")

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The secrets of this installation: the first one seals, every one opens."""
        if not self.given_secret_keys:
            raise SettingsError(("IAMIS_SECRET_KEY is required by the gateway and identity",))
        return self.given_secret_keys

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
        files = self.home / "objects" / "data"
        return S3Settings(
            endpoint=url.netloc,
            secure=url.scheme == "https",
            bucket=self.s3_bucket,
            region=self.s3_region,
            access_key=access,
            secret_key=secret,
            files=files if self.stack == "embedded" or files.is_dir() else None,
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

    def owner_url(self, service: str) -> str:
        """The URL that the database of `service` is migrated by."""
        return self.owner_urls.get(service) or self.database_url(service)

    def service_url(self, service: str) -> str:
        """The base URL of `service`, without a last slash."""
        try:
            return self.service_urls[service]
        except KeyError:
            name = f"IAMIS_URL_{service.upper()}"
            raise SettingsError((f"{name} is required",)) from None


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
