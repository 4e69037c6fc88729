"""Attacks on signing in with an OpenID Connect issuer, by what they are in words.

Each takes the setup and a fresh browser, and returns the answer of our server that decides. Beside it stands the reason
by which it must have been refused, as the log has it (None: another answer than the callback's), so that none is
refused for the wrong one.
"""

ATTACKS = {}

FLOW = "no such flow"
REFUSED = "refused there: .*"
MIX_UP = "answer of another issuer"


def no_token(why):
    return f"no token: {why}"


def bad(flaw):
    return f"bad token: {flaw}"


def attack(words, reason):
    def add(function):
        assert words not in ATTACKS
        ATTACKS[words] = function, reason
        return function
    return add


from . import accounts, flows, servers, tokens  # noqa: E402, F401  they add themselves
