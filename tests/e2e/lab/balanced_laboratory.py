"""An MTA, HAProxy, and behind it as many milters as conf/haproxy/plainbounce.cfg has servers."""

from . import processes
from .haproxy_instance import SERVERS, HaproxyInstance, server_addresses
from .laboratory import MailLaboratory
from .milter_daemon import MilterDaemon
from .milter_tap import MilterTap
from .postfix_instance import PostfixInstance
from .postfix_programs import find_postfix
from .remote_server import RemoteServer
from .sendmail_instance import LOCAL_DOMAIN, SendmailInstance
from .sendmail_laboratory import REMOTE


class _BalancedMilters(MailLaboratory):
    """`daemons`: {name: MilterDaemon}, behind `haproxy`."""

    balanced_logs = ("haproxy/haproxy.log", "haproxy/haproxy.cfg",
                     *(f"{name}/milter.log" for name in SERVERS))

    def __init__(self, *options):
        super().__init__(*options)
        self.daemons = self.haproxy = self._metrics = None

    def _build_balanced(self, trusted, by_metrics=False, edit=None):
        addresses = server_addresses()
        port, metrics_port = (processes.free_port(addresses[0]) for _ in range(2))
        self._metrics = {name: f"{address}:{metrics_port}"
                         for name, address in zip(SERVERS, addresses, strict=True)}
        self.daemons = {
            name: MilterDaemon(self.directory / name, {
                "messages": {"trusted": trusted},
                "metrics": {"listen": self._metrics[name]},
            }, tcp=(address, port))
            for name, address in zip(SERVERS, addresses)}
        self.haproxy = HaproxyInstance(self.directory / "haproxy", port,
                                       metrics_port if by_metrics else None, edit)

    def _start_balanced(self):
        self._start_parts(*self.daemons.values(), self.haproxy)
        self.haproxy.wait_until_well(*self.daemons)

    def metrics_url(self, name):
        return f"http://{self._metrics[name]}/metrics"


class BalancedLaboratory(_BalancedMilters):
    """With Postfix. Mail for example.com goes to `remote`."""

    logs = ("postfix/mail.log", "postfix/master.out", *_BalancedMilters.balanced_logs)

    def __init__(self, answers, by_tcp=False, by_metrics=False, edit=None):
        """by_tcp: Postfix reaches HAProxy by TCP, else by a unix socket with the tap before it.
        by_metrics: the health check asks for the metrics. edit: text of the snippet -> text."""
        super().__init__(answers, by_tcp, by_metrics, edit)
        self.postfix = None

    def _build(self, answers, by_tcp, by_metrics, edit):
        programs = find_postfix()
        self._make_directory()
        # Nobody by IP address, so that the balancer's own can't matter.
        self._build_balanced(["192.0.2.250"], by_metrics, edit)
        self.tap = MilterTap(self.directory / "tap.sock", self.haproxy.socket)
        self.remote = RemoteServer(answers)
        self.postfix = PostfixInstance(
            programs, self.directory / "postfix",
            transports={"example.com": self.remote.nexthop},
            bounce_milter=(f"inet:{self.haproxy.address}:{self.haproxy.port}" if by_tcp
                           else self.tap.path))

    def _start(self):
        self._start_balanced()
        self._start_parts(self.remote, self.tap, self.postfix)


class BalancedSendmailLaboratory(_BalancedMilters):
    """With Sendmail, which reaches HAProxy by TCP. Mail for example.com goes to `remote`."""

    logs = ("mail.log", "sendmail.out", *_BalancedMilters.balanced_logs)

    def __init__(self, mailboxes, answers):
        super().__init__(mailboxes, answers)
        self.sendmail = None

    def _build(self, mailboxes, answers):
        self._make_directory()
        # As Sendmail says of its own bounces.
        self._build_balanced(["127.0.0.1/32"])
        port = processes.free_port()
        self.remote = RemoteServer(answers, address=REMOTE, port=port)
        self.sendmail = SendmailInstance(
            self.directory / "sendmail", mailboxes,
            {LOCAL_DOMAIN: "127.0.0.1", "example.com": REMOTE}, port,
            milter=f"inet:{self.haproxy.port}@{self.haproxy.address}")
        self._stack.callback(self.sendmail.stop)

    def _start(self):
        self._start_balanced()
        self._start_parts(self.remote)
        self.sendmail.start()
