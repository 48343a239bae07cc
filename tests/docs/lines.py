"""A configuration file and the lines that a page shows -> the file as an administrator edits it then."""

import re


def put(path, old, lines):
    """The new content of the file that is called `path`; `old` is empty where it doesn't exist."""
    name = path.rpartition("/")[2]
    if name == "plainbounce.conf":
        return _into_tables(old, lines)
    if name == "master.cf":
        return _services(old, lines)
    if name in ("main.cf", "opendkim.conf"):
        return _parameters(old, lines)
    if name == "sendmail.mc":
        return _before(old, "MAILER_DEFINITIONS", lines)
    if name == "mail.log":
        return old + "".join(f"Nov 23 09:12:01 mx plainbounce-milter[612]: {line}"
                             for line in lines.splitlines(keepends=True))
    return lines


def _into_tables(old, lines):
    """Each key goes below its [table]'s heading, in place of one that is there."""
    for table, keys in re.findall(r"^(\[.+?\])\n((?:(?!\[).*\n)*)", lines, re.MULTILINE):
        heading = f"{table}\n"
        if not re.search(r"^" + re.escape(heading), old, re.MULTILINE):
            old += "\n" + heading
        before, heading, after = re.split(f"(^{re.escape(heading)})", old, 1, re.MULTILINE)
        inside, rest = re.match(r"((?:(?!\[).*\n)*)(.*)", after, re.DOTALL).groups()
        for key in re.findall(r"^\w+ = ", keys, re.MULTILINE):
            inside = re.sub(f"^{key}.*\n", "", inside, flags=re.MULTILINE)
        old = before + heading + keys.strip("\n") + "\n" + inside + rest
    return old


def _services(old, lines):
    """Each service takes the place of the one of its name and type, or comes at the end. An option
    alone takes the place of the one that is there."""
    if option := re.match(r"\s+-o \{? ?\w+ ?=", lines):
        return re.sub(r"^%s.*\n" % re.escape(option[0]), lambda _: lines, old, flags=re.MULTILINE)
    for service, head in re.findall(r"^(((?!#)\S+\s+\S+)\s.*\n(?:[ \t].*\n)*)", lines, re.MULTILINE):
        pattern = r"^%s\s.*\n(?:[ \t].*\n)*" % r"\s+".join(map(re.escape, head.split()))
        if re.search(pattern, old, re.MULTILINE):
            old = re.sub(pattern, lambda _: service, old, 1, re.MULTILINE)
        else:
            old += service
    return old


def _parameters(old, lines):
    """name = value, or name value: the old value is taken out."""
    for name in re.findall(r"^(\w+)[ \t=]", lines, re.MULTILINE):
        old = re.sub(r"^%s[ \t=].*\n(?:[ \t].*\n)*" % name, "", old, flags=re.MULTILINE)
    return old + lines


def _before(old, mark, lines):
    if not re.search(f"^{mark}", old, re.MULTILINE):
        raise ValueError(f"no {mark} to put lines before")
    if lines in old:
        return old
    return re.sub(f"^(?={mark})", lambda _: lines, old, 1, re.MULTILINE)
