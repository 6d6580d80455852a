/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The way to the endpoints: what annotations say. What the controller does anyway is what both emitters do without
 * being told, but for the size of bodies, which ingress-nginx limits to 1 MB.
 */
#include "../dialect/values.h"
#include "policy_upstream.h"

enum { BODY_BYTES = 1 << 20, PAGE_BYTES = 4096, BUFFERS = 4 };

static const struct sdi_value *get(const struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id,
                                   enum sdi_field field, struct sdi_policy *policy)
{
	const struct sdi_value *value = sdi_ask_get(t, ask, id);
	if (value)
		sdi_policy_set(policy, field);
	return value;
}

static void add_body_size(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_policy *policy)
{
	const struct sdi_value *value = sdi_ask_get(t, ask, SDI_WISH_PROXY_BODY_SIZE);
	uint64_t bytes = value ? (uint64_t)value->number : 0;
	if (!value && ask->pick->dialect == SDI_DIALECT_INGRESS_NGINX)
		bytes = BODY_BYTES;
	if (!bytes)
		return;
	policy->body_bytes = bytes;
	sdi_policy_set(policy, SDI_FIELD_BODY_SIZE);
}

static void add_number(struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id, enum sdi_field field,
                       unsigned *at, struct sdi_policy *policy)
{
	const struct sdi_value *value = get(t, ask, id, field, policy);
	if (value)
		*at = (unsigned)value->number;
}

static void add_switch(struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id, enum sdi_field field,
                       bool *at, struct sdi_policy *policy)
{
	const struct sdi_value *value = get(t, ask, id, field, policy);
	if (value)
		*at = value->number;
}

static void add_size(struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id, enum sdi_field field,
                     uint64_t *at, struct sdi_policy *policy)
{
	const struct sdi_value *value = get(t, ask, id, field, policy);
	if (value)
		*at = (uint64_t)value->number;
}

/* "FROM TO", or "off". */
static void add_pair(struct sdi_translation *t, const struct sdi_ask *ask, enum sdi_wish_id id, enum sdi_field field,
                     struct sdi_rewrite_text *at, struct sdi_policy *policy)
{
	const struct sdi_value *value = sdi_ask_get(t, ask, id);
	struct sdi_str rest = value ? value->text : (struct sdi_str){ 0 }, from;
	if (!value || sdi_str_is(rest, "off") || !sdi_str_split(&rest, ' ', &from) || !rest.p)
		return;
	at->from = sdi_arena_copy(t->arena, from);
	at->to = sdi_arena_copy(t->arena, sdi_str_trim(rest));
	sdi_policy_set(policy, field);
}

static void add_location(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_rewrite_text *at,
                         struct sdi_policy *policy)
{
	const struct sdi_value *from = sdi_ask_get(t, ask, SDI_WISH_PROXY_REDIRECT_FROM);
	const struct sdi_value *to = sdi_ask_get(t, ask, SDI_WISH_PROXY_REDIRECT_TO);
	if (!from || !to || sdi_str_is(from->text, "off") || sdi_str_is(from->text, "default") ||
	    sdi_str_is(to->text, "off"))
		return;
	if (from->text.p[0] == '~') {
		sdi_ask_ignore(t, from, SDI_REASON_VALUE_INVALID,
		               "regular expressions are not taken; write the beginning of a Location as it is");
		return;
	}
	at->from = sdi_arena_copy(t->arena, from->text);
	at->to = sdi_arena_copy(t->arena, to->text);
	sdi_policy_set(policy, SDI_FIELD_LOCATION_REWRITE);
}

/* NGINX does not start with sizes that contradict each other, for no host at all. */
static void check_buffers(struct sdi_translation *t, const struct sdi_ask *ask, struct sdi_upstream *up)
{
	uint64_t one = up->header_bytes ? up->header_bytes : PAGE_BYTES;
	uint64_t all = one * (up->buffers ? up->buffers : BUFFERS);
	if (up->buffers == 1)
		up->buffers = 2;
	if (up->busy_bytes && (up->busy_bytes < one || up->busy_bytes + one > all)) {
		up->busy_bytes = 0;
		sdi_ask_ignore(t, sdi_ask_get(t, ask, SDI_WISH_PROXY_BUSY_BUFFERS_SIZE), SDI_REASON_VALUE_INVALID,
		               "it must be at least proxy-buffer-size, and leave one of the buffers free; it has no "
		               "effect");
	}
	if (up->has_temp && up->temp_bytes && up->temp_bytes < one) {
		up->has_temp = false;
		sdi_ask_ignore(t, sdi_ask_get(t, ask, SDI_WISH_PROXY_MAX_TEMP_FILE_SIZE), SDI_REASON_VALUE_INVALID,
		               "it must be 0 or at least proxy-buffer-size; it has no effect");
	}
}

/* As the original reads it: what is no boolean is false, whatever the controller's ConfigMap says. */
bool sdi_upstream_wants_address(struct sdi_translation *t, const struct sdi_ask *ask)
{
	const struct sdi_value *value = sdi_ask_get(t, ask, SDI_WISH_SERVICE_UPSTREAM);
	bool on = false;
	return value && (value->row ? sdi_value_bool(value->text, &on) && on : value->number);
}

static void check_address(struct sdi_translation *t, const struct sdi_ask *ask)
{
	const struct sdi_value *value = sdi_ask_get(t, ask, SDI_WISH_SERVICE_UPSTREAM);
	bool on;
	if (value && value->row && !sdi_value_bool(value->text, &on))
		sdi_ask_ignore(t, value, SDI_REASON_VALUE_INVALID, "write \"true\" or \"false\"; it counts as false");
}

static struct sdi_fact_text copy_text(struct sdi_arena *arena, const struct sdi_fact_text *text)
{
	struct sdi_fact_text made = { sdi_arena_array(arena, text->n, struct sdi_fact_part), text->n };
	for (size_t i = 0; i < text->n; i++) {
		made.parts[i].fact = text->parts[i].fact;
		made.parts[i].literal = sdi_arena_copy(arena, text->parts[i].literal);
	}
	return made;
}

void sdi_base_upstream(struct sdi_translation *t, struct sdi_ask *ask, struct sdi_policy *policy)
{
	struct sdi_upstream up = { 0 };
	struct sdi_policy before = *policy;
	const struct sdi_value *value;
	if ((value = sdi_ask_get(t, ask, SDI_WISH_BACKEND_PROTOCOL)) && value->number) {
		up.protocol = (enum sdi_upstream_protocol)value->number;
		sdi_policy_set(policy, SDI_FIELD_PROTOCOL);
	}
	if ((value = get(t, ask, SDI_WISH_UPSTREAM_VHOST, SDI_FIELD_UPSTREAM_HOST, policy)))
		up.host = copy_text(t->arena, value->list);
	sdi_upstream_add_tls(t, ask, &up, policy);
	sdi_upstream_add_fastcgi(t, ask, &up, policy);
	check_address(t, ask);
	add_number(t, ask, SDI_WISH_PROXY_CONNECT_TIMEOUT, SDI_FIELD_CONNECT_TIMEOUT, &up.connect_s, policy);
	add_number(t, ask, SDI_WISH_PROXY_READ_TIMEOUT, SDI_FIELD_READ_TIMEOUT, &up.read_s, policy);
	add_number(t, ask, SDI_WISH_PROXY_SEND_TIMEOUT, SDI_FIELD_SEND_TIMEOUT, &up.send_s, policy);
	add_number(t, ask, SDI_WISH_PROXY_NEXT_UPSTREAM, SDI_FIELD_RETRY, &up.retry, policy);
	if (sdi_ask_is_on(t, ask, SDI_WISH_RETRY_NON_IDEMPOTENT)) {
		if (!sdi_policy_has(policy, SDI_FIELD_RETRY))
			up.retry = SDI_RETRY_ERROR | SDI_RETRY_TIMEOUT;
		if (up.retry)
			up.retry |= SDI_RETRY_ALL_METHODS;
		sdi_policy_set(policy, SDI_FIELD_RETRY);
	}
	add_number(t, ask, SDI_WISH_PROXY_NEXT_UPSTREAM_TRIES, SDI_FIELD_RETRY_TRIES, &up.tries, policy);
	add_number(t, ask, SDI_WISH_PROXY_NEXT_UPSTREAM_TIMEOUT, SDI_FIELD_RETRY_TIMEOUT, &up.retry_s, policy);
	add_size(t, ask, SDI_WISH_CLIENT_BODY_BUFFER_SIZE, SDI_FIELD_BODY_BUFFER, &up.body_buffer_bytes, policy);
	add_switch(t, ask, SDI_WISH_PROXY_REQUEST_BUFFERING, SDI_FIELD_REQUEST_BUFFERING, &up.request_buffering,
	           policy);
	add_switch(t, ask, SDI_WISH_PROXY_BUFFERING, SDI_FIELD_BUFFERING, &up.buffering, policy);
	add_size(t, ask, SDI_WISH_PROXY_BUFFER_SIZE, SDI_FIELD_HEADER_BUFFER, &up.header_bytes, policy);
	add_number(t, ask, SDI_WISH_PROXY_BUFFERS_NUMBER, SDI_FIELD_BUFFERS, &up.buffers, policy);
	add_size(t, ask, SDI_WISH_PROXY_BUSY_BUFFERS_SIZE, SDI_FIELD_BUFFERS, &up.busy_bytes, policy);
	if ((value = get(t, ask, SDI_WISH_PROXY_MAX_TEMP_FILE_SIZE, SDI_FIELD_BUFFERS, policy))) {
		up.has_temp = true;
		up.temp_bytes = (uint64_t)value->number;
	}
	add_switch(t, ask, SDI_WISH_PROXY_HTTP_VERSION, SDI_FIELD_HTTP_VERSION, &up.http_1_0, policy);
	add_switch(t, ask, SDI_WISH_CONNECTION_PROXY_HEADER, SDI_FIELD_CONNECTION_HEADER, &up.close, policy);
	add_location(t, ask, &up.location, policy);
	add_pair(t, ask, SDI_WISH_PROXY_COOKIE_DOMAIN, SDI_FIELD_COOKIE_DOMAIN, &up.cookie_domain, policy);
	add_pair(t, ask, SDI_WISH_PROXY_COOKIE_PATH, SDI_FIELD_COOKIE_PATH, &up.cookie_path, policy);
	if (memcmp(before.present, policy->present, sizeof(before.present)) != 0) {
		struct sdi_upstream *made = sdi_arena_new(t->arena, struct sdi_upstream);
		check_buffers(t, ask, &up);
		*made = up;
		policy->upstream = made;
	}
	add_body_size(t, ask, policy);
}
