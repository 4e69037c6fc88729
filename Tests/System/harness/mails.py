"""The mails of a demo server, which it puts into a folder in place of sending them."""

import email
import email.policy
import re

from .waiting import wait_until


def files(server):
    return set(server.data.glob("mail/*.eml"))


def link(server, address, path, besides=frozenset(), within=15):
    """Where the newest mail to `address` that has such a link leads, without the server's own address.

    `besides` are files of mails that were there before.
    """

    def find():
        mails = sorted(files(server) - besides, key=lambda file: file.stat().st_mtime_ns, reverse=True)
        for file in mails:
            mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if address not in mail["To"]:
                continue
            found = re.search(rf"https?://[^/\s]+({re.escape(path)}\S*)", mail.get_body(("plain",)).get_content())
            if found:
                return found[1]

    return wait_until(find, within=within, what=f"a mail to {address} that leads to {path}")
