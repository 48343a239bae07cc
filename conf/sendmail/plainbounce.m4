dnl plainbounce.m4: Sendmail's bounces, and next to nothing else, pass plainbounce once.
dnl
dnl In /etc/mail/sendmail.mc, on a line of its own before MAILER_DEFINITIONS:
dnl
dnl     include(`/usr/share/plainbounce/sendmail/plainbounce.m4')dnl
dnl
dnl Then run sendmailconfig, or make -C /etc/mail. It works with Debian's sendmail.mc as it is. To
dnl take it out again, remove the line.
dnl
dnl Sendmail asks milters about mail that arrives by SMTP only, and hands its own bounces on without.
dnl So the bounces for this machine's domains are sent to a second port of the same Sendmail once,
dnl and only that port has the milter. INPUT_MAIL_FILTER would put it before all ports, and ordinary
dnl mail, too.
dnl
dnl The port is 36026, on loopback; to use another, change both places below.
dnl
dnl A signer (DKIM) comes after plainbounce: docs/dkim.md. Name its MAIL_FILTER above the include:
dnl
dnl     define(`confPLAINBOUNCE_SIGNER', `opendkim')dnl
dnl
dnl What becomes of a bounce while the milter is down, hangs or dies:
dnl
dnl   F=T      It stays in the queue and passes the milter later. Nothing is lost.
dnl   nothing  It is delivered as it was; but where the milter dies while it replaces the text,
dnl            cut short.
dnl   F=R      It is refused: only the postmaster hears of it, and not which mail failed.
dnl
dnl The times T=: to connect, to send, to get an answer, and to get the one to the end of a message
dnl (E). Keep E well above time_budget in plainbounce.conf.
dnl
DAEMON_OPTIONS(`Family=inet, Name=DSNFILTER, Port=36026, Addr=127.0.0.1, InputMailFilters=dsnfilter'ifdef(`confPLAINBOUNCE_SIGNER', `;confPLAINBOUNCE_SIGNER')`, M=ES')dnl
MAIL_FILTER(`dsnfilter', `S=unix:/run/plainbounce/milter.sock, F=T, T=C:10s;S:10s;R:10s;E:30s')dnl
LOCAL_CONFIG
# plainbounce: where a message came from must outlive the queue.
C{persistentMacros}{daemon_name} {client_addr}
dnl Domains with mailboxes that aren't in local-host-names (virtusertable, mailertable): sendmail.mc
dnl may add some, on a line below LOCAL_CONFIG: C{BounceDomains}virtual.example other.example
C{BounceDomains}
dnl Whose bounces, that arrive by SMTP, pass plainbounce, too: this machine's. Add relays that you
dnl trust in the same way, address by address: C{BounceRelays}192.0.2.25 IPv6:2001:db8::25
C{BounceRelays}127.0.0.1 IPv6:::1 IPv6:0:0:0:0:0:0:0:1
Kdsnstore macro
LOCAL_RULE_0
# plainbounce
dnl Does this recipient get a bounce? Only envelope recipients are asked about (e r).
R$+			$: $&{addr_type} $| $&{daemon_name} $| $&r $| $1
dnl It came back from the filter port. Both must hold: a queue run inherits the first alone.
Re r $| DSNFILTER $| $+ $| $+	$@ $2
Re r $| $* $| $* $| $+	$: <?> $3
R$* $| $* $| $* $| $+	$@ $4
dnl Double bounces go to the postmaster direct, bounces for other domains as ever.
R<?> postmaster < @ $=w . >	$@ postmaster < @ $1 . >
R<?> $+ < @ $=w . >	$: <!> $1 < @ $2 . >
R<?> $+ < @ $={BounceDomains} . >	$: <!> $1 < @ $2 . >
R<?> $+ < @ $={BounceDomains} >	$: <!> $1 < @ $2 >
R<?> $+ < @ $* > $*	$@ $1 < @ $2 > $3
R<$-> $+		$: $(dsnstore {dsnrcpt} $@ $2 $) <$1> $2 $| $>canonify $&f
dnl The null sender: it arrived so, or was made so by a program here. From whom?
R<!> $+ $| < @ >	$: <@ $&{client_addr} > $1
R<@ > $+		$#dsnfilter $@ [127.0.0.1] $: $1
R<@ $={BounceRelays} > $+	$#dsnfilter $@ [127.0.0.1] $: $2
R<@ $+ > $+		$@ $2
dnl A bounce of our own that has been in the queue has the sender MAILER-DAEMON, and no protocol ($r),
dnl as it would have if somebody had sent it.
R<!> $+ $| $&n		$: <@ $&r > $1
R<@ > $+		$#dsnfilter $@ [127.0.0.1] $: $1
R<@ $+ > $+		$@ $2
dnl A bounce of our own at its birth: its recipient is read while the sender is still that of the
dnl message that failed, so it goes to its own sender. Mail to oneself looks the same, but its header
dnl has not been read yet: no message ID is known. A stranger's must not make the detour: it would come
dnl from this machine then, and a signer would believe it. That from here does, and the milter lets it
dnl pass at once. ({msg_id} stands at the left, where an odd one can't do harm.)
R<$-> $+ $| $&{dsnrcpt}	$: <@ $&{client_addr} > $2 $| end
R<@ > $+ $| end		$#dsnfilter $@ [127.0.0.1] $: $1
R<@ $={BounceRelays} > $+ $| end	$#dsnfilter $@ [127.0.0.1] $: $2
R<@ $+ > $+ $| $&{msg_id} end	$@ $2
R<@ $+ > $+ $| end	$#dsnfilter $@ [127.0.0.1] $: $2
R<$-> $+ $| $*		$: $2
MAILER_DEFINITIONS
# plainbounce
dnl The way to the filter port. F=k, or Sendmail says that mail loops back to itself.
Mdsnfilter,	P=[IPC], F=mDFMuXa8k, S=EnvFromSMTP/HdrFromSMTP, R=MasqSMTP, E=\r\n, L=990,
		T=DNS/RFC822/SMTP,
		A=TCP $h 36026
divert(0)dnl
