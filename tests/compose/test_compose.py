"""The system in containers: the main job by its contract, with copies, and when copies die.

In the order of the file: each test goes on with what the one before has left.
"""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import urllib3

from shared.service import service_names
from tests.compose.composition import Composition
from tests.integration import test_main_job as main_job
from tests.integration.conftest import Accounts, MakePaper, OpenSheet
from tests.support.sheet import Sheet
from tests.support.subscriber import drop_half_a_line, subscribed
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.containers, pytest.mark.timeout(1800)]

COPIES = ("--scale", "marks=3", "--scale", "marks-worker=2")
READS = 60
MAIL_SECONDS = 30
TARGETS_SECONDS = 60
TOOL_SECONDS = 60
# What the alert of tools' queues looks at.
TOOL_METRICS = ("rabbitmq_detailed_queue_messages", "rabbitmq_detailed_queue_messages_bytes")
QUERY = "http://127.0.0.1:9090/api/v1/query?query="

DoMainJob = Callable[[], None]


@pytest.fixture
def do_main_job(accounts: Accounts, make_paper: MakePaper, open_sheet: OpenSheet) -> DoMainJob:
    """From the list of papers to the report, at the port the gateway is published on."""

    def do() -> None:
        main_job.test_a_teacher_sees_the_papers_of_the_centre(accounts)
        main_job.test_the_whole_main_job_with_250_candidates(accounts, make_paper, open_sheet)

    return do


def test_the_main_job(stack: Composition, do_main_job: DoMainJob) -> None:
    assert stack.is_healthy()
    do_main_job()


def test_every_container_is_confined(stack: Composition) -> None:
    for container in stack.inspected():
        host, name = container["HostConfig"], container["Name"]
        assert host["ReadonlyRootfs"], name
        assert host["CapDrop"] == ["ALL"], name
        assert host["Memory"] > 0, name
        assert host["PidsLimit"] > 0, name
        assert container["Config"]["User"].partition(":")[0] not in ("", "0", "root"), name


def test_no_secret_is_in_an_environment(stack: Composition) -> None:
    secrets = {path.read_text("utf-8") for path in stack.secrets if path.stat().st_size}
    for container in stack.inspected():
        told = " ".join([*container["Config"]["Env"], *container["Args"]])
        assert not [one for one in secrets if one in told], container["Name"]


def test_only_the_gateway_has_a_port_of_our_choice(stack: Composition) -> None:
    chosen = {
        container["Config"]["Labels"]["com.docker.compose.service"]: bound[0]["HostPort"]
        for container in stack.inspected()
        for bound in (container["HostConfig"]["PortBindings"] or {}).values()
        if bound[0]["HostPort"] not in ("", "0")
    }
    assert chosen == {"gateway": str(stack.port)}


def test_mail_reaches_the_mail_server(stack: Composition, accounts: Accounts) -> None:
    invited = {
        "first_name": "Non",
        "last_name": "Newydd",
        "email": "non.newydd@afon.example",
        "language": "cy",
        "account_type": "user",
    }
    path = f"/api/identity/centres/{accounts.centre_no}/invitations"
    accounts["admin"].post(path, invited).expect(201)
    shown = f"{stack.published('mailpit', 8025)}/api/v1/messages"

    def arrived() -> bool:
        messages = urllib3.request("GET", shown).json()["messages"]
        return invited["email"] in [to["Address"] for one in messages for to in one["To"]]

    wait_for("the invitation is at the mail server", arrived, MAIL_SECONDS)


def test_a_tool_outside_has_every_event_it_is_bound_to(
    stack: Composition, make_paper: MakePaper, open_sheet: OpenSheet, tmp_path: Path
) -> None:
    at = stack.published("rabbitmq", 5672).replace("http:", "amqp:")
    added = ("tools", "add", "scores", "--bind", "marks.submitted.#", "--at", at)
    url = stack.operator(*added).partition("URL: ")[2].strip()
    output, given = tmp_path / "events", ("--queue", "scores", "--url", url)

    def submit() -> None:
        sheet = open_sheet(make_paper(1))
        sheet.fill({"0001": [61]})
        sheet.submit()

    with subscribed(tmp_path, output, *given) as reading:
        submit()
        wait_for("it is printed", reading.has_printed(1), TOOL_SECONDS)
    drop_half_a_line(output)
    submit()
    with subscribed(tmp_path, output, *given) as again:
        wait_for("so is what came meanwhile", again.has_printed(2), TOOL_SECONDS)


def test_copies_share_the_work(
    stack: Composition, do_main_job: DoMainJob, accounts: Accounts
) -> None:
    stack.up(*COPIES)
    assert Counter(stack.services())["marks"] == 3
    assert Counter(stack.services())["marks-worker"] == 2
    do_main_job()
    before = stack.requests_answered("marks")
    for _each in range(READS):
        accounts["user"].get(f"/api/marks/centres/{accounts.centre_no}/papers").expect(200)
    after = stack.requests_answered("marks")
    took = {copy: after[copy] - before[copy] for copy in after}
    print("requests by copy:", took)
    assert all(count >= READS // 6 for count in took.values())


def test_the_others_go_on_when_a_copy_of_each_is_killed(
    stack: Composition, do_main_job: DoMainJob
) -> None:
    stack.kill_one("marks")
    stack.kill_one("marks-worker")
    do_main_job()


def test_operators_look_in_from_a_container(stack: Composition) -> None:
    code = stack.operator("totp", stack.accounts[0]["email"])
    assert re.fullmatch(r"\d{6}", code.strip())
    (_head, *rows) = stack.operator("outbox", "status").splitlines()
    assert {row.split()[0] for row in rows} == set(service_names())
    (_head, *given_up) = stack.operator("dead-letters", "list").splitlines()
    assert given_up == []


def test_what_was_saved_is_there_after_a_new_start(
    stack: Composition, make_paper: MakePaper, open_sheet: OpenSheet
) -> None:
    sheet = open_sheet(make_paper(2))
    sheet.fill({"0001": [61], "0002": [40]})
    sheet.submit()
    stack.compose("stop")
    stack.up()
    again = Sheet(sheet.api, sheet.centre_no, sheet.paper_id)
    assert {one["candidate_no"] for one in again.wait_for_sample()} == {"0001", "0002"}


def test_prometheus_reaches_what_it_asks(stack: Composition) -> None:
    stack.up("prometheus")

    def all_up() -> bool:
        targets = stack.asked("prometheus", "http://127.0.0.1:9090/api/v1/targets")["data"]
        states = {
            (one["labels"]["job"], one["health"], one["lastError"])
            for one in targets["activeTargets"]
        }
        print(states)
        return {(job, health) for job, health, _error in states} == {
            ("gateway", "up"),
            ("web", "up"),
            ("worker", "up"),
            ("rabbitmq", "up"),
            ("tools", "up"),
        }

    def is_known(metric: str) -> bool:
        found = stack.asked("prometheus", f"{QUERY}{metric}")["data"]["result"]
        return {one["metric"]["queue"] for one in found} == {"iamis.tool.scores"}

    wait_for("Prometheus reaches everything", all_up, TARGETS_SECONDS)
    for metric in TOOL_METRICS:
        wait_for(f"{metric} is known", partial(is_known, metric), TARGETS_SECONDS)
