"""State, code, PKCE, redirects, and one issuer mixed up with another."""

import httpx

from harness.openid import parameters
from harness.openid_setup import FLOW_COOKIE, Browser

from . import FLOW, MIX_UP, REFUSED, attack, no_token

# The state, and the browser it belongs to


@attack("a callback without a state", FLOW)
def _(setup, browser):
    answer = setup.work.answer(browser.start("work"), "ada")
    return browser.callback("work", code=answer["code"])


@attack("a callback with an empty state", FLOW)
def _(setup, browser):
    return browser.callback("work", **setup.work.answer(browser.start("work"), "ada") | {"state": ""})


@attack("a callback with a made-up state", FLOW)
def _(setup, browser):
    return browser.callback("work", **setup.work.answer(browser.start("work"), "ada") | {"state": "A" * 43})


@attack("a state with its last character changed", FLOW)
def _(setup, browser):
    answer = setup.work.answer(browser.start("work"), "ada")
    return browser.callback("work", **answer | {"state": answer["state"][:-1] + "_-"[answer["state"][-1] == "_"]})


@attack("a made-up state before the right one", FLOW)
def _(setup, browser):
    answer = setup.work.answer(browser.start("work"), "ada")
    return browser.callback("work", ("state", "A" * 43), ("state", answer["state"]), ("code", answer["code"]))


@attack("a state that was used already", FLOW)
def _(setup, browser):
    answer = setup.work.answer(browser.start("work"), "ada")
    cookie = browser.http.cookies[FLOW_COOKIE]
    browser.callback("work", error="access_denied", state=answer["state"])
    browser.http.cookies.set(FLOW_COOKIE, cookie)
    return browser.callback("work", **answer)


@attack("a state whose ten minutes are over", FLOW)
def _(setup, browser):
    answer = setup.work.answer(browser.start("work"), "ada")
    setup.world.postgresql.run("UPDATE openid_flows SET expires_at = now() - interval '1 second'")
    return browser.callback("work", **answer)


@attack("the attacker's answer in a browser that began nothing", FLOW)
def _(setup, browser):
    answer = setup.work.answer(Browser(setup.world).start("work"), "ada")
    return browser.callback("work", **answer)


@attack("the attacker's answer in a browser that began a flow of its own", FLOW)
def _(setup, browser):
    browser.start("work")
    return browser.callback("work", **setup.work.answer(Browser(setup.world).start("work"), "ada"))


@attack("the victim's answer in the attacker's browser", FLOW)
def _(setup, browser):
    stolen = setup.work.answer(browser.start("work"), "ada")
    thief = Browser(setup.world)
    thief.start("work")
    return thief.callback("work", **stolen)


@attack("a flow cookie of the attacker's making", FLOW)
def _(setup, browser):
    answer = setup.work.answer(browser.start("work"), "ada")
    browser.http.cookies.clear()
    browser.http.cookies.set(FLOW_COOKIE, "A" * 43)
    return browser.callback("work", **answer)


@attack("the state as the flow cookie", FLOW)
def _(setup, browser):
    answer = setup.work.answer(browser.start("work"), "ada")
    browser.http.cookies.clear()
    browser.http.cookies.set(FLOW_COOKIE, answer["state"])
    return browser.callback("work", **answer)


# The code


@attack("a callback without a code", REFUSED)
def _(setup, browser):
    return browser.callback("work", state=parameters(browser.start("work"))["state"])


@attack("an empty code", REFUSED)
def _(setup, browser):
    return browser.callback("work", **setup.work.answer(browser.start("work"), "ada") | {"code": ""})


@attack("a made-up code", no_token("HTTP 400 invalid_grant"))
def _(setup, browser):
    return browser.callback("work", **setup.work.answer(browser.start("work"), "ada") | {"code": "made-up"})


@attack("a code that closes the form and opens another field", no_token("HTTP 400 invalid_grant"))
def _(setup, browser):
    answer = setup.work.answer(browser.start("work"), "ada")
    return browser.callback("work", **answer | {"code": answer["code"] + "&code_verifier=" + "a" * 43})


@attack("a code of five thousand characters", None)
def _(setup, browser):
    answer = browser.callback("work", **setup.work.answer(browser.start("work"), "ada") | {"code": "a" * 5000})
    assert answer.status_code == 422
    return answer


@attack("a code that somebody has signed in with before", no_token("HTTP 400 invalid_grant"))
def _(setup, browser):
    code = setup.signed_in_with
    return browser.callback("work", **setup.work.answer(browser.start("work"), "ada") | {"code": code})


@attack("a code that another client was given", no_token("HTTP 400 invalid_grant"))
def _(setup, browser):
    address = browser.start("work")
    client, _ = setup.work.register("https://evil.example/callback")
    theirs = httpx.URL(address).copy_merge_params(
        {"client_id": client, "redirect_uri": "https://evil.example/callback"})
    return browser.callback("work", **setup.work.answer(theirs, "ada"))


@attack("a code from another flow of ours", no_token("HTTP 400 invalid_grant"))
def _(setup, browser):
    injected = setup.work.answer(Browser(setup.world).start("work"), "ada")["code"]
    return browser.callback("work", **setup.work.answer(browser.start("work"), "ada") | {"code": injected})


# PKCE


@attack("the challenge taken out of the question", no_token("HTTP 400 invalid_request"))
def _(setup, browser):
    address = httpx.URL(browser.start("work"))
    for name in ("code_challenge", "code_challenge_method"):
        address = address.copy_remove_param(name)
    return browser.callback("work", **setup.work.answer(address, "ada"))


@attack("the challenge of a verifier that the attacker knows", no_token("HTTP 400 invalid_grant"))
def _(setup, browser):
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    address = httpx.URL(browser.start("work")).copy_set_param("code_challenge", challenge)
    return browser.callback("work", **setup.work.answer(address, "ada"))


@attack("the challenge turned into a plain one", "refused there: invalid_request")
def _(setup, browser):
    address = httpx.URL(browser.start("work")).copy_set_param("code_challenge_method", "plain")
    return browser.callback("work", **setup.work.answer(address, "ada"))


# Mix-up


@attack("the answer of one issuer at the callback of another", FLOW)
def _(setup, browser):
    return browser.callback("other", **setup.work.answer(browser.start("work"), "ada"))


@attack("the code of one issuer in a flow with another", no_token("HTTP 400 invalid_grant"))
def _(setup, browser):
    code = setup.work.answer(browser.start("work"), "ada")["code"]
    return browser.callback("other", **setup.other.answer(browser.start("other"), "ada") | {"code": code})


@attack("an answer that names another issuer", MIX_UP)
def _(setup, browser):
    return browser.callback("work", iss=setup.other.issuer, **setup.work.answer(browser.start("work"), "ada"))


@attack("an answer that names the issuer with a slash more", MIX_UP)
def _(setup, browser):
    return browser.callback("work", iss=setup.work.issuer + "/", **setup.work.answer(browser.start("work"), "ada"))


@attack("an answer with an empty name of the issuer", MIX_UP)
def _(setup, browser):
    return browser.callback("work", iss="", **setup.work.answer(browser.start("work"), "ada"))


@attack("an answer without a name from an issuer that always says its name", MIX_UP)
def _(setup, browser):
    return browser.callback("named", **setup.named.answer(browser.start("named")))


@attack("a refusal that names another issuer", MIX_UP)
def _(setup, browser):
    state = parameters(browser.start("work"))["state"]
    return browser.callback("work", error="access_denied", iss=setup.other.issuer, state=state)


# Where people are sent


@attack("the attacker's address to send the code to", None)
def _(setup, browser):
    address = httpx.URL(browser.start("work")).copy_set_param("redirect_uri", "https://evil.example/callback")
    answer = setup.work.consent(address, "ada")
    assert answer.status_code == 400 and "location" not in answer.headers
    return browser.callback("work", state=parameters(address)["state"])


@attack("our address with a path behind it to send the code to", None)
def _(setup, browser):
    address = httpx.URL(browser.start("work")).copy_set_param("redirect_uri", setup.work.redirect_uri + "/../x")
    assert setup.work.consent(address, "ada").status_code == 400
    return browser.callback("work", state=parameters(address)["state"])


@attack("a code that was sent to another registered address", no_token("HTTP 400 invalid_grant"))
def _(setup, browser):
    elsewhere = f"{setup.world.server.url}/elsewhere"
    address = httpx.URL(browser.start("work")).copy_set_param("redirect_uri", elsewhere)
    return browser.callback("work", **setup.work.answer(address, "ada"))


def _next(path):
    def leave(setup, browser):
        answer = browser.http.get("/api/auth/oidc/work/start", params={"next": path})
        assert (answer.status_code, FLOW_COOKIE in browser.http.cookies) == (422, False), answer.headers
        return browser.callback("work", state="A" * 43, code="x")
    return leave


for _path in (
    "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "/\n/evil.example", " //evil.example", "javascript:alert(1)", "data:text/html,x", "evil.example", "@evil.example",
    "https:evil.example", "/week\r\nSet-Cookie: convene=x", "/\u3002evil.example", "?x", "",
):
    attack(f"afterward to {_path!r}", FLOW)(_next(_path))


# The callback itself


@attack("a refusal of the issuer's", "refused there: access_denied")
def _(setup, browser):
    answer = browser.callback("work", error="access_denied", state=parameters(browser.start("work"))["state"])
    assert answer.headers["location"] == "/sign-in?error=openid_cancelled"
    return answer


@attack("a refusal with a code beside it", REFUSED)
def _(setup, browser):
    return browser.callback("work", error="<script>", **setup.work.answer(browser.start("work"), "ada"))


@attack("the callback by POST", None)
def _(setup, browser):
    answer = browser.http.post(
        "/api/auth/oidc/work/callback", data=setup.work.answer(browser.start("work"), "ada"))
    assert answer.status_code == 405
    return answer


@attack("a right token in the code's stead, as the implicit flow has it", REFUSED)
def _(setup, browser):
    answer = setup.forger.answer(browser.start("forger"))
    return browser.callback("forger", state=answer["state"], id_token=setup.forger.token({"code": answer["code"]}))


@attack("the callback of an issuer that there is not", None)
def _(setup, browser):
    answer = browser.callback("nowhere", **setup.work.answer(browser.start("work"), "ada"))
    assert answer.status_code == 404
    return answer
