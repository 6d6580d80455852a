/* SPDX-License-Identifier: BSD-3-Clause */
/* The objects that a case only names: Services with EndpointSlices for its probes, a Secret for each certificate. */
#include "case.h"

/* "ns/name", or a name in the case's namespace. */
static void split_name(const struct play *play, struct sdi_str text, struct sdi_str *ret_ns, struct sdi_str *ret_name)
{
	const struct sdi_node *ns = sdi_node_find(play->c->root, SDI_STR("namespace"));
	ptrdiff_t slash = sdi_str_find(text, '/');
	*ret_ns = slash >= 0 ? sdi_str_head(text, (size_t)slash) : ns ? ns->text : SDI_STR("default");
	*ret_name = sdi_str_from(text, slash < 0 ? 0 : (size_t)slash + 1);
}

static void add_service(struct play *play, struct sdi_str text, struct sdi_buf *out)
{
	struct sdi_str ns, name;
	split_name(play, text, &ns, &name);
	sdi_buf_printf(out,
		       "---\napiVersion: v1\nkind: Service\nmetadata: {name: %.*s, namespace: %.*s}\n"
		       "spec: {clusterIP: 10.96.0.1, ports: [{name: http, port: 80, targetPort: 8080}]}\n"
		       "---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n"
		       "metadata: {name: %.*s-x1, namespace: %.*s, labels: {kubernetes.io/service-name: %.*s}}\n"
		       "addressType: IPv4\nendpoints:\n",
		       SDI_STR_ARG(name), SDI_STR_ARG(ns), SDI_STR_ARG(name), SDI_STR_ARG(ns), SDI_STR_ARG(name));
	for (size_t g = 0; g < play->c->n_groups; g++) {
		if (!sdi_str_eq(play->c->groups[g].name, name))
			continue;
		for (unsigned i = 1; i <= play->c->groups[g].count; i++)
			sdi_buf_printf(out, "- {addresses: [127.0.0.%u], conditions: {ready: true}}\n", i);
		sdi_buf_printf(out, "ports: [{name: http, port: %u}]\n", play->pool->ports[g]);
	}
}

static bool is_true(const struct sdi_node *map, struct sdi_str key)
{
	const struct sdi_node *n = sdi_node_find(map, key);
	return n && sdi_str_is(n->text, "true");
}

static size_t find_issued(const struct play *play, struct sdi_str name)
{
	size_t i = 0;
	while (i < play->n_issued && !sdi_str_eq(play->issued[i].name, name))
		i++;
	return i;
}

static struct sdi_str text_of(const struct sdi_node *map, struct sdi_str key)
{
	const struct sdi_node *n = sdi_node_find(map, key);
	return n ? n->text : (struct sdi_str){ 0 };
}

/* A Secret with ca.crt of a CA before it, and ca.crl that revokes a certificate before it. */
static void add_list(struct play *play, const struct sdi_node *node, struct sdi_buf *out)
{
	struct sdi_str ns, name;
	size_t ca = find_issued(play, text_of(node, SDI_STR("of")));
	size_t bad = find_issued(play, text_of(node, SDI_STR("revokes")));
	split_name(play, node->key, &ns, &name);
	if (ca == play->n_issued || bad == play->n_issued) {
		sdi_buf_printf(&play->trouble, "list %.*s: no such certificates\n", SDI_STR_ARG(name));
		return;
	}
	sdi_buf_printf(out,
		       "---\napiVersion: v1\nkind: Secret\nmetadata: {name: %.*s, namespace: %.*s}\ndata:\n  ca.crt: ",
		       SDI_STR_ARG(name), SDI_STR_ARG(ns));
	sdi_buf_add(out, base64(&play->arena, play->issued[ca].chain));
	sdi_buf_lit(out, "\n  ca.crl: ");
	sdi_buf_add(out, base64(&play->arena, issue_list(play->issued[ca].chain, play->issued[ca].key,
							 play->issued[bad].chain, &play->arena)));
	sdi_buf_lit(out, "\n");
}

static void add_secret(struct play *play, const struct sdi_node *cert, struct sdi_buf *out)
{
	struct issue issue = { .expired = is_true(cert, SDI_STR("expired")),
			       .mismatch = is_true(cert, SDI_STR("mismatch")) };
	struct sdi_str ns, name, chain, key;
	const struct sdi_node *dns = sdi_node_find(cert, SDI_STR("dns"));
	split_name(play, cert->key, &ns, &name);
	issue.ca = is_true(cert, SDI_STR("ca"));
	issue.subject = text_of(cert, SDI_STR("subject"));
	struct sdi_str issuer = text_of(cert, SDI_STR("issuer"));
	size_t by = issuer.n ? find_issued(play, issuer) : play->n_issued;
	if (by < play->n_issued) {
		issue.issuer = play->issued[by].chain;
		issue.issuer_key = play->issued[by].key;
	}
	for (const struct sdi_node *n = dns ? dns->first : NULL; n && issue.n_dns < 8; n = n->next)
		issue.dns[issue.n_dns++] = n->text;
	if ((issuer.n && !issue.issuer.n) || play->n_issued == 16 ||
	    !issue_certificate(&issue, &play->arena, &chain, &key)) {
		sdi_buf_printf(&play->trouble, "certificate %.*s can't be made\n", SDI_STR_ARG(name));
		return;
	}
	size_t own = play->n_issued++;
	play->issued[own].name = cert->key;
	play->issued[own].chain = chain;
	play->issued[own].key = key;
	if (is_true(cert, SDI_STR("garbage")))
		chain = SDI_STR("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
	sdi_buf_printf(out,
		       "---\napiVersion: v1\nkind: Secret\nmetadata: {name: %.*s, namespace: %.*s}\n"
		       "type: kubernetes.io/tls\ndata:\n  tls.crt: ",
		       SDI_STR_ARG(name), SDI_STR_ARG(ns));
	sdi_buf_add(out, base64(&play->arena, chain));
	if (!is_true(cert, SDI_STR("keyless"))) {
		sdi_buf_lit(out, "\n  tls.key: ");
		sdi_buf_add(out, base64(&play->arena, key));
	}
	if (issue.ca) {
		sdi_buf_lit(out, "\n  ca.crt: ");
		sdi_buf_add(out, base64(&play->arena, chain));
	}
	sdi_buf_lit(out, "\n");
}

struct sdi_str play_objects(struct play *play)
{
	struct sdi_buf out;
	const struct sdi_node *services = sdi_node_find(play->c->root, SDI_STR("services"));
	const struct sdi_node *certs = sdi_node_find(play->c->root, SDI_STR("certificates"));
	sdi_buf_init(&out, 1u << 22);
	for (const struct sdi_node *n = services ? services->first : NULL; n; n = n->next)
		add_service(play, n->text, &out);
	for (const struct sdi_node *n = certs ? certs->first : NULL; n; n = n->next)
		if (sdi_node_find(n, SDI_STR("revokes")))
			add_list(play, n, &out);
		else
			add_secret(play, n, &out);
	struct sdi_str text = sdi_arena_copy(&play->arena, sdi_buf_str(&out));
	sdi_buf_release(&out);
	return text;
}
