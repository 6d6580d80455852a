#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# The keys of ingress-nginx's ConfigMap: each with values that are fine, all together, and all with values that try to get
# out of their line. Whatever they say, the proxies must start.
#
# Needs: SDINGRESS (the program), and haproxy and nginx on PATH or in sbin.
set -u
. "$(dirname "$0")/starts.inc"

# KEY VALUE, values that are fine; the first one of a key is used when all stand together.
values() {
	cat <<'T'
allow-backend-server-header true
allow-snippet-annotations true
annotations-risk-level Critical
annotation-value-word-blocklist load_module,lua_package
bind-address 127.0.0.1,::1
bind-address 127.0.0.1
debug-connections 192.0.2.0/24,2001:db8::/32
no-tls-redirect-locations /plain,/x
retry-non-idempotent true
proxy-stream-next-upstream false
proxy-stream-next-upstream-tries 0
proxy-stream-next-upstream-timeout 5s
proxy-stream-responses 2
proxy-stream-timeout 1m
block-cidrs 192.0.2.0/24,2001:db8::/32
block-referers bad.org,~*^http://evil
block-user-agents ~*bot,curl
brotli-level 11
brotli-min-length 0
brotli-types text/css text/html
client-body-buffer-size 8k
client-body-timeout 5
client-header-buffer-size 2k
client-header-timeout 5
compute-full-forwarded-for true
custom-http-errors 404,503
disable-ipv6 true
disable-ipv6-dns true
enable-brotli true
enable-aio-write false
enable-aio-write true
enable-modsecurity false
enable-multi-accept true
enable-ocsp true
syslog-host 192.0.2.8
syslog-port 1514
enable-auth-access-log true
enable-access-log-for-default-backend true
access-log-params buffer=16k flush=1m
log-format-upstream $remote_addr "$request" $status $namespace $http_x_a
log-format-escape-json true
log-format-stream $remote_addr $status
skip-access-log-urls /health,~^/x/
disable-http-access-log true
disable-stream-access-log true
enable-multi-accept false
enable-real-ip true
enable-underscores-in-headers true
error-log-level debug
error-log-level emerg
forwarded-for-header X-Real-Client
forwarded-host-header X-Came-To
generate-request-id false
global-allowed-response-headers X-One,X-Two
global-auth-url http://192.0.2.7/auth
grpc-buffer-size-kb 8
grpc-buffer-size-kb 0
gzip-disable msie6
gzip-disable }
gzip-disable ^a"b'c\d
gzip-level 9
gzip-min-length 0
gzip-types text/plain text/html application/*
hide-headers X-One,Server
hsts-max-age 0
http2-max-concurrent-streams 1
http2-max-concurrent-streams 65535
ignore-invalid-headers false
keep-alive 0
keep-alive 3600
keep-alive-requests 1
keep-alive-requests 2147483647
large-client-header-buffers 4 16k
large-client-header-buffers 256 1m
limit-conn-status-code 429
limit-req-status-code 429
limit-conn-zone-variable $http_x_who$host
limit-conn-zone-variable $binary_remote_addr
load-balance ewma
max-worker-connections 1024
max-worker-connections 0
max-worker-open-files 4096
max-worker-open-files 0
no-auth-locations /open,/x
proxy-add-original-uri-header true
proxy-body-size 0
proxy-buffering on
proxy-buffer-size 64k
proxy-buffers-number 2
proxy-read-timeout 5
proxy-real-ip-cidr 192.0.2.0/24,2001:db8::/32
reuse-port true
reuse-port false
server-tokens true
service-upstream true
ssl-buffer-size 512
ssl-buffer-size 16k
ssl-ciphers ECDHE-RSA-AES128-GCM-SHA256
ssl-early-data true
ssl-ecdh-curve X25519:prime256v1
ssl-ecdh-curve auto
ssl-protocols TLSv1.3
ssl-protocols TLSv1.2
ssl-redirect false
ssl-reject-handshake true
ssl-session-cache-size 64k
ssl-session-cache-size 100m
ssl-session-cache false
ssl-session-tickets true
ssl-session-ticket-key MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4
ssl-session-timeout 1m
upstream-keepalive-connections 0
upstream-keepalive-connections 1000
upstream-keepalive-requests 1
upstream-keepalive-time 5m
upstream-keepalive-timeout 1
use-forwarded-headers true
use-gzip true
use-http2 false
use-proxy-protocol true
whitelist-source-range 10.0.0.0/8
worker-cpu-affinity auto
worker-cpu-affinity auto 01
worker-cpu-affinity 0001
worker-processes 2
worker-processes auto
worker-shutdown-timeout 10s
worker-shutdown-timeout 0
T
}

objects() {
	cat <<'T'
---
{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, spec: {controller: k8s.io/ingress-nginx}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 192.0.2.9, ports: [{port: 80, name: h}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}, addressType: IPv4, ports: [{name: h, port: 8080}], endpoints: [{addresses: [192.0.2.1]}, {addresses: [192.0.2.2]}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: plain}
spec: {ingressClassName: nginx, rules: [{host: plain.org, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: rich, annotations: {nginx.ingress.kubernetes.io/backend-protocol: GRPC, nginx.ingress.kubernetes.io/upstream-hash-by: $request_uri, nginx.ingress.kubernetes.io/enable-cors: "true", nginx.ingress.kubernetes.io/limit-rps: "5"}}
spec: {ingressClassName: nginx, tls: [{hosts: [rich.org]}], rules: [{host: rich.org, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: controller}
data:
T
}

entry() { # KEY VALUE: a line of YAML
	printf "  %s: '%s'\n" "$1" "$(printf '%s' "$2" | sed "s/'/''/g")"
}

accepts() { # TITLE PROXY: the proxy starts, and nothing is wrong with any value
	check "$1" "$2" --configmap default/controller || return
	grep -E 'value-invalid|config-unknown|protection-denied' "$tmp/diags" >"$tmp/wrong" || return
	fails "$(cat "$tmp/wrong")"
}

values | while read -r key value; do
	{ objects; entry "$key" "$value"; } >"$tmp/$key.$(printf '%s' "$value" | tr -c 'a-z0-9\n' _)".key
done
for file in "$tmp"/*.key; do
	cp "$file" "$tmp/in.yaml"
	for proxy in haproxy nginx; do
		accepts "$(tail -n 1 "$file" | sed 's/^ *//') starts $proxy" $proxy
	done
done

{ objects; values | awk '!seen[$1]++' | while read -r key value; do entry "$key" "$value"; done; } >"$tmp/in.yaml"
for proxy in haproxy nginx; do
	accepts "all keys together start $proxy" $proxy
done

# All keys at once with a value that none can want; those that restrict access would close everything, so once without.
"$sdingress" annotations --format tsv ingress-nginx-configmap | awk -F '\t' 'NR > 1 { print $2, $5 }' >"$tmp/keys"
i=0
for value in '"; } server { listen 81; } #' "' if TRUE" '1; }' '%[src] ${HOME} $HOME $host' '\' '}' '{' '~*(' '-1' \
	'99999999999999999999' ' ' 'a\nb' "$(printf '%5000s' x | tr ' ' x)"; do
	i=$((i + 1))
	for which in guard none; do
		{
			objects
			awk -v which=$which 'which == "guard" || $2 == "" { print $1 }' "$tmp/keys" | while read -r key; do
				case $value in
				*'\n'*) printf '  %s: "a\\nb"\n' "$key" ;;
				*) entry "$key" "$value" ;;
				esac
			done
		} >"$tmp/in.yaml"
		for proxy in haproxy nginx; do
			check "hostile value $i, $which left open, starts $proxy" $proxy --configmap default/controller
		done
	done
done
ends
