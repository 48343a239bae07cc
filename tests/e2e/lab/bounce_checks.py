"""Assertions on a bounce as it lies in the mailbox, against what the milter got."""

import re

from . import message_bytes

MARK = "X-Plainbounce"
# What Postfix puts above a message after the milter has seen it.
_TRACE = ("Return-Path", "X-Original-To", "Delivered-To", "Received")


def without_trace(message):
    """A delivered message without the fields that delivery put on top."""
    rest = message
    while rest.split(b":", 1)[0].decode("latin-1") in _TRACE:
        end = rest.index(b"\n") + 1
        while rest[end:end + 1] in (b" ", b"\t"):
            end = rest.index(b"\n", end) + 1
        rest = rest[end:]
    return rest


def seen_by_milter(tap, delivered):
    """The message as the tap saw it that became this mail: the queue ID tells. A message that the
    milter didn't answer in time was seen, too, and came again with another one."""
    queue_id = re.search(rb"^Received: .*\n\tid ([0-9A-Za-z]+);", delivered, re.MULTILINE)[1]
    seen, = [each for each in tap.seen if each.queue_id == queue_id.decode()]
    return seen


def check_untouched(test, delivered, original):
    """Byte for byte."""
    test.assertEqual(without_trace(delivered), original)


def check_rewritten(test, delivered, original):
    """The one edit, in a mail as it was delivered."""
    check_edit(test, without_trace(delivered), original)


def check_edit(test, delivered, original):
    """The first part is a notice with the original text in it; all else is as it was."""
    before = message_bytes.split_message(original)
    after = message_bytes.split_message(delivered)
    _check_header(test, before, after)
    for piece in ("boundary", "preamble", "delimiters", "epilogue"):
        test.assertEqual(getattr(after, piece), getattr(before, piece), piece)
    test.assertEqual(after.parts[1:], before.parts[1:])
    if original.isascii():
        test.assertTrue(delivered.isascii(), "a 7-bit message must stay 7-bit")
    _check_notice(test, before, after)
    _check_as_mail_programs_do(test, delivered, original)


def notice_text(delivered):
    """The notice's plain text."""
    alternative = next(message_bytes.parse(delivered).iter_parts())
    return message_bytes.text_of(next(alternative.iter_parts()))


def _check_header(test, before, after):
    def others(pieces):
        return [field for field in pieces.fields if field[0] not in ("Subject", MARK)]

    test.assertEqual(before.values(MARK), [])
    test.assertEqual(len(after.values(MARK)), 1)
    test.assertEqual(len(after.values("Subject")), 1)
    test.assertEqual(others(after), others(before))


def _check_notice(test, before, after):
    test.assertTrue(after.parts[0].isascii())
    notice = message_bytes.parse(after.parts[0])
    test.assertEqual(notice.get_content_type(), "multipart/alternative")
    plain, html = notice.iter_parts()
    test.assertEqual((plain.get_content_type(), html.get_content_type()),
                     ("text/plain", "text/html"))
    for part in (plain, html):
        test.assertEqual(part["Content-Transfer-Encoding"], "quoted-printable")
        test.assertEqual(part.get_content_charset(), "utf-8")
    page = message_bytes.text_of(html).strip()
    test.assertTrue(page.startswith("<!DOCTYPE html>") and page.endswith("</html>"), "HTML must be whole")
    original = message_bytes.first_text(message_bytes.parse(before.parts[0]))
    if original is not None:
        _check_stands_at_the_end(test, message_bytes.text_of(plain), original)


def _visible(text):
    """What hides, or turns the direction of words, as a notice shows it."""
    def shown(found):
        code = ord(found[0])
        return f"<0x{code:02x}>" if code < 0xa0 else f"<U+{code:04X}>"
    return re.sub("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u2028-\u202e\u2066-\u2069]", shown, text)


def _check_stands_at_the_end(test, notice, original):
    """Word for word, but that nothing hides. What is no text, as far as its ASCII letters go."""
    is_text = not re.search("[\0\ufffd]", original)
    notice, original = ("\n".join(text.rstrip().splitlines()) for text in (notice, _visible(original)))
    if not is_text:
        notice, original = (re.sub(r"<0x..>|[^!-~]+", "", text) for text in (notice, original))
    test.assertTrue(notice.endswith(original), "the original notice must stand at the end")


def _check_as_mail_programs_do(test, delivered, original):
    before, after = message_bytes.parse(original), message_bytes.parse(delivered)
    test.assertEqual(after.get_content_type(), "multipart/report")
    test.assertEqual([part.get_content_type() for part in after.iter_parts()][1:],
                     [part.get_content_type() for part in before.iter_parts()][1:])
