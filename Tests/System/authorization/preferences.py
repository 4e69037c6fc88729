from harness.matrix_requests import at

PREFERENCES = {
    "preferredProvider": None, "timeZone": "Europe/Berlin", "locale": "en", "reminderOffsets": [60],
    "notificationChannels": ["email"],
    "customSettings": {"joinMuted": True, "joinWithCamera": False, "mirrorCamera": False},
    "googleSettings": {"addToCalendar": False, "showAsBusy": False},
}

REQUESTS = {
    "GET /api/auth/me": at("/api/auth/me"),
    "PATCH /api/auth/me": at("/api/auth/me", json={"name": "Somebody"}),
    "GET /api/user/preferences": at("/api/user/preferences"),
    "PUT /api/user/preferences": at("/api/user/preferences", json=PREFERENCES),
}
