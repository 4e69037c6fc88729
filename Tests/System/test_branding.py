"""How an organization looks and writes: who may read and change it, what is refused, and where it shows."""

import re
import uuid

import httpx
import pytest

from harness.client import PASSWORD

DEFAULT = {"accent": "#4057c2", "accentDark": "#93adfe"}
LOGO = "https://images.example.org/northlight.svg"


def path(organization):
    return f"/api/organizations/{organization.id}/branding"


def put(person, organization, **changes):
    """Changes these fields of what is there now; `version` too, when it is named."""
    now = person.get(path(organization)).raise_for_status().json()
    return person.request("PUT", path(organization), json=now | changes)


@pytest.fixture
def demo(world):
    """The demo's people, whose branding is as it was afterward."""
    yield world.demo
    plain = {"logoUrl": None, "palette": {"accent": None}, "templates": {}}
    put(world.demo.admin, world.demo, **plain).raise_for_status()


def page(world, email, where="/week"):
    with httpx.Client(base_url=world.server.url, headers={"Accept": "text/html"}) as client:
        client.post("/sign-in", data={"email": email, "password": PASSWORD})
        return client.get(where)


def test_without_branding_everything_is_ours(world):
    branding = world.rival.student.get(path(world.rival)).json()

    assert branding["version"] == 0
    assert branding["logoUrl"] is None
    assert branding["palette"] == DEFAULT
    assert set(branding["templates"]) == {"invitation", "sessionScheduled", "sessionCancelled", "reminder"}
    seen = page(world, world.rival.student.email)
    assert "/branding/" not in seen.text
    assert "img-src" not in seen.headers["content-security-policy"]


def test_what_was_read_can_be_sent_back_and_changes_nothing_but_the_version(demo):
    put(demo.admin, demo, palette={"accent": "#0b6e4f"}, logoUrl=LOGO).raise_for_status()
    before = demo.admin.get(path(demo)).json()

    after = demo.admin.request("PUT", path(demo), json=before).raise_for_status().json()

    assert after == before | {"version": before["version"] + 1}


@pytest.mark.parametrize("role", ["counselor", "mentor", "student"])
def test_members_read_and_admins_change(demo, role):
    member = getattr(demo, role)

    assert member.get(path(demo)).status_code == 200
    assert put(member, demo, palette={"accent": "#0b6e4f"}).status_code == 403


def test_another_organizations_branding_is_not_there(world):
    wanted = {"logoUrl": None, "palette": {"accent": None}, "templates": {}, "version": 0}

    assert world.demo.admin.get(path(world.rival)).status_code == 404
    assert world.demo.admin.request("PUT", path(world.rival), json=wanted).status_code == 404


def test_a_change_based_on_an_older_version_is_refused_and_told_the_current_one(demo):
    first = put(demo.admin, demo, palette={"accent": "#0b6e4f"}).json()

    for version in (first["version"] - 1, first["version"] + 1, 2**53 - 1):
        refused = put(demo.admin, demo, palette={"accent": "#8a1c1c"}, version=version)
        assert refused.status_code == 409
        assert refused.json()["code"] == "stale_version"
        assert refused.json()["currentVersion"] == first["version"]
    assert demo.admin.get(path(demo)).json() == first


def test_the_dark_accent_follows_from_the_other_until_it_is_chosen(demo):
    derived = put(demo.admin, demo, palette={"accent": "#0b6e4f"}).json()["palette"]
    assert derived["accent"] == "#0b6e4f"
    assert derived["accentDark"] not in (DEFAULT["accentDark"], "#0b6e4f")

    chosen = put(demo.admin, demo, palette={"accent": "#0B6E4F", "accentDark": "#ffcc00"}).json()["palette"]
    assert chosen == {"accent": "#0b6e4f", "accentDark": "#ffcc00"}


def test_a_color_that_cannot_be_read_comes_back_with_its_ratio_and_a_neighbor(demo):
    refused = put(demo.admin, demo, palette={"accent": "#ffa500", "accentDark": "#4057c2"})

    assert refused.status_code == 422
    problem = refused.json()
    assert [error["field"] for error in problem["errors"]] == ["palette.accent", "palette.accentDark"]
    light, dark = problem["contrasts"]
    assert light["ratio"] < light["needed"] == 4.5
    assert f"{light['ratio']}" in problem["errors"][0]["message"]
    assert light["nearest"] in problem["errors"][0]["message"]
    taken = put(demo.admin, demo, palette={"accent": light["nearest"], "accentDark": dark["nearest"]})
    assert taken.status_code == 200


@pytest.mark.parametrize(("changes", "field"), [
    ({"logoUrl": "http://images.example.org/x.png"}, "logoUrl"), ({"logoUrl": "https://127.0.0.1/x.png"}, "logoUrl"),
    ({"logoUrl": "https://images.example.org/x.png#y"}, "logoUrl"),
    ({"logoUrl": "https://me:secret@images.example.org/x.png"}, "logoUrl"),
    ({"logoUrl": "https://images.example.org;script-src *"}, "logoUrl"),
    ({"logoUrl": "https://images.example.org/" + "x" * 2048}, "logoUrl"),
    ({"palette": {"accent": "red"}}, "palette.accent"), ({"palette": {"accent": "#4057c2; }"}}, "palette.accent"),
    ({"palette": {"accent": None, "accentDark": "#12"}}, "palette.accentDark"),
    ({"templates": {"invitation": {"subject": "a\nb", "introduction": "x"}}}, "templates.invitation.subject"),
    ({"templates": {"invitation": {"subject": "x", "introduction": "{{title}}"}}}, "templates.invitation.introduction"),
    ({"templates": {"reminder": {"subject": "x", "introduction": "{{name"}}}, "templates.reminder.introduction"),
    ({"templates": {"reminder": {"subject": "x" * 201, "introduction": "x"}}}, "templates.reminder.subject"),
    ({"templates": {"newsletter": {"subject": "x", "introduction": "x"}}}, "templates.newsletter"),
])
def test_what_cannot_be_taken_is_named(demo, changes, field):
    refused = put(demo.admin, demo, **changes)

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == [field]


def test_the_pages_carry_logo_and_colors_and_nobody_elses_do(world, demo):
    branding = put(demo.admin, demo, palette={"accent": "#0b6e4f"}, logoUrl=LOGO + "?a=1&b=2").json()

    seen = page(world, demo.student.email)
    assert f'src="{LOGO}?a&#61;1&amp;b&#61;2"' in seen.text or f'src="{LOGO}?a=1&amp;b=2"' in seen.text
    assert "img-src 'self' https://images.example.org;" in seen.headers["content-security-policy"]
    assert f'href="/branding/{demo.id}/{branding["version"]}.css"' in seen.text
    other = page(world, world.rival.student.email)
    assert "images.example.org" not in other.text + other.headers["content-security-policy"]
    assert "/branding/" not in other.text


def test_the_colors_are_for_everybody_and_kept_under_their_version(world, demo):
    branding = put(demo.admin, demo, palette={"accent": "#0b6e4f"}, logoUrl=LOGO).json()
    sheet = f"{world.server.url}/branding/{demo.id}/{{}}.css"

    current = httpx.get(sheet.format(branding["version"]))
    assert current.headers["content-type"] == "text/css; charset=utf-8"
    assert current.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert set(re.findall(r"(--[\w-]+):", current.text)) == {"--accent", "--accent-soft", "--on-accent"}
    assert "#0b6e4f" in current.text
    assert "example.org" not in current.text
    older = httpx.get(sheet.format(branding["version"] - 1))
    assert older.text == current.text
    assert older.headers["cache-control"] == "no-store"


def test_no_id_tells_whether_there_is_such_an_organization(world):
    answers = [
        httpx.get(f"{world.server.url}/branding/{organization}/{version}.css")
        for organization in (world.rival.id, uuid.uuid4()) for version in (0, 1)]

    assert {(one.status_code, one.text, one.headers["cache-control"]) for one in answers} == {(200, "", "no-store")}


@pytest.mark.parametrize("name", ["x/1.css", "%00/1.css", "{id}/x.css", "{id}/-1.css", "{id}/1", "{id}/99999999999999999999.css"])
def test_other_addresses_are_none(world, name):
    assert httpx.get(f"{world.server.url}/branding/" + name.replace("{id}", str(uuid.uuid4()))).status_code == 404
