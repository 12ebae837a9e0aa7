"""Sign-ins and changes at the same moment: no limit is slipped past, no code is used twice.

They are worth most with `--database postgresql`, where transactions run side by side.
"""

from functools import partial

from services.identity.commands.accounts import Place
from services.identity.domain.throttle import FROM_ONE_ADDRESS
from services.identity.models import Membership
from tests.support.mailbox import queued
from tests.support.service import rows_of
from tests.support.together import together
from tests.unit.identity.people import Portal, code

SIAN = {
    "first_name": "Siân",
    "last_name": "Wyn",
    "email": "sian@bryn.example",
    "language": "cy",
    "account_type": "user",
}
LIMIT = FROM_ONE_ADDRESS.failures


def test_many_guesses_at_once_are_counted(portal: Portal) -> None:
    person = portal.add("a@bryn.example")
    guess = partial(portal.begin, person, password="wrong-horse-battery")
    statuses = [answer.status_code for answer in together(*[guess] * (LIMIT + 6))]
    assert sorted(statuses) == [401] * LIMIT + [429] * 6


def test_a_code_opens_one_session(portal: Portal) -> None:
    person = portal.add("a@bryn.example")
    begun = [portal.begin(person).json or {} for _each in range(4)]
    right = code(person.secret)
    answers = together(*(partial(portal.confirm, one, right) for one in begun))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
    refused = {answer.json["type"] for answer in answers if answer.json and "type" in answer.json}
    assert refused == {"urn:iamis:problem:used-code"}


def test_a_challenge_is_answered_once(portal: Portal) -> None:
    person = portal.add("a@bryn.example")
    begun = portal.begin(person).json or {}
    right = code(person.secret)
    answers = together(*[partial(portal.confirm, begun, right)] * 3)
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401]


def test_a_family_outlives_many_refreshes_at_once(portal: Portal) -> None:
    signed_in = portal.sign_in(portal.add("a@bryn.example"))
    answers = together(*[partial(portal.refresh, signed_in["refresh_token"])] * 4)
    assert [answer.status_code for answer in answers] == [200] * 4
    newest = {(answer.json or {})["refresh_token"] for answer in answers}
    assert len(newest) == 4
    assert all(portal.refresh(token).status_code == 200 for token in newest)


def test_two_admins_do_not_demote_each_other(portal: Portal) -> None:
    people = [
        portal.add(f"{name}@bryn.example", places=(Place("68101", "admin"),)) for name in "ab"
    ]
    tokens = [portal.sign_in(person)["access_token"] for person in people]
    answers = together(
        *(
            partial(
                portal.call,
                "PATCH",
                f"/centres/68101/users/{other.id}",
                token=token,
                json={"account_type": "user"},
            )
            for token, other in zip(tokens, reversed(people), strict=True)
        )
    )
    statuses = sorted(answer.status_code for answer in answers)
    # The second finds its own access taken away, or itself the last.
    assert statuses[0] == 200
    assert statuses[1] in {401, 403, 409}


def test_of_many_invitations_to_one_address_one_is_made(portal: Portal) -> None:
    token = portal.sign_in(portal.add("a@bryn.example"))["access_token"]
    invite = partial(portal.post, "/centres/68101/invitations", SIAN, token=token)
    statuses = sorted(answer.status_code for answer in together(*[invite] * 4))
    assert statuses == [201, 409, 409, 409]


def test_two_centres_may_invite_one_address_at_once(portal: Portal) -> None:
    centres = ("68101", "68102")
    admins = [portal.add(f"a@{no}.example", places=(Place(no, "admin"),)) for no in centres]
    tokens = [portal.sign_in(admin)["access_token"] for admin in admins]
    answers = together(
        *(
            partial(portal.post, f"/centres/{centre_no}/invitations", SIAN, token=token)
            for centre_no, token in zip(centres, tokens, strict=True)
        )
    )
    assert [answer.status_code for answer in answers] == [201, 201]
    with portal.service.database.reading() as session:
        places = [place for place in rows_of(session, Membership) if place.status == "invited"]
    assert len({place.user_id for place in places}) == 1
    assert {place.centre_no for place in places} == {*centres}


def test_a_link_sets_one_password(portal: Portal) -> None:
    person = portal.add("a@bryn.example")
    portal.post("/password/forgotten", {"email": person.email})
    (mail,) = queued(portal.service.database, "password-reset")
    token = mail.text.partition("token=")[2].split()[0]
    chosen = [f"a-quiet-green-valley-{number}" for number in range(4)]
    answers = together(
        *(
            partial(portal.post, "/password/reset", {"token": token, "new_password": password})
            for password in chosen
        )
    )
    assert sorted(answer.status_code for answer in answers) == [204, 401, 401, 401]
    right = [portal.begin(person, password=password).status_code for password in chosen]
    assert sorted(right) == [200, 401, 401, 401]


def test_links_asked_for_at_once_are_counted(portal: Portal) -> None:
    person = portal.add("a@bryn.example")
    ask = partial(portal.post, "/password/forgotten", {"email": person.email})
    assert {answer.status_code for answer in together(*[ask] * 6)} == {202}
    assert len(queued(portal.service.database, "password-reset")) == 3


def test_a_recovery_code_opens_one_session(portal: Portal) -> None:
    person = portal.add("a@bryn.example")
    token = portal.sign_in(person)["access_token"]
    made = portal.post("/me/recovery-codes", {"password": person.password}, token=token)
    recovery = (made.json or {})["codes"][0]
    begun = [portal.begin(person).json or {} for _each in range(4)]
    answers = together(
        *(
            partial(
                portal.post,
                "/sign-in/recovery",
                {"challenge": one["challenge"], "code": recovery},
            )
            for one in begun
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]
