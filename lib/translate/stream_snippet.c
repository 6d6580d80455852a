/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Raw configuration of TCP and UDP streams: that of the ConfigMap, then that of all Ingresses, the oldest first. One
 * that opens a port of another, or brings a name that is there, is left out as a whole, since NGINX would not start.
 */
#include "../dialect/snippet.h"
#include "../gateway/snippet.h"
#include "translation.h"

struct reading {
	struct sdi_map taken; /* what only one may have */
	struct {
		SDI_VEC(struct sdi_raw_stream)
	} streams;
};

static void reserve(struct sdi_translation *t, struct reading *r, const char *kind, unsigned port)
{
	if (port)
		*sdi_map_put(&r->taken, sdi_arena_printf(&t->scratch, "%s %u", kind, port)) = t;
}

/* What the proxy has already. */
static void reserve_own(struct sdi_translation *t, struct reading *r)
{
	const struct sdi_gateway *gateway = t->gateway;
	const unsigned ports[] = { t->settings->http_port, t->settings->https_port, t->settings->passthrough_port };
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		reserve(t, r, "tcp4", ports[i]);
		reserve(t, r, "tcp6", ports[i]);
	}
	for (size_t i = 0; i < gateway->n_streams; i++) {
		bool udp = gateway->streams[i].udp;
		reserve(t, r, udp ? "udp4" : "tcp4", gateway->streams[i].port);
		reserve(t, r, udp ? "udp6" : "tcp6", gateway->streams[i].port);
		*sdi_map_put(&r->taken, sdi_arena_printf(&t->scratch, "upstream %s_%u", udp ? "udp" : "tcp",
		                                         gateway->streams[i].port)) = t;
	}
	for (size_t i = 0; i < gateway->n_hosts; i++)
		if (gateway->hosts[i].passthrough)
			*sdi_map_put(&r->taken, sdi_arena_printf(&t->scratch, "upstream %.*s",
			                                         SDI_STR_ARG(gateway->hosts[i].passthrough->id))) = t;
}

/* NULL: it takes nothing that is taken; now it is. What holds for all streams can be said once. */
static const char *take(struct sdi_translation *t, struct reading *r, const struct sdi_raw *raw)
{
	struct sdi_str *once = sdi_arena_array(&t->scratch, raw->n_once, struct sdi_str);
	bool no_ipv6 = sdi_knob_or(&t->gateway->globals, SDI_KNOB_IPV6_OFF, 0);
	for (size_t i = 0; i < raw->n_taken; i++) {
		struct sdi_str what = raw->taken[i];
		if (sdi_map_get(&r->taken, what))
			return sdi_field_name(t, "\"%s\" is taken already", sdi_show(&t->diag, what));
		if (no_ipv6 && (sdi_str_starts(what, SDI_STR("tcp6 ")) || sdi_str_starts(what, SDI_STR("udp6 "))))
			return "disable-ipv6 of the ConfigMap leaves no IPv6 to listen on";
	}
	for (size_t i = 0; i < raw->n_once; i++) {
		once[i] = sdi_arena_printf(&t->scratch, "directive %.*s", SDI_STR_ARG(raw->once[i]));
		if (sdi_map_get(&r->taken, once[i]))
			return sdi_field_name(t, "another snippet has \"%s\"", sdi_show(&t->diag, raw->once[i]));
	}
	for (size_t i = 0; i < raw->n_taken; i++)
		*sdi_map_put(&r->taken, raw->taken[i]) = t;
	for (size_t i = 0; i < raw->n_once; i++)
		*sdi_map_put(&r->taken, once[i]) = t;
	return NULL;
}

static void read(struct sdi_translation *t, struct reading *r, const struct sdi_value *value, struct sdi_str ns,
                 struct sdi_str ingress)
{
	struct sdi_raw *raw = sdi_arena_new(t->arena, struct sdi_raw);
	const char *why = "snippets are off; the operator may turn them on with --allow-snippets";
	if (t->settings->allow_snippets)
		why = sdi_snippet_read(t->arena, SDI_SNIPPET_STREAM, value->text, NULL, raw);
	if (!why)
		why = take(t, r, raw);
	if (why) {
		sdi_diag_add(&t->diag, SDI_REASON_SNIPPET_IGNORED, sdi_show(&t->diag, value->key),
		             "the snippet \"%s\" is not written (%s); none of its ports is opened",
		             sdi_show(&t->diag, value->text), why);
		return;
	}
	raw->key = sdi_arena_copy(t->arena, value->key);
	raw->protects = false; /* without it nothing is open */
	if (raw->n)
		*sdi_vec_push(&r->streams, t->arena) = (struct sdi_raw_stream){ raw, ns, ingress };
}

void sdi_read_raw_streams(struct sdi_translation *t)
{
	struct reading r = { .taken = { .arena = &t->scratch } };
	const struct sdi_ns_name *ref = &t->settings->configmap;
	const struct sdi_value *value = sdi_wish_get(&t->base, SDI_WISH_RAW_STREAM);
	reserve_own(t, &r);
	if (value && value->text.n) {
		sdi_diag_about(t, sdi_store_find(t->store, SDI_KIND_CONFIGMAP, ref->ns, ref->name));
		read(t, &r, value, SDI_STR(""), SDI_STR(""));
	}
	for (size_t i = 0; i < t->picks.n; i++) {
		struct sdi_pick *pick = &t->picks.p[i];
		sdi_arena_clear(&t->show);
		value = sdi_wish_get(&sdi_ask_of(t, pick)->wish, SDI_WISH_STREAM_SNIPPET);
		if (!value || !value->text.n)
			continue;
		sdi_diag_about(t, &pick->ingress->object);
		read(t, &r, value, pick->ns, pick->name);
	}
	t->gateway->globals.raw_streams = r.streams.p;
	t->gateway->globals.n_raw_streams = r.streams.n;
}
