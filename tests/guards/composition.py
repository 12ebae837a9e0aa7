"""What `docker-compose.yml` must hold to: functions from its content to a list of complaints."""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_network
from typing import Any

from shared.service import load_service, service_names
from shared.settings import describe
from shared.settings_reader import SERVICE, Network
from shared.web.client_address import nearest_untrusted
from tests.guards.tree import ROOT

Composition = Mapping[str, Any]

ONE_SHOTS = {"databases", "prepare", "objects", "operator"}
# Those that read the environment by the settings; the rest are other people's programs.
OURS = "${IAMIS_IMAGE}"
FILE = "_FILE"
# Where programs put files aside, ours and others.
ASIDE = "TMPDIR"
LIMITS = ("mem_limit", "cpus", "pids_limit")
CLIENT = "203.0.113.7"
DOCTOR = [path.read_text("utf-8") for path in sorted((ROOT / "shared/doctor").glob("*.py"))]
# An address of the gateway in each network that is nobody's (RFC 1918, 6598 and 4193).
GATEWAYS = ("10.1.2.3", "172.18.0.4", "192.168.3.5", "100.64.7.8", "fd00:10:244::9")


def services(composition: Composition) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from composition["services"].items()


def families() -> dict[str, str]:
    """The name in the settings of every variable a container may be told: `…_FILE` for secrets."""
    known: dict[str, str] = {}
    for variable in describe():
        spelt = [variable.name]
        if SERVICE in variable.name:
            spelt = [variable.name.replace(SERVICE, name.upper()) for name in service_names()]
        known |= {name + FILE * variable.secret: variable.name for name in spelt}
    return known


def unknown_settings(composition: Composition) -> list[str]:
    """Variables that the settings do not have, or that must be given as a file."""
    known = {*families(), ASIDE}
    return [
        f"{name}: {variable}"
        for name, service in services(composition)
        if service["image"] == OURS
        for variable in service.get("environment", {})
        if variable not in known
    ]


def missing_settings(composition: Composition) -> list[str]:
    """Settings without a default that no container is told."""
    told = {key for _name, one in services(composition) for key in one.get("environment", {})}
    known = families()
    given = {known[key] for key in told if key in known}
    needed = [variable.name for variable in describe() if variable.default is None]
    return [name for name in needed if name not in given]


def not_told_to_doctor(composition: Composition) -> list[str]:
    """Settings that `iamis doctor` speaks of and the operator's container is not told."""
    named = {name for text in DOCTOR for name in re.findall(r"\bIAMIS_[A-Z_]+", text)}
    known = families()
    told = composition["services"]["operator"]["environment"]
    return sorted(named - {known[name] for name in told if name in known})


def leading_out(composition: Composition) -> set[str]:
    """What is on a network that is not internal."""
    return {
        name
        for name, service in services(composition)
        for network in service.get("networks", ["default"])
        if not composition["networks"].get(network, {}).get("internal")
    }


def gateways_not_trusted(composition: Composition) -> list[str]:
    """Services to which everybody has the address of the gateway, where that is such a one."""
    behind = [["serve", name] for name in service_names() if not load_service(name).public]
    return [
        f"{name}: {gateway}"
        for name, service in services(composition)
        if service.get("command") in behind
        for gateway in GATEWAYS
        if nearest_untrusted([CLIENT, gateway], trusted(service)) != CLIENT
    ]


def trusted(service: Mapping[str, Any]) -> tuple[Network, ...]:
    named = service["environment"]["IAMIS_TRUSTED_PROXIES"]
    return tuple(ip_network(network) for network in named.split(","))


def roles_missing(composition: Composition) -> list[str]:
    """Services without a container that answers, or without one that works on events."""
    wanted = {name: ["serve", name] for name in service_names()}
    wanted |= {f"{name}-worker": ["worker", name, "--port", "8000"] for name in service_names()}
    found = dict(services(composition))
    return [name for name, does in wanted.items() if found.get(name, {}).get("command") != does]


def images_by_name(composition: Composition) -> list[str]:
    return [
        f"{name}: {service['image']}"
        for name, service in services(composition)
        if not re.fullmatch(r"\$\{[A-Z]+_IMAGE\}", service["image"])
    ]


def secrets_not_by_file(composition: Composition) -> list[str]:
    """Files of secrets that a container is told of and not given."""
    return [
        f"{name}: {variable}"
        for name, service in services(composition)
        for variable, value in service.get("environment", {}).items()
        if variable.endswith(FILE)
        and value.startswith("/run/")
        and value.removeprefix("/run/secrets/") not in service.get("secrets", [])
    ]


def secrets_nobody_makes(composition: Composition, made: set[str]) -> list[str]:
    given = {key for _name, service in services(composition) for key in service.get("secrets", [])}
    files = {name: f"./deploy/secrets/{name}" for name in given}
    declared = {name: one["file"] for name, one in composition["secrets"].items()}
    return sorted(given - made) + [name for name in files if declared.get(name) != files[name]]


def databases_of_others(composition: Composition) -> list[str]:
    """A service knows its own database alone, and not as its owner."""
    return [
        f"{name}: {secret}"
        for name, service in services(composition)
        for secret in service.get("secrets", [])
        if name not in ONE_SHOTS
        and secret.startswith("database")
        and secret != f"database-url-{name.removesuffix('-worker')}"
    ]


def not_confined(composition: Composition) -> list[str]:
    """Containers that may do more than they need to."""
    return [
        f"{name}: {what}"
        for name, service in services(composition)
        for what, holds in {
            "read_only": service.get("read_only"),
            "user": re.fullmatch(r"[1-9]\d*:[1-9]\d*", service.get("user", "")),
            "cap_drop": service.get("cap_drop") == ["ALL"],
            "security_opt": "no-new-privileges:true" in service.get("security_opt", []),
            "limits": all(service.get(limit) for limit in LIMITS),
            "logging": service.get("logging", {}).get("options"),
        }.items()
        if not holds
    ]


def not_watched(composition: Composition) -> list[str]:
    """Containers that run on without anybody asking how they are, or that start too early."""
    complaints = []
    for name, service in services(composition):
        asked = service.get("healthcheck", {}).get("test")
        if (name in ONE_SHOTS) == bool(asked):
            complaints.append(f"{name}: healthcheck")
        for needed, how in service.get("depends_on", {}).items():
            ends = needed in ONE_SHOTS
            wanted = "service_completed_successfully" if ends else "service_healthy"
            if how["condition"] != wanted:
                complaints.append(f"{name}: {needed}")
    return complaints


# What there is one of, and people or tools outside reach by a port that is known.
REACHED = ("gateway", "rabbitmq")


def not_scalable(composition: Composition) -> list[str]:
    """What keeps a second copy from starting: a name or a port of the host that is one's own."""
    return [
        f"{name}: {what}"
        for name, service in services(composition)
        for what in ("container_name", *map(str, service.get("ports", [])))
        if (what in service) or (":" in what and name not in REACHED and "::" not in what)
    ]
