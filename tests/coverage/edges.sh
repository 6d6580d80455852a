#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Which case shows which edge: tests/coverage/edges/*.tsv has a line for each edge case of an annotation that our
# reference knows, and for each thing that the tests of ingress-nginx assert:
#
#     annotation NAME | key NAME | e2e FILE     TAB     what     TAB     shown by
#
# "shown by" is a list of behaviour cases, golden/NAME, unit/FILE.c and cli/FILE.sh; or "never: WHY", what no stock
# proxy has or only the original is made of; or "agent: WHY", what is about a cluster that changes.
#
# Fails for a line that names what is not there, for a case that never mentions its annotation or key, and for an
# annotation of ingress-nginx without a line. Whether the case shows it is for its reviewer.
set -u
here=$(cd "$(dirname "$0")" && pwd)
prefix=nginx.ingress.kubernetes.io/
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

# Lines on standard input; TOP is the folder of the tests: TAP.
judge() {
	top=$1 n=0 failed=0
	while IFS="$(printf '\t')" read -r from what shown rest; do
		case $from in "#"*) continue ;; esac
		n=$((n + 1)) why= mentioned=
		name=${from#* }
		case $from in
		"annotation "*) word=$prefix$name ;;
		"key "*) word=$name ;;
		"e2e "*) word= ;;
		*) why="\"$from\" is no annotation, key or e2e" word= ;;
		esac
		[ -n "$what" ] && [ -n "$shown" ] && [ -z "$rest" ] || why="a line has three columns"
		case $shown in
		"never: "?* | "agent: "?*) shown= ;;
		esac
		[ -n "$shown" ] || word=
		for one in $shown; do
			case $one in
			golden/*) file=$top/$one/in.yaml ;;
			unit/* | cli/*) file=$top/$one ;;
			*) file=$top/behaviour/cases/$one.yaml ;;
			esac
			[ -f "$file" ] || { why="there is no $one"; break; }
			case $one in unit/* | cli/*) mentioned=yes ;; esac
			[ -z "$word" ] || ! grep -qF -e "$word" "$file" || mentioned=yes
		done
		[ -n "$why" ] || [ -z "$word" ] || [ -n "$mentioned" ] || why="none of its cases has $word"
		if [ -z "$why" ]; then
			echo "ok $n - $from: $what"
		else
			failed=$((failed + 1))
			echo "not ok $n - $from: $what"
			echo "# $why"
		fi
	done
	echo "# $n lines, $failed of them wrong"
	[ "$n" -gt 0 ] && [ "$failed" -eq 0 ]
}

cat "$here"/edges/*.tsv >"$tmp/lines" || exit 99
judge "$here/.." <"$tmp/lines" >"$tmp/verdict"
status=$?
cat "$tmp/verdict"
n=$(grep -c '^\(not \)\{0,1\}ok ' "$tmp/verdict")
failed=$(grep -c '^not ok ' "$tmp/verdict")
result() { # STATUS NAME
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2"; failed=$((failed + 1)) status=1; fi
}

"${SDINGRESS:?SDINGRESS is not set}" annotations --format tsv |
	awk -F '\t' '$1 == "ingress-nginx" { sub(/.*\//, "", $2); print $2 }' >"$tmp/rows" || exit 99
[ -s "$tmp/rows" ]
result $? "there are annotations"
while read -r name; do
	grep -q "^annotation $name	" "$tmp/lines"
	result $? "$name has a line"
done <"$tmp/rows"

# What it must find.
wrong() { # WHAT LINE
	printf "$2\n" | judge "$here/.." >"$tmp/out" && found=1 || { grep -qF -e "$3" "$tmp/out"; found=$?; }
	result $found "$1"
}
wrong "a case that is not there fails" 'e2e a/b\tit does\tno-such-case' "there is no no-such-case"
wrong "a case without the annotation fails" 'annotation x-invented\tit does\tsnippet-off' "none of its cases has"
wrong "a line without its reason fails" 'e2e a/b\tit does\tnever:' "there is no never:"
wrong "a line of two columns fails" 'e2e a/b\tit does' "three columns"
wrong "another word in front fails" 'test a\tit does\tsnippet-off' "is no annotation"
wrong "no line at all fails" '# a comment' "0 lines"
echo "1..$n"
echo "# $((n - failed)) passed, $failed failed, 0 skipped"
exit $status
