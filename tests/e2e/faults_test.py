"""The milter down, hanging, or killed at the worst moments: no bounce is lost, doubled or harmed,
and it comes rewritten once the milter is back.

Each scenario has a Postfix of its own; they run side by side, since most of each is waiting.
"""

from lab import message_bytes
from lab.bounce_checks import MARK, check_rewritten, check_untouched, seen_by_milter
from lab.laboratory import Laboratory, main
from lab.milter_tap import Fault
from lab.postfix_instance import plain_message
from lab.remote_server import Answer
from lab.side_by_side import SideBySide
from lab.waiting import wait_for

ANSWERS = {"nobody": Answer("550 5.1.1 No such user")}
DEFERRED = "status=deferred (bounce failed)"


class Scenario:
    """One laboratory, one bounce that meets a fault, and what must come of it."""

    def __init__(self, test, **settings):
        self.test = test
        self.lab = Laboratory(answers=ANSWERS, **settings)

    def __enter__(self):
        self.lab.__enter__()
        return self

    def __exit__(self, *error):
        return self.lab.__exit__(*error)

    def send(self, body="Shall we say noon?\n"):
        self.lab.postfix.sendmail("alice@example.org", ["nobody@example.com"], plain_message(
            "alice@example.org", "nobody@example.com", body=body))

    def wait_until_deferred(self):
        """Postfix has noticed, and will try again."""
        wait_for(lambda: DEFERRED in self.lab.postfix.log(), "the bounce to be deferred")

    def check_kept(self):
        """While there is no milter: nothing is delivered, the message is still there."""
        self.wait_until_deferred()
        self.test.assertEqual(self.lab.postfix.mails("alice"), [])
        self.test.assertTrue(self.lab.postfix.queue_ids())

    def the_only_bounce(self):
        """Once it has come, and there is nothing left that could bring a second one."""
        mail = self.lab.postfix.wait_for_mail("alice")
        wait_for(lambda: not self.lab.postfix.queue_ids(), "an empty queue")
        self.test.assertEqual(len(self.lab.postfix.mails("alice")), 1)
        return mail

    def check_rewritten(self):
        mail = self.the_only_bounce()
        check_rewritten(self.test, mail, seen_by_milter(self.lab.tap, mail).message)

    def strike(self, packet, moment, act, body="Shall we say noon?\n"):
        """One bounce meets the fault."""
        self.lab.tap.arm(Fault(packet, moment, act))
        self.send(body)
        wait_for(self.lab.tap.struck.is_set, f"the fault at {packet}")


def check_rewritten_or_known(test, scenario, mail):
    """Rewritten: True. Or as Postfix made it, since the milter had it in hand before when it was
    killed."""
    tap, seen = scenario.lab.tap, seen_by_milter(scenario.lab.tap, mail)
    if f"\n{MARK}: ".encode() in mail:
        check_rewritten(test, mail, seen.message)
        return True
    check_untouched(test, mail, seen.message)
    test.assertRegex(scenario.lab.milter.log(),
                     f"queue_id={seen.queue_id} result=failed-open reason=failed-before ")
    test.assertGreater(sum(each.recipients == seen.recipients for each in tap.seen), 1)
    return False


def down(test):
    with Scenario(test, tapped=False) as scenario:
        scenario.lab.milter.stop()
        scenario.send()
        scenario.check_kept()
        scenario.lab.milter.start()
        pieces = message_bytes.split_message(scenario.the_only_bounce())
        test.assertEqual(len(pieces.values(MARK)), 1)
        test.assertIn(b"Diagnostic-Code: smtp; 550 5.1.1 No such user", pieces.parts[1])
        test.assertTrue(pieces.parts[2].endswith(b"Shall we say noon?\n\n"))


def crashed_and_its_socket_left(test):
    with Scenario(test) as scenario:
        scenario.lab.milter.kill()
        scenario.send()
        scenario.check_kept()
        scenario.lab.milter.start()
        scenario.check_rewritten()


def hanging(test):
    with Scenario(test) as scenario:
        scenario.lab.milter.suspend()
        scenario.send()
        scenario.check_kept()
        scenario.lab.milter.resume()
        scenario.check_rewritten()


def hanging_then_killed(test):
    with Scenario(test) as scenario:
        scenario.lab.milter.suspend()
        scenario.send()
        scenario.check_kept()
        scenario.lab.milter.kill()
        scenario.lab.milter.start()
        scenario.check_rewritten()


def fault(packet, moment, act):
    """A scenario: the fault strikes one bounce; `act` gets the scenario. The next try is whole."""
    def run(test):
        with Scenario(test) as scenario:
            scenario.strike(packet, moment, lambda: act(scenario))
            scenario.wait_until_deferred()
            if act is kill:
                scenario.check_kept()
                scenario.lab.milter.start()
            scenario.check_rewritten()
    return run


def kill(scenario):
    scenario.lab.milter.kill()


def hang(scenario):
    scenario.lab.tap.hang()


def cut(_):
    """Nothing happens to the milter, but the connection is closed."""


def killed_between_pieces_of_a_large_body(test):
    """The first packet is all that Postfix gets, and the milter still has more to say."""
    with Scenario(test, postfix_settings={"bounce_size_limit": "4000000"}) as scenario:
        scenario.strike("milter:b", "after", scenario.lab.milter.kill,
                        body="One line of many in a long letter.\n" * 60_000)
        test.assertLess(len(scenario.lab.tap.seen[0].replacement), 100_000)
        scenario.check_kept()
        scenario.lab.milter.start()
        scenario.check_rewritten()


def killed_again_and_again_under_load(test):
    """Sixty bounces, and a milter that is killed after each tenth mail. A bounce that was just
    being judged is left alone the next time: it might have been what killed the milter."""
    senders = [f"sender{number}" for number in range(60)]
    with Scenario(test) as scenario:
        postfix, milter = scenario.lab.postfix, scenario.lab.milter
        for number, sender in enumerate(senders):
            postfix.sendmail(f"{sender}@example.org", ["nobody@example.com"], plain_message(
                f"{sender}@example.org", "nobody@example.com", f"Letter {number}"))
            if number % 10 == 9:
                milter.kill()
                milter.start()
        for sender in senders:
            postfix.wait_for_mail(sender)
        wait_for(lambda: not postfix.queue_ids(), "an empty queue")
        mails = {sender: postfix.mails(sender) for sender in senders}
        rewritten = [check_rewritten_or_known(test, scenario, mail) for mail, in mails.values()]
        # A kill meets the few that are in hand at that moment.
        test.assertGreater(sum(rewritten), len(senders) / 2)


SCENARIOS = {
    "down": down,
    "crashed and its socket left": crashed_and_its_socket_left,
    "hanging": hanging,
    "hanging, then killed": hanging_then_killed,
    "killed at connect": fault("mta:C", "before", kill),
    "killed at the sender": fault("mta:M", "after", kill),
    "killed in the header": fault("mta:L", "after", kill),
    "killed before it replaces the body": fault("mta:E", "before", kill),
    "killed while it replaces the body": fault("milter:b", "before", kill),
    "killed when the body is replaced": fault("milter:b", "after", kill),
    "killed between pieces of a large body": killed_between_pieces_of_a_large_body,
    "killed after the header is changed": fault("milter:m", "after", kill),
    "killed before its last word": fault("milter:a", "before", kill),
    "hanging before it replaces the body": fault("mta:E", "before", hang),
    "hanging when the body is replaced": fault("milter:b", "after", hang),
    "hanging before its last word": fault("milter:a", "before", hang),
    "connection cut when the body is replaced": fault("milter:b", "after", cut),
    "killed again and again under load": killed_again_and_again_under_load,
}


class FaultsTest(SideBySide):
    """One test for each scenario."""

    scenarios = SCENARIOS


if __name__ == "__main__":
    main()
