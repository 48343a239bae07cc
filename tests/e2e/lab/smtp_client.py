"""Mail -> a mail server on this machine, by SMTP."""

import smtplib


def deliver(port, sender, recipients, message, notify=(), source="127.0.0.1"):
    """recipients: one, or a list. message: with LF. notify: the recipients' ESMTP arguments.
    source: the client's address."""
    if isinstance(recipients, str):
        recipients = [recipients]
    with smtplib.SMTP("127.0.0.1", port, timeout=30, source_address=(source, 0)) as client:
        client.ehlo()
        body = [] if message.isascii() else ["BODY=8BITMIME"]
        _accepted(client.mail(sender, body))
        for recipient in recipients:
            _accepted(client.rcpt(recipient, notify))
        _accepted(client.data(message.replace(b"\n", b"\r\n")))


def _accepted(answer):
    code, reply = answer
    if code != 250:
        raise smtplib.SMTPResponseException(code, reply)
