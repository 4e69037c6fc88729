"""What Python's `email` package makes of a mail: an opinion that is not our own."""

import email
import email.header
import email.policy
import email.utils


def names(raw, header):
    # The newer parser puts blanks between the encoded words of a name, which RFC 2047 (6.2) has left out.
    mail = email.message_from_bytes(raw, policy=email.policy.compat32)
    return [[str(email.header.make_header(email.header.decode_header(name))), address]
            for name, address in email.utils.getaddresses(mail.get_all(header, []))]


def read(raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    parts = {part.get_content_subtype(): part for part in mail.iter_parts()}
    # A header is parsed, and its defects noted, when it is asked for.
    headers = {name.lower(): value for name, value in mail.items()}
    defects = [*mail.defects, *(d for value in headers.values() for d in value.defects),
               *(d for part in parts.values() for d in part.defects)]
    return {
        "from": names(raw, "from"),
        "to": names(raw, "to"),
        "replyTo": names(raw, "reply-to"),
        "subject": str(headers["subject"]),
        "date": headers["date"].datetime.isoformat(),
        "messageId": str(headers["message-id"]).strip(),
        "autoSubmitted": str(headers["auto-submitted"]),
        "headers": sorted(headers),
        "contentType": mail.get_content_type(),
        "parts": list(parts),
        "text": parts["plain"].get_content().replace("\r\n", "\n"),
        "html": parts["html"].get_content().replace("\r\n", "\n"),
        "longestLine": max(len(line) for line in raw.split(b"\r\n")),
        "isAllCRLF": raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r"),
        "isASCII": raw.isascii(),
        "defects": [str(defect) for defect in defects],
    }
