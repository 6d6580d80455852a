#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
# A key of ingress-nginx's ConfigMap with the name of an annotation is what holds where the annotation is not: the bundle
# is the same, byte for byte, whether the one says it or the other. What the annotation does is for the behaviour tests.
#
# Needs: SDINGRESS (the program).
set -u
sdingress=${SDINGRESS:?SDINGRESS is not set}
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
n=0 failed=0

# KEY VALUE, none of them what holds anyway; a key that stands twice needs both values to be seen to work.
values() {
	cat <<'T'
client-body-buffer-size 16k
custom-http-errors 404,503
denylist-source-range 10.0.0.0/8
disable-proxy-intercept-errors true
enable-modsecurity true
force-ssl-redirect true
limit-rate 100
limit-rate-after 200
load-balance ewma
preserve-trailing-slash true
proxy-body-size 8m
proxy-buffer-size 64k
proxy-buffering on
proxy-buffers-number 2
proxy-busy-buffers-size 64k
proxy-connect-timeout 7
proxy-cookie-domain a.org b.org
proxy-cookie-path /a /b
proxy-http-version 1.0
proxy-max-temp-file-size 1m
proxy-next-upstream error timeout http_502
proxy-next-upstream-timeout 7
proxy-next-upstream-tries 7
proxy-read-timeout 7
proxy-redirect-from http://a.org/
proxy-redirect-to https://b.org/
proxy-request-buffering on
proxy-send-timeout 7
relative-redirects true
service-upstream true
ssl-redirect false
use-port-in-redirects true
whitelist-source-range 10.0.0.0/8
T
}

# What a key needs beside it to be seen at all, as annotations.
beside() {
	case $1 in
	disable-proxy-intercept-errors) echo "custom-http-errors: '404'" ;;
	limit-rate-after) echo "limit-rate: '100'" ;;
	preserve-trailing-slash) echo "force-ssl-redirect: 'true'" ;;
	proxy-buffers-number | proxy-busy-buffers-size | proxy-max-temp-file-size) echo "proxy-buffering: 'on'" ;;
	proxy-redirect-from) echo "proxy-redirect-to: 'https://b.org/'" ;;
	proxy-redirect-to) echo "proxy-redirect-from: 'http://a.org/'" ;;
	relative-redirects) echo "permanent-redirect: /new" ;;
	use-port-in-redirects) echo "app-root: /x" ;;
	force-ssl-redirect) echo "ssl-redirect: 'false'" ;;
	proxy-next-upstream-timeout | proxy-next-upstream-tries) echo "proxy-next-upstream: 'error timeout'" ;;
	esac
}

objects() { # ANNOTATIONS DATA: lines
	cat <<T
{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: nginx}, spec: {controller: k8s.io/ingress-nginx}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 192.0.2.9, ports: [{port: 80, name: h}]}}
---
{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}, addressType: IPv4, ports: [{name: h, port: 8080}], endpoints: [{addresses: [192.0.2.1]}, {addresses: [192.0.2.2]}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: a
  annotations:
    nginx.ingress.kubernetes.io/enable-access-log: 'true'
$(printf '%s\n' "$1" | sed -n 's|^.|    nginx.ingress.kubernetes.io/&|p')
spec: {ingressClassName: nginx, tls: [{hosts: [a.org]}], rules: [{host: a.org, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: controller}
data:
  hsts: 'true'
$(printf '%s\n' "$2" | sed -n 's|^.|  &|p')
T
}

bundle() { # NAME PROXY ANNOTATIONS DATA
	objects "$3" "$4" >"$tmp/$1.yaml"
	rm -rf "${tmp:?}/$1"
	"$sdingress" translate --to "$2" --out "$tmp/$1" --prefix /bundle --configmap default/controller "$tmp/$1.yaml" \
		2>"$tmp/$1.diags"
	rm -rf "$tmp/$1/.default-certificate.pem" "$tmp/$1/certs" # made anew each time
}

same() {
	diff -r "$tmp/annotation" "$tmp/key" >"$tmp/diff"
}

"$sdingress" annotations --format tsv ingress-nginx-configmap |
	awk -F '\t' '$10 ~ /^What holds where the annotation/ { print $2 }' | sort >"$tmp/keys"
values | awk '{ print $1 }' | sort -u >"$tmp/values"
n=$((n + 1))
if cmp -s "$tmp/keys" "$tmp/values"; then
	echo "ok $n - each such key is here"
else
	failed=$((failed + 1))
	echo "not ok $n - each such key is here"
	diff "$tmp/keys" "$tmp/values" | sed 's/^/# /'
fi
judge() { # TITLE
	n=$((n + 1))
	if same; then
		echo "ok $n - $1"
	else
		failed=$((failed + 1))
		echo "not ok $n - $1"
		head -n 6 "$tmp/diff" | sed 's/^/# /'
	fi
}

judge_seen() { # TITLE
	n=$((n + 1))
	[ -n "$seen" ] && echo "ok $n - $1 is seen" && return
	failed=$((failed + 1))
	echo "not ok $n - $1 is seen: no bundle is other than without it"
}

values >"$tmp/list"
while read -r key value; do
	seen=
	for proxy in haproxy nginx; do
		bundle none $proxy "$(beside "$key")" ""
		bundle annotation $proxy "$(beside "$key")
$key: '$value'" ""
		bundle key $proxy "$(beside "$key")" "$key: '$value'"
		diff -r "$tmp/none" "$tmp/key" >/dev/null || seen=1
		judge "$key ($proxy)"
	done
	judge_seen "$key"
done <"$tmp/list"

# Those of the authentication service have other names.
cat >"$tmp/list" <<'T'
always-set-cookie true
cache-duration 200 1m, 401 2m
cache-key $cookie_a
method POST
request-redirect /there
response-headers X-User
signin https://login.org/start
signin-redirect-param back
T
url="auth-url: 'http://192.0.2.7/auth'"
signin="auth-signin: 'https://login.org/start'"
while read -r key value; do
	seen=
	base=$url
	case $key in
	signin-redirect-param) base="$url
$signin" ;;
	cache-duration) base="$url
auth-cache-key: 'x'" ;;
	esac
	global=$(printf '%s\n' "$base" | sed 's/^/global-/')
	for proxy in haproxy nginx; do
		bundle none $proxy "" "$global"
		bundle annotation $proxy "$base
auth-$key: '$value'" ""
		bundle key $proxy "" "$global
global-auth-$key: '$value'"
		diff -r "$tmp/none" "$tmp/key" >/dev/null || seen=1
		judge "global-auth-$key ($proxy)"
	done
	judge_seen "global-auth-$key"
done <"$tmp/list"
echo "1..$n"
[ $failed -eq 0 ]
