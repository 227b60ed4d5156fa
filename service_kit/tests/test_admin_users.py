"""Nobody gets more rights in the admin than a superuser gave them, and users keep their names."""

from collections.abc import Iterator, Mapping

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client

from service_kit.testing.admin_pages import fill_in, text_of
from service_kit.testing.fixtures import desk_of
from tests.world import ADMIN

USERS, GROUPS = f"{ADMIN}auth/user/", f"{ADMIN}auth/group/"
PASSWORD = "a long walk by the sea"
DATES = {"date_joined": None, "last_login": None, "date_joined_0": "2026-01-01", "date_joined_1": "00:00:00"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def carl(the_admin: None) -> User:
    """A clerk with every permission that Django has for users and groups."""
    carl = User.objects.create_user("carl", password=PASSWORD, is_staff=True)
    carl.user_permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    return carl


@pytest.fixture
def root(the_admin: None) -> User:
    return User.objects.create_superuser("root", password=PASSWORD)


def rights() -> Iterator[Mapping[str, object]]:
    for user in User.objects.order_by("pk"):
        permissions, groups = ([each.pk for each in of.all()] for of in (user.user_permissions, user.groups))
        yield {**User.objects.filter(pk=user.pk).values().get(), "permissions": sorted(permissions), "groups": groups}


def test_a_clerk_who_may_change_users_changes_nobody_not_even_themselves(carl: User, root: User) -> None:
    desk = desk_of(carl)
    before = list(rights())
    form = {"username": "carl", "is_active": "on", "is_staff": "on", "is_superuser": "on", "first_name": "Carl"}

    answers = [desk.post(f"{USERS}{user.pk}/change/", {**form, "username": user.username}) for user in (carl, root)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert [{**now, "last_login": 0} for now in rights()] == [{**then, "last_login": 0} for then in before]


def test_a_clerk_who_may_change_users_sets_no_password(carl: User, root: User) -> None:
    form = {"usable_password": "true", "password1": "another long walk", "password2": "another long walk"}

    answers = [desk_of(carl).post(f"{USERS}{user.pk}/password/", form) for user in (carl, root)]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert all(User.objects.get(pk=user.pk).check_password(PASSWORD) for user in (carl, root))


def test_a_clerk_who_may_add_users_adds_none(carl: User) -> None:
    form = {"username": "dora", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    assert desk_of(carl).post(f"{USERS}add/", form).status_code == 403
    assert User.objects.get() == carl


def test_a_clerk_who_may_change_groups_gives_none_a_permission_and_deletes_none(carl: User) -> None:
    group = Group.objects.create(name="everybody")
    carl.groups.add(group)
    desk = desk_of(carl)
    form = {"name": "everybody", "permissions": [each.pk for each in Permission.objects.all()]}

    changed, added = desk.post(f"{GROUPS}{group.pk}/change/", form), desk.post(f"{GROUPS}add/", {**form, "name": "all"})
    deleted = desk.post(f"{GROUPS}{group.pk}/delete/", {"post": "yes"})
    desk.post(GROUPS, {"action": "delete_selected", "_selected_action": group.pk, "post": "yes"})

    assert {answer.status_code for answer in (changed, added, deleted)} == {403}
    assert Group.objects.get() == group
    assert not group.permissions.exists()


def test_such_a_clerk_sees_users_and_groups_and_changes_the_own_password(carl: User) -> None:
    desk = desk_of(carl)
    Group.objects.create(name="everybody")
    form = {"old_password": PASSWORD, "new_password1": "another long walk", "new_password2": "another long walk"}

    seen = [text_of(desk.get(page)) for page in (USERS, GROUPS)]
    changed = desk.post(f"{ADMIN}password_change/", form)

    assert ("carl" in seen[0], "everybody" in seen[1], changed.status_code) == (True, True, 302)
    assert User.objects.get(pk=carl.pk).check_password("another long walk")


@pytest.mark.parametrize("page", [f"{USERS}{{}}/change/", f"{GROUPS}add/"])
def test_an_id_that_no_page_has_sent_is_refused(anna: Client, carl: User, page: str) -> None:
    path = page.format(carl.pk)

    answer = anna.post(path, fill_in(anna, path, **DATES, name="all", user_permissions=2**70, permissions=2**70))

    assert (answer.status_code in {200, 400}, Group.objects.exists()) == (True, False)


def test_a_superuser_gives_permissions_and_groups_and_renames_nobody_because_the_ledger_has_the_name(
    anna: Client, carl: User
) -> None:
    group = Group.objects.create(name="everybody")
    page = f"{USERS}{carl.pk}/change/"
    changes = {"groups": [group.pk], "is_superuser": True, "username": "anna2", "first_name": "Carl", **DATES}

    answer = anna.post(page, fill_in(anna, page, **changes))

    carl.refresh_from_db()
    assert (answer.status_code, carl.is_superuser, carl.groups.get()) == (302, True, group)
    assert (carl.username, carl.first_name) == ("carl", "Carl")
