"""Asks what one cell of the authorization matrix is about. The requests themselves stand in authorization/<area>.py."""

import uuid


class MatrixRequest:
    """One cell: who asks, about whose thing, and as being in which organization."""

    def __init__(self, factory, cell, as_if_own=False):
        self.factory, self.cell = factory, cell
        self.home, other = (factory.away, factory.home) if cell.caller == "rival" else (factory.home, factory.away)
        #: Where the thing is.
        self.there = other if cell.thing == "foreign" else self.home
        #: Where the request says that it is.
        self.organization = self.home if as_if_own else self.there
        self.role = {"rival": "admin", "anonymous": "student"}.get(cell.caller, cell.caller)
        self.caller = None
        if cell.caller != "anonymous":
            self.caller = factory.somebody(self.role, None if cell.caller == "super" else self.home)
        own = cell.thing == "own"
        #: Whose thing it is.
        self.owner = self.caller if own and self.caller else factory.somebody("counselor", self.there)

    @property
    def by_header(self):
        """Names the organization where it is not the caller's only one."""
        named = self.cell.caller == "super" or self.organization != self.home
        return {"X-Organization-Id": self.organization} if named else {}

    def send(self, describe):
        """(status, headers, body); `describe` is what the area's REQUESTS has for the route."""
        path, more = describe(self)
        more = more | {"headers": self.by_header | more.get("headers", {})}
        return self.factory.ask(self.caller, self.cell.route.split()[0], path, **more)


# What REQUESTS are made of: each is a function of a MatrixRequest that returns a path, and what else httpx is given.

ORGANIZATION = "/api/organizations/{organization}"


def at(path, **more):
    """The same for everybody."""
    return lambda request: (path.format(organization=request.organization), more)


def about(path, thing, **more):
    """About a thing, which `thing` makes."""
    return lambda request: (path.format(organization=request.organization, id=thing(request)), more)


def sending(path, body):
    """With a body that `body` makes anew each time."""
    return lambda request: (path.format(organization=request.organization), {"json": body(request)})


def unique():
    return uuid.uuid4().hex
