"""Mail -> a mail server on this machine, by SMTP."""

import smtplib


def deliver(port, sender, recipient, message, notify=(), source="127.0.0.1"):
    """message: with LF. notify: the recipient's ESMTP arguments. source: the client's address."""
    with smtplib.SMTP("127.0.0.1", port, timeout=30, source_address=(source, 0)) as client:
        client.ehlo()
        body = [] if message.isascii() else ["BODY=8BITMIME"]
        for step in (lambda: client.mail(sender, body), lambda: client.rcpt(recipient, notify),
                     lambda: client.data(message.replace(b"\n", b"\r\n"))):
            code, reply = step()
            if code != 250:
                raise smtplib.SMTPResponseException(code, reply)
