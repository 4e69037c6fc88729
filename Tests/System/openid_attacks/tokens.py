"""ID tokens that are wrong in one way each."""

import base64
import hmac
import json

from joserfc.jwk import OctKey

from harness.openid import CLIENT_ID, CLIENT_SECRET

from . import attack, bad


def forged(words, flaw, **behavior):
    """A token that is wrong in one way, from an issuer that should know better."""
    def deliver(setup, browser):
        setup.forger.behave(**{
            name: value(setup) if name in ("claims", "header") and callable(value) else value
            for name, value in behavior.items()
        } | ({"forge": lambda *parts: behavior["forge"](setup.forger, *parts)} if "forge" in behavior else {}))
        return browser.callback("forger", **setup.forger.answer(browser.start("forger")))
    attack(words, bad(flaw))(deliver)


def encoded(part):
    data = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unsigned(algorithm):
    return lambda stand, header, claims: f"{encoded({'alg': algorithm})}.{encoded(claims)}.{encoded(b'x')}"


def hmac_with(secret):
    """HS256, with what an attacker may know as the shared secret."""
    def forge(stand, header, claims):
        signed = f"{encoded({'alg': 'HS256', 'kid': 'rsa'})}.{encoded(claims)}"
        return f"{signed}.{encoded(hmac.digest(secret(stand), signed.encode(), 'sha256'))}"
    return forge


def changed(change):
    """A right token, changed after it was signed."""
    return lambda stand, header, claims: ".".join(change(*stand.sign(header, claims).split(".")))


def other_key(more):
    """Signed with a key that is not the issuer's, and a header that says something about it."""
    return lambda stand, header, claims: stand.sign(header | more(stand), claims, stand.other)


for _algorithm in ("none", "None", "NONE", "nOnE", "", "HS256", "HS512", "RS1", "dir"):
    forged(f"an unsigned token with alg {_algorithm!r}", "algorithm", forge=unsigned(_algorithm))
forged("a token with no signature at all", "malformed", forge=changed(lambda header, body, signature: (header, body, "")))
forged("a token in two parts", "malformed", forge=changed(lambda header, body, signature: (header, body)))
forged("HS256 with the issuer's public key in PEM", "algorithm", forge=hmac_with(lambda s: s.rsa.as_pem(private=False)))
forged("HS256 with the issuer's public key in DER", "algorithm", forge=hmac_with(lambda s: s.rsa.as_der(private=False)))
forged("HS256 with our own client secret", "algorithm", forge=hmac_with(lambda s: CLIENT_SECRET.encode()))
forged("a key that the issuer does not have", "key", header={"kid": "unknown"})
forged("another key under the issuer's key's name", "signature", forge=other_key(lambda s: {}))
forged("a key brought along in the header", "signature", forge=other_key(lambda s: {"jwk": s.other.as_dict(private=False)}))
forged("an address of keys in the header", "signature", forge=other_key(lambda s: {"jku": "https://evil.example/keys"}))
forged("a path as the key's name", "key", header={"kid": "../../../dev/null"})
forged("the name of the issuer's key of another kind", "key", header={"kid": "ec"})
forged("an algorithm that the issuer does not use", "algorithm", forge=lambda s, header, claims: s.sign(
    header | {"alg": "PS256"}, claims, algorithms=["PS256"]))
forged("a demand that cannot be met", "malformed", forge=lambda s, header, claims: "{}.{}.{}".format(
    encoded(header | {"crit": ["exp"]}), encoded(claims), encoded(b"x" * 256)))
forged("another subject put in after signing", "signature", forge=changed(
    lambda header, body, signature: (header, encoded({"sub": "admin"}), signature)))
forged("a bit of the signature turned", "signature", forge=changed(
    lambda header, body, signature: (header, body, ("B" if signature[0] == "A" else "A") + signature[1:])))
forged("half of the signature", "signature", forge=changed(
    lambda header, body, signature: (header, body, signature[:len(signature) // 2])))
forged("no JWT", "malformed", forge=lambda stand, header, claims: "let me in")
forged("an encrypted token", "malformed", forge=lambda stand, header, claims: "a.b.c.d.e")
forged("a token of four hundred kilobytes", "malformed", claims={"more": "x" * 300_000})

forged("a token that has expired", "expired", claims={"iat": -400, "exp": -100})
forged("a token that expires before it is made", "expired", claims={"iat": 50, "exp": 40})
forged("a token without an end", "malformed", claims={"exp": None})
forged("a token of a quarter of an hour from now", "issuedAt", claims={"iat": 900, "exp": 1800})
forged("a token of yesterday that still holds", "issuedAt", claims={"iat": -86400, "exp": 300})
forged("a token that does not hold yet", "notYet", claims={"nbf": 300})
forged("a token for another client", "audience", claims={"aud": "another"})
forged("a token for nobody", "audience", claims={"aud": []})
forged("a token without an audience", "malformed", claims={"aud": None})
forged("a token for two, given to the other", "party", claims={"aud": [CLIENT_ID, "another"], "azp": "another"})
forged("a token for two that does not say to whom", "party", claims={"aud": [CLIENT_ID, "another"]})
forged("a token that was given to another", "party", claims={"azp": "another"})
forged("a token of another issuer", "issuer", claims=lambda setup: {"iss": setup.work.issuer})
forged("a token of Google's", "issuer", claims={"iss": "https://accounts.google.com"})
forged("a token without an issuer", "malformed", claims={"iss": None})
forged("a token without a nonce", "nonce", claims={"nonce": None})
forged("a token with an empty nonce", "nonce", claims={"nonce": ""})
forged("a token with another nonce", "nonce", claims={"nonce": "A" * 43})
forged("a token without a subject", "malformed", claims={"sub": None})
forged("a token with an empty subject", "subject", claims={"sub": ""})
forged("a token with a subject of 256 characters", "subject", claims={"sub": "a" * 256})
forged("a token with a number as its subject", "malformed", claims={"sub": 1})
forged("a token with U+0000 in its subject", "subject", claims={"sub": "ada\0"})


@attack("the token of another flow", bad("nonce"))
def _(setup, browser):
    kept = []
    setup.forger.behave(claims={"sub": "nobody"}, forge=lambda header, claims: kept.append(
        setup.forger.sign(header, claims | {"sub": "ada"})) or "x.y.z")
    browser.callback("forger", **setup.forger.answer(browser.start("forger")))
    setup.forger.behave(forge=lambda header, claims: kept[0])
    return browser.callback("forger", **setup.forger.answer(browser.start("forger")))


@attack("a shared key among the issuer's, and a token under it", bad("algorithm"))
def _(setup, browser):
    setup.shared.behave(header={"alg": "HS256", "kid": "shared"}, forge=lambda header, claims: setup.shared.sign(
        header, claims, OctKey.import_key(b"k" * 32)))
    return browser.callback("shared", **setup.shared.answer(browser.start("shared")))


@attack("a shared key among the issuer's, and a token that says RS256", bad("key"))
def _(setup, browser):
    setup.shared.behave(header={"kid": "shared"})
    return browser.callback("shared", **setup.shared.answer(browser.start("shared")))
