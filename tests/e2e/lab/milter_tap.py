"""Sits on the socket between Postfix and the milter: keeps what each said, and makes faults.

The milter protocol's packets are a length (4 bytes, big endian), a command byte and data; the same
letter means different things in the two directions, so that a packet is named with its sender:
"mta:B" is a piece of the body on its way to the milter, "milter:b" a piece of the replacement.
"""

import dataclasses
import os
import socket
import struct
import threading

# Which packets of the milter change something.
_ADD_HEADER, _CHANGE_HEADER, _INSERT_HEADER, _REPLACE_BODY = b"h", b"m", b"i", b"b"
_MODIFICATIONS = _ADD_HEADER + _CHANGE_HEADER + _INSERT_HEADER + _REPLACE_BODY + b"+-e"


@dataclasses.dataclass
class Seen:
    """One message as the milter got it, and what the milter made of it."""

    sender: bytes = b""
    recipients: list = dataclasses.field(default_factory=list)
    macros: dict = dataclasses.field(default_factory=dict)
    headers: list = dataclasses.field(default_factory=list)  # (name, value), folds as "\n"
    body: bytes = b""  # line ends as CRLF
    changes: list = dataclasses.field(default_factory=list)  # (command, data)
    replacement: bytes = b""
    verdict: bytes = b""  # the last reply: b"a" accept, b"c" continue, ...

    @property
    def queue_id(self):
        return self.macros.get(b"i", b"").decode()

    @property
    def message(self):
        """As one text, with LF."""
        head = b"".join(name + b":" + _with_space(value) + b"\n" for name, value in self.headers)
        return head + b"\n" + self.body.replace(b"\r\n", b"\n")


@dataclasses.dataclass
class Fault:
    """What goes wrong, and when.

    packet: "mta:B", "milter:b", ...; the fault strikes the first time that it passes.
    moment: "before" it is passed on, or "after".
    act: called then; whatever comes next is lost. Afterwards the connection is closed.
    """

    packet: str
    moment: str
    act: callable
    times: int = 1


class MilterTap:
    """Listens at `path`, connects to the milter's socket `target`."""

    def __init__(self, path, target):
        self.path, self._target = str(path), str(target)
        self.seen = []  # messages whose sender got to the milter, in order
        self.connections = 0
        self.struck = threading.Event()  # a fault happened
        self.closing = threading.Event()
        self._faults = []
        self._lock = threading.Lock()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.path)
        os.chmod(self.path, 0o666)
        self._listener.listen(64)

    def start(self):
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self):
        self.closing.set()
        # Wakes accept(), which closing alone wouldn't.
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()

    def arm(self, fault):
        with self._lock:
            self._faults.append(fault)

    def hang(self):
        """A fault's act: silence until the tap is closed (or a minute has passed)."""
        self.closing.wait(60)

    def _accept(self):
        while not self.closing.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client):
        milter = socket.socket(socket.AF_UNIX)
        try:
            milter.connect(self._target)
        except OSError:
            client.close()
            milter.close()
            return
        session = _Session(self)
        other = threading.Thread(target=self._pump, daemon=True,
                                 args=(milter, client, "milter", session))
        other.start()
        self._pump(client, milter, "mta", session)
        other.join(60)
        client.close()
        milter.close()

    def _pump(self, source, target, name, session):
        """Packets from one to the other, until either ends or a fault strikes."""
        stream = source.makefile("rb")
        try:
            while packet := _read_packet(stream):
                command, data = packet[4:5], packet[5:]
                fault = self._take_fault(f"{name}:{command.decode('latin-1')}")
                if not (fault and fault.moment == "before"):
                    session.note(name, command, data)
                    target.sendall(packet)
                if fault:
                    self.struck.set()
                    fault.act()
                    break
        except OSError:
            pass
        for each in (source, target):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _take_fault(self, packet):
        with self._lock:
            for fault in self._faults:
                if fault.packet == packet and fault.times > 0:
                    fault.times -= 1
                    return fault
        return None


class _Session:
    """One connection of the MTA, which may bring several messages one after the other."""

    def __init__(self, tap):
        self._tap = tap
        self._connection_macros = {}
        self._message = None

    def note(self, name, command, data):
        if name == "mta":
            self._note_mta(command, data)
        else:
            self._note_milter(command, data)

    def _note_mta(self, command, data):
        fields = data.split(b"\0")
        if command == b"D":
            macros = dict(zip((key.strip(b"{}") for key in data[1:].split(b"\0")[0::2]),
                              data[1:].split(b"\0")[1::2]))
            if data[:1] in b"CHM":
                self._connection_macros.update(macros)
                self._message = None  # they belong to the next one
            if self._message:
                self._message.macros.update(macros)
        elif command == b"M":
            self._message = Seen(sender=fields[0].strip(b"<>"),
                                 macros=dict(self._connection_macros))
            self._tap.seen.append(self._message)
        elif self._message is None:
            return
        elif command == b"R":
            self._message.recipients.append(fields[0])
        elif command == b"L":
            self._message.headers.append((fields[0], fields[1]))
        elif command in (b"B", b"E"):
            self._message.body += data

    def _note_milter(self, command, data):
        if self._message is None:
            return
        if command in _MODIFICATIONS:
            self._message.changes.append((command, data))
            if command == _REPLACE_BODY:
                self._message.replacement += data
        else:
            self._message.verdict = command


def _read_packet(stream):
    head = stream.read(4)
    if len(head) < 4:
        return b""
    data = stream.read(struct.unpack(">I", head)[0])
    return head + data


def _with_space(value):
    return value if value.startswith((b" ", b"\t")) else b" " + value
