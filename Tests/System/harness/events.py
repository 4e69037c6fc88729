"""Reading `/api/events/stream` as a browser does."""

import dataclasses
import json

import httpx


@dataclasses.dataclass
class Event:
    id: str | None
    type: str
    data: object

    @property
    def number(self):
        return int(self.id)


class Stream:
    """One connection. Iterate it for events, without the heartbeats; comment lines are counted in `comments`."""

    def __init__(self, person, last_event_id=None, quiet_for=30):
        headers = person.headers | {"Accept": "text/event-stream"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = str(last_event_id)
        # Nothing here speaks TLS, and loading the system's certificates takes longer than the test.
        self.client = httpx.Client(
            base_url=person.server.url, timeout=httpx.Timeout(10, read=quiet_for), verify=False)
        request = self.client.build_request("GET", "/api/events/stream", headers=headers)
        self.response = self.client.send(request, stream=True)
        self.comments = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.response.close()
        self.client.close()

    def lines(self):
        return self.response.iter_lines()

    def __iter__(self):
        id_, type_, data = None, "message", []
        for line in self.lines():
            if line.startswith(":"):
                self.comments += 1
            elif line == "":
                if type_ != "heartbeat" and (data or type_ == "reset"):
                    text = "\n".join(data)
                    yield Event(id_, type_, json.loads(text) if text else None)
                id_, type_, data = None, "message", []
            else:
                field, _, value = line.partition(":")
                value = value.removeprefix(" ")
                if field == "id":
                    id_ = value
                elif field == "event":
                    type_ = value
                elif field == "data":
                    data.append(value)
