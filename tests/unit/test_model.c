/* SPDX-License-Identifier: BSD-3-Clause */
/* Node trees to typed objects: each row is a manifest, what is made of it, and what is said about it. */
#include "suites.h"
#include "base/buf.h"
#include "base/limits.h"
#include "model/model.h"
#include "source/yaml.h"

/* An object in one line each, so that a row shows what it means. */

static void put(struct sdi_buf *out, const char *name, struct sdi_str value)
{
	if (value.n)
		sdi_buf_printf(out, " %s=" SDI_STR_FMT, name, SDI_STR_ARG(value));
}

static void put_bool(struct sdi_buf *out, const char *name, bool value)
{
	if (value)
		sdi_buf_printf(out, " %s", name);
}

static void put_number(struct sdi_buf *out, const char *name, int64_t value)
{
	if (value)
		sdi_buf_printf(out, " %s=%lld", name, (long long)value);
}

static void dump_backend(struct sdi_buf *out, const struct sdi_backend_ref *ref)
{
	static const char *const types[] = { "none", "service", "resource", "both" };
	sdi_buf_printf(out, " -> %s", types[ref->type]);
	put(out, "service", ref->service);
	put(out, "port", ref->port.name);
	put_number(out, "port", ref->port.number);
	put(out, "resource", ref->resource);
}

static void dump_ingress(struct sdi_buf *out, const struct sdi_ingress *ingress)
{
	static const char *const types[] = { "impl", "exact", "prefix", "unknown" };
	if (ingress->has_class)
		put(out, "class", ingress->class_name);
	if (ingress->default_backend) {
		sdi_buf_lit(out, " default");
		dump_backend(out, ingress->default_backend);
	}
	for (size_t i = 0; i < ingress->n_rules; i++) {
		const struct sdi_ingress_rule *rule = &ingress->rules[i];
		sdi_buf_printf(out, "; rule " SDI_STR_FMT "%s", SDI_STR_ARG(rule->host),
		               rule->has_http ? "" : " (no http)");
		for (size_t p = 0; p < rule->n_paths; p++) {
			sdi_buf_printf(out, " [%s " SDI_STR_FMT, types[rule->paths[p].type],
			               SDI_STR_ARG(rule->paths[p].path));
			dump_backend(out, &rule->paths[p].backend);
			sdi_buf_char(out, ']');
		}
	}
	for (size_t i = 0; i < ingress->n_tls; i++) {
		sdi_buf_printf(out, "; tls " SDI_STR_FMT, SDI_STR_ARG(ingress->tls[i].secret));
		for (size_t h = 0; h < ingress->tls[i].n_hosts; h++)
			put(out, "host", ingress->tls[i].hosts[h]);
	}
}

static void dump_service(struct sdi_buf *out, const struct sdi_service *service)
{
	static const char *const protocols[] = { "tcp", "udp", "sctp" };
	put_bool(out, "external", service->type == SDI_SERVICE_EXTERNAL_NAME);
	put(out, "name", service->external_name);
	put_bool(out, "headless", service->headless);
	put(out, "ip", service->cluster_ip);
	put_bool(out, "publish-not-ready", service->publish_not_ready);
	for (size_t i = 0; i < service->n_ports; i++) {
		const struct sdi_service_port *port = &service->ports[i];
		sdi_buf_printf(out, "; %s %lld", protocols[port->protocol], (long long)port->port);
		put(out, "name", port->name);
		put(out, "target", port->target_name);
		put_number(out, "target", port->target_number);
		put(out, "app", port->app_protocol);
	}
}

static void dump_slice(struct sdi_buf *out, const struct sdi_endpointslice *slice)
{
	for (; slice; slice = slice->next) {
		put(out, "of", slice->service);
		put_bool(out, "fqdn", slice->fqdn);
		for (size_t i = 0; i < slice->n_endpoints; i++) {
			const struct sdi_endpoint *e = &slice->endpoints[i];
			sdi_buf_printf(out, "; " SDI_STR_FMT "%s%s%s", SDI_STR_ARG(e->address),
			               e->ready ? " ready" : "", e->serving ? " serving" : "",
			               e->terminating ? " terminating" : "");
			put(out, "pod", e->target);
		}
		for (size_t i = 0; i < slice->n_ports; i++) {
			sdi_buf_printf(out, "; port %lld", (long long)slice->ports[i].port);
			put(out, "name", slice->ports[i].name);
			put_number(out, "protocol", slice->ports[i].protocol);
		}
		if (slice->next)
			sdi_buf_lit(out, " |");
	}
}

static void dump_secret(struct sdi_buf *out, const struct sdi_secret *secret)
{
	put(out, "type", secret->type);
	for (size_t i = 0; i < secret->n_items; i++) {
		const struct sdi_secret_item *item = &secret->items[i];
		sdi_buf_printf(out, "; " SDI_STR_FMT "=%s" SDI_STR_FMT, SDI_STR_ARG(item->key),
		               item->invalid ? "INVALID" : "", (int)item->value.n, item->value.p);
		ck_assert_ptr_eq(sdi_secret_find(secret, item->key), item);
	}
}

static void dump_pairs(struct sdi_buf *out, const struct sdi_pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sdi_buf_printf(out, "; " SDI_STR_FMT "=" SDI_STR_FMT, SDI_STR_ARG(pairs[i].key),
		               SDI_STR_ARG(pairs[i].value));
}

static void dump(struct sdi_buf *out, const struct sdi_object *object)
{
	sdi_buf_printf(out, "%s " SDI_STR_FMT "/" SDI_STR_FMT, sdi_kind_name[object->kind], SDI_STR_ARG(object->ns),
	               SDI_STR_ARG(object->name));
	put(out, "uid", object->uid);
	put(out, "version", object->version);
	if (object->created_s != INT64_MAX)
		put_number(out, "created", object->created_s);
	dump_pairs(out, object->annotations, object->n_annotations);
	switch (object->kind) {
	case SDI_KIND_INGRESS: dump_ingress(out, (const struct sdi_ingress *)object); break;
	case SDI_KIND_INGRESSCLASS: {
		const struct sdi_ingressclass *class = (const struct sdi_ingressclass *)object;
		put(out, "controller", class->controller);
		put_bool(out, "parameters", class->has_parameters);
		put_bool(out, "default", class->is_default);
		break;
	}
	case SDI_KIND_SERVICE: dump_service(out, (const struct sdi_service *)object); break;
	case SDI_KIND_ENDPOINTSLICE:
	case SDI_KIND_ENDPOINTS: dump_slice(out, (const struct sdi_endpointslice *)object); break;
	case SDI_KIND_SECRET: dump_secret(out, (const struct sdi_secret *)object); break;
	case SDI_KIND_CONFIGMAP: {
		const struct sdi_configmap *map = (const struct sdi_configmap *)object;
		dump_pairs(out, map->data, map->n_data);
		break;
	}
	case SDI_KIND_NAMESPACE: dump_pairs(out, object->labels, object->n_labels); break;
	case SDI_KIND__COUNT: break;
	}
}

/* Manifests in flow style: short, and one line a thing. M(…) is metadata of an object called "x". */

#define ING "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
#define CLASS "apiVersion: networking.k8s.io/v1\nkind: IngressClass\n"
#define SVC "apiVersion: v1\nkind: Service\n"
#define SLICE "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n"
#define EPS "apiVersion: v1\nkind: Endpoints\n"
#define SECRET "apiVersion: v1\nkind: Secret\n"
#define CM "apiVersion: v1\nkind: ConfigMap\n"
#define NSPC "apiVersion: v1\nkind: Namespace\n"
#define X "metadata: {name: x, namespace: ns}\n"
#define X1 "metadata: {name: x}\n"
#define NX "nginx.ingress.kubernetes.io/"
#define S80 "backend: {service: {name: s, port: {number: 80}}}"

static const struct {
	const char *in;
	const char *want; /* NULL: left out */
	const char *said; /* "reason field line", one a line; "": nothing */
} rows[] = {
	/* Every kind, with all its fields */
	{ ING "metadata: {name: x.y, namespace: ns, uid: u-1, resourceVersion: '12', creationTimestamp: "
	      "'2026-01-31T12:00:00Z',"
	      " annotations: {b/c: d, haproxy.org/z: '', " NX "a: '1', kubernetes.io/ingress.class: k}}\n"
	      "spec:\n"
	      "  ingressClassName: c\n"
	      "  defaultBackend: {service: {name: d, port: {name: http}}}\n"
	      "  tls: [{hosts: [a.b, c.d], secretName: t}, {hosts: [e.f]}]\n"
	      "  rules:\n"
	      "  - host: a.b\n"
	      "    http: {paths: [{path: /p, pathType: Prefix, " S80 "}, {path: /e, pathType: Exact, " S80 "}]}\n"
	      "  - http: {paths: [{pathType: ImplementationSpecific, backend: {resource: {apiGroup: g, kind: k, name: "
	      "r}}}]}\n"
	      "  - host: only.host\n",
	  "Ingress ns/x.y uid=u-1 version=12 created=1769860800; haproxy.org/z=; kubernetes.io/ingress.class=k; " NX
	  "a=1"
	  " class=c default -> service service=d port=http"
	  "; rule a.b [prefix /p -> service service=s port=80] [exact /e -> service service=s port=80]"
	  "; rule  [impl  -> resource resource=g/k/r]; rule only.host (no http)"
	  "; tls t host=a.b host=c.d; tls  host=e.f",
	  "" },
	{ CLASS "metadata: {name: nginx, namespace: ignored, annotations: "
	        "{ingressclass.kubernetes.io/is-default-class: 'true'}}\n"
	        "spec: {controller: k8s.io/ingress-nginx, parameters: {kind: K, name: p}}\n",
	  "IngressClass /nginx; ingressclass.kubernetes.io/is-default-class=true controller=k8s.io/ingress-nginx "
	  "parameters "
	  "default",
	  "" },
	{ CLASS X1 "spec: {controller: c/d}\n", "IngressClass /x controller=c/d", "" },
	{ SVC X "spec:\n  clusterIP: 10.0.0.1\n  type: NodePort\n  publishNotReadyAddresses: true\n"
	        "  ports: [{name: http, port: 80, targetPort: web, appProtocol: kubernetes.io/h2c, nodePort: 30000},\n"
	        "    {name: dns, port: 53, targetPort: 5353, protocol: UDP}, {port: 9, protocol: SCTP}]\n",
	  "Service ns/x ip=10.0.0.1 publish-not-ready; tcp 80 name=http target=web app=kubernetes.io/h2c; udp 53 "
	  "name=dns "
	  "target=5353; sctp 9",
	  "" },
	{ SVC X "spec: {clusterIP: None, ports: [{port: 80}]}\n", "Service ns/x headless; tcp 80", "" },
	{ SVC X "spec: {type: ExternalName, externalName: a.example}\n", "Service ns/x external name=a.example", "" },
	{ SLICE
	  "metadata: {name: x-1, namespace: ns, labels: {kubernetes.io/service-name: x, app: y}}\naddressType: IPv4\n"
	  "ports: [{name: http, port: 8080}, {name: '', port: 53, protocol: UDP}, {name: any}]\n"
	  "endpoints:\n"
	  "- {addresses: [10.0.0.1, 10.0.0.9], targetRef: {kind: Pod, name: p-1}}\n"
	  "- {addresses: [10.0.0.2], conditions: {ready: false, serving: true, terminating: true}}\n"
	  "- {addresses: [10.0.0.3], conditions: {ready: false}}\n"
	  "- {addresses: ['2001:db8::1'], conditions: {ready: null, serving: null, terminating: null}}\n"
	  "- {addresses: [10.0.0.4], conditions: {ready: true, serving: false}}\n",
	  "EndpointSlice ns/x-1 of=x; 10.0.0.1 ready serving pod=p-1; 10.0.0.2 serving terminating; 10.0.0.3; "
	  "2001:db8::1 ready serving; 10.0.0.4 ready; port 8080 name=http; port 53 protocol=1; port 0 name=any",
	  "" },
	{ SLICE X "addressType: FQDN\nendpoints: null\nports: null\n", "EndpointSlice ns/x fqdn", "" },
	{ EPS X
	  "subsets:\n"
	  "- {addresses: [{ip: 10.0.0.1, targetRef: {name: p}}, {ip: 10.0.0.2}], notReadyAddresses: [{ip: 10.0.0.3}],\n"
	  "   ports: [{port: 80}]}\n"
	  "- {addresses: [{ip: 10.0.0.4}], ports: [{name: m, port: 81}]}\n",
	  "Endpoints ns/x of=x; 10.0.0.1 ready serving pod=p; 10.0.0.2 ready serving; 10.0.0.3; port 80 | of=x; "
	  "10.0.0.4 ready serving; port 81 name=m",
	  "" },
	{ EPS X, "Endpoints ns/x of=x", "" },
	{ SECRET X "type: kubernetes.io/tls\ndata: {tls.key: a2V5, tls.crt: Y2VydA==}\n",
	  "Secret ns/x type=kubernetes.io/tls; tls.crt=cert; tls.key=key", "" },
	{ SECRET X "data: {b: eA==, a: eA==, z: null}\nstringData: {c: plain, a: over}\n",
	  "Secret ns/x type=Opaque; a=over; b=x; c=plain; z=", "" },
	{ SECRET X "type: helm.sh/release.v1\ndata: {release: eA==}\n", "Secret ns/x type=helm.sh/release.v1", "" },
	{ SECRET X "type: kubernetes.io/service-account-token\ndata: {token: eA==}\n",
	  "Secret ns/x type=kubernetes.io/service-account-token", "" },
	{ SECRET X "type: kubernetes.io/dockerconfigjson\ndata: {x: eA==}\n",
	  "Secret ns/x type=kubernetes.io/dockerconfigjson", "" },
	{ SECRET X "type: my/own\ndata: {x: eA==}\n", "Secret ns/x type=my/own; x=x", "" },
	{ CM X "data: {b: '2', a: x, 'odd key': ''}\nbinaryData: {z: eA==}\n",
	  "ConfigMap ns/x; a=x; b=2; odd key=", "" },
	{ NSPC "metadata: {name: team, labels: {b: c, a: d}}\n", "Namespace /team; a=d; b=c", "" },

	/* Which objects: group, version and kind */
	{ "apiVersion: extensions/v1beta1\nkind: Ingress\n" X, NULL, "api-version apiVersion 1" },
	{ "apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\n" X, NULL, "api-version apiVersion 1" },
	{ "apiVersion: networking.k8s.io/v1beta1\nkind: IngressClass\n" X, NULL, "api-version apiVersion 1" },
	{ "apiVersion: discovery.k8s.io/v1beta1\nkind: EndpointSlice\n" X, NULL, "api-version apiVersion 1" },
	{ "apiVersion: networking.k8s.io/v2\nkind: Ingress\n" X, NULL, "api-version apiVersion 1" },
	{ "apiVersion: v2\nkind: Service\n" X, NULL, "api-version apiVersion 1" },
	{ "apiVersion: networking.internal.knative.dev/v1alpha1\nkind: Ingress\n" X, NULL,
	  "unused Ingress of networking.internal.knative.dev/v1alpha1" },
	{ "apiVersion: serving.knative.dev/v1\nkind: Service\n" X, NULL, "unused Service of serving.knative.dev/v1" },
	{ "apiVersion: v1\nkind: Ingress\n" X, NULL, "unused Ingress of v1" },
	{ "apiVersion: v1\nkind: Pod\n" X, NULL, "unused Pod" },
	{ "apiVersion: apps/v1\nkind: Deployment\n" X, NULL, "unused Deployment" },
	{ "kind: Ingress\n" X, NULL, "field-missing apiVersion 1" },
	{ "apiVersion: v1\n" X, NULL, "field-missing kind 1" },
	{ "apiVersion: v1\nkind: [Service]\n" X, NULL, "field-missing kind 1" },
	{ "- a\n", NULL, "field-missing apiVersion 1" },
	{ "just text\n", NULL, "field-missing apiVersion 1" },
	{ "", NULL, "" },

	/* metadata: a wrong one costs the object */
	{ SVC, NULL, "field-missing metadata.name 1" },
	{ SVC "metadata: {}\n", NULL, "field-missing metadata.name 1" },
	{ SVC "metadata: []\n", NULL, "field-invalid metadata 3" },
	{ SVC "metadata: {name: 12}\n", NULL, "field-invalid metadata.name 3" },
	{ SVC "metadata:\n  name: x\n  namespace: 12\n", NULL, "field-invalid metadata.namespace 5" },
	{ SVC X1, "Service default/x", "" },
	{ SVC "metadata: {name: x, namespace: ''}\n", "Service default/x", "" },
	{ SVC "metadata: {name: a.b}\n", NULL, "name-invalid metadata.name 1" },
	{ SVC "metadata: {name: A}\n", NULL, "name-invalid metadata.name 1" },
	{ SVC "metadata: {name: '../x'}\n", NULL, "name-invalid metadata.name 1" },
	{ SVC "metadata: {name: \"a\\nb\"}\n", NULL, "name-invalid metadata.name 1" },
	{ ING "metadata: {name: 'a/b'}\n", NULL, "name-invalid metadata.name 1" },
	{ ING "metadata: {name: a..b}\n", NULL, "name-invalid metadata.name 1" },
	{ SVC "metadata: {name: x, namespace: a.b}\n", NULL, "name-invalid metadata.namespace 1" },
	{ SVC "metadata: {name: x, namespace: '..'}\n", NULL, "name-invalid metadata.namespace 1" },
	{ NSPC "metadata: {name: a.b}\n", NULL, "name-invalid metadata.name 1" },
	{ CM "metadata: {name: x, resourceVersion: 12, uid: [], creationTimestamp: soon}\n", "ConfigMap default/x",
	  "field-invalid metadata.creationTimestamp 3\nfield-invalid metadata.resourceVersion 3\nfield-invalid "
	  "metadata.uid 3" },

	/* Annotations: none may get lost unseen */
	{ SVC "metadata: {name: x, annotations: []}\n", NULL, "field-invalid metadata.annotations 3" },
	{ SVC "metadata: {name: x, annotations: null}\n", "Service default/x", "" },
	{ SVC "metadata:\n  name: x\n  annotations:\n    " NX "a: true\n    " NX "b: 8\n    other/c: 9\n    " NX "d:\n",
	  "Service default/x; " NX "a=true; " NX "b=8; " NX "d=",
	  "value-unquoted " NX "a 6\nvalue-unquoted " NX "b 7" },
	{ SVC "metadata:\n  name: x\n  annotations:\n    " NX "a: {b: c}\n", NULL, "field-invalid " NX "a 6" },
	{ SVC "metadata:\n  name: x\n  annotations:\n    haproxy.org/a: [b]\n", NULL, "field-invalid haproxy.org/a 6" },
	{ SVC "metadata:\n  name: x\n  annotations:\n    other/a: [b]\n", "Service default/x", "" },
	{ NSPC "metadata: {name: x, labels: {a: {}}}\n", NULL, "field-invalid metadata.labels.a 3" },
	{ SLICE "metadata: {name: x, labels: []}\n", NULL, "field-invalid metadata.labels 3" },

	/* Ingress: the smallest part goes */
	{ ING X "spec: x\n", NULL, "field-invalid spec 4" },
	{ ING X "spec: {ingressClassName: 1}\n", NULL, "field-invalid spec.ingressClassName 4" },
	{ ING X "spec: {ingressClassName: ''}\n", "Ingress ns/x", "field-missing spec 1" },
	{ ING X, "Ingress ns/x", "field-missing spec 1" },
	{ ING X "spec: {defaultBackend: 1}\n", "Ingress ns/x",
	  "field-missing spec 1\nfield-invalid spec.defaultBackend 4" },
	{ ING X "spec: {defaultBackend: {service: {name: s, port: {number: x}}}}\n", "Ingress ns/x default -> none",
	  "field-invalid spec.defaultBackend.service.port.number 4" },
	{ ING X "spec: {rules: {}, tls: x}\n", "Ingress ns/x",
	  "field-missing spec 1\nfield-invalid spec.rules 4\nfield-invalid spec.tls 4" },
	{ ING X "spec: {rules: {}, defaultBackend: {service: {name: s, port: {number: 80}}}}\n", NULL,
	  "field-invalid spec.rules 1\nfield-invalid spec.rules 4" },
	{ ING X "spec: {rules: [{host: 1}], defaultBackend: {service: {name: s, port: {number: 80}}}}\n", NULL,
	  "field-invalid spec.rules 1\nfield-invalid spec.rules[0].host 4" },
	{ ING X "spec: {rules: [], defaultBackend: {service: {name: s, port: {number: 80}}}}\n",
	  "Ingress ns/x default -> service service=s port=80", "" },
	{ ING X "spec:\n  rules:\n  - x\n  - host: 1\n  - http: []\n    host: h\n  - host: i\n    http: {paths: 1}\n  "
	        "- host: j\n",
	  "Ingress ns/x; rule i; rule j (no http)",
	  "field-invalid spec.rules[0] 6\nfield-invalid spec.rules[1].host 7\nfield-invalid spec.rules[2].http 8\n"
	  "field-invalid spec.rules[3].http.paths 11" },
	{ ING X
	  "spec:\n  rules:\n  - host: h\n    http:\n      paths:\n      - x\n      - path: 1\n      - pathType: []\n"
	  "      - {path: /ok, " S80 "}\n      - {path: /a}\n      - {path: /b, backend: 1}\n",
	  "Ingress ns/x; rule h [impl /ok -> service service=s port=80] [impl /a -> none] [impl /b -> none]",
	  "field-invalid spec.rules[0].http.paths[0] 9\nfield-invalid spec.rules[0].http.paths[1].path 10\n"
	  "field-invalid spec.rules[0].http.paths[2].pathType 11\nfield-invalid spec.rules[0].http.paths[5].backend "
	  "14" },
	{ ING X "spec:\n  rules:\n  - host: h\n    http:\n      paths:\n"
	        "      - {path: /a, backend: {service: 1}}\n      - {path: /b, backend: {service: {name: 1}}}\n"
	        "      - {path: /c, backend: {service: {name: s, port: 80}}}\n"
	        "      - {path: /d, backend: {service: {name: s, port: {number: '80'}}}}\n"
	        "      - {path: /e, backend: {service: {name: s, port: {name: 80}}}}\n"
	        "      - {path: /f, backend: {resource: []}}\n      - {path: /g, backend: {serviceName: s, "
	        "servicePort: 80}}\n",
	  "Ingress ns/x; rule h [impl /a -> none] [impl /b -> none] [impl /c -> none] [impl /d -> none] [impl /e -> "
	  "none] "
	  "[impl /f -> none] [impl /g -> none]",
	  "field-invalid spec.rules[0].http.paths[0].backend.service 9\n"
	  "field-invalid spec.rules[0].http.paths[1].backend.service.name 10\n"
	  "field-invalid spec.rules[0].http.paths[2].backend.service.port 11\n"
	  "field-invalid spec.rules[0].http.paths[3].backend.service.port.number 12\n"
	  "field-invalid spec.rules[0].http.paths[4].backend.service.port.name 13\n"
	  "field-invalid spec.rules[0].http.paths[5].backend.resource 14\n"
	  "field-invalid spec.rules[0].http.paths[6].backend 15" },
	{ ING X
	  "spec:\n  rules:\n  - http: {paths: [{pathType: prefix, backend: {service: {name: s}, resource: {}}}]}\n",
	  "Ingress ns/x; rule  [unknown  -> both service=s resource=//]", "" },
	{ ING X
	  "spec:\n  rules: [{host: h}]\n  tls:\n  - x\n  - {secretName: 1}\n  - {hosts: [a, 1, {}], secretName: t}\n"
	  "  - {hosts: a}\n",
	  "Ingress ns/x; rule h (no http); tls t host=a; tls ",
	  "field-invalid spec.tls[0] 7\nfield-invalid spec.tls[1].secretName 8\nfield-invalid spec.tls[2].hosts[1] 9\n"
	  "field-invalid spec.tls[2].hosts[2] 9\nfield-invalid spec.tls[3].hosts 10" },

	/* The others */
	{ CLASS X1 "spec: {controller: 1}\n", NULL, "field-invalid spec.controller 4" },
	{ CLASS X1 "spec: {controller: c, parameters: 1}\n", "IngressClass /x controller=c",
	  "field-invalid spec.parameters 4" },
	{ SVC X "spec: []\n", NULL, "field-invalid spec 4" },
	{ SVC X "spec: {type: 1}\n", NULL, "field-invalid spec.type 4" },
	{ SVC X "spec: {publishNotReadyAddresses: 'yes'}\n", NULL, "field-invalid spec.publishNotReadyAddresses 4" },
	{ SVC X
	  "spec:\n  ports:\n  - {port: '80'}\n  - {port: 0}\n  - {port: 65536}\n  - {port: 80.5}\n  - {name: p}\n"
	  "  - {port: 1, protocol: tcp}\n  - {port: 2, targetPort: []}\n  - {port: 3, name: 3}\n  - {port: 4}\n  - 5\n",
	  "Service ns/x; tcp 4",
	  "field-invalid spec.ports[0].port 6\nfield-invalid spec.ports[1].port 7\nfield-invalid spec.ports[2].port 8\n"
	  "field-invalid spec.ports[3].port 9\nfield-missing spec.ports[4].port 10\n"
	  "field-invalid spec.ports[5].protocol 11\nfield-invalid spec.ports[6].targetPort 12\n"
	  "field-invalid spec.ports[7].name 13\nfield-invalid spec.ports[9] 15" },
	{ SLICE X "addressType: 1\n", NULL, "field-invalid addressType 4" },
	{ SLICE X "endpoints:\n- x\n- {}\n- {addresses: []}\n- {addresses: [1]}\n- {addresses: [a], conditions: "
	          "{ready: 'false'}}\n"
	          "- {addresses: [b], conditions: []}\n- {addresses: [c], targetRef: 1}\n- {addresses: [d], targetRef: "
	          "{name: 1}}\n"
	          "ports: [1, {port: x}, {port: 80}]\n",
	  "EndpointSlice ns/x; c ready serving; d ready serving; port 80",
	  "field-invalid endpoints[0] 5\nfield-missing endpoints[1].addresses 6\nfield-missing endpoints[2].addresses "
	  "7\n"
	  "field-invalid endpoints[3].addresses[0] 8\nfield-invalid endpoints[4].conditions.ready 9\n"
	  "field-invalid endpoints[5].conditions 10\nfield-invalid endpoints[6].targetRef 11\n"
	  "field-invalid endpoints[7].targetRef.name 12\nfield-invalid ports[0] 13\nfield-invalid ports[1].port 13" },
	{ EPS X "subsets:\n- x\n- {addresses: [{ip: 1}, {}, {ip: a}]}\n", "Endpoints ns/x of=x; a ready serving",
	  "field-invalid subsets[0] 5\nfield-invalid subsets[1].addresses[0].ip 6\n"
	  "field-missing subsets[1].addresses[1].ip 6" },
	{ SECRET X "data: [a]\n", NULL, "field-invalid data 4" },
	{ SECRET X "data:\n  a: 'not base64!'\n  b: [x]\nstringData:\n  c: 12\n  d: ok\n",
	  "Secret ns/x type=Opaque; a=INVALID; b=INVALID; c=INVALID; d=ok",
	  "secret-invalid data.a 5\nfield-invalid data.b 6\nfield-invalid stringData.c 8" },
	{ CM X "data:\n  a: true\n  b: x\n", "ConfigMap ns/x; a=true; b=x", "value-unquoted data.a 5" },
	{ CM X "data:\n  a: {}\n", NULL, "field-invalid data.a 5" },
};

static void list_said(struct sdi_buf *out, struct sdi_diags *diags)
{
	sdi_diags_sort(diags);
	for (size_t i = 0; i < sdi_diags_count(diags); i++) {
		const struct sdi_diag *d = sdi_diags_get(diags, i);
		sdi_buf_printf(out, "%s%s %s %u", out->n ? "\n" : "", sdi_diag_reason(d), sdi_diag_field(d),
		               sdi_diag_line(d));
	}
}

/* Each wanted line comes, in any order. */
static void check_said(const struct sdi_buf *said, const char *want)
{
	struct sdi_str line, rest = sdi_str_c(want);
	size_t n = 0;
	while (sdi_str_split(&rest, '\n', &line)) {
		ck_assert_msg(sdi_str_has(sdi_buf_str(said), line), "wanted \"%.*s\", got\n%s", (int)line.n, line.p,
		              said->p ? said->p : "");
		n += line.n + 1;
	}
	ck_assert_msg(said->n == n - 1, "wanted\n%s\ngot\n%s", want, said->p ? said->p : "");
}

START_TEST(makes)
{
	struct sdi_arena tree = { 0 }, arena = { 0 }, scratch = { 0 };
	struct sdi_diags *diags = sdi_diags_new();
	struct sdi_diag_ctx ctx = { .diags = diags, .scratch = &scratch };
	struct sdi_parse_error error;
	struct sdi_str unused = { 0 };
	struct sdi_buf out, said;
	bool oom = false;

	sdi_buf_init(&out, 1 << 16);
	sdi_buf_init(&said, 1 << 16);
	const struct sdi_node *node = sdi_yaml_parse(sdi_str_c(rows[_i].in), &tree, &error);
	ck_assert_ptr_nonnull(node);
	const struct sdi_object *object =
		sdi_model_make(node, (struct sdi_origin){ "f", 1, 1 }, &arena, &ctx, &unused, &oom);
	if (unused.p)
		sdi_buf_printf(&said, "unused " SDI_STR_FMT, SDI_STR_ARG(unused));
	list_said(&said, diags);
	sdi_arena_release(&tree);
	ck_assert(!oom);
	check_said(&said, rows[_i].said);
	if (object)
		dump(&out, object);
	if (rows[_i].want)
		ck_assert_str_eq(out.p ? out.p : "(left out)", rows[_i].want);
	else
		ck_assert_ptr_null(object);
	sdi_buf_release(&out);
	sdi_buf_release(&said);
	sdi_arena_release(&arena);
	sdi_arena_release(&scratch);
	sdi_diags_free(diags);
}
END_TEST

/* One field of an object, by a function of its own, without a tree of its own for each. */
static struct sdi_object *make(const char *in, struct sdi_arena *arena, struct sdi_diags *diags)
{
	struct sdi_arena tree = { 0 };
	struct sdi_diag_ctx ctx = { .diags = diags };
	struct sdi_parse_error error;
	struct sdi_str unused;
	bool oom = false;
	const struct sdi_node *node = sdi_yaml_parse(sdi_str_c(in), &tree, &error);
	struct sdi_object *object = sdi_model_make(node, (struct sdi_origin){ "", 0, 0 }, arena, &ctx, &unused, &oom);
	sdi_arena_release(&tree);
	return object;
}

static const struct {
	const char *in;
	bool ok;
	long long want;
} times[] = {
	{ "1970-01-01T00:00:00Z", true, 0 },
	{ "1969-12-31T23:59:59Z", true, -1 },
	{ "2000-02-29T00:00:00Z", true, 951782400 },
	{ "2024-02-29T12:34:56Z", true, 1709210096 },
	{ "2026-01-31T12:00:00.123456Z", true, 1769860800 },
	{ "2026-01-31T14:00:00+02:00", true, 1769860800 },
	{ "2026-01-31T06:30:00-05:30", true, 1769860800 },
	{ "9999-12-31T23:59:59Z", true, 253402300799 },
	{ "0001-01-01T00:00:00Z", true, -62135596800 },
	{ "2023-02-29T00:00:00Z", false, 0 },
	{ "1900-02-29T00:00:00Z", false, 0 },
	{ "2026-13-01T00:00:00Z", false, 0 },
	{ "2026-00-01T00:00:00Z", false, 0 },
	{ "2026-01-00T00:00:00Z", false, 0 },
	{ "2026-01-01T24:00:00Z", false, 0 },
	{ "2026-01-01T00:60:00Z", false, 0 },
	{ "2026-01-01T00:00:60Z", false, 0 },
	{ "2026-01-01T00:00:00", false, 0 },
	{ "2026-01-01T00:00:00+24:00", false, 0 },
	{ "2026-01-01T00:00:00+0200", false, 0 },
	{ "2026-01-01T00:00:00.Z", false, 0 },
	{ "2026-01-01 00:00:00Z", false, 0 },
	{ "2026-1-1T00:00:00Z", false, 0 },
	{ "2026-01-01", false, 0 },
	{ "now", false, 0 },
};

START_TEST(reads_times)
{
	struct sdi_arena arena = { 0 };
	struct sdi_diags *diags = sdi_diags_new();
	char in[200];
	snprintf(in, sizeof(in), CM "metadata: {name: x, creationTimestamp: '%s'}\n", times[_i].in);
	const struct sdi_object *object = make(in, &arena, diags);
	ck_assert_ptr_nonnull(object);
	ck_assert_int_eq(object->created_s, times[_i].ok ? times[_i].want : INT64_MAX);
	ck_assert_uint_eq(sdi_diags_count(diags), times[_i].ok ? 0 : 1);
	sdi_diags_free(diags);
	sdi_arena_release(&arena);
}
END_TEST

static const struct {
	const char *in, *want; /* NULL: invalid */
} base64[] = {
	{ "", "" },
	{ "Zg==", "f" },
	{ "Zm8=", "fo" },
	{ "Zm9v", "foo" },
	{ "Zm9vYg==", "foob" },
	{ "Zm9vYmE=", "fooba" },
	{ "Zm9vYmFy", "foobar" },
	{ "Zm9v\\nYmFy\\r\\n", "foobar" },
	{ "Z\\ng\\n=\\n=", "f" },
	{ "++//", "\xfb\xef\xff" },
	{ "Zg=", NULL },
	{ "Zg", NULL },
	{ "Z", NULL },
	{ "Z===", NULL },
	{ "====", NULL },
	{ "=", NULL },
	{ "Zg==Zg==", NULL },
	{ "Zg===", NULL },
	{ "Zm9v====", NULL },
	{ "Zm9v=", NULL },
	{ "Zm 9v", NULL },
	{ "--__", NULL },
	{ "\xc3\xa4", NULL },
};

START_TEST(decodes_base64)
{
	struct sdi_arena arena = { 0 };
	struct sdi_diags *diags = sdi_diags_new();
	char in[200];
	snprintf(in, sizeof(in), SECRET X "data: {k: \"%s\"}\n", base64[_i].in);
	const struct sdi_secret *secret = (const struct sdi_secret *)make(in, &arena, diags);
	ck_assert_ptr_nonnull(secret);
	const struct sdi_secret_item *item = sdi_secret_find(secret, SDI_STR("k"));
	ck_assert_ptr_nonnull(item);
	ck_assert(item->invalid == !base64[_i].want);
	ck_assert_uint_eq(sdi_diags_count(diags), base64[_i].want ? 0 : 1);
	if (base64[_i].want)
		ck_assert(sdi_str_is(sdi_str_make(item->value.p, item->value.n), base64[_i].want));
	else
		ck_assert_uint_eq(item->value.n, 0);
	ck_assert_ptr_null(sdi_secret_find(secret, SDI_STR("j")));
	sdi_diags_free(diags);
	sdi_arena_release(&arena);
}
END_TEST

/* No diagnostic about a secret holds what is in it. */
START_TEST(secrets_stay_secret)
{
	struct sdi_arena arena = { 0 };
	struct sdi_diags *diags = sdi_diags_new();
	make(SECRET X "data: {a: hush!, b: [hush], c: {hush: hush}}\nstringData: {d: [hush], e: 4711}\n", &arena,
	     diags);
	ck_assert_uint_eq(sdi_diags_count(diags), 5);
	for (size_t i = 0; i < 5; i++) {
		ck_assert_ptr_null(strstr(sdi_diag_text(sdi_diags_get(diags, i)), "hush"));
		ck_assert_ptr_null(strstr(sdi_diag_text(sdi_diags_get(diags, i)), "4711"));
	}
	sdi_diags_free(diags);
	sdi_arena_release(&arena);
}
END_TEST

static const struct {
	const char *in;
	bool label, subdomain, port;
} names[] = {
	{ "a", true, true, true },      { "a-b", true, true, true },         { "0", true, true, false },
	{ "1a", true, true, true },     { "", false, false, false },         { "-a", false, false, false },
	{ "a-", false, false, false },  { "A", false, false, false },        { "a_b", false, false, false },
	{ "a.b", false, true, false },  { "a..b", false, false, false },     { ".a", false, false, false },
	{ "a.", false, false, false },  { "a.-b", false, false, false },     { "a--b", true, true, false },
	{ "a b", false, false, false }, { "\xc3\xa4", false, false, false }, { "a/b", false, false, false },
	{ "a\n", false, false, false },
};

START_TEST(grammars)
{
	struct sdi_str s = sdi_str_c(names[_i].in);
	ck_assert(sdi_name_is_label(s) == names[_i].label);
	ck_assert(sdi_name_is_subdomain(s) == names[_i].subdomain);
	ck_assert(sdi_name_is_port(s) == names[_i].port);
}
END_TEST

START_TEST(grammar_lengths)
{
	char a[300];
	memset(a, 'a', sizeof(a));
	ck_assert(sdi_name_is_label(sdi_str_make(a, 63)) && !sdi_name_is_label(sdi_str_make(a, 64)));
	ck_assert(sdi_name_is_subdomain(sdi_str_make(a, 253)) && !sdi_name_is_subdomain(sdi_str_make(a, 254)));
	ck_assert(!sdi_name_is_label(SDI_STR("a\0b")) && !sdi_name_is_subdomain(SDI_STR("a\0b")));
	ck_assert(!sdi_name_is_label((struct sdi_str){ 0 }) && !sdi_name_is_subdomain((struct sdi_str){ 0 }) &&
	          !sdi_name_is_port((struct sdi_str){ 0 }));
}
END_TEST

/* An annotation over the limit may be a protection: the object goes, not the annotation. */
START_TEST(annotation_limit)
{
	static char in[SDI_LIMIT_ANNOTATIONS_BYTES + 1000];
	struct sdi_arena arena = { 0 };
	struct sdi_diags *diags = sdi_diags_new();
	static const char head[] = SVC "metadata: {name: x, annotations: {" NX "a: ";
	size_t fits = SDI_LIMIT_ANNOTATIONS_BYTES - (sizeof(NX "a") - 1);
	size_t n = fits + (size_t)_i; /* 0: just fits */
	memcpy(in, head, sizeof(head) - 1);
	memset(in + sizeof(head) - 1, 'v', n);
	memcpy(in + sizeof(head) - 1 + n, "}}", 3);
	const struct sdi_object *object = make(in, &arena, diags);
	ck_assert((object != NULL) == (_i == 0));
	ck_assert_uint_eq(sdi_diags_count(diags), (unsigned)_i);
	if (_i)
		ck_assert_str_eq(sdi_diag_reason(sdi_diags_get(diags, 0)), "limit");
	else
		ck_assert_uint_eq(sdi_object_annotation(object, SDI_STR(NX "a"))->n, fits);
	sdi_diags_free(diags);
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(path_limit)
{
	static char in[SDI_LIMIT_RULES * 20 + 1000];
	struct sdi_arena arena = { 0 };
	struct sdi_diags *diags = sdi_diags_new();
	size_t at = (size_t)snprintf(in, sizeof(in), "%s", ING X "spec: {rules: [{http: {paths: [");
	for (int i = 0; i < SDI_LIMIT_RULES + _i; i++)
		at += (size_t)snprintf(in + at, sizeof(in) - at, "{path: /%d},", i);
	snprintf(in + at, sizeof(in) - at, "]}}]}");
	ck_assert((make(in, &arena, diags) != NULL) == (_i == 0));
	ck_assert_uint_eq(sdi_diags_count(diags), (unsigned)_i);
	sdi_diags_free(diags);
	sdi_arena_release(&arena);
}
END_TEST

START_TEST(out_of_memory)
{
	struct sdi_arena tree = { 0 };
	struct sdi_parse_error error;
	const struct sdi_node *node = sdi_yaml_parse(sdi_str_c(rows[_i].in), &tree, &error);
	bool done = false;
	for (long n = 1; !done; n++) {
		struct sdi_arena arena = { .block_bytes = 64 }, scratch = { 0 };
		struct sdi_diag_ctx ctx = { .scratch = &scratch };
		struct sdi_str unused = { 0 };
		bool oom = false;
		ck_assert_int_lt(n, 1000);
		sdi_arena_fail_at = n;
		const struct sdi_object *object =
			sdi_model_make(node, (struct sdi_origin){ "f", 1, 1 }, &arena, &ctx, &unused, &oom);
		done = sdi_arena_fail_at > 0;
		sdi_arena_fail_at = 0;
		ck_assert(!oom || !object);
		ck_assert_ptr_null(arena.oom);
		if (done)
			ck_assert(!oom && (object != NULL) == (rows[_i].want != NULL));
		sdi_arena_release(&arena);
		sdi_arena_release(&scratch);
	}
	sdi_arena_release(&tree);
}
END_TEST

Suite *sdi_suite_model(void)
{
	Suite *suite = suite_create("model");
	TCase *tc = tcase_create("model");
	tcase_add_loop_test(tc, makes, 0, N(rows));
	tcase_add_loop_test(tc, reads_times, 0, N(times));
	tcase_add_loop_test(tc, decodes_base64, 0, N(base64));
	tcase_add_test(tc, secrets_stay_secret);
	tcase_add_loop_test(tc, grammars, 0, N(names));
	tcase_add_test(tc, grammar_lengths);
	tcase_add_loop_test(tc, annotation_limit, 0, 2);
	tcase_add_loop_test(tc, path_limit, 0, 2);
	tcase_add_loop_test(tc, out_of_memory, 0, N(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
