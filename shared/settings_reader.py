"""Reading variables as text and turning them into values, gathering every fault on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import pairwise
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

SERVICE = "<SERVICE>"
TRUE = ("1", "true", "yes", "on")
SMTP_SCHEMES = ("smtp", "smtp+starttls", "smtps")
LONGEST_PAUSE_SECONDS = 86_400.0
HIGHEST_PORT = 65535
FALSE = ("0", "false", "no", "off")

Network = IPv4Network | IPv6Network
Choice = TypeVar("Choice", bound=str)
Read = TypeVar("Read")


class SettingsError(Exception):
    """The environment cannot be used; `problems` names everything missing or wrong in it."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("The settings are not complete:\n" + "\n".join(f"- {p}" for p in problems))
        self.problems = problems


@dataclass(frozen=True)
class Variable:
    """One variable as the documentation shows it; `<SERVICE>` in the name: one per service.

    `default` is None where there is none. A `secret` may also be given as `NAME_FILE`.
    """

    name: str
    meaning: str
    default: str | None = None
    secret: bool = False


@dataclass
class Reader:
    """Reads an environment. A faulty value is noted in `problems` and a harmless one returned."""

    environ: Mapping[str, str]
    problems: list[str] = field(default_factory=list)

    def text(self, name: str, default: str) -> str:
        return self.environ.get(name, "") or default

    def choice(self, name: str, choices: tuple[Choice, ...], default: Choice) -> Choice:
        given = self.text(name, default)
        for choice in choices:
            if choice == given:
                return choice
        self.problems.append(f"{name} must be one of {', '.join(choices)}, not {given!r}")
        return default

    def integer(self, name: str, default: int, lowest: int, highest: int) -> int:
        given = self.text(name, str(default))
        try:
            value = int(given)
        except ValueError:
            value = lowest - 1
        if lowest <= value <= highest:
            return value
        self.problems.append(
            f"{name} must be a whole number from {lowest} to {highest}, not {given!r}"
        )
        return default

    def flag(self, name: str, *, default: bool) -> bool:
        given = self.text(name, str(default)).lower()
        if given not in TRUE + FALSE:
            self.problems.append(f"{name} must be true or false, not {given!r}")
        return given in TRUE

    def secret(self, name: str) -> str | None:
        """The secret itself or the content of the file `NAME_FILE` points at; never both."""
        given, file = self.environ.get(name), self.environ.get(f"{name}_FILE")
        if given and file:
            self.problems.append(f"{name} and {name}_FILE are both given: keep one")
        if not file:
            return given or None
        try:
            content = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{name}_FILE cannot be read: {error}")
            return None
        if not content:
            self.problems.append(f"{name}_FILE is empty: {file}")
        return content or None

    def secrets(self, name: str) -> tuple[str, ...]:
        """Secrets by comma or line, in their order."""
        given = (self.secret(name) or "").replace(",", "\n").splitlines()
        return tuple(part.strip() for part in given if part.strip())

    def per_service(self, name: str, *, secret: bool = False) -> dict[str, str]:
        """`{"marks": value}` for each variable of the family `PREFIX_<SERVICE>`."""
        prefix = name.removesuffix(SERVICE)
        names = (n for n in self.environ if n.startswith(prefix) and self.environ[n])
        if not secret:
            return {n.removeprefix(prefix).lower(): self.environ[n] for n in names}
        found = {n.removesuffix("_FILE") for n in names}
        values = {n.removeprefix(prefix).lower(): self.secret(n) for n in found}
        return {service: value for service, value in values.items() if value}

    def pairs(self, name: str) -> dict[str, str]:
        """Names and what belongs to each, as `name=value; name=value`."""
        parts = [part.strip() for part in self.text(name, "").split(";") if part.strip()]
        found = {}
        for part in parts:
            key, _equals, value = (side.strip() for side in part.partition("="))
            if not (key and value):
                self.problems.append(f"{name} must be like name=value; name=value, not {part!r}")
            found[key] = value
        return found

    def networks(self, name: str) -> tuple[Network, ...]:
        given = [part.strip() for part in self.text(name, "").split(",") if part.strip()]
        networks: list[Network] = []
        for part in given:
            try:
                networks.append(ip_network(part))
            except ValueError:
                self.problems.append(f"{name} must hold networks such as 10.0.0.0/8, not {part!r}")
        return tuple(networks)

    def pauses(self, name: str, default: str) -> tuple[float, ...]:
        """Seconds by comma, each longer than the one before, to the millisecond."""
        given = self.text(name, default)
        try:
            found = tuple(round(float(part), 3) for part in given.split(","))
        except ValueError:
            found = ()
        bounded = (0.0, *found, LONGEST_PAUSE_SECONDS)
        if not found or any(not one < other for one, other in pairwise(bounded)):
            self.problems.append(f"{name} must be growing seconds such as 1,5,30, not {given!r}")
        return found

    def ports(self, name: str, default: str) -> range:
        """Ports such as 20000-29999, the last one included."""
        given = self.text(name, default)
        first, _dash, last = given.partition("-")
        ends = [int(end) if end.isascii() and end.isdigit() else 0 for end in (first, last)]
        if not 0 < ends[0] <= ends[1] <= HIGHEST_PORT:
            self.problems.append(f"{name} must be ports such as {default}, not {given!r}")
        return range(ends[0], ends[1] + 1)

    def http_url(self, name: str) -> str | None:
        """An absolute `http` or `https` URL without its last slash, or None when not given."""
        given = self.environ.get(name) or None
        return self.checked_url(name, given) if given else None

    def http_urls(self, name: str) -> dict[str, str]:
        """As `http_url`, for each service of the family `PREFIX_<SERVICE>`."""
        return {
            service: self.checked_url(name.replace(SERVICE, service.upper()), url)
            for service, url in self.per_service(name).items()
        }

    def smtp_url(self, name: str) -> str | None:
        """A mail server; a password is told over TLS alone."""
        given = self.secret(name)
        parts = urlsplit(given or "")
        if given and (parts.scheme not in SMTP_SCHEMES or not parts.hostname):
            self.problems.append(f"{name} must be like smtp+starttls://user:password@host:port")
        if parts.scheme == "smtp" and parts.password:
            self.problems.append(f"{name} needs smtps or smtp+starttls where it has a password")
        return given

    def socket_url(self, name: str) -> str | None:
        """A daemon on a port or at a path of this machine, or None when not given."""
        given = self.environ.get(name) or None
        parts = urlsplit(given or "")
        reached = {"tcp": parts.hostname, "unix": parts.path}.get(parts.scheme)
        if given and not reached:
            self.problems.append(f"{name} must be like tcp://host:port or unix:///path")
        return given

    def checked_url(self, name: str, given: str) -> str:
        parts = urlsplit(given)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            self.problems.append(f"{name} must be like http://host:port, not {given!r}")
        return given.rstrip("/")

    def finish(self, read: Read, more: list[str]) -> Read:
        """What was `read`; raises where there is a problem, `more` found beside the reading."""
        self.problems.extend(more)
        if self.problems:
            raise SettingsError(tuple(self.problems))
        return read
