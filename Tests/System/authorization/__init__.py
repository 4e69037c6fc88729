"""The authorization matrix by area: who may do what in <area>.txt, and the requests that ask for it in <area>.py."""

import importlib
import pkgutil

_AREAS = [importlib.import_module(f"{__name__}.{area.name}") for area in pkgutil.iter_modules(__path__)]

#: For every route a request that would do something, if the caller may.
REQUESTS = {route: request for area in _AREAS for route, request in area.REQUESTS.items()}

#: Routes that name something beside the organization, and so could name what is in another one.
NAMING = {route for route in REQUESTS if "{" in route.replace("{organizationId}", "")}.union(
    *(getattr(area, "NAMING_IN_BODY", ()) for area in _AREAS))
