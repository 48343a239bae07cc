"""What goes wrong while bounces are on their way, and which bounces they are."""

import contextlib
import dataclasses
import os
import pathlib
import random
import signal
import socket
import subprocess

from checker import is_rewritten

from lab import message_bytes
from lab.postfix_instance import plain_message
from lab.processes import children

HERE = pathlib.Path(__file__).parent
# A program that a wrapper of root's starts as the account without rights.
GIVE_UP_ROOT = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--")
CGROUPS = pathlib.Path("/sys/fs/cgroup")


def _letter(number, sender, recipient):
    return plain_message(sender, recipient, f"Letter {number}")


def _sized(*sizes):
    """Letters of so many bytes, one after the other."""
    line = b"One line of many in a long letter, and then another one of them.\n"

    def message(number, sender, recipient):
        size = sizes[number % len(sizes)]
        return _letter(number, sender, recipient) + line * (size // len(line))
    return message


def _nothing(_):
    return iter(())


@dataclasses.dataclass(frozen=True)
class Fault:
    """name, what it does in words, and:

    disturb: a generator that is given the Soak, acts, and yields how long to wait till it goes on.
    message: (number, sender, recipient) -> what is sent, and comes back.
    milter: settings of plainbounce.conf. wrapper: makes the command before the program, for root;
    environment: makes the program's, in a directory; log: where it writes.
    patience: seconds that the fault goes on when all is sent; most: bounces. senders: connections that bring mail.
    may_double: Postfix that is killed after it made a bounce, and before it noted that, makes it again, also
    without a milter.
    tapped: False where the messages are too large to keep; then `damage` looks at what was delivered.
    """

    name: str
    what: str
    disturb: callable = _nothing
    message: callable = _letter
    milter: dict = dataclasses.field(default_factory=dict)
    wrapper: callable = None
    environment: callable = None
    log: str = ""
    patience: float = 60
    most: int = 1_000_000
    senders: int = 4
    may_double: bool = False
    tapped: bool = True
    damage: callable = None


def _each(seconds, act):
    """Acts again and again; seconds: a number, or two to choose between."""
    def disturb(soak):
        while True:
            yield random.uniform(*seconds) if isinstance(seconds, tuple) else seconds
            with contextlib.suppress(OSError):
                act(soak)
    return disturb


def _kill_a_worker(soak):
    for server in children(soak.milter.pid):
        workers = children(server)
        if workers:
            os.kill(random.choice(workers), signal.SIGKILL)
            soak.row.killed += 1


def _stopped(soak):
    for _ in range(4):
        yield 1
        soak.milter.suspend()
        yield 5
        soak.milter.resume()


def _socket_gone(soak):
    path = pathlib.Path(soak.milter.socket)
    others = []
    for turn in range(9):
        yield 2
        with contextlib.suppress(OSError):
            if turn % 3 == 0:
                path.rename(path.with_name("elsewhere"))
            else:
                path.unlink()
            if turn % 3 == 1:  # nobody ever accepts there
                others.append(socket.socket(socket.AF_UNIX))
                others[-1].bind(str(path))


def _crowd(soak):
    """Connections that say nothing, and some that say anything."""
    with contextlib.ExitStack() as stack:
        for number in range(4000):
            yield 0.01
            with contextlib.suppress(OSError):
                one = socket.socket(socket.AF_UNIX)
                stack.enter_context(one)
                one.settimeout(1)
                one.connect(str(soak.milter.socket))
                if number % 3:
                    one.sendall(random.randbytes(random.randrange(1, 200)))
                    one.close()


def _postfix_stopped(soak):
    for _ in range(5):
        yield 3
        soak.lab.postfix.stop()
        yield 1
        soak.lab.postfix.start()


def _limited(*options):
    return lambda: (*GIVE_UP_ROOT, "prlimit", *options)


def _cgroup(megabytes):
    """A control group of its own with so much memory; without such groups: that address space."""
    def wrapper():
        parent = CGROUPS if (CGROUPS / "cgroup.controllers").exists() else CGROUPS / "memory"
        group = parent / f"plainbounce-soak-{os.getpid()}"
        try:
            group.mkdir(exist_ok=True)
            limit = next(group / name for name in ("memory.max", "memory.limit_in_bytes")
                         if (group / name).exists())
            limit.write_text(str(megabytes << 20))
        except (OSError, StopIteration):
            print(f"no control group: address space of {megabytes} MB instead", flush=True)
            return (*GIVE_UP_ROOT, "prlimit", f"--as={megabytes << 20}")
        enter = f'echo $$ >{group}/cgroup.procs && exec "$@"'
        return ("sh", "-c", enter, "sh", *GIVE_UP_ROOT)
    return wrapper


def _jumping_clock(directory):
    """A library that moves the clock by a day, each second the other way."""
    library = pathlib.Path(directory) / "clock_jumps.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, HERE / "clock_jumps.c"], check=True)
    return {"LD_PRELOAD": str(library)}


NESTED = (b"To: " + (b"a:" * 490 + b"\n ") * 66 + b"\n") * 140


def _evil(number, sender, recipient):
    """Each fiftieth has groups within groups in 9 MB of header."""
    letter = _letter(number, sender, recipient)
    return NESTED + letter if number % 50 == 7 else letter


def _whole_returned(mail):
    """Of _sized(10 MB): the message that came back, to its last line."""
    parts = message_bytes.split_message(mail).parts
    _, body = message_bytes.split_header(parts[2].partition(b"\n\n")[2])
    expected = _sized(10_000_000)(0, "", "")
    wanted = expected.partition(b"\n\n")[2]
    problem = "" if body.rstrip(b"\n") == wanted.rstrip(b"\n") else "the returned message isn't whole"
    return problem if is_rewritten(mail) or len(parts) == 3 else "parts are missing"


_ALL = (
    Fault("none", "nothing goes wrong"),
    Fault("killed", "the daemon is killed about each second", _each((0.7, 1.3), lambda soak: soak.kill())),
    Fault("killed-often", "the daemon is killed each 0.2 to 0.7 s; up to 450 kB",
          _each((0.2, 0.7), lambda soak: soak.kill()), _sized(1000, 450_000, 60_000, 5000), most=2000),
    Fault("workers-killed", "a worker is killed each 0.05 to 0.3 s", _each((0.05, 0.3), _kill_a_worker)),
    Fault("stopped", "the daemon hangs four times for 5 s", _stopped),
    Fault("reloaded", "SIGHUP 20 times a second",
          _each(0.05, lambda soak: os.kill(soak.milter.pid, signal.SIGHUP))),
    Fault("socket-gone", "the socket is renamed, replaced, removed, nine times", _socket_gone),
    Fault("restarted", "the daemon is restarted each two seconds", _each(2, lambda soak: soak.restart())),
    Fault("low-memory", "a control group of 150 MB for all its processes; up to 450 kB",
          message=_sized(1000, 450_000, 60_000, 5000), wrapper=_cgroup(150), most=2000),
    Fault("little-space", "an address space of 330 MB", wrapper=_limited(f"--as={330 << 20}")),
    Fault("less-space", "an address space of 300 MB", wrapper=_limited(f"--as={300 << 20}")),
    Fault("little-data", "60 MB of data", wrapper=_limited(f"--data={60 << 20}"), patience=20),
    Fault("few-descriptors", "20 descriptors", wrapper=_limited("--nofile=20")),
    Fault("full-log", "the log goes to a full device", log="/dev/full"),
    Fault("clock", "the clock jumps by a day each second", environment=_jumping_clock),
    Fault("crowd", "1,300 connections that say nothing, and 2,700 that say anything", _crowd),
    Fault("too-large", "two of five are above max_size", message=_sized(1000, 200_000, 2000, 200_000, 500),
          milter={"messages": {"max_size": "100 KiB"}}),
    Fault("postfix-stopped", "Postfix is killed and started five times", _postfix_stopped, may_double=True),
    Fault("evil", "each fiftieth has 9 MB of groups within groups", message=_evil),
    Fault("200-large", "200 of 10 MB at once, in a control group of 512 MB", message=_sized(10_000_000),
          wrapper=_cgroup(512), patience=120, most=200, senders=40, tapped=False, damage=_whole_returned),
)
FAULTS = {fault.name: fault for fault in _ALL}
