"""One bounce of a private Postfix, before and after. See tests/demo.sh."""

import signal
import sys

from lab import message_bytes
from lab.bounce_checks import seen_by_milter
from lab.laboratory import Laboratory
from lab.postfix_instance import plain_message
from lab.postfix_programs import PROJECT, PostfixUnavailable
from lab.remote_server import Answer

RESULTS = PROJECT / "build" / "demo-results"
SENDER, RECIPIENT = "maria@example.org", "anna.hansen@example.com"
REPLY = ("550-5.1.1 The email account that you tried to reach does not exist. Please try\n"
         "550-5.1.1 double-checking the recipient's email address for typos or\n"
         "550 5.1.1 unnecessary spaces.")


def main():
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)
    try:
        before, after = bounce()
    except KeyboardInterrupt:
        sys.exit("\nStopped.")
    except PostfixUnavailable as error:
        sys.exit(f"demo: {error}")
    show(before, after)


def interrupt(*_):
    """Leaves the laboratory, which stops everything; a second Ctrl-C won't keep it from that."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def bounce():
    """The bounce as Postfix made it, and as it lies in the mailbox."""
    print("== Starting a private Postfix, a remote server that refuses, and plainbounce-milter")
    help_desk = {"notice": {"organisation": "Example University", "help_name": "IT help desk",
                            "help_email": "helpdesk@example.org"}}
    with Laboratory(answers={"anna.hansen": Answer(REPLY)}, milter_settings=help_desk) as lab:
        print(f"== {SENDER} writes to {RECIPIENT}")
        lab.postfix.sendmail(SENDER, [RECIPIENT], plain_message(SENDER, RECIPIENT))
        after = lab.postfix.wait_for_mail(SENDER.partition("@")[0])
        before = seen_by_milter(lab.tap, after).message
    return before, after


def show(before, after):
    RESULTS.mkdir(parents=True, exist_ok=True)
    text, html = next(message_bytes.parse(after).iter_parts()).iter_parts()
    files = {"before.eml": before, "after.eml": after,
             "after.html": message_bytes.text_of(html).encode()}
    for name, content in files.items():
        (RESULTS / name).write_bytes(content)
    original = next(message_bytes.parse(before).iter_parts())
    print_part("The bounce as Postfix made it", before, original)
    print_part("The same bounce with plainbounce", after, text)
    print(f"== Complete, with the parts for machines and the HTML: in {RESULTS}")
    for name in files:
        print(f"   {name}")


def print_part(title, message, part):
    print(f"\n{'=' * 78}\n== {title}\n{'=' * 78}")
    print(f"Subject: {message_bytes.parse(message)['Subject']}\n")
    print(message_bytes.text_of(part).rstrip() + "\n")


if __name__ == "__main__":
    main()
