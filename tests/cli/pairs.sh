#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# Any two annotations of ingress-nginx may meet: on one Ingress with a backend that is there, that has no endpoint and
# that is a name, and on two paths of a host with a canary on one. Whatever they are, the proxies must start: a
# configuration that one of them refuses would take all tenants down.
#
# Needs: SDINGRESS (the program), and haproxy and nginx on PATH or in sbin.
set -u
. "$(dirname "$0")/starts.inc"

# NAME VALUE, or NAME+NAME VALUE|VALUE; "@" is the number of the pair.
annotations() {
	cat <<'T'
affinity cookie
affinity+affinity-mode cookie|persistent
allowlist-source-range 127.0.0.0/8
app-root /app
auth-url http://192.0.2.1/x
auth-url+auth-cache-key http://192.0.2.1/x|$remote_addr
auth-url+auth-signin http://192.0.2.1/x|http://a.org/s
auth-type+auth-secret basic|users
auth-type+auth-secret+auth-realm digest|digests|r
backend-protocol HTTPS
backend-protocol GRPC
backend-protocol GRPCS
backend-protocol AUTO_HTTP
backend-protocol FCGI
client-body-buffer-size 1m
connection-proxy-header close
enable-cors true
enable-cors+cors-allow-origin true|https://a.org
custom-http-errors 404,503
default-backend pages
denylist-source-range 10.0.0.0/8
enable-access-log false
enable-rewrite-log true
from-to-www-redirect true
limit-connections 3
limit-rps 5
limit-rate 100
load-balance ewma
mirror-target http://192.0.2.1/m
permanent-redirect https://p.org
temporal-redirect https://t.org
proxy-body-size 8m
proxy-buffer-size 8k
proxy-buffering on
proxy-buffers-number 8
proxy-busy-buffers-size 16k
proxy-cookie-domain a.org b.org
proxy-cookie-path /a /b
proxy-http-version 1.0
proxy-max-temp-file-size 0
proxy-next-upstream error timeout http_502 http_504 http_429 non_idempotent
proxy-next-upstream off
proxy-next-upstream-tries 1
proxy-read-timeout 9
proxy-redirect-from http://x/
proxy-redirect-from default
proxy-request-buffering off
relative-redirects true
rewrite-target /x/$1
satisfy any
server-alias s@.alias.org
service-upstream true
session-cookie-change-on-failure true
ssl-ciphers AES128-SHA
force-ssl-redirect true
upstream-hash-by $request_uri
upstream-hash-by+upstream-hash-by-subset $host|true
upstream-vhost $service_name.org
use-regex true
x-forwarded-prefix /p
T
}

services() {
	for name in web pages other; do
		printf -- '---\n{apiVersion: v1, kind: Service, metadata: {name: %s}, spec: {clusterIP: 192.0.2.9, ports: [{port: 80, name: h}]}}\n' $name
		printf -- '---\n{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: %s-1, labels: {kubernetes.io/service-name: %s}}, addressType: IPv4, ports: [{name: h, port: 8080}], endpoints: [{addresses: [192.0.2.1]}, {addresses: [192.0.2.2]}]}\n' $name $name
	done
	printf -- '---\n{apiVersion: v1, kind: Service, metadata: {name: empty}, spec: {ports: [{port: 80, name: h}]}}\n'
	printf -- '---\n{apiVersion: v1, kind: Service, metadata: {name: name}, spec: {type: ExternalName, externalName: e.example.org}}\n'
	printf -- '---\n{apiVersion: v1, kind: Secret, metadata: {name: users}, stringData: {auth: "a:$1$ab$Bk8rPmzmqSCqV8C7nbSc0/"}}\n'
	printf -- '---\n{apiVersion: v1, kind: Secret, metadata: {name: digests}, stringData: {auth: "a:r:4e1420ea1deffa2e1545b6470ec857f8"}}\n'
}

# Ingresses for all pairs; one of @apart puts the second annotation on a path of its own.
pairs() { # SERVICE apart|together
	annotations | awk -v service="$1" -v apart="$2" '
		function notes(i, n,  names, texts, k, m, out, text) {
			m = split(name[i], names, "+")
			split(value[i], texts, "|")
			for (k = 1; k <= m; k++) {
				text = texts[k]
				sub(/@/, n, text)
				out = out "    nginx.ingress.kubernetes.io/" names[k] ": \x27" text "\x27\n"
			}
			return out
		}
		function ingress(id, host, path, to, annotations) {
			printf "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: %s\n" \
			       "  annotations:\n%sspec: {%srules: [{host: %s, http: {paths: [{path: %s, pathType: " \
			       "ImplementationSpecific, backend: {service: {name: %s, port: {number: 80}}}}]}}]}\n", id,
			       annotations, n % 2 ? "tls: [{hosts: [" host "]}], " : "", host, path, to
		}
		{ name[NR] = $1; value[NR] = substr($0, length($1) + 2) }
		END {
			for (i = 1; i <= NR; i++)
				for (k = i + 1; k <= NR; k++) {
					n++
					if (index("+" name[k] "+", "+" substr(name[i], 1, index(name[i] "+", "+") - 1) "+"))
						continue # the same one twice
					host = "h" n ".org"
					if (apart == "apart") {
						ingress("a" n, host, "/a", service, notes(i, n))
						ingress("b" n, host, "/b", service, notes(k, n))
					} else {
						ingress("a" n, host, "/a", service, notes(i, n) notes(k, n))
					}
					if (n % 7 == 0)
						ingress("c" n, host, "/a", "other", "    nginx.ingress.kubernetes.io/canary: \x27true\x27\n" \
						        "    nginx.ingress.kubernetes.io/canary-weight: \x2730\x27\n")
				}
		}'
}

for proxy in haproxy nginx; do
	for service in web empty name; do
		for where in together apart; do
			{ services; pairs $service $where; } >"$tmp/in.yaml"
			check "annotations $where before $service start $proxy" $proxy
		done
	done
done
ends
