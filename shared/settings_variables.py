"""The table of variables: what the documentation and `--help` show of the settings."""

from shared.bus import RETRY_LADDER_SECONDS
from shared.settings_reader import Variable

DEFAULT_PORT = 8000
# Below the range from which systems take the ports of outgoing connections.
PORTS = "20000-29999"
DEFAULT_MAX_FILE_BYTES = 5 * 2**30
DEFAULT_EVIDENCE_QUOTA_BYTES = 200 * 10**9
INVITATIONS_A_DAY = 500
NOBODY = "IAMIS <no-reply@iamis.invalid>"
GATEWAY_URL = "$IAMIS_URL_GATEWAY"
RETRY_LADDER = ",".join(f"{pause:g}" for pause in RETRY_LADDER_SECONDS)

VARIABLES = (
    Variable("IAMIS_STACK", "What the services run on: embedded or real", "embedded"),
    Variable("IAMIS_HOME", "The folder that holds all state of this installation", "./var"),
    Variable("IAMIS_PORT", "The port people reach the gateway on", str(DEFAULT_PORT)),
    Variable(
        "IAMIS_PORTS",
        "The ports that `iamis up` gives its private servers and services, first-last",
        PORTS,
    ),
    Variable("IAMIS_BIND", "The address every server binds", "127.0.0.1"),
    Variable(
        "IAMIS_URL_<SERVICE>",
        "Where the gateway finds a service, as http://host:port: one URL; where the name of the "
        "host has several addresses, each is a copy, and they are asked in turn",
    ),
    Variable(
        "IAMIS_DATABASE_URL_<SERVICE>",
        "The database of a service; required on the real stack",
        "sqlite:///$IAMIS_HOME/db/<service>.sqlite",
        secret=True,
    ),
    Variable(
        "IAMIS_DATABASE_OWNER_URL_<SERVICE>",
        "The same database as the role that owns its tables: for `iamis prepare` alone",
        "$IAMIS_DATABASE_URL_<SERVICE>",
        secret=True,
    ),
    Variable("IAMIS_AMQP_URL", "The message broker; required on the real stack", secret=True),
    Variable(
        "IAMIS_AMQP_MANAGEMENT_URL",
        "The broker's management API, as http://user:password@host:port, for `iamis prepare` and "
        "operators' commands",
        secret=True,
    ),
    Variable(
        "IAMIS_RETRY_LADDER",
        "The pauses before a failed event is tried again, in seconds by comma; after the last it "
        "is a dead letter. `iamis prepare` and every worker need the same",
        RETRY_LADDER,
    ),
    Variable("IAMIS_S3_ENDPOINT", "The object storage, as http://host:port or https://host"),
    Variable("IAMIS_S3_ACCESS_KEY", "The access key of the object storage", secret=True),
    Variable("IAMIS_S3_SECRET_KEY", "The secret key of the object storage", secret=True),
    Variable("IAMIS_S3_BUCKET", "The bucket for evidence", "iamis-evidence"),
    Variable("IAMIS_S3_REGION", "The region requests are signed for", "us-east-1"),
    Variable(
        "IAMIS_S3_PUBLIC_URL",
        "Where browsers reach the object storage: parts of large files go there directly; without "
        "it, through the service",
    ),
    Variable(
        "IAMIS_CLAMAV_URL",
        "The daemon of ClamAV that looks at every file, as tcp://host:port or unix:///path; "
        "without one, files are accepted as they come",
    ),
    Variable(
        "IAMIS_JWKS_FILE",
        "The first copy of the public signing keys",
        "$IAMIS_HOME/run/jwks.json",
    ),
    Variable(
        "IAMIS_SECRET_KEY",
        "What cookies are signed with, and sessions, second factors, keys and mail sealed; several "
        "by comma or line: the first one seals, the others still open (`iamis keys reseal`)",
        secret=True,
    ),
    Variable("IAMIS_CLOCK_OFFSET", "Seconds added to the clock; embedded stack only", "0"),
    Variable("IAMIS_TRUSTED_PROXIES", "Networks whose forwarded headers count, by comma", ""),
    Variable(
        "IAMIS_COOKIE_SECURE",
        "Whether cookies travel over HTTPS alone",
        "true on the real stack, false on the embedded",
    ),
    Variable(
        "IAMIS_SMTP_URL",
        "The mail server: smtp://host:port, smtp+starttls:// or smtps://user:password@host; "
        "without one, mail is written to $IAMIS_HOME/mail",
        secret=True,
    ),
    Variable("IAMIS_MAIL_FROM", "Whom mail is from: Name <address>", NOBODY),
    Variable(
        "IAMIS_PUBLIC_URL", "The address people reach the pages on, for links in mail", GATEWAY_URL
    ),
    Variable("IAMIS_CONTACT_EMAIL", "Where people without an account may write to"),
    Variable(
        "IAMIS_HELPLINES",
        "Whom to ask about a qualification, as GCSE=gcse@board.example 029 2018 0000; GCE=...: an "
        "email address, a telephone number, or both",
    ),
    Variable("IAMIS_HELPLINE_HOURS", "When helplines answer, Monday to Friday, as 08:30-17:00"),
    Variable(
        "IAMIS_MANUALS",
        "The manual of internal assessment of each awarding body, as WJEC=https://...; Eduqas=...",
    ),
    Variable(
        "IAMIS_WORKERS", "How many processes `iamis serve` has; one on the embedded stack", "1"
    ),
    Variable(
        "IAMIS_THREADS", "How many requests one of them answers at once; 0: its service knows", "0"
    ),
    Variable(
        "IAMIS_INVITATIONS_A_DAY",
        "How many people one admin may invite, or ask again, within 24 hours; all of a centre "
        "twice as many",
        str(INVITATIONS_A_DAY),
    ),
    Variable("IAMIS_LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR", "INFO"),
    Variable(
        "IAMIS_OTLP_URL",
        "A collector of OpenTelemetry, as http://host:4318, that a span of each request and each "
        "event handled is sent to; needs the extra `telemetry`",
    ),
    Variable(
        "IAMIS_METRICS_PORT",
        "The port on which the gateway answers /metrics and nothing else, for Prometheus alone; "
        "0: nowhere (other services answer it where they serve)",
        "0",
    ),
    Variable(
        "IAMIS_MAX_FILE_BYTES", "The largest evidence file, in bytes", str(DEFAULT_MAX_FILE_BYTES)
    ),
    Variable(
        "IAMIS_EVIDENCE_QUOTA_BYTES",
        "What the evidence of a centre may take in one series, in bytes; 0: any amount",
        str(DEFAULT_EVIDENCE_QUOTA_BYTES),
    ),
)
