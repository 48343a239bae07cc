"""A message as the milter got it, and as it was delivered -> what is damaged.

    checker.py SENT DELIVERED    two files; prints the damage, and ends with 1 where there is any

One that was rewritten holds all that there was: parts, delimiters, the other header fields, the status part and
the returned message byte for byte, the original notice at the end of the new one, and whole HTML. Any other one
is the same to the byte.
"""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from lab.bounce_checks import (  # noqa: E402
    MARK, check_rewritten, check_untouched, without_trace)


def is_rewritten(delivered):
    return f"\n{MARK}: ".encode() in delivered.partition(b"\n\n")[0] + b"\n"


END = b"--"  # of the last delimiter


def rest_unseen(sent, delivered):
    """A milter that has no memory for a message asks for no more of it. What it saw must be as it was, and the whole
    must have its end."""
    return (not sent.rstrip().endswith(END) and not is_rewritten(delivered) and
            delivered.rstrip().endswith(END) and
            (not sent.strip() or without_trace(delivered).startswith(sent.rstrip())))


def damage_of(sent, delivered):
    """In words; empty: none. What can't be read any more is damaged, too."""
    if rest_unseen(sent, delivered):
        return ""
    check = check_rewritten if is_rewritten(delivered) else check_untouched
    try:
        check(unittest.TestCase(), delivered, sent)
    except Exception as error:  # pylint: disable=broad-except
        return f"{type(error).__name__}: {error}"
    return ""


def main():
    sent, delivered = (pathlib.Path(name).read_bytes() for name in sys.argv[1:3])
    damage = damage_of(sent, delivered)
    print(damage or "whole")
    sys.exit(1 if damage else 0)


if __name__ == "__main__":
    main()
