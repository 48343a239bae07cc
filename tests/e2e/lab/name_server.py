"""Table of names -> a DNS server (UDP, MX and A only) that answers from it."""

import socketserver
import struct
import threading

_A, _MX, _CLASS_IN = 1, 15, 1
_NO_ERROR, _SERVER_FAILURE, _NAME_ERROR = 0, 2, 3
SERVER_FAILURE = "server failure"


class NameServer:
    """Use as a context manager.

    zone: {name: {"MX": host name ("" is the null MX), "A": address}, or SERVER_FAILURE}. A name
    that isn't there doesn't exist.
    """

    def __init__(self, zone, address="127.0.0.1", port=53):
        self._server = socketserver.UDPServer((address, port), _Query)
        self._server.zone = zone
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,),
                                        daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class _Query(socketserver.BaseRequestHandler):
    def handle(self):
        query, connection = self.request
        name, end = _read_name(query)
        kind = struct.unpack_from(">H", query, end)[0]
        entry = self.server.zone.get(name)
        code, records = _NO_ERROR, b""
        if entry is None:
            code = _NAME_ERROR
        elif entry == SERVER_FAILURE:
            code = _SERVER_FAILURE
        else:
            records = _records(entry, kind)
        # Answer, authoritative, recursion available; the question is repeated.
        head = query[:2] + struct.pack(">HHHHH", 0x8580 | code, 1, 1 if records else 0, 0, 0)
        connection.sendto(head + query[12:end + 4] + records, self.client_address)


def _records(entry, kind):
    if kind == _A and "A" in entry:
        data = bytes(int(number) for number in entry["A"].split("."))
    elif kind == _MX and "MX" in entry:
        data = struct.pack(">H", 10 if entry["MX"] else 0) + _write_name(entry["MX"])
    else:
        return b""
    # The name is a pointer to the question's.
    return b"\xc0\x0c" + struct.pack(">HHIH", kind, _CLASS_IN, 60, len(data)) + data


def _read_name(query):
    labels, position = [], 12
    while length := query[position]:
        labels.append(query[position + 1:position + 1 + length].decode("latin-1").lower())
        position += 1 + length
    return ".".join(labels), position + 1


def _write_name(name):
    labels = [label.encode() for label in name.split(".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
