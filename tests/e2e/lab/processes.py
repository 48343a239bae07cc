"""Starting and stopping server processes; only ever those started here, by their ids."""

import errno
import os
import pathlib
import signal
import socket
import subprocess
import time


def free_port(address="127.0.0.1"):
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def start(arguments, log, **options):
    """A process in a group of its own, so that its children can be stopped with it."""
    with open(log, "ab") as output:
        for tries_left in reversed(range(50)):
            try:
                return subprocess.Popen(
                    [str(argument) for argument in arguments],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    start_new_session=True,
                    **options,
                )
            except OSError as error:
                # A program that was just copied: a process that another thread is starting still
                # holds the copy open, until its exec.
                if error.errno != errno.ETXTBSY or not tries_left:
                    raise
                time.sleep(0.1)


def stop(process, seconds=10):
    """Asks, waits, insists. Returns the exit status (negative: the signal that ended it)."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
    try:
        # The group outlives its leader where children are left; its id can't have been reused.
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    return process.wait(seconds)


def children(process):
    """The ids of a process' own children, of all its threads."""
    return [int(child) for thread in pathlib.Path(f"/proc/{process}/task").iterdir()
            for child in (thread / "children").read_text().split()]
