# conf/plainbounce.conf, lib/knowledge/causes.tsv, then a page -> the page as scdoc source with the
# comments of the conf file for a line "@KEYS@", and the causes for a line "@CAUSES@". Those two files
# are the only places where keys and causes are described.

function flush() {
	if (comment == "" && names == "") return
	if (table == "") {
		comment = names = ""
		return
	}
	if (names == "") names = shared
	keys = keys names "\n"
	if (comment != "") keys = keys comment
	keys = keys "\n"
	comment = names = ""
}

# Text as it stands, whatever scdoc makes of its characters elsewhere.
function plain(text) {
	gsub(/[\\*_`~<>#|]/, "\\\\&", text)
	return text
}

FNR == 1 { ++file }

file == 1 && /^\[[a-z]+\]$/ {
	flush()
	table = $0
	keys = keys "## " table "\n\n"
	next
}
file == 1 && /^#[a-z_]+ = / {
	name = value = substr($0, 2)
	sub(/ = .*/, "", name)
	sub(/^[a-z_]+ = /, "", value)
	names = names (names == "" ? "" : " ++\n") "*" plain(name) "* = " plain(value)
	next
}
file == 1 && /^#   / {
	sub(/\n$/, " ++\n", comment)
	comment = comment "\t" plain(substr($0, 5)) " ++\n"
	next
}
file == 1 && /^# / { comment = comment "\t" plain(substr($0, 3)) "\n"; next }
file == 1 { flush(); next }

file == 2 {
	count = split($0, field, "\t")
	if (seen_header && $0 !~ /^#/) causes = causes "*" plain(field[1]) "*\n\t" plain(field[count]) "\n\n"
	seen_header = 1
	next
}

!ended { flush(); ended = 1 }
$0 == "@KEYS@" { printf "%s", keys; next }
$0 == "@CAUSES@" { printf "%s", causes; next }
{ print }
