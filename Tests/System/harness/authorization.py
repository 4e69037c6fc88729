"""The authorization matrix (Tests/System/authorization.txt), read, and compared with what the sources declare.

Nothing here needs more than Python itself, since `make build` uses it too.
"""

import dataclasses
import pathlib

FILE = pathlib.Path(__file__).resolve().parents[1] / "authorization.txt"
CALLERS = ("anonymous", "student", "mentor", "counselor", "admin", "rival", "super")
THINGS = ("own", "colleague's", "foreign")
OUTCOMES = {"ok", "401", "403", "404", "-"}
METHODS = ("get", "put", "post", "patch", "delete")


@dataclasses.dataclass(frozen=True)
class Cell:
    route: str
    caller: str
    thing: str
    outcome: str

    def __str__(self):
        return f"{self.route}, {self.caller}, {self.thing}"


def read(file=FILE):
    """The outcomes by route, caller and thing. A ValueError names the line that makes no sense."""
    matrix = {}
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        method, path, *columns = line.split()
        route = f"{method} {path}"
        cells = [column.split("/") for column in columns]
        if (method.lower() not in METHODS or len(cells) != len(CALLERS) or route in matrix
                or any(len(cell) not in (1, len(THINGS)) or not OUTCOMES.issuperset(cell) for cell in cells)):
            raise ValueError(f"{file.name}, line {number}: {line}")
        matrix[route] = dict(zip(CALLERS, cells, strict=True))
    return matrix


def cells(matrix):
    """Every cell that is a case; where all things are alike, `own` stands for them."""
    return [
        Cell(route, caller, thing, outcome)
        for route, row in matrix.items()
        for caller, outcomes in row.items()
        for thing, outcome in zip(THINGS, outcomes, strict=False)
        if outcome != "-"
    ]


def declared(document):
    """Of an OpenAPI document, by route: the roles that may call; None for anyone who is signed in, and "anyone"."""
    return {
        f"{method.upper()} {path}": operation.get("x-roles") if operation["security"] else "anyone"
        for path, operations in document["paths"].items()
        for method, operation in operations.items() if method in METHODS
    }


def differences(matrix, document):
    """Sentences about where the matrix is not what the sources declare."""
    routes = declared(document)
    found = [f"{route} is not in {FILE.name}: say who may call it" for route in sorted(routes.keys() - matrix.keys())]
    found += [f"{route} is in {FILE.name} and nowhere else" for route in sorted(matrix.keys() - routes.keys())]
    for route in sorted(routes.keys() & matrix.keys()):
        for caller, outcomes in matrix[route].items():
            if list(outcomes)[:-1] == ["-", "-"]:
                continue  # there is nothing that anybody could be let in to
            may = _may(caller, routes[route])
            # A super admin may call, and yet has nothing there that a member would have.
            if may and "ok" not in outcomes and (caller != "super" or "403" in outcomes):
                found.append(f"{route} is declared for {caller}; {FILE.name} says {'/'.join(outcomes)}")
            if not may and "ok" in outcomes:
                found.append(f"{route} is not declared for {caller}; {FILE.name} says {'/'.join(outcomes)}")
    return found


def _may(caller, roles):
    if roles == "anyone":
        return True
    if caller == "anonymous":
        return False
    return roles is None or {"rival": "admin", "super": "super_admin"}.get(caller, caller) in roles
