#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The command line as a person uses it: words in, exit status and text out.
set -u
s=${SDINGRESS:?SDINGRESS is not set}
top=${SDI_TOP:?SDI_TOP is not set}
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
n=0 failed=0

# t NAME STATUS WANTED-TEXT COMMAND...: the status must be that and both streams together hold the text.
t() {
	name=$1 status=$2 wanted=$3
	shift 3
	"$@" >"$tmp/.out" 2>&1 </dev/null
	got=$?
	n=$((n + 1))
	if [ $got -eq "$status" ] && grep -qF -e "$wanted" "$tmp/.out"; then
		echo "ok $n - $name"
	else
		failed=$((failed + 1))
		echo "not ok $n - $name"
		echo "# status $got, wanted $status with: $wanted"
		head -n 20 "$tmp/.out" | sed 's/^/# /'
	fi
}
sh_() { sh -c "$1"; }

cat >good.yaml <<'Y'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: demo}
spec:
  rules:
  - host: web.example.org
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: demo}
spec: {ports: [{port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, namespace: demo, labels: {kubernetes.io/service-name: web}}
addressType: IPv4
endpoints: [{addresses: [10.0.0.1]}]
ports: [{name: "", port: 8080}]
Y
sed 's/number: 80/number: 81/' good.yaml >bad-port.yaml
printf 'a: b\n  c: [\n' >broken.yaml

t "no command" 2 "usage: sdingress COMMAND" "$s"
t "unknown command" 2 'no command "transalte"' "$s" transalte
t "unknown command, with a hint" 2 "did you mean translate?" "$s" translat
t "help" 0 "translate" "$s" help
cluster='kubectl get ingress,ingressclass,svc,endpointslices,secrets,configmaps -A -o yaml' # all that is read
t "help says what to get from a cluster" 0 "$cluster" "$s" help
for text in README.md quickstart doc/sdingress.1; do
	t "$text says what to get from a cluster" 0 "$cluster" cat "$top/$text"
done
t "help of a command lists every setting" 0 "--default-ssl-certificate NS/NAME" "$s" help translate
t "--version" 0 "sdingress 0." "$s" --version
t "version as json" 0 '"libsdingress"' "$s" version --format json
t "no input" 2 "wants an INPUT" "$s" translate
t "unknown option, with a hint" 2 "did you mean --ingress-class?" "$s" translate --ingres-class x good.yaml
t "the hint knows the command's own options" 2 "did you mean --out?" "$s" translate --outt x good.yaml
t "no hint to an option that the command does not take" 2 "no option --http-port here" "$s" version --http-port 1
t "an option without its value" 2 "--http-port wants a value" "$s" translate --http-port
t "an invalid value says what to write" 2 "a port from 0 to 65535" "$s" translate --http-port 70000 good.yaml
t "a file that is not there" 2 "not-there.yaml" "$s" translate not-there.yaml
t "text that is no YAML says where" 2 "broken.yaml:2:" "$s" translate --out b broken.yaml
t "a broken document beside a good one is status 1" 1 "1 backend," sh_ "{ cat good.yaml; echo ---; cat broken.yaml; } >mixed.yaml; '$s' translate --out m mixed.yaml"
t "an error is status 1" 1 "port" "$s" translate --out e bad-port.yaml
t "a warning is status 0" 0 "warnings" "$s" translate --out w good.yaml
t "--strict makes a warning status 1" 1 "service" "$s" translate --strict --out w2 bad-port.yaml
t "json diagnostics are an object a line" 1 '"reason":"port-not-found"' "$s" translate --format json --out j bad-port.yaml
t "standard input" 0 "web.example.org/ demo_web_80" sh_ "'$s' translate - <good.yaml"
t "without --out keys are not shown" 0 "secret: not shown" "$s" translate good.yaml
t "no private key on standard output" 0 "none" sh_ "'$s' translate good.yaml 2>&1 | grep -q 'PRIVATE KEY' && echo leaked || echo none"
t "a folder" 0 "1 backend," sh_ "mkdir f && cp good.yaml f && '$s' translate --out o1 f"
t "a second run changes nothing" 0 "" sh_ "'$s' translate --out o1 good.yaml && cp -a o1 o2 && '$s' translate --out o1 good.yaml && diff -r o1 o2"
t "settings from a file" 0 "9090" sh_ "printf 'http-port: 9090\nbind:\n- 127.0.0.1\n' >c.yaml; '$s' translate --config c.yaml good.yaml"
t "an option wins over the file, wherever it stands" 0 ":7070" sh_ "'$s' translate --http-port 7070 --config c.yaml good.yaml"
t "settings from a link" 0 "9090" sh_ "ln -s c.yaml link.yaml; '$s' translate --config link.yaml good.yaml"
t "settings from a pipe" 0 "9090" sh_ "cat c.yaml | '$s' translate --config /dev/stdin good.yaml"
t "strict from a file" 1 "2 warnings" sh_ "echo 'strict: true' >s.yaml; sed 's/10.0.0.1/127.0.0.1/' good.yaml >loopback.yaml; '$s' translate --config s.yaml loopback.yaml"
t "the prefix of a file is kept with --out" 0 "origin '/srv/proxy'" sh_ "echo 'prefix: /srv/proxy' >p.yaml; '$s' translate --config p.yaml --out pf good.yaml && cat pf/haproxy.cfg"
t "loops of links in a folder" 0 "1 route," sh_ "mkdir -p l/s && cp good.yaml l && ln -s .. l/s/a && ln -s .. l/s/b && ln -s nowhere l/README && timeout 20 '$s' translate --out ol l"
t "a wrong key in the settings file says where" 2 "c2.yaml:2:" sh_ "printf 'http-port: 9090\nhtp: 1\n' >c2.yaml; '$s' translate --config c2.yaml good.yaml"
t "keys are 0600 in a folder of 0700" 0 "700 600" sh_ "stat -c %a o1/certs o1/certs/default.pem | tr '\n' ' '"
odd="$tmp/a b=(c)~[d]"
t "a path with blanks and brackets" 0 "" sh_ "'$s' translate --out '$odd/h' good.yaml && '$s' translate --to nginx --out '$odd/n' good.yaml"
if command -v haproxy >/dev/null; then t "haproxy takes it" 0 "" haproxy -c -f "$odd/h/haproxy.cfg"; fi
if command -v nginx >/dev/null; then t "nginx takes it" 0 "" nginx -t -c "$odd/n/nginx.conf"; fi
t "the runtime folder is made" 0 "" sh_ "'$s' translate --runtime-dir '$tmp/r/u/n' --out rt good.yaml && test -d '$tmp/r/u/n'"
t "a folder that can't be made" 2 "can't be made" "$s" translate --out /proc/nowhere good.yaml
t "standard output that is full" 2 "can't write" sh_ "'$s' annotations >/dev/full"
t "a report as text" 0 "100 % ready" "$s" report good.yaml
t "a report as json" 0 '"schema":"sdingress-report/1"' "$s" report --format json good.yaml
t "a report as a file" 0 "</html>" sh_ "'$s' report --to nginx --format html --out r.html good.yaml && cat r.html"
t "a report with errors" 1 "blocked" sh_ "sed 's/number: 80/number: 81/' good.yaml | '$s' report -"
t "a report in no known format" 2 "text, json, markdown or html" "$s" report --format pdf good.yaml
t "a report of what can't be read" 2 "input-unreadable" "$s" report good.yaml nowhere.yaml
t "annotations as text" 0 "nginx.ingress.kubernetes.io/ssl-redirect" "$s" annotations ssl-redirect
t "annotations as tsv" 0 "haproxy_reason" "$s" annotations --format tsv
t "annotations as json" 0 '"annotation":"haproxy.org/ssl-redirect"' "$s" annotations --format json haproxytech
t "annotations that nobody knows" 2 "no annotation" "$s" annotations no-such-thing
t "a List from kubectl, with unknown kinds" 0 "kind Pod" sh_ "printf 'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: p}\n' | '$s' translate --out k -"
sed -e 's/port: 80}/port: 80}, {port: 53, protocol: UDP}/' good.yaml >udp.yaml
printf -- '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: udp, namespace: demo}\ndata: {"53": "demo/web:53"}\n' >>udp.yaml
t "an UDP service without endpoints" 0 "nothing is ready behind port 53 " "$s" translate --udp-services-configmap demo/udp --to nginx --out udp udp.yaml
t "the example program" 0 "backend demo_web_80" sh_ "'${SDI_BUILD:?}/examples/translate' <good.yaml"

echo "1..$n"
echo "# $((n - failed)) passed, $failed failed"
[ $failed -eq 0 ]
