"""Who gets into the admin, by what, and what is stored of it."""

from typing import Any

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.test import Client, RequestFactory
from django.views.defaults import server_error

from service_kit.testing.admin_pages import html_of, text_of
from service_kit.testing.log_lines import LogLines, about
from tests.world import ADMIN, add_thing

PASSWORD = "a long walk by the sea"
pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(the_admin: None) -> Client:
    """Somebody's browser, before anybody has logged in; it keeps to what CSRF protection asks of browsers."""
    return Client(enforce_csrf_checks=True)


def log_in(browser: Client, password: str, **changes: str) -> Any:
    token = str(browser.get(f"{ADMIN}login/").context["csrf_token"])
    form = {"username": "anna", "password": password, "csrfmiddlewaretoken": token, "next": ADMIN}
    return browser.post(f"{ADMIN}login/", {**form, **changes})


def test_nobody_sees_a_page_without_logging_in(visitor: Client) -> None:
    pages = ["", "things/thing/", "things/thing/add/", "auth/user/", "no/such/page/"]

    answers = [visitor.get(ADMIN + page) for page in pages]

    assert {answer.status_code for answer in answers} == {302}
    assert {answer["Location"].split("?")[0] for answer in answers} == {f"{ADMIN}login/"}


def test_the_login_page_says_what_it_is_and_leads_to_no_other_admin_where_there_is_none(visitor: Client) -> None:
    page = html_of(visitor.get(f"{ADMIN}login/"))

    assert "<h1>Log in</h1>" in page
    assert "service_kit/labels.js" in page
    assert 'id="user-tools"' not in page


DATES = {"auth/user/": "last_login__gte", "admin/logentry/": "action_time__gte"}


@pytest.mark.parametrize(("page", "lookup"), [*DATES.items(), ("auth/user/", "id__range")])
def test_an_odd_lookup_in_the_address_leads_to_the_whole_list(anna: Client, page: str, lookup: str) -> None:
    answer = anna.get(ADMIN + page, {lookup: "odd" if lookup in DATES.values() else "1"})

    assert (answer.status_code, answer["Location"]) == (302, f"{ADMIN}{page}?e=1")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *(("no/such/page/", 404), ("things/thing/add/", 403)),
        *(("auth/user/?username__regex=[", 400), ("auth/user/?username__iregex=[", 400)),
    ],
)
def test_a_refusal_is_a_page_that_leads_back(anna: Client, path: str, status: int) -> None:
    answer = anna.get(ADMIN + path)

    assert answer.status_code == status
    assert "<main>" in html_of(answer)
    assert f'<a href="{ADMIN}">' in html_of(answer)


def test_a_form_without_its_token_and_a_failure_are_such_pages_too(visitor: Client) -> None:
    refused = visitor.post(f"{ADMIN}login/", {})
    failed = server_error(RequestFactory().get(ADMIN))

    assert (refused.status_code, "too old" in html_of(refused), "<main>" in html_of(refused)) == (403, True, True)
    assert (failed.status_code, b"<main>" in failed.content) == (500, True)


@pytest.mark.parametrize("selected", ["", "odd", "1.5"])
def test_an_odd_selection_changes_nothing_and_leads_back_to_the_list(anna: Client, selected: str) -> None:
    group = Group.objects.create(name="Shippers")
    form = {"action": "delete_selected", "index": "0", "_selected_action": [str(group.pk), selected], "post": "yes"}

    answer = anna.post(f"{ADMIN}auth/group/", form)

    assert (answer.status_code, answer["Location"]) == (302, f"{ADMIN}auth/group/")
    assert Group.objects.exists()


@pytest.mark.filterwarnings("ignore:DateTimeField")  # a date without a time zone, which Django takes as one of its own
@pytest.mark.parametrize(
    "value",
    [
        *("2026-02-30", "0001-01-01", "0001-01-01T00:00:00+12:00", "9999-12-31T23:59:59-12:00", "10000-01-01"),
        *("2026-01-01T00:00:00+99:99", "\x00"),
    ],
)
@pytest.mark.parametrize(("page", "lookup"), [*DATES.items(), ("auth/user/", "username__exact")])
def test_no_value_of_a_lookup_is_an_error_of_the_service(anna: Client, page: str, lookup: str, value: str) -> None:
    answer = anna.get(ADMIN + page, {lookup: value})

    assert answer.status_code in {200, 302}  # PostgreSQL looks some of them up, SQLite cannot
    assert answer.status_code == 200 or answer["Location"] == f"{ADMIN}{page}?e=1"


def test_a_clerk_logs_in_with_a_password_and_gets_cookies_of_this_admin_only(visitor: Client) -> None:
    User.objects.create_superuser("anna", password=PASSWORD)

    refused, let_in = log_in(visitor, "another password"), log_in(visitor, PASSWORD)

    session, csrf = visitor.cookies["thing_admin_session"], visitor.cookies["thing_admin_csrf"]
    assert (refused.status_code, let_in.status_code, let_in["Location"]) == (200, 302, ADMIN)
    assert all(cookie["secure"] and cookie["httponly"] and cookie["path"] == ADMIN for cookie in (session, csrf))
    assert visitor.get(ADMIN).status_code == 200


@pytest.mark.parametrize(
    ("headers", "changes"),
    [({}, {"csrfmiddlewaretoken": "made up"}), ({"HTTP_ORIGIN": "https://elsewhere.test"}, {})],
    ids=["without its CSRF token", "from another site"],
)
def test_a_form_is_refused(visitor: Client, headers: dict[str, str], changes: dict[str, str]) -> None:
    User.objects.create_superuser("anna", password=PASSWORD)
    visitor.defaults.update(headers)

    assert log_in(visitor, PASSWORD, **changes).status_code == 403


def test_a_bearer_token_opens_nothing_here(visitor: Client) -> None:
    answer = visitor.get(f"{ADMIN}things/thing/", headers={"Authorization": "Bearer anything"})

    assert answer.status_code == 302


def test_a_customer_of_the_api_is_no_clerk_and_a_user_without_staff_status_is_none_either(visitor: Client) -> None:
    User.objects.create_user("anna", password=PASSWORD)

    assert "Please enter the correct username and password for a staff account" in text_of(log_in(visitor, PASSWORD))


def test_the_admin_has_no_api(visitor: Client) -> None:
    assert visitor.get("/api/v1/things/").status_code == 404
    assert visitor.get("/livez").status_code == 200


def test_the_api_knows_no_page_of_the_admin(client: Client) -> None:
    assert client.get(ADMIN).status_code == 404


def test_a_page_cannot_be_framed_and_tells_no_other_site_where_a_clerk_was(anna: Client) -> None:
    page = anna.get(ADMIN)

    assert (page["X-Frame-Options"], page["Referrer-Policy"]) == ("DENY", "same-origin")


def test_files_of_the_pages_come_from_here(visitor: Client) -> None:
    style = visitor.get(f"{ADMIN}static/admin/css/base.css")

    assert (style.status_code, style["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert b"".join(style.streaming_content)  # type: ignore[attr-defined] # a file's answer is a stream


def test_a_clerk_is_deactivated_and_never_deleted_because_the_log_would_go_too(anna: Client) -> None:
    bob = User.objects.create_user("bob", is_staff=True)
    LogEntry.objects.log_actions(bob.pk, [add_thing()], CHANGE, "Changed price.", single_object=True)

    answer = anna.post(f"{ADMIN}auth/user/{bob.pk}/delete/", {"post": "yes"})

    assert answer.status_code == 403
    assert LogEntry.objects.get().user == bob


def test_the_log_tells_who_did_what_and_cannot_be_changed(anna: Client) -> None:
    user = User.objects.get()
    LogEntry.objects.log_actions(user.pk, [add_thing(name="Desk lamp")], CHANGE, "Changed price.", single_object=True)
    page = f"{ADMIN}admin/logentry/"

    found, missed = (text_of(anna.get(page, {"q": name})) for name in ("anna", "bob"))
    answer = anna.post(f"{page}{LogEntry.objects.get().pk}/delete/", {"post": "yes"})

    assert ("Desk lamp" in found, "Desk lamp" in missed) == (True, False)
    assert answer.status_code == 403


def test_the_request_log_names_the_clerk(anna: Client, logged: LogLines) -> None:
    anna.get(ADMIN, headers={"X-Request-ID": "a-request-id"})

    [line] = about("request", logged)
    assert (line["subject"], line["path"], line["request_id"]) == ("admin:anna", ADMIN, "a-request-id")
