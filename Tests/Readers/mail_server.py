"""A mail server on the loopback, until standard input ends. Its one argument is JSON:

folder      where `mails` gets a line of JSON for each mail that arrived whole, and where its certificate lies
tls         none, starttls or implicit
user, password      when it wants a sign-in
script      what it does with one mail after the other: take, close (takes it, and hangs up in place of an answer),
            hang (the same, but stays silent), or an answer at a stage such as `rcpt:450 4.2.1 busy` (mail, rcpt, data)

strict      demands STARTTLS and a greeting by a whole name, and refuses lines that are too long or end in a bare LF
recipients  those whom it knows; without it everybody
banner      seconds until it says its first word; -1: never

It prints its port when it answers.
"""

import asyncio
import json
import pathlib
import ssl
import subprocess
import sys

import mail_reading
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

options = json.loads(sys.argv[1])
folder = pathlib.Path(options["folder"])
script = options.get("script", [])
strict = options.get("strict", False)


def fault(content):
    """What RFC 5321 forbids in a mail."""
    lines = content.split(b"\r\n")
    if any(b"\n" in line or b"\r" in line for line in lines):
        return "554 5.6.0 bare line feed"
    if any(len(line) > 998 for line in lines):
        return "554 5.6.0 line too long"
    return None


class PatientSMTP(SMTP):
    async def _handle_client(self):
        delay = options.get("banner", 0)
        await (asyncio.Event().wait() if delay < 0 else asyncio.sleep(delay))
        await super()._handle_client()


class Handler:
    attempts = 0

    def scripted(self, stage):
        action = script[self.attempts - 1] if self.attempts <= len(script) else "take"
        name, _, answer = action.partition(":")
        return answer if name == stage else None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        if strict and "." not in hostname and not hostname.startswith("["):
            return ["504 5.5.2 a whole name, please"]
        session.host_name = hostname
        return responses

    async def handle_HELO(self, server, session, envelope, hostname):
        if strict:
            return "504 5.5.2 a whole name, and by EHLO, please"
        session.host_name = hostname
        return "250 mail.example"

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        self.attempts += 1
        envelope.mail_from = address
        return self.scripted("mail") or "250 2.1.0 fine"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address not in options.get("recipients", [address]):
            return "550 5.1.1 nobody of that name"
        envelope.rcpt_tos.append(address)
        return self.scripted("rcpt") or "250 2.1.5 fine"

    async def handle_DATA(self, server, session, envelope):
        refusal = self.scripted("data") or (fault(envelope.original_content) if strict else None)
        if refusal:
            return refusal
        mail = mail_reading.read(envelope.original_content)
        mail |= {"sender": envelope.mail_from, "recipients": envelope.rcpt_tos, "isTLS": session.ssl is not None or
                 options["tls"] == "implicit", "isSignedIn": bool(session.authenticated)}
        with (folder / "mails").open("a") as mails:
            mails.write(json.dumps(mail) + "\n")
        action = script[self.attempts - 1] if self.attempts <= len(script) else "take"
        if action == "close":
            server.transport.abort()
        elif action == "hang":
            await asyncio.Event().wait()
        return "250 2.0.0 taken"


def authenticator(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode()) == (
        options["user"], options["password"])
    return AuthResult(success=right)


def certificate():
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder / "key.pem",
         "-out", folder / "certificate.pem"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


async def main():
    tls = certificate() if options["tls"] != "none" else None
    handler = Handler()
    wants_sign_in = "user" in options

    def connection():
        return PatientSMTP(
            handler, require_starttls=strict, hostname="mail.example", tls_context=tls if options["tls"] == "starttls" else None,
            authenticator=authenticator if wants_sign_in else None, auth_required=wants_sign_in,
            auth_require_tls=options["tls"] == "starttls", loop=asyncio.get_running_loop())

    server = await asyncio.get_running_loop().create_server(
        connection, "127.0.0.1", 0, ssl=tls if options["tls"] == "implicit" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


asyncio.run(main())
