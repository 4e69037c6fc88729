"""Organizations that are not there, and what goes while somebody works with it."""

import concurrent.futures
import uuid

import httpx

from harness import tokens
from harness.waiting import wait_until


def test_an_organization_that_is_not_there_has_nothing_for_anybody(world):
    """A super admin may name any organization there is, and no other."""
    root, = tokens.super_admins(world.postgresql, 1)
    nowhere = str(uuid.uuid4())

    def ask(method, path, **more):
        headers = root.headers | more.pop("headers", {})
        return httpx.request(method, f"{world.server.url}{path}", headers=headers, timeout=30, **more).status_code

    described = httpx.get(f"{world.server.url}/openapi.json").json()["paths"]
    below = [path for path, item in described.items()
             if "{organizationId}" in path and path.count("{") == 1 and "get" in item]
    assert len(below) > 5
    for path in below:
        assert ask("GET", path.replace("{organizationId}", nowhere)) == 404, path
    for path in ("/api/counselor/sessions", "/api/manual-interventions", "/api/audit"):
        assert ask("GET", path, headers={"X-Organization-Id": nowhere}) == 404, path
    assert ask("POST", f"/api/organizations/{nowhere}/groups", json={"name": "Nobody"}) == 404
    assert ask("DELETE", f"/api/organizations/{nowhere}/providers/zoom") == 404


def test_nobody_is_put_into_a_group_that_is_being_deleted(world):
    groups = f"/api/organizations/{world.demo.id}/groups"
    group = world.demo.admin.post(groups, {"name": "Short-lived"}).json()["id"]
    member = f"{groups}/{group}/members/{world.demo.student.id}"
    waiting = """
        SELECT count(*) FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND usename = 'convene_app' AND query LIKE '%group_members%'"""
    with concurrent.futures.ThreadPoolExecutor(1) as pool, world.postgresql.connect() as deleting:
        deleting.autocommit = False
        deleting.execute("DELETE FROM groups WHERE id = %s", [group])
        adding = pool.submit(world.demo.admin.request, "PUT", member)
        wait_until(lambda: world.postgresql.value(waiting) > 0, within=20, what="it to wait")
        deleting.commit()

        assert adding.result(30).status_code == 404
