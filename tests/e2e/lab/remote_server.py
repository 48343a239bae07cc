"""Table of replies -> an SMTP server that gives them, and keeps what it accepts."""

import dataclasses
import re
import socketserver
import threading


@dataclasses.dataclass(frozen=True)
class Answer:
    """What the server does when its turn comes.

    text: the reply, lines separated by "\n", with its codes; str is sent as UTF-8.
    at: "mail" (chosen by the sender), "rcpt", "data" or "end" of data (by the recipient).
    then: "go on", "drop" the connection, or "hang" without a word. With an empty text nothing is
        said before that.
    """

    text: str | bytes = ""
    at: str = "rcpt"
    then: str = "go on"


@dataclasses.dataclass(frozen=True)
class Received:
    """A mail that was accepted. `data`: with the line ends and without the dots of the wire."""

    sender: str
    recipients: tuple
    data: bytes


class RemoteServer:
    """Use as a context manager. Accepts what `answers` doesn't name (by address or local part)."""

    def __init__(self, answers=None, address="127.0.0.1", port=0, name="mx.example.com",
                 extensions=("PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 104857600"),
                 greeting=None):
        """greeting: an Answer instead of the usual banner."""
        self.answers = answers or {}
        self.name = name
        self.extensions = extensions
        self.greeting = greeting
        self.received = []
        self.closing = threading.Event()
        self._server = _Server((address, port), _Session)
        self._server.remote = self
        self.address, self.port = self._server.server_address
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,),
                                        daemon=True)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self._thread.start()

    def stop(self):
        self.closing.set()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()

    @property
    def nexthop(self):
        return f"smtp:[{self.address}]:{self.port}"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


class _Disconnected(Exception):
    pass


class _Session(socketserver.StreamRequestHandler):
    timeout = 120

    def handle(self):
        try:
            self._converse()
        except (_Disconnected, OSError):
            pass

    def _converse(self):
        remote = self.server.remote
        self._reset()
        self._give(remote.greeting or Answer(f"220 {remote.name} ESMTP"))
        commands = {"EHLO": self._ehlo, "HELO": self._helo, "MAIL": self._mail,
                    "RCPT": self._rcpt, "DATA": self._data, "RSET": self._rset}
        while line := self.rfile.readline(65536):
            verb, _, rest = line.decode("utf-8", "surrogateescape").rstrip("\r\n").partition(" ")
            if verb.upper() == "QUIT":
                self._say(f"221 2.0.0 {remote.name} closing connection")
                return
            commands.get(verb.upper(), self._unknown)(rest)

    def _reset(self):
        self._sender = ""
        self._recipients = []

    def _say(self, text):
        raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
        self.wfile.write(raw.rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r\n")

    def _give(self, answer):
        """Is the command refused (or the connection over)?"""
        if answer.text:
            self._say(answer.text)
        if answer.then == "hang":
            self.server.remote.closing.wait(60)
        if answer.then != "go on":
            raise _Disconnected
        return answer.text[:1] not in ("2", "3", b"2", b"3")

    def _answer(self, address, stage):
        answers = self.server.remote.answers
        answer = answers.get(address) or answers.get(address.rpartition("@")[0])
        return answer if answer and answer.at == stage else None

    def _ehlo(self, _):
        lines = [self.server.remote.name, *self.server.remote.extensions]
        self._say("\n".join(f"250{' ' if line is lines[-1] else '-'}{line}" for line in lines))

    def _helo(self, _):
        self._say(f"250 {self.server.remote.name}")

    def _mail(self, rest):
        self._reset()
        self._sender = _path(rest)
        self._give(self._answer(self._sender, "mail") or Answer("250 2.1.0 Sender ok"))

    def _rcpt(self, rest):
        recipient = _path(rest)
        if not self._give(self._answer(recipient, "rcpt") or Answer("250 2.1.5 Recipient ok")):
            self._recipients.append(recipient)

    def _data(self, _):
        if not self._recipients:
            self._say("554 5.5.1 No valid recipients")
            return
        if self._give(self._transaction_answer("data") or Answer("354 Go ahead")):
            return
        data = self._read_data()
        if not self._give(self._transaction_answer("end") or Answer("250 2.0.0 Accepted")):
            self.server.remote.received.append(
                Received(self._sender, tuple(self._recipients), data))
        self._reset()

    def _transaction_answer(self, stage):
        answers = (self._answer(recipient, stage) for recipient in self._recipients)
        return next((answer for answer in answers if answer), None)

    def _read_data(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                raise _Disconnected
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _rset(self, _):
        self._reset()
        self._say("250 2.0.0 Reset")

    def _unknown(self, _):
        self._say("502 5.5.2 Command not recognised")


def _path(argument):
    """The address, without the quotes that an odd local part needs."""
    match = re.search(r"<(.*?)>", argument)
    return match[1].replace('"', "") if match else ""
