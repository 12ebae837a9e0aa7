"""Writes `deploy/kubernetes/base` from the services that there are: `make kubernetes`.

Each service has the same objects, so they are written once here. What comes out is plain
Kubernetes, to be changed by Kustomize's overlays.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from shared.launcher.instance import worker_of
from shared.service import queue_of, service_names

FOLDER = Path(__file__).resolve().parent / "kubernetes"
HEADER = (
    "# Made by `make kubernetes` from deploy/kubernetes.py: do not edit; change it in an overlay.\n"
)

Json = dict[str, Any]

GATEWAY, IDENTITY = "gateway", "identity"
MARKS, UPLOADS, REPORTS = "marks", "uploads", "reports"
OPERATOR = "operator"
CONFIG, SECRETS = "iamis", "iamis-secrets"
MOUNTED = "/run/secrets"
HOME = "/var/lib/iamis"
PORT = 8000
# Of the gateway's metrics, as deploy/kubernetes/base/settings.yaml has it.
METRICS_PORT = 9000
USER = 10001
# Only pods of the namespace reach the services: what they say of a client's address counts.
PRIVATE_NETWORKS = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7"
STORAGE = ("s3-access-key", "s3-secret-key")
# Secrets that a service has beside its database and the broker.
MORE_SECRETS = {
    GATEWAY: ("secret-key",),
    IDENTITY: ("secret-key", "smtp-url"),
    UPLOADS: STORAGE,
    REPORTS: STORAGE,
}
# The limit, of which half is asked for, in MiB, by the limits of docker-compose.yml.
WEB_MEBIBYTES = {MARKS: 768, UPLOADS: 512, REPORTS: 512}
LITTLE_ROOM = {"sizeLimit": "64Mi"}
COPIES, MOST_COPIES, MOST_WORKERS = 2, 8, 6
BUSY_PERCENT = 70
# Events that one worker is to have before it.
EVENTS_EACH = 200
# So long a pod goes on when it is told to end: others have to hear of it first.
HANG_ON_SECONDS = 5
# The wait before, and then requests or the event in hand are finished.
GRACE_SECONDS = 60


def variable(secret: str) -> str:
    """The setting that is told the file of a secret."""
    return f"IAMIS_{secret.upper().replace('-', '_')}_FILE"


def meta(name: str) -> Json:
    labels = {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "iamis"}
    return {"name": name, "labels": labels}


def kind(api: str, name: str, spec: Json, **more: Any) -> Json:  # noqa: ANN401 - whatever it has
    """An object, such as `apps/v1 Deployment`."""
    version, _space, what = api.partition(" ")
    return {"apiVersion": version, "kind": what, "metadata": meta(name), "spec": spec, **more}


def selector(name: str) -> Json:
    return {"matchLabels": {"app.kubernetes.io/name": name}}


def secrets_of(service: str) -> list[str]:
    return ["amqp-url", f"database-url-{service}", *MORE_SECRETS.get(service, ())]


def container(arguments: list[str], secrets: list[str], given: Json, mebibytes: int) -> Json:
    """One that runs `iamis` with these arguments, and may do nothing else."""
    environment = {variable(secret): f"{MOUNTED}/{secret}" for secret in secrets} | given
    return {
        "name": "iamis",
        "image": "iamis",
        "args": arguments,
        "envFrom": [{"configMapRef": {"name": CONFIG}}],
        "env": [{"name": name, "value": value} for name, value in environment.items()],
        "resources": {
            "requests": {"cpu": "100m", "memory": f"{mebibytes // 2}Mi"},
            "limits": {"memory": f"{mebibytes}Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "secrets", "mountPath": MOUNTED, "readOnly": True},
            {"name": "home", "mountPath": HOME},
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - of the container
        ],
    }


def pod(
    name: str,
    secrets: list[str],
    home: Json = LITTLE_ROOM,
    **spec: Any,  # noqa: ANN401 - whatever it has
) -> Json:
    """A pod that is given these secrets and a home, and nothing of the cluster's."""
    items = [{"key": secret, "path": secret} for secret in secrets]
    return {
        "metadata": {"labels": meta(name)["labels"]},
        "spec": {
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": USER,
                "runAsGroup": USER,
                "fsGroup": USER,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            **spec,
            "volumes": [
                {"name": "secrets", "secret": {"secretName": SECRETS, "items": items}},
                {"name": "home", "emptyDir": home},
                # In memory a full one is refused more; on a disk its pod would be evicted.
                {"name": "tmp", "emptyDir": {"medium": "Memory"} | LITTLE_ROOM},
            ],
        },
    }


def probe(path: str, period: int, failures: int = 3) -> Json:
    asked = {"path": path, "port": PORT}
    return {
        "httpGet": asked,
        "periodSeconds": period,
        "timeoutSeconds": 5,
        "failureThreshold": failures,
    }


def running(service: str, arguments: list[str], mebibytes: int) -> Json:
    """A container that goes on, is asked how it is, and is let end in peace."""
    given = {"IAMIS_TRUSTED_PROXIES": PRIVATE_NETWORKS} if service != GATEWAY else {}
    ports = {"http": PORT}
    if arguments == ["serve", GATEWAY]:
        ports["metrics"] = METRICS_PORT
    return container(arguments, secrets_of(service), given, mebibytes) | {
        "ports": [{"name": name, "containerPort": port} for name, port in ports.items()],
        "startupProbe": probe("/livez", 2, failures=60),
        "livenessProbe": probe("/livez", 10),
        "readinessProbe": probe("/readyz", 5),
        "lifecycle": {"preStop": {"exec": {"command": ["sleep", str(HANG_ON_SECONDS)]}}},
    }


def deployment(service: str, name: str, arguments: list[str], mebibytes: int) -> Json:
    """Copies of one process, on different nodes where there are some; none before its tables."""
    secrets = secrets_of(service)
    waiting = container(["prepare", "--wait", service], secrets, {}, 256) | {"name": "prepared"}
    spread = {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": selector(name),
    }
    template = pod(
        name,
        secrets,
        terminationGracePeriodSeconds=GRACE_SECONDS,
        topologySpreadConstraints=[spread],
        initContainers=[waiting],
        containers=[running(service, arguments, mebibytes)],
    )
    one_by_one = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
    spec = {"replicas": COPIES, "selector": selector(name), "strategy": one_by_one}
    return kind("apps/v1 Deployment", name, spec | {"template": template})


def service_of(name: str, *, headless: bool) -> Json:
    """Where the copies are found; headless, each by its own address, as the gateway asks them."""
    ports = [{"name": "http", "port": PORT, "targetPort": "http"}]
    spec: Json = {"selector": selector(name)["matchLabels"], "ports": ports}
    return kind("v1 Service", name, spec | ({"clusterIP": "None"} if headless else {}))


def disruption(name: str) -> Json:
    spec = {"maxUnavailable": 1, "selector": selector(name)}
    return kind("policy/v1 PodDisruptionBudget", name, spec)


def objects_of(service: str) -> Iterator[Json]:
    """What serves, and what works on events."""
    worker = worker_of(service)
    serving, working = ["serve", service], ["worker", service, "--port", str(PORT)]
    yield deployment(service, service, serving, WEB_MEBIBYTES.get(service, 384))
    yield service_of(service, headless=service != GATEWAY)
    yield disruption(service)
    yield deployment(service, worker, working, 256)
    yield service_of(worker, headless=True)
    yield disruption(worker)


def prepare_job() -> Json:
    """Tables, queues and the first keys; identity comes first, for it writes the keys."""
    services = sorted(service_names(), key=lambda name: (name != IDENTITY, name))
    urls = [f"database-{owner}url-{name}" for name in services for owner in ("", "owner-")]
    secrets = ["secret-key", "amqp-url", "amqp-management-url", *STORAGE, *urls]
    given = {"IAMIS_JWKS_FILE": "/tmp/jwks.json"}  # noqa: S108 - of the container
    main = container(["prepare", *services], secrets, given, 384)
    template = pod("prepare", secrets, restartPolicy="OnFailure", containers=[main])
    return kind("batch/v1 Job", "prepare", {"backoffLimit": 20, "template": template})


def operator() -> Json:
    """Where operators' commands are run; there is no copy of it but while somebody needs one.

    What they put aside may be as large as a database, and goes where there is room.
    """
    urls = [f"database-url-{name}" for name in service_names()]
    secrets = ["secret-key", "amqp-url", "amqp-management-url", "smtp-url", *STORAGE, *urls]
    idle = container([], secrets, {"TMPDIR": HOME}, 2048) | {"command": ["sleep", "infinity"]}
    spec = {"replicas": 0, "selector": selector(OPERATOR)}
    template = pod(OPERATOR, secrets, {}, terminationGracePeriodSeconds=0, containers=[idle])
    return kind("apps/v1 Deployment", OPERATOR, spec | {"template": template})


def busy(service: str) -> Json:
    """More copies that serve where the processors of those that there are have much to do."""
    target = {"type": "Utilization", "averageUtilization": BUSY_PERCENT}
    spec = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": service},
        "minReplicas": COPIES,
        "maxReplicas": MOST_COPIES,
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
    }
    return kind("autoscaling/v2 HorizontalPodAutoscaler", service, spec)


def behind(service: str) -> Json:
    """More workers where events wait in the queue of a service: for clusters that have KEDA."""
    asked = {
        "protocol": "amqp",
        "queueName": queue_of(service),
        "mode": "QueueLength",
        "value": str(EVENTS_EACH),
    }
    trigger = {"type": "rabbitmq", "metadata": asked, "authenticationRef": {"name": "broker"}}
    spec = {
        "scaleTargetRef": {"name": worker_of(service)},
        "minReplicaCount": 1,
        "maxReplicaCount": MOST_WORKERS,
        "triggers": [trigger],
    }
    return kind("keda.sh/v1alpha1 ScaledObject", worker_of(service), spec)


def files() -> dict[str, list[Json]]:
    """What is to stand in each file, below `deploy/kubernetes`."""
    services = service_names()
    made = {f"base/{service}.yaml": list(objects_of(service)) for service in services}
    made["base/prepare.yaml"] = [prepare_job()]
    made["base/operator.yaml"] = [operator()]
    made["components/autoscaling/services.yaml"] = [busy(service) for service in services]
    made["components/keda/workers.yaml"] = [behind(service) for service in services]
    return made


def written(objects: list[Json]) -> str:
    return HEADER + yaml.safe_dump_all(objects, sort_keys=False, width=100, explicit_start=True)


if __name__ == "__main__":
    for path, objects in files().items():
        FOLDER.joinpath(path).write_text(written(objects), encoding="utf-8")
