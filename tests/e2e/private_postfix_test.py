"""The private Postfix by itself: where this fails, the fault isn't plainbounce's."""

import contextlib
import pathlib
import shutil
import tempfile
import unittest

from lab import message_bytes
from lab.laboratory import NOBODY_THERE, main
from lab.postfix_instance import PostfixInstance, plain_message
from lab.postfix_programs import find_postfix
from lab.remote_server import Answer, RemoteServer
from lab.waiting import wait_for


class PrivatePostfixTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = pathlib.Path(tempfile.mkdtemp(prefix="plainbounce-lab-", dir="/tmp"))
        cls.directory.chmod(0o755)
        stack = cls.enterClassContext(contextlib.ExitStack())
        stack.callback(shutil.rmtree, cls.directory, ignore_errors=True)
        cls.remote = stack.enter_context(RemoteServer({
            "nobody": Answer("550-5.1.1 There is no such mailbox\n550 5.1.1 here"),
            "late": Answer("554 5.7.1 Not that content", at="end"),
            "gone": Answer("", then="drop"),
        }))
        cls.postfix = stack.enter_context(PostfixInstance(
            find_postfix(), cls.directory / "postfix",
            settings={"maximal_queue_lifetime": "6s", "bounce_queue_lifetime": "6s"},
            transports={"example.com": cls.remote.nexthop, "unreachable.example": NOBODY_THERE}))

    def send(self, sender, recipient, *options):
        address = f"{sender}@example.org"
        self.postfix.sendmail(address, [recipient], plain_message(address, recipient), *options)

    def status(self, bounce):
        """The delivery-status part."""
        return message_bytes.split_message(bounce).parts[1].decode()

    def test_accepted_mail_reaches_the_remote_server(self):
        self.send("alice", "friend@example.com")
        mail = wait_for(lambda: next((mail for mail in self.remote.received
                                      if "friend@example.com" in mail.recipients), None),
                        "the mail at the remote server")
        self.assertEqual(mail.sender, "alice@example.org")
        self.assertTrue(mail.data.endswith(b"\r\n\r\nShall we say noon?\r\n"))

    def test_refusal_of_the_recipient_comes_back(self):
        self.send("bob", "nobody@example.com")
        status = self.status(self.postfix.wait_for_mail("bob"))
        self.assertIn("Action: failed\nStatus: 5.1.1\n", status)
        self.assertIn("550-5.1.1 There is no such mailbox", status)

    def test_refusal_of_the_content_comes_back(self):
        self.send("carla", "late@example.com")
        self.assertIn("554 5.7.1 Not that content",
                      self.status(self.postfix.wait_for_mail("carla")))

    def test_dropped_connection_comes_back_when_the_message_expires(self):
        self.send("dora", "gone@example.com", "-N", "failure")
        self.assertIn("lost connection", self.status(self.postfix.wait_for_mail("dora")))

    def test_unreachable_server_comes_back_when_the_message_expires(self):
        self.send("emil", "x@unreachable.example", "-N", "failure")
        self.assertIn("Status: 4.4.1", self.status(self.postfix.wait_for_mail("emil")))

    def test_missing_mailbox_comes_back(self):
        self.send("frida", "unknown.user@example.org")
        self.assertIn("Status: 5.1.1", self.status(self.postfix.wait_for_mail("frida")))

    def test_success_is_reported_on_request(self):
        self.send("gerd", "hanna@example.org", "-N", "success")
        self.assertIn("Action: delivered", self.status(self.postfix.wait_for_mail("gerd")))
        self.assertTrue(self.postfix.wait_for_mail("hanna").endswith(b"Shall we say noon?\n"))


if __name__ == "__main__":
    main()
