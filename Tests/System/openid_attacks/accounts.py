"""Getting in as somebody else, and getting linked with somebody else."""

from harness.openid_setup import FLOW_COOKIE

from . import FLOW, attack

# Whose account it is


@attack("an admin's address with another subject", "not linked")
def _(setup, browser):
    subject, email = "mallory", setup.world.demo.admin.email
    setup.work.user(subject, email=email, email_verified=True)
    return browser.callback("work", **setup.work.answer(browser.start("work"), subject))


@attack("a linked person's address with another subject", "not linked")
def _(setup, browser):
    setup.forger.behave(claims={"sub": "mallory", "email": setup.world.demo.student.email})
    return browser.callback("forger", **setup.forger.answer(browser.start("forger")))


@attack("an admin's address that nobody has verified", "not linked")
def _(setup, browser):
    setup.forger.behave(claims={"sub": "mallory", "email": setup.world.demo.admin.email, "email_verified": False})
    return browser.callback("forger", **setup.forger.answer(browser.start("forger")))


@attack("an admin's address as the subject", "not linked")
def _(setup, browser):
    return browser.callback("work", **setup.work.answer(browser.start("work"), setup.world.demo.admin.email))


@attack("a linked subject of another issuer", "not linked")
def _(setup, browser):
    return browser.callback("other", **setup.other.answer(browser.start("other"), "ada"))


@attack("a linked subject in capitals", "not linked")
def _(setup, browser):
    return browser.callback("work", **setup.work.answer(browser.start("work"), "ADA"))


@attack("an invitation that nobody sent", "not invited")
def _(setup, browser):
    return browser.callback("work", **setup.work.answer(browser.start("work", invitation="A" * 43), "mallory"))


@attack("an invitation that was taken back", "not invited")
def _(setup, browser):
    token = setup.invite("taken.back@newcomers.example")
    setup.world.postgresql.run("UPDATE invitations SET revoked_at = now() WHERE accepted_at IS NULL")
    return browser.callback("work", **setup.work.answer(browser.start("work", invitation=token), "mallory"))


@attack("an invitation of somebody who has an account", "not invited")
def _(setup, browser):
    token = setup.invite(setup.world.demo.admin.email)
    return browser.callback("work", **setup.work.answer(browser.start("work", invitation=token), "mallory"))


# Linking


@attack("the attacker's link finished in the victim's browser", FLOW)
def _(setup, browser):
    answer = setup.work.answer(setup.mentor.link("work"), "mallory")
    return setup.student.callback("work", **answer)


@attack("a link that another person finishes in the same browser", "not the same person")
def _(setup, browser):
    answer = setup.work.answer(setup.mentor.link("work"), "mallory")
    cookie = setup.mentor.http.cookies[FLOW_COOKIE]
    setup.student.http.cookies.set(FLOW_COOKIE, cookie, domain="127.0.0.1", path="/api/auth/oidc")
    return setup.student.callback("work", **answer)


@attack("a link that nobody finishes", "not the same person")
def _(setup, browser):
    answer = setup.work.answer(setup.mentor.link("work"), "ada")
    browser.http.cookies.set(FLOW_COOKIE, setup.mentor.http.cookies[FLOW_COOKIE])
    return browser.callback("work", **answer)


@attack("an account that somebody else is linked with", "linked with another")
def _(setup, browser):
    answer = setup.mentor.callback("work", **setup.work.answer(setup.mentor.link("work"), "ada"))
    assert answer.headers["location"] == "/week?error=openid_linked_elsewhere"
    return answer


@attack("a link begun from another site", None)
def _(setup, browser):
    answer = setup.student.http.post("/api/auth/oidc/work/start", params={"next": "/week"})
    assert answer.status_code == 403 and answer.json()["code"] == "csrf"
    return answer
