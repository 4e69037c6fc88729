"""Getting in as somebody else, and getting linked with somebody else."""

from harness.openid_scene import FLOW_COOKIE

from . import FLOW, attack

# Whose account it is


@attack("an admin's address with another subject", "not linked")
def _(scene, browser):
    subject, email = "mallory", scene.world.demo.admin.email
    scene.work.user(subject, email=email, email_verified=True)
    return browser.callback("work", **scene.work.answer(browser.start("work"), subject))


@attack("a linked person's address with another subject", "not linked")
def _(scene, browser):
    scene.forger.behave(claims={"sub": "mallory", "email": scene.world.demo.student.email})
    return browser.callback("forger", **scene.forger.answer(browser.start("forger")))


@attack("an admin's address that nobody has verified", "not linked")
def _(scene, browser):
    scene.forger.behave(claims={"sub": "mallory", "email": scene.world.demo.admin.email, "email_verified": False})
    return browser.callback("forger", **scene.forger.answer(browser.start("forger")))


@attack("an admin's address as the subject", "not linked")
def _(scene, browser):
    return browser.callback("work", **scene.work.answer(browser.start("work"), scene.world.demo.admin.email))


@attack("a linked subject of another issuer", "not linked")
def _(scene, browser):
    return browser.callback("other", **scene.other.answer(browser.start("other"), "ada"))


@attack("a linked subject in capitals", "not linked")
def _(scene, browser):
    return browser.callback("work", **scene.work.answer(browser.start("work"), "ADA"))


@attack("an invitation that nobody sent", "not invited")
def _(scene, browser):
    return browser.callback("work", **scene.work.answer(browser.start("work", invitation="A" * 43), "mallory"))


@attack("an invitation that was taken back", "not invited")
def _(scene, browser):
    token = scene.invite("taken.back@newcomers.example")
    scene.world.postgresql.run("UPDATE invitations SET revoked_at = now() WHERE accepted_at IS NULL")
    return browser.callback("work", **scene.work.answer(browser.start("work", invitation=token), "mallory"))


@attack("an invitation of somebody who has an account", "not invited")
def _(scene, browser):
    token = scene.invite(scene.world.demo.admin.email)
    return browser.callback("work", **scene.work.answer(browser.start("work", invitation=token), "mallory"))


# Linking


@attack("the attacker's link finished in the victim's browser", FLOW)
def _(scene, browser):
    answer = scene.work.answer(scene.mentor.link("work"), "mallory")
    return scene.student.callback("work", **answer)


@attack("a link that another person finishes in the same browser", "not the same person")
def _(scene, browser):
    answer = scene.work.answer(scene.mentor.link("work"), "mallory")
    cookie = scene.mentor.http.cookies[FLOW_COOKIE]
    scene.student.http.cookies.set(FLOW_COOKIE, cookie, domain="127.0.0.1", path="/api/auth/oidc")
    return scene.student.callback("work", **answer)


@attack("a link that nobody finishes", "not the same person")
def _(scene, browser):
    answer = scene.work.answer(scene.mentor.link("work"), "ada")
    browser.http.cookies.set(FLOW_COOKIE, scene.mentor.http.cookies[FLOW_COOKIE])
    return browser.callback("work", **answer)


@attack("an account that somebody else is linked with", "linked with another")
def _(scene, browser):
    answer = scene.mentor.callback("work", **scene.work.answer(scene.mentor.link("work"), "ada"))
    assert answer.headers["location"] == "/week?error=openid_linked_elsewhere"
    return answer


@attack("a link begun from another site", None)
def _(scene, browser):
    answer = scene.student.http.post("/api/auth/oidc/work/start", params={"next": "/week"})
    assert answer.status_code == 403 and answer.json()["code"] == "csrf"
    return answer
