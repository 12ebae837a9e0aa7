"""A body that ends before its announced length is refused, and nothing of it is kept."""

import http.client
import json
import socket

import pytest

from tests.integration.conftest import Accounts, MakeSheet
from tests.support.api import entries
from tests.support.stack import Stack

MEBIBYTE = 2**20


def broken_off(port: int, head: list[str], sent: bytes, length: int) -> http.client.HTTPResponse:
    """The answer to a sender who announces `length` bytes, and hangs up after those `sent`."""
    lines = [*head, "Host: localhost", f"Content-Length: {length}", "", ""]
    with socket.create_connection(("127.0.0.1", port), timeout=30) as sender:
        sender.sendall("\r\n".join(lines).encode() + sent)
        sender.shutdown(socket.SHUT_WR)
        response = http.client.HTTPResponse(sender)
        response.begin()
        return response


@pytest.mark.parametrize("blank", [0, MEBIBYTE + 1], ids=["short", "long"])
@pytest.mark.parametrize("missing", [1, MEBIBYTE], ids=["nearly whole", "far from whole"])
@pytest.mark.parametrize("door", ["gateway", "marks"])
def test_nothing_of_a_file_that_breaks_off_at_the_end_of_a_line_is_kept(
    stack: Stack, accounts: Accounts, make_sheet: MakeSheet, door: str, missing: int, blank: int
) -> None:
    sheet, board = make_sheet(1), accounts["board"]
    file = entries(sheet.paper()["code"], sheet.centre_no, [1, 2])
    sent = file.encode() + b"\n" * blank
    head = [
        "POST /api/marks/imports/entries HTTP/1.1",
        "Content-Type: text/csv",
        f"Authorization: Bearer {board.token}",
    ]
    refused = broken_off(stack.instance.ports[door], head, sent, len(sent) + missing)
    problem = json.loads(refused.read())
    assert (refused.status, problem["status"]) == (400, 400)
    assert [one["candidate_no"] for one in sheet.candidates()] == ["0001"]
    board.call("POST", "/api/marks/imports/entries", sent, {"Content-Type": "text/csv"}).expect(200)
    assert [one["candidate_no"] for one in sheet.candidates()] == ["0001", "0002"]
