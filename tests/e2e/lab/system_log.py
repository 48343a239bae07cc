"""What programs say to syslog(3) -> a file."""

import os
import re
import socket
import threading


class SystemLog:
    """Listens at `path`, usually ROOT/dev/log, until it is stopped."""

    def __init__(self, path, log_file):
        self.log_file = log_file
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        os.chmod(path, 0o666)
        self._thread = threading.Thread(target=self._write, daemon=True)

    def start(self):
        self._thread.start()

    def stop(self):
        self._socket.close()

    def text(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def _write(self):
        with open(self.log_file, "ab", buffering=0) as output:
            while True:
                try:
                    line = self._socket.recv(65536)
                except OSError:
                    return
                # Without the priority; nothing ends a line but the end of its datagram.
                output.write(re.sub(rb"^<\d+>", b"", line).rstrip(b"\0\n") + b"\n")
