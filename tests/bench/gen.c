/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Prints a cluster dump for the benchmark: `gen N json|yaml`. N Ingresses as the API server stores them (managedFields,
 * status, last-applied annotation), a Service and an EndpointSlice for every second one, a TLS Secret for every
 * hundredth (wildcard certificates shared by the hosts below them; the PEM comes from the file named by the third
 * argument, so that it is a real one).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int yaml;

static void managed_fields(const char *manager, const char *fields)
{
	if (yaml)
		printf("    managedFields:\n    - apiVersion: networking.k8s.io/v1\n      fieldsType: FieldsV1\n"
		       "      fieldsV1:\n%s      manager: %s\n      operation: Update\n      time: \"2026-01-01T00:00:00Z\"\n",
		       fields, manager);
	else
		printf("\"managedFields\":[{\"manager\":\"%s\",\"operation\":\"Update\",\"apiVersion\":\"networking.k8s.io/v1\","
		       "\"time\":\"2026-01-01T00:00:00Z\",\"fieldsType\":\"FieldsV1\",\"fieldsV1\":%s}],",
		       manager, fields);
}

static const char ingress_fields_json[] =
	"{\"f:metadata\":{\"f:annotations\":{\".\":{},\"f:kubectl.kubernetes.io/last-applied-configuration\":{},"
	"\"f:nginx.ingress.kubernetes.io/ssl-redirect\":{}},\"f:labels\":{\".\":{},\"f:app.kubernetes.io/name\":{},"
	"\"f:app.kubernetes.io/instance\":{}}},\"f:spec\":{\"f:ingressClassName\":{},\"f:rules\":{},\"f:tls\":{}}}";
static const char ingress_fields_yaml[] =
	"        f:metadata:\n          f:annotations:\n            .: {}\n"
	"            f:kubectl.kubernetes.io/last-applied-configuration: {}\n"
	"            f:nginx.ingress.kubernetes.io/ssl-redirect: {}\n          f:labels:\n            .: {}\n"
	"            f:app.kubernetes.io/name: {}\n            f:app.kubernetes.io/instance: {}\n"
	"        f:spec:\n          f:ingressClassName: {}\n          f:rules: {}\n          f:tls: {}\n";
static const char service_fields_json[] =
	"{\"f:spec\":{\"f:internalTrafficPolicy\":{},\"f:ports\":{\".\":{},\"k:{\\\"port\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":{}},"
	"\"f:selector\":{},\"f:sessionAffinity\":{},\"f:type\":{}}}";
static const char service_fields_yaml[] =
	"        f:spec:\n          f:internalTrafficPolicy: {}\n          f:ports:\n            .: {}\n"
	"            k:{\"port\":80,\"protocol\":\"TCP\"}: {}\n          f:selector: {}\n          f:type: {}\n";

static int first = 1;

static void item(void)
{
	if (yaml)
		printf("- ");
	else
		printf("%s", first ? "" : ",\n");
	first = 0;
}

static void ingress(int i)
{
	int app = i / 2;
	item();
	if (yaml) {
		printf("apiVersion: networking.k8s.io/v1\n  kind: Ingress\n  metadata:\n    annotations:\n"
		       "      kubectl.kubernetes.io/last-applied-configuration: |\n"
		       "        {\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"Ingress\",\"metadata\":{\"name\":\"app-%d\"},"
		       "\"spec\":{\"rules\":[{\"host\":\"app-%d.z%d.example.org\"}]}}\n"
		       "      nginx.ingress.kubernetes.io/ssl-redirect: \"true\"\n"
		       "    creationTimestamp: \"2026-01-01T00:00:00Z\"\n    generation: 1\n    labels:\n"
		       "      app.kubernetes.io/instance: app-%d\n      app.kubernetes.io/name: app\n",
		       i, i, i / 100, i);
		managed_fields("kubectl-client-side-apply", ingress_fields_yaml);
		printf("    name: app-%d\n    namespace: team-%d\n    resourceVersion: \"%d\"\n"
		       "    uid: 3d1b9a52-6c1e-4c9e-9a0e-%012d\n  spec:\n    ingressClassName: nginx\n    rules:\n"
		       "    - host: app-%d.z%d.example.org\n      http:\n        paths:\n        - backend:\n"
		       "            service:\n              name: app-%d\n              port:\n                name: http\n"
		       "          path: /\n          pathType: Prefix\n        - backend:\n            service:\n"
		       "              name: app-%d\n              port:\n                number: 80\n"
		       "          path: /api/v1\n          pathType: Prefix\n    tls:\n    - hosts:\n"
		       "      - app-%d.z%d.example.org\n      secretName: wildcard-%d\n  status:\n    loadBalancer:\n"
		       "      ingress:\n      - ip: 192.0.2.10\n",
		       i, i / 100, 100000 + i, i, i, i / 100, app, app, i, i / 100, i / 100);
		return;
	}
	printf("{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"Ingress\",\"metadata\":{\"name\":\"app-%d\","
	       "\"namespace\":\"team-%d\",\"uid\":\"3d1b9a52-6c1e-4c9e-9a0e-%012d\",\"resourceVersion\":\"%d\",\"generation\":1,"
	       "\"creationTimestamp\":\"2026-01-01T00:00:00Z\",\"labels\":{\"app.kubernetes.io/instance\":\"app-%d\","
	       "\"app.kubernetes.io/name\":\"app\"},",
	       i, i / 100, i, 100000 + i, i);
	managed_fields("kubectl-client-side-apply", ingress_fields_json);
	printf("\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":\"{\\\"apiVersion\\\":"
	       "\\\"networking.k8s.io/v1\\\",\\\"kind\\\":\\\"Ingress\\\",\\\"metadata\\\":{\\\"name\\\":\\\"app-%d\\\"},\\\"spec\\\":"
	       "{\\\"rules\\\":[{\\\"host\\\":\\\"app-%d.z%d.example.org\\\"}]}}\\n\","
	       "\"nginx.ingress.kubernetes.io/ssl-redirect\":\"true\"}},"
	       "\"spec\":{\"ingressClassName\":\"nginx\",\"rules\":[{\"host\":\"app-%d.z%d.example.org\",\"http\":{\"paths\":["
	       "{\"path\":\"/\",\"pathType\":\"Prefix\",\"backend\":{\"service\":{\"name\":\"app-%d\",\"port\":{\"name\":\"http\"}}}},"
	       "{\"path\":\"/api/v1\",\"pathType\":\"Prefix\",\"backend\":{\"service\":{\"name\":\"app-%d\",\"port\":{\"number\":80}}}}"
	       "]}}],\"tls\":[{\"hosts\":[\"app-%d.z%d.example.org\"],\"secretName\":\"wildcard-%d\"}]},"
	       "\"status\":{\"loadBalancer\":{\"ingress\":[{\"ip\":\"192.0.2.10\"}]}}}",
	       i, i, i / 100, i, i / 100, app, app, i, i / 100, i / 100);
}

static void service(int i, int ns)
{
	item();
	if (yaml) {
		printf("apiVersion: v1\n  kind: Service\n  metadata:\n    creationTimestamp: \"2026-01-01T00:00:00Z\"\n");
		managed_fields("kubectl", service_fields_yaml);
		printf("    name: app-%d\n    namespace: team-%d\n    resourceVersion: \"%d\"\n  spec:\n"
		       "    clusterIP: 10.96.%d.%d\n    ports:\n    - name: http\n      port: 80\n      protocol: TCP\n"
		       "      targetPort: 8080\n    selector:\n      app: app-%d\n    type: ClusterIP\n  status:\n"
		       "    loadBalancer: {}\n",
		       i, ns, 200000 + i, i >> 8 & 255, i & 255, i);
		return;
	}
	printf("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"app-%d\",\"namespace\":\"team-%d\",", i, ns);
	managed_fields("kubectl", service_fields_json);
	printf("\"resourceVersion\":\"%d\",\"creationTimestamp\":\"2026-01-01T00:00:00Z\"},\"spec\":{\"clusterIP\":"
	       "\"10.96.%d.%d\",\"ports\":[{\"name\":\"http\",\"port\":80,\"protocol\":\"TCP\",\"targetPort\":8080}],"
	       "\"selector\":{\"app\":\"app-%d\"},\"type\":\"ClusterIP\"},\"status\":{\"loadBalancer\":{}}}",
	       200000 + i, i >> 8 & 255, i & 255, i);
}

static void slice(int i, int ns)
{
	item();
	if (yaml) {
		printf("addressType: IPv4\n  apiVersion: discovery.k8s.io/v1\n  endpoints:\n");
		for (int e = 0; e < 2; e++)
			printf("  - addresses:\n    - 10.%d.%d.%d\n    conditions:\n      ready: true\n      serving: true\n"
			       "      terminating: false\n    nodeName: node-%d\n",
			       1 + e, i >> 8 & 255, i & 255, e);
		printf("  kind: EndpointSlice\n  metadata:\n    labels:\n      kubernetes.io/service-name: app-%d\n"
		       "    name: app-%d-x7k2p\n    namespace: team-%d\n    resourceVersion: \"%d\"\n  ports:\n  - name: http\n"
		       "    port: 8080\n    protocol: TCP\n",
		       i, i, ns, 300000 + i);
		return;
	}
	printf("{\"apiVersion\":\"discovery.k8s.io/v1\",\"kind\":\"EndpointSlice\",\"metadata\":{\"name\":\"app-%d-x7k2p\","
	       "\"namespace\":\"team-%d\",\"resourceVersion\":\"%d\",\"labels\":{\"kubernetes.io/service-name\":\"app-%d\"}},"
	       "\"addressType\":\"IPv4\",\"endpoints\":[",
	       i, ns, 300000 + i, i);
	for (int e = 0; e < 2; e++)
		printf("%s{\"addresses\":[\"10.%d.%d.%d\"],\"conditions\":{\"ready\":true,\"serving\":true,"
		       "\"terminating\":false},\"nodeName\":\"node-%d\"}",
		       e ? "," : "", 1 + e, i >> 8 & 255, i & 255, e);
	printf("],\"ports\":[{\"name\":\"http\",\"port\":8080,\"protocol\":\"TCP\"}]}");
}

/* @crt, @key: base64, for the hosts below zI.example.org. */
static void secret(int i, const char *crt, const char *key)
{
	item();
	if (yaml)
		printf("apiVersion: v1\n  data:\n    tls.crt: %s\n    tls.key: %s\n  kind: Secret\n  metadata:\n"
		       "    name: wildcard-%d\n    namespace: team-%d\n    resourceVersion: \"%d\"\n  type: kubernetes.io/tls\n",
		       crt, key, i, i, 400000 + i);
	else
		printf("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"wildcard-%d\",\"namespace\":\"team-%d\","
		       "\"resourceVersion\":\"%d\"},\"type\":\"kubernetes.io/tls\",\"data\":{\"tls.crt\":\"%s\",\"tls.key\":\"%s\"}}",
		       i, i, 400000 + i, crt, key);
}

/* The next line of @file without its end; exits when there is none. */
static char *line(FILE *file)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t n = getline(&text, &room, file);
	if (n <= 0) {
		fprintf(stderr, "gen: the file of certificates is too short\n");
		exit(2);
	}
	if (text[n - 1] == '\n')
		text[n - 1] = '\0';
	return text;
}

int main(int argc, char **argv)
{
	char *end;
	long n = argc == 4 ? strtol(argv[1], &end, 10) : -1;
	FILE *certs = argc == 4 ? fopen(argv[3], "r") : NULL;
	if (n <= 0 || *end || !certs || (strcmp(argv[2], "json") != 0 && strcmp(argv[2], "yaml") != 0)) {
		fprintf(stderr, "usage: gen N json|yaml CERTS\nCERTS: lines of base64, certificate and key in turn\n");
		return 2;
	}
	yaml = argv[2][0] == 'y';
	printf(yaml ? "apiVersion: v1\nitems:\n" : "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\n");
	for (int i = 0; i < n; i++) {
		ingress(i);
		if (i % 2 == 0) {
			service(i / 2, i / 100);
			slice(i / 2, i / 100);
		}
		if (i % 100 == 0) {
			char *crt = line(certs), *key = line(certs);
			secret(i / 100, crt, key);
			free(crt);
			free(key);
		}
	}
	printf(yaml ? "kind: List\nmetadata:\n  resourceVersion: \"\"\n" : "]}\n");
	fclose(certs);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
