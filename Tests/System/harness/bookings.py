"""Bookings that are right unless a test makes them wrong."""

import datetime
import itertools
import uuid

KINDS = ("regular_mentoring", "gap_analysis", "ai_career", "comm_session", "class_session")

# Feishu takes reservations at most 30 days ahead, so all of them lie between 2 and 29 days from now.
FIRST_DAY, DAYS, SLOTS_A_DAY = 2, 27, 24


class Times:
    """Start times that nobody has used yet, an hour apart."""

    def __init__(self, first_day=FIRST_DAY):
        today = datetime.datetime.now(datetime.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self._first = today + datetime.timedelta(days=first_day)
        self._hours = (FIRST_DAY + DAYS - first_day) * SLOTS_A_DAY
        self._next = itertools.count()

    def next(self):
        hours = next(self._next)
        assert hours < self._hours, "these people have no time left; use others"
        return self.at(hours)

    def at(self, hours):
        return (self._first + datetime.timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


OWN_FIELDS = {
    "regular_mentoring": {"sessionType": "interview_prep"},
    "gap_analysis": {"analysisFocus": "skills", "currentLevel": "B1", "targetLevel": "C1"},
    "ai_career": {"aiTopics": ["prompts"]},
    "comm_session": {},
    "class_session": {},
}


def booking(kind, start, student, provider_user, **more):
    """A request body. `provider_user` is the mentor, or the counselor of a comm_session; None leaves a field out."""
    body = {
        "kind": kind,
        "title": f"{kind} {uuid.uuid4().hex[:8]}",
        "scheduledStartTime": start,
        "duration": 60,
        "meetingProvider": "zoom",
        **OWN_FIELDS[kind],
    }
    if kind == "class_session":
        body["studentIds"] = student if isinstance(student, list) else [student]
    else:
        body["studentId"] = student
    body["counselorId" if kind == "comm_session" else "mentorId"] = provider_user
    return {name: value for name, value in (body | more).items() if value is not None}
