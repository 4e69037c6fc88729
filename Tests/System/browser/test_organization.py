"""The pages of an organization's admins, and of who looks after all organizations."""

import json
import re
import uuid

import pytest
from playwright.sync_api import expect

from harness.client import Person
from harness.waiting import wait_until

from .steps import choose, pointed_at_with

PAGES = ["", "/members", "/groups", "/providers", "/audit"]


@pytest.fixture
def page(new_page, cookies_of, world):
    """Of the admin of the organization whose people these tests take out and put back."""
    return new_page(storage_state=cookies_of(world.server, "admin@rival.example"))


@pytest.fixture
def root_page(new_page, cookies_of, world):
    """Makes a page of the demo's super admin, who is in no organization."""
    return lambda **options: new_page(storage_state=cookies_of(world.server, "root@platform.example"), **options)


@pytest.fixture
def path(world):
    return f"/api/organizations/{world.rival.id}"


@pytest.fixture
def admin(world):
    return world.rival.admin


@pytest.fixture
def groups(admin, path):
    """Makes groups, which are gone afterward."""
    before = {one["id"] for one in admin.items(f"{path}/groups")}
    yield lambda name: admin.post(f"{path}/groups", {"name": name}).raise_for_status().json()
    for one in admin.items(f"{path}/groups"):
        if one["id"] not in before:
            admin.request("DELETE", f"{path}/groups/{one['id']}").raise_for_status()


@pytest.fixture
def back(admin, path):
    """Whoever was taken out is taken in again afterward."""
    before = {one["userId"]: one["role"] for one in admin.items(f"{path}/members")}
    yield
    now = {one["userId"]: one["role"] for one in admin.items(f"{path}/members")}
    for user, role in before.items():
        if user not in now:
            admin.post(f"{path}/members", {"userId": user, "role": role}).raise_for_status()
        elif now[user] != role:
            admin.patch(f"{path}/members/{user}", {"role": role}).raise_for_status()


@pytest.fixture
def no_invitations(admin, path):
    yield
    for one in admin.items(f"{path}/invitations"):
        admin.request("DELETE", f"{path}/invitations/{one['id']}")


def row(page, name):
    return page.locator("[data-member]").filter(has_text=name)


def fresh(word):
    return f"{word}-{uuid.uuid4().hex[:8]}"


# For admins only


@pytest.mark.parametrize("where", PAGES)
@pytest.mark.parametrize("role", ["counselor", "student"])
def test_others_are_shown_that_it_is_not_theirs(page_of, role, where):
    page = page_of(role)
    assert page.goto(f"/organization{where}").status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("Not allowed")


def test_the_list_of_all_organizations_is_for_super_admins(page_of):
    assert page_of("admin").goto("/platform").status == 403


# General


def test_an_organization_is_renamed_and_moved(page, admin, path):
    before = admin.get(path).json()
    page.goto("/organization")
    page.get_by_label("Name", exact=True).fill("Rival Academy of Arts")
    choose(page, "Time zone", "Tokyo")
    page.get_by_label("Meet at").select_option("feishu")
    expect(page.get_by_label("Short name")).not_to_be_editable()
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(".done")).to_have_text("Saved")

    page.reload()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Rival Academy of Arts")
    expect(page.get_by_role("combobox", name="Time zone")).to_have_value("Asia/Tokyo")
    expect(page.get_by_label("Meet at")).to_have_value("feishu")
    admin.patch(path, {key: before[key] for key in ("name", "timeZone", "defaultProvider")}).raise_for_status()


def test_what_is_missing_is_said_at_its_field(page):
    page.goto("/organization")
    page.get_by_label("Name", exact=True).fill(" ")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator("#name-error")).to_have_text("Enter a name.")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()


def test_the_last_admin_is_told_why_they_cannot_leave(page):
    page.goto("/organization")
    page.get_by_role("button", name="Leave the organization").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Leave Rival Academy?")
    dialog.get_by_role("button", name="Leave").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Make somebody else an admin first, under Members.")

    dialog.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Leave the organization")).to_be_focused()


# Members


def test_members_are_found_by_name_role_and_group(page, admin, path, groups, world):
    group = groups(fresh("Sailing"))
    admin.request("PUT", f"{path}/groups/{group['id']}/members/{world.rival.mentor.id}").raise_for_status()
    page.goto("/organization/members")
    expect(row(page, "Ada Rival")).to_contain_text("you")

    page.get_by_label("Search by name or address").fill("mina riv")
    expect(page.locator("[data-member]")).to_have_count(1)
    expect(row(page, "Mina Rival")).to_be_visible()
    page.reload()
    expect(page.locator("[data-member]")).to_have_count(1)
    page.get_by_label("Search by name or address").fill("")
    page.get_by_label("Role", exact=True).select_option("mentor")
    # Other tests invite people, too.
    expect(page.locator("[data-member]")).to_have_count(len(admin.items(f"{path}/members", role="mentor")))
    page.get_by_label("Group", exact=True).select_option(group["id"])
    expect(page.locator("[data-member]")).to_have_count(1)
    page.get_by_label("Search by name or address").fill("nobody like this")
    expect(page.get_by_role("heading", name="No matching members")).to_be_visible()
    page.get_by_role("link", name="Show everybody").click()
    expect(row(page, "Seth Rival")).to_be_visible()


def test_more_members_are_added_below(page, admin, path):
    first = admin.items(f"{path}/members", limit=30)
    mentors = admin.items(f"{path}/members", role="mentor")
    page.goto("/organization/members")

    def short(route):
        """The page as if it were long: what the server sends has a second part."""
        answer = route.fetch()
        more = '<p class="more"><a class="button" id="more" href="/organization/members?role=mentor">Load more</a></p>'
        route.fulfill(response=answer, body=answer.text().replace("</table>", f"</table>{more}", 1))

    page.route("**/organization/members", short)
    page.reload()
    page.get_by_role("link", name="Load more").click()
    expect(page.locator("[data-member]")).to_have_count(len(first) + len(mentors))
    expect(page.get_by_role("link", name="Load more")).to_have_count(0)


def test_a_role_is_changed_in_its_row(page, admin, path, back, world):
    page.goto("/organization/members")
    page.get_by_label("Role of Seth Rival").select_option("mentor")
    expect(page.locator("#announcer")).to_have_text("Seth Rival is Mentor now")
    page.reload()
    expect(page.get_by_label("Role of Seth Rival")).to_have_value("mentor")


def test_what_somebody_is_booked_for_in_the_old_role_is_listed(page, world, back):
    rival = world.rival
    booking = world.booking(organization=rival, title="Booked as a mentor")
    rival.counselor.book(booking).raise_for_status()
    page.goto("/organization/members")
    name = rival.mentor.me["name"]

    page.get_by_label(f"Role of {name}").select_option("student")

    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text(f"{name} is Student now")
    expect(dialog.get_by_role("link", name="Booked as a mentor")).to_have_attribute("href", re.compile("^/sessions/"))
    dialog.get_by_role("button", name="Done").click()
    expect(page.get_by_label(f"Role of {name}")).to_be_focused()


def test_the_last_admin_keeps_the_role(page):
    page.goto("/organization/members")
    page.get_by_label("Role of Ada Rival").select_option("student")
    page.get_by_role("dialog").get_by_role("button", name="Change my role").click()
    expect(row(page, "Ada Rival").locator(".field-error")).to_contain_text("the last admin here")
    expect(page.get_by_label("Role of Ada Rival")).to_have_value("admin")


def test_a_counselor_who_goes_hands_over_and_the_sessions_are_listed(page, world, back):
    rival = world.rival
    booking = world.booking(organization=rival, title="To be handed over")
    rival.counselor2.book(booking).raise_for_status()
    talk = world.booking("comm_session", organization=rival, title="A talk that stays", counselorId=rival.counselor2.id)
    rival.counselor.book(talk).raise_for_status()
    page.goto("/organization/members")
    page.get_by_role("button", name="Remove Coco Rival").click()
    dialog = page.get_by_role("dialog")
    choose(page, "Upcoming bookings go to (optional)", "Cyrus")
    dialog.get_by_role("button", name="Remove").click()

    expect(dialog.get_by_role("heading")).to_have_text("Coco Rival was removed")
    expect(dialog.get_by_role("heading")).to_be_focused()
    expect(dialog).to_contain_text("upcoming booking is Cyrus Rival’s now")
    expect(dialog.get_by_role("link", name="A talk that stays")).to_have_attribute("href", re.compile("^/sessions/"))
    dialog.get_by_role("button", name="Done").click()
    expect(row(page, "Coco Rival")).to_have_count(0)
    expect(page.locator("[data-remove]:focus")).to_have_count(1)


# Invitations


def test_several_are_invited_at_once_and_each_is_told_of(page, admin, path, no_invitations):
    first, second = f"{fresh('a')}@example.org", f"{fresh('b')}@example.org"
    page.goto("/organization/members")
    page.get_by_label("Email addresses").fill(f"Ann <{first}>, student@rival.example\n{second}")
    page.get_by_label("As", exact=True).select_option("mentor")
    page.get_by_role("button", name="Invite", exact=True).click()

    expect(page.locator("#invited li")).to_have_count(3)
    expect(page.locator("#invited")).to_contain_text(f"{first} is invited")
    expect(page.locator("#invited")).to_contain_text("student@rival.example is a member already")
    expect(page.get_by_label("Email addresses")).to_have_value("student@rival.example")
    line = page.locator("[data-invitation]").filter(has_text=second)
    expect(line).to_contain_text("Mentor · invited by Ada Rival · expires in 7 days")

    line.get_by_role("button", name="Send again").click()
    expect(page.locator("#invitations-outcome")).to_contain_text("has a new link")
    page.locator("[data-invitation]").filter(has_text=second).get_by_role("button", name="Revoke").click()
    page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    expect(page.locator("#invitations-outcome")).to_contain_text("was revoked")
    expect(page.locator("[data-invitation]").filter(has_text=second)).to_have_count(0)
    assert second not in [one["email"] for one in admin.items(f"{path}/invitations")]


def test_what_is_no_address_is_said_at_the_field(page):
    page.goto("/organization/members")
    page.get_by_label("Email addresses").fill("ann@example.org, ben")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.locator("#addresses-error")).to_have_text("This is not an email address: ben")
    expect(page.get_by_label("Email addresses")).to_be_focused()


# Groups


def test_a_group_is_made_filled_renamed_and_deleted(page, admin, path, groups, world):
    name = fresh("Year 12")
    page.goto("/organization/groups")
    page.get_by_label("New group").fill(name)
    page.get_by_role("button", name="Create").click()
    line = page.locator("[data-group]").filter(has_text=name)
    picker = line.get_by_role("combobox", name="Add a person")
    expect(picker).to_be_focused()

    picker.fill("Sana")
    line.get_by_role("option", name="Sana Rival").click()
    expect(line.locator(".group-size")).to_have_text("1 person")
    line.get_by_role("button", name=f"Remove Sana Rival from {name}").click()
    expect(line.get_by_text("Nobody is in it yet.")).to_be_visible()
    line.get_by_role("button", name="Undo").click()
    expect(line.locator(".group-members")).to_contain_text("Sana Rival")
    made = next(one for one in admin.items(f"{path}/groups") if one["name"] == name)
    assert [one["name"] for one in admin.items(f"{path}/members", group=made["id"])] == ["Sana Rival"]

    line.get_by_role("button", name=f"Rename {name}").click()
    page.get_by_role("dialog").get_by_label("Name").fill(name + "b")
    page.get_by_role("dialog").get_by_role("button", name="Rename").click()
    line = page.locator("[data-group]").filter(has_text=name + "b")
    expect(line.locator("summary")).to_be_focused()
    line.locator("summary").click()
    line.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(line).to_have_count(0)
    expect(page.get_by_label("New group")).to_be_focused()


def test_two_groups_cannot_have_one_name(page, groups):
    made = groups(fresh("Chess"))
    page.goto("/organization/groups")
    page.get_by_label("New group").fill(made["name"])
    page.get_by_role("button", name="Create").click()
    expect(page.locator("#new-name-error")).to_contain_text("Another group has this name")


# Providers


def test_an_account_is_set_tested_and_removed(page, admin, path):
    page.goto("/organization/providers")
    card = page.locator('[data-provider="zoom"]')
    expect(card).to_contain_text("This server’s account")
    card.get_by_role("button", name="Save").click()
    expect(card.locator("#zoom-accountId-error")).to_have_text("Fill this in.")
    card.get_by_label("Account ID").fill("an-account")
    card.get_by_label("Client ID").fill("a-client")
    card.get_by_label("Client secret").fill("a-secret-of-some-length")
    card.get_by_role("button", name="Save").click()
    expect(card.locator(".done")).to_contain_text("Saved.")
    expect(card).to_contain_text("Your own account")
    expect(card.get_by_label("Client secret")).to_have_value("")
    expect(card.get_by_label("Client secret")).to_have_attribute("placeholder", "Unchanged, ends with ngth")
    assert "a-secret-of-some" not in page.content()

    card.get_by_label("Client ID").fill("another")
    card.get_by_role("button", name="Test").click()
    expect(card.locator(".notice")).to_contain_text("Save it first")
    card.get_by_role("button", name="Save").click()
    expect(card.locator(".done")).to_contain_text("Saved.")
    card.get_by_role("button", name="Test").click()
    expect(card.locator(".notice")).to_contain_text("does not take the account")
    expect(card.locator(".check-result")).to_contain_text("Tested")

    card.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(card.locator(".done")).to_contain_text("was removed")
    expect(card.get_by_role("button", name="Test")).to_be_hidden()
    expect(card).to_contain_text("This server’s account")


# Audit


def entry(page, text):
    return page.locator(".entry").filter(has_text=text)


def chained(page, text):
    """Entries are numbered a moment after they are made."""
    def is_there():
        page.goto("/organization/audit")
        return entry(page, text).count() > 0

    wait_until(is_there, within=15, what=f"an entry that says {text}")
    return entry(page, text).first



def test_a_change_is_told_in_a_sentence_with_what_was_there_before(page, admin, path, back, world):
    admin.patch(f"{path}/members/{world.rival.student2.id}", {"role": "mentor"}).raise_for_status()
    one = chained(page, "Ada Rival changed the role of Seth Rival: student → mentor")
    expect(one).to_contain_text("from 127.0.0.1")
    one.locator("summary").click()
    expect(one.get_by_role("row", name="role student mentor")).to_be_visible()
    expect(one.locator(".hash")).to_have_text(re.compile("^[0-9a-f]{64}$"))

    one.get_by_role("link", name="Everything about this").click()
    expect(page.get_by_text("Only what concerns one thing.")).to_be_visible()
    expect(page.locator(".entry").first).to_contain_text("Seth Rival")
    page.get_by_role("link", name="Clear the filter").click()
    expect(page.get_by_text("Only what concerns one thing.")).to_have_count(0)


def test_the_log_is_filtered_and_exported_as_it_is_shown(page, admin, path, groups):
    name = fresh("Rowing")
    groups(name)
    chained(page, f"made the group “{name}”")
    page.get_by_label("What", exact=True).select_option("group")
    expect(page).to_have_url(re.compile("about=group"))
    expect(entry(page, "signed in")).to_have_count(0)
    page.get_by_label("Was", exact=True).select_option("created")
    choose(page, "Who", "Ada")
    expect(page).to_have_url(re.compile("actor=.*change=created"))
    page.get_by_label("From").fill("2020-01-01")
    expect(page).to_have_url(re.compile("from=2020-01-01"))
    expect(entry(page, name)).to_have_count(1)

    with page.expect_download() as saved:
        page.get_by_role("link", name="Export").click()
    lines = [json.loads(json.loads(line)["entry"]) for line in open(saved.value.path(), encoding="utf-8")]
    assert lines and {line["action"] for line in lines} == {"group.created"}

    page.get_by_label("From").fill("2199-01-01")
    expect(page.get_by_role("heading", name="No matching entries")).to_be_visible()


def test_who_chooses_an_actor_by_link_sees_the_name(page, world):
    page.goto(f"/organization/audit?actor={world.rival.admin.id}")
    expect(page.get_by_role("combobox", name="Who")).to_have_value("Ada Rival")
    page.get_by_role("button", name="Clear Ada Rival").click()
    expect(page).to_have_url("/organization/audit")


# All organizations


def test_an_organization_is_founded_and_its_first_admin_invited(root_page, world):
    root = Person(world.server, "root@platform.example")
    word = fresh("lodz")
    page = root_page()
    page.goto("/platform")
    page.get_by_role("button", name="New organization").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("Łódź & " + word)
    expect(dialog.get_by_label("Short name")).to_have_value(f"lodz-{word}")
    dialog.get_by_label("Short name").fill("rival")
    dialog.get_by_role("button", name="Create").click()
    expect(page.locator("#found-slug-error")).to_contain_text("Another organization has this short name")
    dialog.get_by_label("Short name").fill(f"lodz-{word}")
    dialog.get_by_role("button", name="Create").click()

    expect(page.get_by_role("dialog")).to_contain_text(f"Invite an admin to Łódź & {word}")
    page.get_by_role("dialog").get_by_label("Email address").fill("first@example.org")
    page.get_by_role("dialog").get_by_role("button", name="Invite").click()
    expect(page.locator("#platform-outcome")).to_contain_text("first@example.org is invited to be an admin")
    made = next(one for one in root.items("/api/organizations") if one["slug"] == f"lodz-{word}")
    open_ones = root.items(f"/api/organizations/{made['id']}/invitations")
    assert [(one["email"], one["role"]) for one in open_ones] == [("first@example.org", "admin")]

    page.get_by_label("Search by name").fill(word.upper())
    expect(page.locator("[data-id]")).to_have_count(1)
    enter = page.get_by_role("button", name=f"Open Łódź & {word}")
    expect(enter).to_have_attribute("value", made["id"])
    assert enter.evaluate("button => [button.form.method, new URL(button.form.action).pathname, button.name]") == [
        "post", "/organization/switch", "organization"]


def test_organizations_are_searched_by_program_too(world):
    root = Person(world.server, "root@platform.example")
    assert [one["slug"] for one in root.items("/api/organizations", search="RIVAL")] == ["rival"]
    assert [one["slug"] for one in root.items("/api/organizations", search="academy")] == ["rival"]
    assert root.items("/api/organizations", search="100%_") == []
    assert [one["slug"] for one in world.demo.admin.items("/api/organizations", search="r")] == ["demo"]


# Looks


def general(page):
    page.goto("/organization")
    expect(page.get_by_role("combobox", name="Time zone")).not_to_have_value("")


def leaving(page):
    general(page)
    page.get_by_role("button", name="Leave the organization").click()


def members(page):
    page.goto("/organization/members")


def members_none(page):
    page.goto("/organization/members?search=nobody")


def invited(page):
    members(page)
    page.get_by_label("Email addresses").fill(f"{fresh('new')}@example.org, student@demo.example")
    page.get_by_role("button", name="Invite", exact=True).click()
    expect(page.locator("#invited li")).to_have_count(2)


def last_admin(page):
    page.goto("/organization/members?search=Amara")  # few enough for nothing to lie under the bar, and count as too small
    page.get_by_label("Role of Amara Okafor").select_option("student")
    page.get_by_role("dialog").get_by_role("button", name="Change my role").click()
    expect(row(page, "Amara Okafor").locator(".field-error")).not_to_be_empty()


def removing(page):
    members(page)
    page.get_by_role("button", name="Remove Caspar Lind").click()
    page.get_by_role("dialog").get_by_role("combobox").fill("am")
    expect(page.locator(".option").first).to_be_visible()


def removed(page):
    """What the dialog shows in the end, without anybody being taken out."""
    sessions = [{"id": str(uuid.uuid4()), "kind": "comm_session", "title": f"Talk {n}", "scheduledAt": "2027-03-01T09:00:00Z"} for n in (1, 2)]
    page.route("**/api/organizations/*/members/*", lambda route: route.fulfill(json={"handedOver": 3, "sessions": sessions}))
    removing(page)
    page.locator(".option").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="Caspar Lind was removed")).to_be_visible()


def groups_page(page):
    page.goto("/organization/groups")


def group_open(page):
    groups_page(page)
    page.get_by_label("New group").fill(fresh("Rowing and sailing"))
    page.get_by_role("button", name="Create").click()
    picker = page.locator("[data-group] details[open]").get_by_role("combobox")
    for name in ("Mei Tanaka", "Sam Carter"):
        picker.fill(name)
        page.get_by_role("option", name=name).click()
        expect(page.locator(".group-members")).to_contain_text([name])


def renaming(page):
    group_open(page)
    page.get_by_role("button", name="Rename Rowing").last.click()


def providers(page):
    page.goto("/organization/providers")


def providers_refused(page):
    providers(page)
    card = page.locator('[data-provider="feishu"]')
    card.get_by_label("App ID").fill("cli_a1b2")
    card.get_by_label("Owner").fill("ou_1234")
    card.get_by_label("App secret").fill("not-the-right-one")
    card.get_by_role("button", name="Save").click()
    expect(card.locator(".done")).to_be_visible()
    card.get_by_role("button", name="Test").click()
    expect(card.locator(".notice")).to_be_visible()
    page.locator('[data-provider="zoom"]').get_by_role("button", name="Save").click()


def audit(page):
    page.goto("/organization/audit")


def audit_open(page):
    page.goto("/organization/audit?about=membership")
    expect(page.locator(".entry").first).to_be_visible()
    page.locator(".entry summary").first.click()


def audit_none(page):
    page.goto("/organization/audit?from=2199-01-01")


STATES = {
    "general": general, "leaving": leaving, "members": members, "members-none": members_none, "invited": invited,
    "last-admin": last_admin, "removing": removing, "removed": removed, "groups": groups_page,
    "group-open": group_open, "group-renaming": renaming, "providers": providers,
    "providers-refused": providers_refused, "audit": audit, "audit-open": audit_open, "audit-none": audit_none,
}


@pytest.fixture(scope="session")
def tidy(world):
    """The demo's organization is afterward as it was."""
    yield
    admin, path = world.demo.admin, f"/api/organizations/{world.demo.id}"
    for kind in ("groups", "invitations"):
        for one in admin.items(f"{path}/{kind}"):
            admin.request("DELETE", f"{path}/{kind}/{one['id']}")
    admin.request("DELETE", f"{path}/providers/feishu")


@pytest.mark.parametrize("state", STATES)
def test_the_organizations_pages_suit_everybody(page_of, tidy, suits_everybody, pointer, state):
    page = page_of("admin", **pointed_at_with(pointer))
    STATES[state](page)

    suits_everybody(page, f"organization-{state}")


def platform(page):
    page.goto("/platform")


def founding(page):
    platform(page)
    page.get_by_role("button", name="New organization").click()
    page.get_by_role("dialog").get_by_role("button", name="Create").click()


@pytest.mark.parametrize("state", [platform, founding])
def test_the_list_of_organizations_suits_everybody(root_page, suits_everybody, pointer, state):
    page = root_page(**pointed_at_with(pointer))
    state(page)

    suits_everybody(page, state.__name__)
