"""Postfix, HAProxy, and behind it as many milters as conf/haproxy/plainbounce.cfg has servers."""

from . import processes
from .haproxy_instance import SERVERS, HaproxyInstance, server_addresses
from .laboratory import MailLaboratory
from .milter_daemon import MilterDaemon
from .milter_tap import MilterTap
from .postfix_instance import PostfixInstance
from .postfix_programs import find_postfix
from .remote_server import RemoteServer


class BalancedLaboratory(MailLaboratory):
    """`daemons`: {name: MilterDaemon}. Mail for example.com goes to `remote`."""

    logs = ("postfix/mail.log", "postfix/master.out", "haproxy/haproxy.log", "haproxy/haproxy.cfg",
            *(f"{name}/milter.log" for name in SERVERS))

    def __init__(self, answers, by_tcp=False, by_metrics=False, edit=None):
        """by_tcp: Postfix reaches HAProxy by TCP, else by a unix socket with the tap before it.
        by_metrics: the health check asks for the metrics. edit: text of the snippet -> text."""
        super().__init__(answers, by_tcp, by_metrics, edit)
        self.daemons = self.haproxy = self.postfix = None

    def _build(self, answers, by_tcp, by_metrics, edit):
        programs = find_postfix()
        self._make_directory()
        addresses = server_addresses()
        port, metrics_port = (processes.free_port(addresses[0]) for _ in range(2))
        self._metrics = {name: f"{address}:{metrics_port}"
                         for name, address in zip(SERVERS, addresses, strict=True)}
        self.daemons = {
            name: MilterDaemon(self.directory / name, {
                # Nobody by IP address, so that the balancer's own can't matter.
                "messages": {"trusted": ["192.0.2.250"]},
                "metrics": {"listen": self._metrics[name]},
            }, tcp=(address, port))
            for name, address in zip(SERVERS, addresses)}
        self.haproxy = HaproxyInstance(self.directory / "haproxy", port,
                                       metrics_port if by_metrics else None, edit)
        self.tap = MilterTap(self.directory / "tap.sock", self.haproxy.socket)
        self.remote = RemoteServer(answers)
        self.postfix = PostfixInstance(
            programs, self.directory / "postfix",
            transports={"example.com": self.remote.nexthop},
            bounce_milter=(f"inet:{self.haproxy.address}:{self.haproxy.port}" if by_tcp
                           else self.tap.path))

    def _start(self):
        self._start_parts(self.remote, *self.daemons.values(), self.haproxy, self.tap, self.postfix)
        self.haproxy.wait_until_well(*self.daemons)

    def metrics_url(self, name):
        return f"http://{self._metrics[name]}/metrics"
