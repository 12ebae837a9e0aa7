"""`deploy/kubernetes` against the schemas of Kubernetes, the settings, and what pods must be."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from deploy.kubernetes import FOLDER, files, written
from shared.launcher.instance import worker_of
from shared.service import queue_of, service_names
from tests.guards import composition as guards
from tests.guards.tree import ROOT

VERSION = "1.30"
KEDA = "keda.sh/"
KUSTOMIZE = "kustomize.config.k8s.io/"
OVERLAYS = sorted(path.name for path in (FOLDER / "overlays").iterdir())
PROGRAM = shutil.which("kustomize") or shutil.which("kubectl")

Object = dict[str, Any]


def read(path: Path) -> list[Object]:
    return [one for one in yaml.safe_load_all(path.read_text(encoding="utf-8")) if one]


def named(kustomization: Path) -> Iterator[Path]:
    """Every file that a kustomization names, itself included, and those of what it builds on."""
    (told,) = read(kustomization / "kustomization.yaml")
    yield kustomization / "kustomization.yaml"
    patches = [patch["path"] for patch in told.get("patches", []) if "path" in patch]
    for name in [*told.get("resources", []), *told.get("components", []), *patches]:
        path = (kustomization / name).resolve()
        yield from named(path) if path.is_dir() else (path,)


def objects(kustomization: Path) -> list[Object]:
    paths = [path for path in named(kustomization) if path.name != "kustomization.yaml"]
    return [one for path in paths for one in read(path)]


def rendered(overlay: str) -> list[Object]:
    assert PROGRAM
    command = [PROGRAM, "build" if PROGRAM.endswith("kustomize") else "kustomize"]
    made = subprocess.run(
        [*command, FOLDER / "overlays" / overlay], check=True, capture_output=True
    )
    return list(yaml.safe_load_all(made.stdout))


def of_kind(found: list[Object], kind: str) -> dict[str, Object]:
    return {one["metadata"]["name"]: one for one in found if one["kind"] == kind}


def pods(found: list[Object]) -> dict[str, Object]:
    """What runs, by its name: copies of a process, or what runs once."""
    running = of_kind(found, "Deployment") | of_kind(found, "Job")
    return {name: one["spec"]["template"]["spec"] for name, one in running.items()}


def as_composition(found: list[Object]) -> guards.Composition:
    """The same in the words of `docker-compose.yml`, which has guards already."""
    settings = of_kind(found, "ConfigMap")["iamis"]["data"]
    services = {}
    for name, pod in pods(found).items():
        (main,) = pod["containers"]
        (items,) = [v["secret"]["items"] for v in pod["volumes"] if "secret" in v]
        services[name] = {
            "image": guards.OURS,
            "command": main["args"],
            "environment": settings | {one["name"]: one["value"] for one in main["env"]},
            "secrets": [item["path"] for item in items],
        }
    return {"services": services}


def keeping_files() -> set[str]:
    """Who has the key of the store; what prepares only sees that there is one."""
    having = {
        name
        for name, pod in pods(BASE).items()
        for volume in pod["volumes"]
        for item in volume.get("secret", {}).get("items", [])
        if item["key"] == "s3-access-key"
    }
    return having - {"prepare"}


def invalid(found: list[Object]) -> list[str]:
    complaints = []
    for one in found:
        if one["apiVersion"].startswith((KEDA, KUSTOMIZE)):
            continue
        try:
            kubernetes_validate.validate(one, VERSION, strict=True)
        except kubernetes_validate.ValidationError as error:
            complaints.append(f"{one['kind']} {one['metadata']['name']}: {error.message}")
    return complaints


def not_confined(found: list[Object]) -> list[str]:
    """Pods that may do more, or take more, than they need to."""
    return [
        f"{name}: {what}"
        for name, pod in pods(found).items()
        for each in [*pod["containers"], *pod.get("initContainers", [])]
        for what, holds in {
            "user": pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"],
            "token": pod["automountServiceAccountToken"] is False,
            "root": each["securityContext"]["readOnlyRootFilesystem"],
            "more": each["securityContext"]["allowPrivilegeEscalation"] is False,
            "capabilities": each["securityContext"]["capabilities"] == {"drop": ["ALL"]},
            "limit": each["resources"]["limits"]["memory"],
        }.items()
        if not holds
    ]


def not_looked_after(found: list[Object]) -> list[str]:
    """Copies that are not asked how they are, found, spread, or kept while nodes are emptied."""
    kept, reached = of_kind(found, "PodDisruptionBudget"), of_kind(found, "Service")
    complaints = []
    for name in [each for one in service_names() for each in (one, worker_of(one))]:
        one = of_kind(found, "Deployment")[name]
        (main,) = one["spec"]["template"]["spec"]["containers"]
        probes = {p: main[p]["httpGet"]["path"] for p in main if p.endswith("Probe")}
        if probes != {
            "startupProbe": "/livez",
            "livenessProbe": "/livez",
            "readinessProbe": "/readyz",
        }:
            complaints.append(f"{name}: probes")
        labels = one["spec"]["template"]["metadata"]["labels"]
        selects = [
            one["spec"]["selector"]["matchLabels"],
            kept[name]["spec"]["selector"]["matchLabels"],
            reached[name]["spec"]["selector"],
        ]
        complaints += [f"{name}: {one}" for one in selects if not one.items() <= labels.items()]
    return complaints


BASE = objects(FOLDER / "base")


def test_what_is_made_stands_as_it_was_made() -> None:
    for name, made in files().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == written(made), "run `make kubernetes`"


def test_every_file_is_named() -> None:
    there = {path.resolve() for path in FOLDER.rglob("*.yaml")}
    assert {
        path.resolve() for one in OVERLAYS for path in named(FOLDER / "overlays" / one)
    } == there


def test_the_schemas_of_kubernetes_take_it() -> None:
    assert invalid([one for path in FOLDER.rglob("*.yaml") for one in read(path)]) == []
    spoilt = yaml.safe_load(yaml.safe_dump(of_kind(BASE, "Deployment")["marks"]))
    spoilt["spec"]["template"]["spec"]["containers"][0]["comand"] = ["x"]
    assert invalid([spoilt]) != []


@pytest.mark.parametrize(
    "guard",
    [
        guards.unknown_settings,
        guards.missing_settings,
        guards.gateways_not_trusted,
        guards.roles_missing,
        guards.secrets_not_by_file,
        guards.databases_of_others,
        guards.not_told_to_doctor,
    ],
)
def test_it_holds_to_what_the_composition_does(guard: Any) -> None:
    assert guard(as_composition(BASE)) == []


def mebibytes(limit: str) -> int:
    """What both call a limit of memory, such as `512m` and `2Gi`."""
    number, unit = re.fullmatch(r"(\d+)([mg])i?", limit.lower()).groups()  # type: ignore[union-attr]
    return int(number) * (1024 if unit == "g" else 1)


def test_each_has_the_memory_that_it_has_in_the_composition() -> None:
    composed = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    limits = {
        name: mebibytes(pod["containers"][0]["resources"]["limits"]["memory"])
        for name, pod in pods(BASE).items()
    }
    assert limits == {name: mebibytes(composed[name]["mem_limit"]) for name in limits}


def test_the_operator_has_room_for_what_commands_put_aside() -> None:
    pod = pods(BASE)["operator"]
    (main,) = pod["containers"]
    (aside,) = [one["value"] for one in main["env"] if one["name"] == guards.ASIDE]
    (volume,) = [one["name"] for one in main["volumeMounts"] if one["mountPath"] == aside]
    assert {"name": volume, "emptyDir": {}} in pod["volumes"]


def test_pods_are_confined_and_looked_after() -> None:
    assert not_confined(BASE) == []
    assert not_looked_after(BASE) == []


def test_each_scales_apart() -> None:
    busy = of_kind(objects(FOLDER / "components" / "autoscaling"), "HorizontalPodAutoscaler")
    assert {name: one["spec"]["scaleTargetRef"]["name"] for name, one in busy.items()} == {
        name: name for name in service_names()
    }
    behind = of_kind(objects(FOLDER / "components" / "keda"), "ScaledObject")
    assert {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"]["triggers"][0]["metadata"]["queueName"]
        for one in behind.values()
    } == {worker_of(name): queue_of(name) for name in service_names()}


def test_a_policy_of_the_network_names_pods_that_there_are() -> None:
    labels = {"gateway", "identity-worker", "operator", "prepare", *keeping_files()}
    assert labels <= pods(BASE).keys()
    policies = of_kind(BASE, "NetworkPolicy").values()
    selected = [one["spec"]["podSelector"] for one in policies]
    chosen = {one.get("matchLabels", {}).get("app.kubernetes.io/name") for one in selected}
    expressions = [each for one in selected for each in one.get("matchExpressions", [])]
    chosen |= {value for each in expressions for value in each["values"]}
    assert chosen - {None} == labels


def test_who_has_the_key_of_the_store_reaches_it() -> None:
    policy = of_kind(BASE, "NetworkPolicy")["from-who-keeps-files"]
    (expression,) = policy["spec"]["podSelector"]["matchExpressions"]
    assert "reports-worker" in keeping_files()
    assert set(expression["values"]) == keeping_files()


@pytest.mark.skipif(PROGRAM is None, reason="neither kustomize nor kubectl is installed")
@pytest.mark.parametrize("overlay", OVERLAYS)
def test_kustomize_makes_the_overlays(overlay: str) -> None:
    made = rendered(overlay)
    assert invalid(made) == []
    assert not_confined(made) == []
    assert not_looked_after(made) == []
    assert pods(made).keys() == pods(BASE).keys()
    images = {pod["containers"][0]["image"] for pod in pods(made).values()}
    assert len(images) == 1
    assert images != {"iamis"}
