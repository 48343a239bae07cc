"""The MTA's side of the milter protocol (version 6): one connection to a filter, as Postfix or
Sendmail make it, and what the filter wants changed.

As a program it offers one message and shows what comes back:
    milter_client.py unix:/run/plainbounce/milter.sock --rcpt alice@example.com < bounce.eml
"""

import argparse
import socket
import struct
import sys
from dataclasses import dataclass, field

ACTIONS = 0x1FF  # all that Postfix 3.7 and Sendmail 8.17 offer
STEPS = 0x1FFFFF
CHGBODY, CHGHDRS, ADDHDRS = 0x02, 0x10, 0x01

# Protocol bits: a step that isn't sent, a reply that isn't waited for (libmilter/mfdef.h).
NO_STEP = {"C": 0x1, "H": 0x2, "M": 0x4, "R": 0x8, "B": 0x10, "L": 0x20, "N": 0x40, "U": 0x100,
           "T": 0x200}
NO_REPLY = {"L": 0x80, "C": 0x1000, "H": 0x2000, "M": 0x4000, "R": 0x8000, "T": 0x10000,
            "U": 0x20000, "N": 0x40000, "B": 0x80000}

CHUNK = 65535
REPLIES = {"c": "continue", "a": "accept", "r": "reject", "t": "tempfail", "d": "discard",
           "s": "skip", "y": "replycode"}


@dataclass
class Outcome:
    """What the filter said of one message."""
    reply: str = "continue"      # the last one
    replied_at: str = ""         # the command that it answered: "M", "N", "E", ...
    replies: int = 0             # how many were waited for
    body: bytes | None = None    # None: not replaced
    headers: list = field(default_factory=list)  # ("change", index, name, value), ("add", name, value)
    edits: str = ""              # their order: "bbbmh"


class FilterGone(Exception):
    """The filter closed the connection, or said nothing in time."""


class MilterClient:
    def __init__(self, address, actions=ACTIONS, steps=STEPS, timeout=60.0):
        self.socket = connect(address, timeout)
        self.replies = 0
        self.offered = steps
        self.send("O", struct.pack("!III", 6, actions, steps))
        command, data = self.receive()
        if command != "O":
            raise FilterGone(f"negotiation answered by {command!r}")
        self.version, self.actions, self.steps = struct.unpack("!III", data[:12])

    def close(self, quit_first=True):
        try:
            if quit_first:
                self.send("Q")
        except (FilterGone, OSError):
            pass
        self.socket.close()

    def send(self, command, data=b""):
        packet = command.encode() + data
        try:
            self.socket.sendall(struct.pack("!I", len(packet)) + packet)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise FilterGone(str(error)) from error

    def receive(self):
        length = struct.unpack("!I", self.exactly(4))[0]
        packet = self.exactly(length)
        return packet[:1].decode("latin-1"), packet[1:]

    def exactly(self, length):
        data = b""
        while len(data) < length:
            try:
                more = self.socket.recv(min(length - len(data), 1 << 20))
            except (socket.timeout, ConnectionResetError) as error:
                raise FilterGone(str(error)) from error
            if not more:
                raise FilterGone("end of file")
            data += more
        return data

    def macros(self, step, values):
        strings = [text for pair in values.items() for text in pair]
        self.send("D", step.encode() + b"".join(s.encode() + b"\0" for s in strings))

    def step(self, command, data=b""):
        """One step; "continue" where it isn't sent or not answered."""
        if self.steps & NO_STEP.get(command, 0):
            return "continue"
        self.send(command, data)
        if self.steps & NO_REPLY.get(command, 0):
            return "continue"
        return self.reply()

    def reply(self):
        self.replies += 1
        while True:
            command, _ = self.receive()
            if command != "p":  # progress
                return REPLIES[command]

    def connect_info(self, host="localhost", address="127.0.0.1", port=0):
        """None as address: unknown, as for mail that didn't come by SMTP."""
        data = host.encode() + b"\0"
        if address is None:
            data += b"U"
        else:
            data += (b"6" if ":" in address else b"4") + struct.pack("!H", port)
            data += address.encode() + b"\0"
        return self.step("C", data)

    def helo(self, name="localhost"):
        return self.step("H", name.encode() + b"\0")

    def begin(self, sender, recipients, queue_id="4ABC", macros_at="M"):
        """MAIL and RCPT. `sender` is the argument as the MTA gives it: "", "<>", "<a@b>"."""
        outcome = Outcome()
        before = self.replies
        if macros_at == "M":
            self.macros("M", {"i": queue_id, "{daemon_name}": "smtpd", "v": "Test 1.0"})
        self.note(outcome, "M", self.step("M", arguments(sender)))
        for recipient in recipients:
            if outcome.reply != "continue":
                break
            self.note(outcome, "R", self.step("R", arguments(recipient)))
        if outcome.reply == "continue":
            if macros_at == "T":
                self.macros("T", {"i": queue_id})
            self.note(outcome, "T", self.step("T"))
        outcome.replies = self.replies - before
        return outcome

    def content(self, outcome, message, chunk=CHUNK):
        """The header and body of a message with CRLF, up to the end that finish() sends."""
        before = self.replies
        header, body = split(message)
        for name, value in header:
            if outcome.reply == "continue":
                self.note(outcome, "L", self.step("L", name + b"\0" + value + b"\0"))
        if outcome.reply == "continue":
            self.note(outcome, "N", self.step("N"))
        for start in range(0, len(body), chunk):
            if outcome.reply == "continue":
                self.note(outcome, "B", self.step("B", body[start:start + chunk]))
        outcome.replies += self.replies - before
        return outcome

    def finish(self, outcome):
        """The end of the message: collects the edits."""
        if outcome.reply != "continue":
            return outcome
        self.send("E")
        outcome.replies += 1
        while True:
            command, data = self.receive()
            if command in REPLIES:
                self.note(outcome, "E", REPLIES[command])
                return outcome
            self.edit(outcome, command, data)

    def message(self, sender, recipients, message, **options):
        return self.finish(self.content(self.begin(sender, recipients, **options), message))

    def abort(self):
        self.send("A")

    @staticmethod
    def note(outcome, command, reply):
        if reply != "continue":
            outcome.replied_at = command
        outcome.reply = reply

    @staticmethod
    def edit(outcome, command, data):
        outcome.edits += command
        if command == "b":
            outcome.body = (outcome.body or b"") + data
        elif command == "m":
            index = struct.unpack("!I", data[:4])[0]
            name, value, _ = data[4:].split(b"\0")
            outcome.headers.append(("change", index, name.decode(), value.decode()))
        elif command == "h":
            name, value, _ = data.split(b"\0")
            outcome.headers.append(("add", name.decode(), value.decode()))
        elif command != "p":
            raise FilterGone(f"an edit that wasn't negotiated: {command!r}")


def connect(address, timeout):
    kind, place = address.split(":", 1)
    if kind == "unix":
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        target = place
    else:
        port, host = place.split("@")
        family = socket.AF_INET6 if kind == "inet6" else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        target = (host, int(port))
    sock.settimeout(timeout)
    sock.connect(target)
    return sock


def arguments(text):
    return b"".join(part.encode() + b"\0" for part in text.split(" "))


def split(message):
    """Bytes with CRLF -> [(name, value)], body; values as an MTA hands them: LF, no blank in front."""
    head, _, body = message.partition(b"\r\n\r\n")
    fields = []
    for line in head.split(b"\r\n"):
        if line[:1] in b" \t" and fields:
            fields[-1] = (fields[-1][0], fields[-1][1] + b"\n" + line)
        else:
            name, _, value = line.partition(b":")
            fields.append((name, value.removeprefix(b" ")))
    return fields, body


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--sender", default="")
    parser.add_argument("--rcpt", action="append", default=[])
    parser.add_argument("--client", default="127.0.0.1")
    options = parser.parse_args()
    message = sys.stdin.buffer.read().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    client = MilterClient(options.address)
    client.connect_info(address=options.client)
    client.helo()
    outcome = client.message(options.sender, options.rcpt, message)
    client.close()
    print(f"{outcome.reply} at {outcome.replied_at}, {outcome.replies} replies, edits: {outcome.edits}")
    for change in outcome.headers:
        print(change)
    if outcome.body is not None:
        sys.stdout.flush()
        sys.stdout.buffer.write(outcome.body)


if __name__ == "__main__":
    main()
