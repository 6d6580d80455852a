#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# What keys of ingress-nginx's ConfigMap make of TLS: sessions that are taken up again, curves, records, early data, OCSP. Real
# proxies on loopback, asked by openssl; an nginx behind them says what it got.
#
# Needs: SDINGRESS (the program), openssl, nginx, and the proxies on PATH or in sbin; SDI_HAPROXY and SDI_NGINX name others.
set -u
sdingress=${SDINGRESS:?SDINGRESS is not set}
PATH=$PATH:/usr/sbin:/usr/local/sbin
tmp=$(mktemp -d) || exit 99
n=0 failed=0 pids=
trap 'kill $pids 2>/dev/null; rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99

for tool in openssl nginx; do
	command -v $tool >/dev/null || { echo "1..0 # SKIP no $tool"; exit 77; }
done
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -subj /CN=a.org \
	-addext subjectAltName=DNS:a.org -days 2 2>openssl.log || { cat openssl.log; exit 99; }

openssl genpkey -genparam -algorithm DH -pkeyopt group:ffdhe3072 -out dh.pem 2>openssl.log || { cat openssl.log; exit 99; }

# Waits until @2 listens or @1 has ended; 5 s at most.
is_up() { # PID PORT
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; do
		kill -0 "$1" 2>/dev/null || return 1
		grep -qE "$(printf ':%04X [0:]+ 0A' "$2")" /proc/net/tcp /proc/net/tcp6 2>/dev/null && return 0
		sleep 0.2
	done
	return 1
}

# Runs "$@" with $port until it stays, on up to five ports.
start() {
	for try in 1 2 3 4 5; do
		port=$((20000 + ($$ * 7 + next) % 12000))
		next=$((next + 3))
		"$@" && is_up "$pid" "$port" && { pids="$pids $pid"; return; }
	done
	return 1
}
next=0 cert=cert.pem default=

echo_server() {
	cat >echo.conf <<T
daemon off; pid echo.pid; error_log stderr;
events {}
http {
	access_log off;
	client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
	server { listen 127.0.0.1:$port; location / { return 200 "early=\$http_early_data $(printf '%4000s' x | tr ' ' x)\n"; } }
}
T
	nginx -p "$tmp" -c "$tmp/echo.conf" 2>echo.log &
	pid=$!
}
start echo_server || { cat echo.log; exit 99; }
echo_port=$port

manifests() { # KEY VALUE...
	cat <<T
{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, spec: {controller: k8s.io/ingress-nginx}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80, name: h}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: web, labels: {kubernetes.io/service-name: web}}, addressType: IPv4, ports: [{name: h, port: $echo_port}], endpoints: [{addresses: [127.0.0.1]}]}
---
{apiVersion: v1, kind: Secret, type: kubernetes.io/tls, metadata: {name: cert}, data: {tls.crt: $(base64 -w0 "$cert"), tls.key: $(base64 -w0 key.pem)}}
---
{apiVersion: v1, kind: Secret, metadata: {name: dh}, data: {dhparam.pem: $(base64 -w0 dh.pem)}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a}
spec: {ingressClassName: nginx, tls: [{hosts: [a.org], secretName: cert}], rules: [{host: a.org, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: controller}
data:
T
	for entry in "$@"; do printf "  %s: '%s'\n" "${entry%%=*}" "${entry#*=}"; done
}

# An authority that answers for the certificates that it issued.
ocsp_server() {
	: >index.txt
	printf '01\n' >serial
	cat >ca.conf <<T
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
default_days = 2
policy = any
copy_extensions = none
[any]
commonName = supplied
[leaf]
subjectAltName = DNS:a.org
authorityInfoAccess = OCSP;URI:http://127.0.0.1:$port
T
	openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=authority -days 2 2>ocsp.log &&
		openssl req -new -key key.pem -out leaf.csr -subj /CN=a.org 2>>ocsp.log &&
		openssl ca -batch -config ca.conf -extensions leaf -in leaf.csr -out leaf.pem -cert ca.pem -keyfile ca.key \
			-notext 2>>ocsp.log && cat leaf.pem ca.pem >stapled.pem || return 1
	openssl ocsp -index index.txt -port "$port" -rsigner ca.pem -rkey ca.key -CA ca.pem -ndays 1 >ocsp.log 2>&1 &
	pid=$!
}
start ocsp_server || { cat ocsp.log; exit 99; }

proxy_server() {
	rm -rf out
	"$sdingress" translate --to "$proxy" --target-version "$version" --out out --prefix "$tmp/out" --runtime-dir "$tmp/run" --bind 127.0.0.1 \
		${default:+--default-ssl-certificate "$default"} --allow-loopback --http-port 0 --https-port "$port" --configmap default/controller in.yaml 2>diags ||
		return 1
	mkdir -p run
	case $proxy in
	haproxy) "$program" -db -q -f out/haproxy.cfg >proxy.log 2>&1 & ;;
	nginx) "$program" -c "$tmp/out/nginx.conf" -g 'daemon off;' >proxy.log 2>&1 & ;;
	esac
	pid=$!
}

serve() { # KEY=VALUE...: the proxy with such a ConfigMap
	manifests "$@" >in.yaml
	start proxy_server && return
	echo "# $proxy did not start:"
	cat diags proxy.log | sed 's/^/# /'
	return 1
}

stop() {
	kill "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
}

client() { # OPTION...
	openssl s_client -connect "127.0.0.1:$port" -servername a.org "$@" 2>&1
}

ask() { # OPTION...: one request
	{ printf 'GET / HTTP/1.1\r\nHost: a.org\r\nConnection: close\r\n\r\n'; sleep 0.5; } | client -ign_eof "$@"
}

t() { # TITLE PATTERN COMMAND...: its output must match; "!PATTERN": must not
	title=$1 pattern=$2
	shift 2
	n=$((n + 1))
	"$@" >answer
	case $pattern in
	!*) ! grep -aEq -e "${pattern#!}" answer ;;
	*) grep -aEq -e "$pattern" answer ;;
	esac && { echo "ok $n - $title ($proxy)"; return; }
	failed=$((failed + 1))
	echo "not ok $n - $title ($proxy)"
	grep -aE '^(New|Reused)|ession|arly|alert|HTTP/' answer | head -n 12 | cut -c -100 | sed 's/^/# /'
}

again() { # OPTION...: the second time
	client "$@" -sess_out session </dev/null >/dev/null
	client "$@" -sess_in session </dev/null
}

early() {
	printf 'GET / HTTP/1.1\r\nHost: a.org\r\nConnection: close\r\n\r\n' >request
	ask -tls1_3 -sess_out session >/dev/null
	sleep 1 | timeout 2 openssl s_client -connect "127.0.0.1:$port" -servername a.org -tls1_3 -sess_in session \
		-early_data request -ign_eof 2>&1
}

told() {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		early >early.out
		grep -q "early=1" early.out && break
	done
	cat early.out
}

# The first handshakes make the proxy ask.
stapled() {
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		client -status </dev/null >status
		grep -q "OCSP Response Status: successful" status && break
		sleep 0.5
	done
	cat status
}

records() { # OPTION...: the longest record of data in bytes
	ask -msg "$@" | sed -n 's/^ *17 03 03 \(..\) \(..\) *$/0x\1\2/p' | while read -r hex; do echo $((hex)); done |
		sort -n | tail -n 1
}

for proxy in haproxy nginx; do
	case $proxy in
	haproxy) program=${SDI_HAPROXY:-haproxy} ;;
	nginx) program=${SDI_NGINX:-nginx} ;;
	esac
	command -v "$program" >/dev/null || { n=$((n + 1)); echo "ok $n - $proxy # SKIP no $program"; continue; }
	version=$("$program" -v 2>&1 | sed -n 's/.*[ /]\([1-9][0-9]*\.[0-9]*\)\..*/\1/p' | head -n 1)
	if serve; then
		t "sessions are taken up again" "^Reused" again -tls1_2 -no_ticket
		t "there are no tickets" "!TLS session ticket:" client -tls1_2 -sess_out session
		t "early data is not taken" "Early data was not sent" early
		t "P-256 is taken" "^New, TLSv1.3" client -groups P-256
		stop
	else
		failed=$((failed + 1))
	fi
	if serve ssl-session-cache=false ssl-ecdh-curve=secp384r1 ssl-buffer-size=1k; then
		t "ssl-session-cache: no session is taken up" "^New" again -tls1_2 -no_ticket
		t "ssl-ecdh-curve: others are refused" "handshake failure" client -groups P-256
		t "ssl-ecdh-curve: that one is taken" "^New, TLSv1.3" client -groups P-384
		t "ssl-buffer-size: no record is longer" '^10[0-9][0-9]$' records -groups P-384
		stop
	else
		failed=$((failed + 1))
	fi
	cert=stapled.pem
	if serve enable-ocsp=true; then
		case $proxy-$version in
		haproxy-2.[4-7]) t "enable-ocsp: HAProxy can't" "OCSP response: no response sent" client -status ;;
		*) t "enable-ocsp: the authority's answer is in the handshake" "Cert Status: good" stapled ;;
		esac
		stop
	else
		failed=$((failed + 1))
	fi
	cert=cert.pem
	if serve ssl-session-tickets=true ssl-session-timeout=77s ssl-session-cache-size=1m; then
		t "ssl-session-tickets: there are some" "TLS session ticket:" client -tls1_2
		t "ssl-session-timeout: they say for how long" "lifetime hint: 77 " client -tls1_2
		stop
	else
		failed=$((failed + 1))
	fi
	default=default/cert # NGINX takes up no session of a process with another default certificate
	key=$(openssl rand -base64 80 | tr -d '\n')
	if serve ssl-session-tickets=true ssl-session-ticket-key="$key" ssl-dh-param=default/dh; then
		t "ssl-dh-param: these are taken" "Server Temp Key: DH, 3072 bits" client -tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256
		client -tls1_2 -sess_out session </dev/null >/dev/null
		stop
	else
		failed=$((failed + 1))
	fi
	if serve ssl-session-tickets=true ssl-session-ticket-key="$key"; then
		t "ssl-session-ticket-key: another process knows the ticket" "^Reused" client -tls1_2 -sess_in session
		stop
	else
		failed=$((failed + 1))
	fi
	if serve ssl-session-tickets=true; then
		t "and without the key it does not" "^New" client -tls1_2 -sess_in session
		stop
	else
		failed=$((failed + 1))
	fi
	default=
	if serve ssl-early-data=true; then
		t "ssl-early-data: it is taken" "Early data was accepted" early
		# Only when the handshake has not ended by then (RFC 8470 5.1), which is a matter of luck: HAProxy has little.
		[ $proxy = haproxy ] || t "ssl-early-data: the application is told" "early=1 " told
		t "ssl-early-data: of other requests it is not" "early= " ask
		stop
	else
		failed=$((failed + 1))
	fi
done
echo "1..$n"
[ $failed -eq 0 ]
