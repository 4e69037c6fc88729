"""Worlds in which people write the same words everywhere, and the pages that show them."""


def write(world, name, organization, group, key, invited, bookings):
    """Puts the words wherever somebody can write some. The session that is shown is the first booking's."""
    demo = world.demo
    for person in (demo.admin, demo.counselor, demo.mentor, demo.student):
        person.patch("/api/auth/me", {"name": name}).raise_for_status()
    demo.admin.patch(f"/api/organizations/{demo.id}", {"name": organization}).raise_for_status()
    demo.admin.post(f"/api/organizations/{demo.id}/groups", {"name": group}).raise_for_status()
    demo.admin.post(
        "/api/auth/keys", {"name": key, "scopes": ["sessions:read"], "expiresInDays": 7}).raise_for_status()
    demo.admin.post(
        f"/api/organizations/{demo.id}/invitations", {"email": invited, "role": "mentor"}).raise_for_status()
    sessions = [demo.counselor.book(booking).raise_for_status().json()["sessionId"] for booking in bookings]
    world.invited, world.session, world.day = invited, sessions[0], bookings[0]["scheduledStartTime"][:10]


def pages(world):
    return [
        f"/week?from={world.day}", "/sessions", f"/sessions/{world.session}", "/book", "/settings", "/settings/security",
        "/organization", "/organization/members", "/organization/groups", "/organization/branding",
        "/organization/providers", "/organization/audit", "/nowhere",
    ]
