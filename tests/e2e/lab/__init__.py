"""A mail server of one's own for a test: a private Postfix, remote servers, plainbounce-milter.

Nothing here touches the machine's own mail server: programs are unpacked privately, directories are
temporary, every socket is on loopback or in those directories, and only processes that were started
here are stopped, by their ids.
"""
