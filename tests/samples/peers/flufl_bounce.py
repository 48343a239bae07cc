#!/usr/bin/python3
"""flufl_bounce.py FOLDER: prints {file: [temporary failures, permanent failures]} for each message.

The interpreter is Debian's own: the module is one of its packages.
"""

import email
import json
import pathlib
import sys

from flufl.bounce import all_failures

results = {}
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    temporary, permanent = all_failures(email.message_from_bytes(path.read_bytes()))
    results[path.name] = [sorted(str(each, "utf-8", "replace") if isinstance(each, bytes) else each
                                 for each in failures) for failures in (temporary, permanent)]
print(json.dumps(results))
