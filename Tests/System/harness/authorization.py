"""The authorization matrix (Tests/System/authorization), read, and compared with what the sources declare.

Nothing here needs more than Python itself, since `make build` uses it too.
"""

import dataclasses
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "authorization"
POLICIES = "policies.txt"
CALLERS = ("anonymous", "student", "mentor", "counselor", "admin", "rival", "super")
THINGS = ("own", "colleague's", "foreign")
OUTCOMES = {"ok", "401", "403", "404", "sign-in", "-"}
METHODS = ("get", "put", "post", "patch", "delete")


@dataclasses.dataclass(frozen=True)
class Row:
    """What each caller is answered about each thing."""

    area: str
    outcomes: dict


@dataclasses.dataclass(frozen=True)
class Cell:
    route: str
    caller: str
    thing: str
    outcome: str

    def __str__(self):
        return f"{self.route}, {self.caller}, {self.thing}"


def read(folder=FOLDER):
    """The rows by route. A ValueError names the line that makes no sense."""
    policies = {}
    for file, line, (name, *cells) in _lines(folder / POLICIES):
        policies[name] = _outcomes(cells) or _refuse(file, line)
    matrix = {}
    for area in sorted(folder.glob("*.txt")):
        if area.name == POLICIES:
            continue
        for file, line, (method, path, *cells) in _lines(area):
            route = f"{method} {path}"
            outcomes = policies.get(cells[0]) if len(cells) == 1 else _outcomes(cells)
            if method.lower() not in METHODS or route in matrix or not outcomes:
                _refuse(file, line)
            matrix[route] = Row(area.stem, outcomes)
    return matrix


def _lines(file):
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            words = line.split()
            if len(words) < 2 + (file.name != POLICIES):
                _refuse(f"{file.name}, line {number}", line)
            yield f"{file.name}, line {number}", line, words


def _outcomes(cells):
    """By caller; `None` when the cells are not one for each."""
    cells = [cell.split("/") for cell in cells]
    fit = all(len(cell) in (1, len(THINGS)) and OUTCOMES.issuperset(cell) for cell in cells)
    return dict(zip(CALLERS, cells, strict=True)) if fit and len(cells) == len(CALLERS) else None


def _refuse(place, line):
    raise ValueError(f"{place}: {line}")


def cells(matrix):
    """Every cell that is a case; where all things are alike, `own` stands for them."""
    return [
        Cell(route, caller, thing, outcome)
        for route, row in matrix.items()
        for caller, outcomes in row.outcomes.items()
        for thing, outcome in zip(THINGS, outcomes, strict=False)
        if outcome != "-"
    ]


def declared(document):
    """Of an OpenAPI document, by route: the roles that may call; None for whoever is signed in, and "anyone"."""
    return {
        f"{method.upper()} {path}": operation.get("x-roles") if operation["security"] else "anyone"
        for path, operations in document["paths"].items()
        for method, operation in operations.items() if method in METHODS
    }


def differences(matrix, document):
    """Sentences about where the matrix is not what the sources declare."""
    routes = declared(document)
    found = [f"{route} is not in Tests/System/authorization: say who may call it"
             for route in sorted(routes.keys() - matrix.keys())]
    found += [f"{route} is in authorization/{matrix[route].area}.txt and nowhere else"
              for route in sorted(matrix.keys() - routes.keys())]
    for route in sorted(routes.keys() & matrix.keys()):
        for caller, outcomes in matrix[route].outcomes.items():
            if list(outcomes)[:-1] == ["-", "-"]:
                continue  # there is nothing that anybody could be let in to
            may = _may(caller, routes[route])
            says = f"authorization/{matrix[route].area}.txt says {'/'.join(outcomes)}"
            # A super admin may call, and yet has nothing there that a member would have.
            if may and "ok" not in outcomes and (caller != "super" or "403" in outcomes):
                found.append(f"{route} is declared for {caller}; {says}")
            if not may and "ok" in outcomes:
                found.append(f"{route} is not declared for {caller}; {says}")
    return found


def _may(caller, roles):
    if roles == "anyone":
        return True
    if caller == "anonymous":
        return False
    return roles is None or {"rival": "admin", "super": "super_admin"}.get(caller, caller) in roles
