#!/usr/bin/env python3
"""scenarios.toml -> tests/samples/postfix-*/{message.eml,about}, made by a real Postfix.

    sudo tests/samples/make_samples.py [CASE...]

Runs in network and mount namespaces of its own, where it has a DNS server and a remote mail server
for each host of the table, so that the reports look as they do in the world. `message.eml` is the
report as it lies in the mailbox. Other files of a sample's folder (expected.json) stay.
"""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))

from lab import message_bytes  # noqa: E402
from lab.name_server import SERVER_FAILURE, NameServer  # noqa: E402
from lab.postfix_instance import PostfixInstance  # noqa: E402
from lab.postfix_programs import find_postfix  # noqa: E402
from lab.remote_server import Answer, RemoteServer  # noqa: E402
from lab.waiting import TimedOut, wait_for  # noqa: E402
from sample_messages import make_message, message_id  # noqa: E402

OURSELVES = "192.0.2.1"
NO_LISTENER = "192.0.2.200"
NO_ROUTE = "198.51.100.9"
NOTIFY = {"failed": "failure", "delayed": "delay", "success": "success"}
EXTENSIONS = {
    "small-mx.example.net": ("PIPELINING", "8BITMIME", "SIZE 100000"),
    "ascii-mx.example.net": ("PIPELINING", "8BITMIME"),
}
SETTINGS = {
    "smtp_dns_support_level": "enabled",
    "smtp_host_lookup": "dns",
    "proxy_interfaces": OURSELVES,
    "queue_run_delay": "2s",
    "delay_warning_time": "3s",
    "maximal_queue_lifetime": "9s",
    "bounce_queue_lifetime": "9s",
    "smtp_data_done_timeout": "3s",
    "smtp_tls_policy_maps": "inline:{ insecure.example=encrypt }",
    "virtual_alias_maps": "inline:{ { team@example.org = first@example.org, second@example.org },"
                          " { board@example.org = board-one@example.com,"
                          " board-two@example.com } }",
}


def main():
    if "--inside" not in sys.argv:
        os.execvp("unshare", ["unshare", "--mount", "--net", sys.executable, __file__, "--inside",
                              *sys.argv[1:]])
    wanted = [each for each in sys.argv[1:] if each != "--inside"]
    table = tomllib.loads((HERE / "scenarios.toml").read_text())
    samples = [each for each in table["sample"] if not wanted or each["case"] in wanted]
    hosts = {host: f"192.0.2.{number}"
             for number, host in enumerate(_hosts(table["domains"]), start=11)}
    with tempfile.TemporaryDirectory(prefix="plainbounce-samples-") as directory, \
            contextlib.ExitStack() as stack:
        os.chmod(directory, 0o755)
        _set_up_network(hosts.values(), pathlib.Path(directory))
        stack.enter_context(NameServer(_zone(table["domains"], hosts)))
        for host, address in hosts.items():
            stack.enter_context(_remote_server(host, address, samples))
        groups = sorted({each.get("settings", "") for each in samples})
        for group in groups:
            further = table["settings"].get(group, {})
            with PostfixInstance(find_postfix(), f"{directory}/postfix{group}",
                                 settings={**SETTINGS, **further}) as postfix:
                _make(postfix, [each for each in samples if each.get("settings", "") == group])


def _hosts(domains):
    return sorted({target for target in domains.values() if "." in target})


def _zone(domains, hosts):
    zone = {host: {"A": address} for host, address in hosts.items()}
    special = {"server failure": SERVER_FAILURE, "null mx": {"MX": ""},
               "refused": {"MX": "mx.closed.example"},
               "unroutable": {"MX": "mx.faraway.example"}, "ourselves": {"MX": "mx.example.org"}}
    zone |= {"mx.closed.example": {"A": NO_LISTENER}, "mx.faraway.example": {"A": NO_ROUTE},
             "mx.example.org": {"A": OURSELVES}}
    for domain, target in domains.items():
        if target != "no such domain":
            zone[domain] = special.get(target) or {"MX": target}
    return zone


def _set_up_network(addresses, directory):
    def run(*command):
        subprocess.run(command, check=True)

    run("ip", "link", "set", "lo", "up")
    for address in (*addresses, OURSELVES, NO_LISTENER):
        run("ip", "address", "add", f"{address}/32", "dev", "lo")
    for name, content in (("resolv.conf", "nameserver 127.0.0.1\n"),
                          ("hosts", "127.0.0.1 localhost\n")):
        (directory / name).write_text(content)
        run("mount", "--bind", directory / name, f"/etc/{name}")


def _remote_server(host, address, samples):
    answers, greeting = {}, None
    for sample in samples:
        if sample.get("host", "mx.example.com") == host:
            at = sample.get("at", "rcpt")
            for each, answer in _answers(sample).items():
                assert each not in answers, f"two samples for {each} at {host}"
                answers[each] = answer
            if at == "greeting":
                greeting = Answer(sample["reply"], then=sample["then"])
        elif isinstance(sample.get("reply"), dict):
            answers |= _answers(sample)
    return RemoteServer(answers, address=address, port=25, name=host, greeting=greeting,
                        **({"extensions": EXTENSIONS[host]} if host in EXTENSIONS else {}))


def _answers(sample):
    """{address: Answer}"""
    at, then = sample.get("at", "rcpt"), sample.get("then", "go on")
    if "reply" not in sample and then == "go on" or at == "greeting":
        return {}
    reply = sample.get("reply", "")
    if isinstance(reply, dict):
        return {address: Answer(text, at, then) for address, text in reply.items()}
    first, _, rest = reply.strip("\n").partition("\n")
    text = "\n".join([first] * sample.get("repeat", 1) + ([rest] if rest else []))
    answer = Answer(text.encode(sample.get("charset", "utf-8")), at, then)
    keys = [sample["from"]] if at == "mail" else sample["recipients"]
    return {key: answer for key in keys}


def _make(postfix, samples):
    for number, sample in enumerate(samples):
        report = sample.get("report", "failed")
        options = sample.get("options", [])
        if "-bv" not in options:
            options = [*options, "-N", NOTIFY[report]]
        postfix.sendmail(sample.get("from", "maria.lind@example.org"), sample["recipients"],
                         make_message(sample, number), *options)
        time.sleep(0.05)
    missing = []
    for sample in samples:
        try:
            _write(sample, wait_for(lambda: _report(postfix, sample), sample["case"], 40))
        except TimedOut:
            missing.append(sample["case"])
    if missing:
        print(postfix.log()[-20000:])
        sys.exit(f"No report came for: {', '.join(missing)}")


def _report(postfix, sample):
    """The report on that sample's message; none yet: None."""
    mailbox = sample.get("from", "maria.lind@example.org").partition("@")[0]
    if sample.get("settings") == "notify":
        mailbox = "postmaster"
    # Verifying returns no message.
    verifying = "-bv" in sample.get("options", [])
    identity = (f"Final-Recipient: rfc822; {sample['recipients'][-1]}\n" if verifying else
                f"Message-ID: {message_id(sample)}\n").encode()
    for mail in postfix.mails(mailbox):
        if identity in mail.partition(b"\n\n")[2]:
            return mail
    return None


def _write(sample, report):
    message_bytes.split_message(report)
    folder = HERE / f"postfix-{sample['case']}"
    folder.mkdir(exist_ok=True)
    (folder / "message.eml").write_bytes(report)
    (folder / "about").write_text(sample["about"] + "\n")
    owner = HERE.stat()
    for path in (folder, *folder.iterdir()):
        shutil.chown(path, owner.st_uid, owner.st_gid)


if __name__ == "__main__":
    main()
