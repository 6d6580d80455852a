#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Does gRPC get through? A real server and a real client, with each proxy between them on loopback: calls, trailers,
streams that go both ways at once, errors, time limits, and who else may say who the caller is. TAP.

Needs: SDINGRESS (the program), openssl, and the proxies on PATH or in sbin; SDI_HAPROXY and SDI_NGINX name others.
"""
import base64
import http.server
import json
import os
import queue
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent import futures

try:
    import grpc
except ImportError:
    print("1..0 # SKIP no python3-grpcio")
    sys.exit(77)

INGRESS = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: %(name)s
  annotations:
    nginx.ingress.kubernetes.io/backend-protocol: GRPC
    nginx.ingress.kubernetes.io/proxy-read-timeout: "2"
%(more)s
spec:
  ingressClassName: nginx
  tls: [{hosts: [%(name)s.example]}]
  rules:
  - host: %(name)s.example
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: calls, port: {number: 80}}}}]}
---
"""
OBJECTS = """
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
---
apiVersion: v1
kind: Service
metadata: {name: calls}
spec: {ports: [{name: grpc, port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: calls, labels: {kubernetes.io/service-name: calls}}
addressType: IPv4
endpoints: [{addresses: [127.0.0.1]}]
ports: [{name: grpc, port: %d}]
---
apiVersion: v1
kind: Secret
metadata: {name: cert}
type: kubernetes.io/tls
data: {tls.crt: %s, tls.key: %s}
---
"""


class Calls(grpc.GenericRpcHandler):
    """Tells the caller its own metadata, or sends back what comes."""

    def service(self, details):
        if details.method == "/lab/Tell":
            return grpc.unary_unary_rpc_method_handler(self.tell)
        return grpc.stream_stream_rpc_method_handler(lambda parts, context: (b"%s!" % part for part in parts))

    def tell(self, request, context):
        if request == b"fail":
            context.abort(grpc.StatusCode.NOT_FOUND, "nothing there")
        if request == b"slow":
            time.sleep(4)
        context.set_trailing_metadata((("x-trail", "end"),))
        metadata = dict(context.invocation_metadata())
        return json.dumps({name: str(value) for name, value in metadata.items()}).encode()


class Decides(http.server.BaseHTTPRequestHandler):
    """An authentication service that says who the caller is."""

    def do_GET(self):
        self.send_response(200 if self.headers.get("authorization") == "known" else 403)
        self.send_header("Authorization", "decided")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET

    def log_message(self, *_):
        pass


class Lab:
    def __init__(self, folder):
        self.folder, self.n, self.failed = folder, 0, 0
        self.server = grpc.server(futures.ThreadPoolExecutor(8))
        self.server.add_generic_rpc_handlers((Calls(),))
        port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()
        decides = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Decides)
        threading.Thread(target=decides.serve_forever, daemon=True).start()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key", "-out", "cert",
                        "-days", "2", "-subj", "/CN=open.example", "-addext",
                        "subjectAltName=DNS:open.example,DNS:asked.example"],
                       cwd=folder, check=True, stderr=subprocess.DEVNULL)
        self.cert = self.read("cert")
        asked = ('    nginx.ingress.kubernetes.io/auth-url: "http://127.0.0.1:%d/"\n'
                 "    nginx.ingress.kubernetes.io/auth-response-headers: Authorization" % decides.server_address[1])
        with open(os.path.join(folder, "in.yaml"), "w") as file:
            file.write(OBJECTS % (port, *(base64.b64encode(self.read(f)).decode() for f in ("cert", "key"))) +
                       INGRESS % {"name": "open", "more": ""} + INGRESS % {"name": "asked", "more": asked})

    def read(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def is_(self, got, wanted, title):
        self.n += 1
        if got == wanted:
            print(f"ok {self.n} - {title}")
            return
        self.failed += 1
        print(f"not ok {self.n} - {title}\n# got {got!r}\n# not {wanted!r}")

    def start(self, target, program):
        """The proxy, once it listens, and its port."""
        out = os.path.join(self.folder, target)
        version = subprocess.run([program, "-v"], capture_output=True, text=True, check=True)
        number = re.search(r"[0-9]+\.[0-9]+\.[0-9]+", version.stdout + version.stderr).group()
        for base in range(5):
            port = 21000 + (os.getpid() * 7 + base * 31) % 9000
            subprocess.run([os.environ["SDINGRESS"], "translate", "--to", target, "--target-version", number, "--out",
                            out, "--prefix", out, "--bind", "127.0.0.1", "--allow-loopback", "--http-port", str(port),
                            "--https-port", str(port + 1), "--default-ssl-certificate", "default/cert", "in.yaml"],
                           cwd=self.folder, check=True, stderr=subprocess.DEVNULL)
            os.makedirs(os.path.join(out, "run"), exist_ok=True)
            command = {"haproxy": ["-db", "-f", out + "/haproxy.cfg"],
                       "nginx": ["-c", out + "/nginx.conf", "-g", "daemon off;"]}[target]
            with open(out + ".log", "w") as log:
                proxy = subprocess.Popen([program, *command], stdout=log, stderr=log)
            for _ in range(50):
                time.sleep(0.1)
                if proxy.poll() is not None:
                    break
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port + 1)) == 0:
                        return proxy, port + 1
            proxy.kill()
            proxy.wait()
        raise SystemExit(f"{target} does not start: {self.read(target + '.log').decode()}")

    def channel(self, port, host):
        return grpc.secure_channel(f"127.0.0.1:{port}", grpc.ssl_channel_credentials(self.cert),
                                   (("grpc.ssl_target_name_override", host), ("grpc.default_authority", host)))

    def talk(self, target, port):
        tell = self.channel(port, "open.example").unary_unary("/lab/Tell")
        answer, call = tell.with_call(b"", metadata=(("authorization", "mine"), ("x-bin-bin", b"\0\1")), timeout=5)
        heard = json.loads(answer)
        self.is_((heard["authorization"], heard["x-bin-bin"], heard["x-forwarded-proto"]), ("mine", str(b"\0\1"), "https"),
                 f"a call gets there with its metadata ({target})")
        self.is_(dict(call.trailing_metadata()).get("x-trail"), "end", f"trailers come back ({target})")
        self.is_(self.error(tell, b"fail"), (grpc.StatusCode.NOT_FOUND, "nothing there"),
                 f"an error of the application is the caller's ({target})")
        self.is_(self.error(tell, b"slow")[0], grpc.StatusCode.UNAVAILABLE,
                 f"a call that takes longer than proxy-read-timeout ends ({target})")
        for host, metadata in (("open.example", ()), ("asked.example", (("authorization", "known"),))):
            self.is_(self.stream(port, host, metadata), [b"0!", b"1!", b"2!"],
                     f"a stream goes both ways at once, {host} ({target})")
        tell = self.channel(port, "asked.example").unary_unary("/lab/Tell")
        heard = json.loads(tell(b"", metadata=(("authorization", "known"),), timeout=5))
        self.is_(heard["authorization"], "decided", f"who decides says who the caller is ({target})")
        self.is_(self.error(tell, b"")[0], grpc.StatusCode.PERMISSION_DENIED,
                 f"who is not let in does not get there ({target})")

    def stream(self, port, host, metadata):
        """Each part is only sent when the answer to the one before is there."""
        parts, got = queue.Queue(), []
        call = self.channel(port, host).stream_stream("/lab/Back")(iter(parts.get, None), metadata=metadata, timeout=5)
        try:
            for i in range(3):
                parts.put(b"%d" % i)
                got.append(next(call))
        except (grpc.RpcError, StopIteration) as error:
            got.append(error)
        parts.put(None)
        return got

    def error(self, method, request):
        try:
            return "no error", method(request, timeout=10)
        except grpc.RpcError as error:
            return error.code(), error.details()


def main():
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(folder)
        for target in ("haproxy", "nginx"):
            program = os.environ.get("SDI_" + target.upper()) or shutil.which(target, path=path)
            if not program:
                print(f"1..0 # SKIP no {target}")
                return 77
            proxy, port = lab.start(target, program)
            try:
                lab.talk(target, port)
            finally:
                proxy.terminate()
                proxy.wait()
        lab.server.stop(0)
        print(f"1..{lab.n}")
        return int(lab.failed > 0)


sys.exit(main())
