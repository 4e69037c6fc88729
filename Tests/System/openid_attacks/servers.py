"""Issuers whose servers do not answer as they should."""

from . import attack, no_token

# The issuer's server


def answering(words, why, *reply, **headers):
    def deliver(setup, browser):
        setup.forger.behave(token_answer=lambda handler: handler.reply(*reply, **headers))
        return browser.callback("forger", **setup.forger.answer(browser.start("forger")))
    attack(words, no_token(why))(deliver)


answering("a token endpoint that fails", "HTTP 500", 500, {})
answering("a token endpoint that talks nonsense", "the answer holds no ID token", 200, b"<html>")
answering("a token endpoint that gives no ID token", "the answer holds no ID token", 200, {"access_token": "x"})
answering("a token endpoint that gives a number", "the answer holds no ID token", 200, {"id_token": 1})
answering("a token endpoint that sends us elsewhere", "HTTP 307", 307, {}, Location="http://127.0.0.1:1/")
answering("a token endpoint that never stops talking", "tooLarge", 200, b" " * 2_000_000)
answering("a token endpoint that says why in the log's words", "HTTP 400", 400, {"error": "x\nadmin signed in"})


@attack("a configuration that is another issuer's", "unavailable: its configuration is another issuer's")
def _(setup, browser):
    answer = browser.http.get("/api/auth/oidc/renamed/start")
    assert answer.headers["location"] == "/sign-in?error=openid_unavailable"
    return answer
