#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The report as a page, in a browser: it loads nothing else, its script searches and filters, what objects say stays text,
# and it fits a narrow screen. A page around it does what a person would, and writes down what there is to see.
#
# Needs: SDINGRESS (the program), and chromium on PATH; skipped without.
set -u
sdingress=${SDINGRESS:?SDINGRESS is not set}
cd "${SDI_TOP:-$(dirname "$0")/../..}" || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
n=0 failed=0

command -v chromium >/dev/null || { echo "1..0 # SKIP no chromium"; exit 77; }

"$sdingress" report --to haproxy --format html --out "$tmp/report.html" tests/golden/hostile-text/in.yaml \
	tests/golden/nginx-proxying/in.yaml tests/golden/nginx-redirects/in.yaml 2>"$tmp/diags"
[ -s "$tmp/report.html" ] || { cat "$tmp/diags"; exit 99; }

cat >"$tmp/look.html" <<'T'
<!doctype html><iframe id="page" src="report.html" style="width:400px;height:800px;border:0"></iframe><pre id="said"></pre>
<script>
page.onload = function () {
	var w = page.contentWindow, d = page.contentDocument, f = d.forms[0];
	var all = [].slice.call(d.querySelectorAll("details"));
	function say(name, value) { said.textContent += name + " " + value + "\n"; }
	function shown(verdict) {
		return all.filter(function (x) {
			return x.getClientRects().length && (!verdict || x.dataset.v === verdict);
		}).length;
	}
	function fits() {
		var tables = [].slice.call(d.querySelectorAll(".rows"));
		return tables.length > 1 && d.documentElement.scrollWidth <= 400 && tables.every(function (x) {
			return x.scrollWidth <= x.parentNode.clientWidth;
		});
	}
	function go(text) {
		f.q.value = text;
		f.q.dispatchEvent(new Event("input", { bubbles: true }));
	}
	say("loads", w.performance.getEntriesByType("resource").length + d.querySelectorAll("[src],[href]").length);
	say("scripts", d.scripts.length);
	say("form", f.getClientRects().length > 0);
	say("all", shown() === all.length && all.length > 10 && d.getElementById("n").textContent === all.length + " of " + all.length);
	say("fits", fits());
	go("PERMANENT-redirect-CODE");
	say("found", shown() + ", " + d.getElementById("n").textContent.replace(/of .*/, "of all"));
	go("no such text");
	say("nothing", shown());
	go("");
	var ready = shown("ready");
	f.ready.click();
	say("unready", ready > 0 && shown("ready") === 0 && shown() === all.length - ready);
	f.ready.click();
	say("again", shown() === all.length);
	w.dispatchEvent(new Event("beforeprint"));
	say("printed", all.every(function (x) { return x.open; }));
	say("fits-open", fits());
};
</script>
T

# HOME: root has no other place for what a browser writes at its start
HOME=$tmp timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir="$tmp/profile" \
	--allow-file-access-from-files --window-size=1000,900 --virtual-time-budget=10000 --dump-dom \
	"file://$tmp/look.html" 2>"$tmp/err" | sed -n '/<pre id="said">/,/<\/pre>/p' | sed 's/.*<pre id="said">//; s/<\/pre>.*//' >"$tmp/said"

t() { # TITLE LINE
	n=$((n + 1)) said=
	grep -qxF "$2" "$tmp/said" || { failed=$((failed + 1)) said="not "; }
	echo "${said}ok $n - $1"
}

t "the page loads nothing else and refers to nothing" "loads 0"
t "there is no script but its own" "scripts 1"
t "the script shows the form" "form true"
t "and all Ingresses" "all true"
t "a narrow screen shows all of it" "fits true"
t "a search finds one by its annotation, whatever the case" "found 1, 1 of all"
t "a search may find none" "nothing 0"
t "a verdict that is not wanted is left out" "unready true"
t "and comes back" "again true"
t "on paper all are open" "printed true"
t "a narrow screen shows all that is open" "fits-open true"
echo "1..$n"
[ "$failed" -eq 0 ] || { sed 's/^/# /' "$tmp/said" "$tmp/err"; exit 1; }
