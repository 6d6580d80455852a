/* SPDX-License-Identifier: BSD-3-Clause */
/* What the controller's ConfigMap says of logs. */
#include "../dialect/values.h"
#include "address.h"
#include "blocklist.h"

enum { SYSLOG_PORT = 514 };

/* What both proxies log where no format is said; here it has to be escaped in another way. */
#define USUAL                                                                                        \
	"$remote_addr - $remote_user [$time_local] \"$host\" \"$request\" $status $body_bytes_sent " \
	"\"$http_referer\" \"$http_user_agent\" $request_length $request_time [$proxy_host] [] "     \
	"$upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id"

static const struct sdi_value *get(const struct sdi_translation *t, enum sdi_knob_id id)
{
	return sdi_wish_get(&t->base, (enum sdi_wish_id)(SDI_WISH_KNOBS + id));
}

static bool is_on(const struct sdi_translation *t, enum sdi_knob_id id)
{
	const struct sdi_value *value = get(t, id);
	return value && value->number;
}

static struct sdi_log_format format_of(struct sdi_translation *t, enum sdi_knob_id id)
{
	const struct sdi_value *value = get(t, id);
	if (!value || !value->n)
		return (struct sdi_log_format){ 0 };
	struct sdi_log_part *parts = sdi_arena_array(t->arena, value->n, struct sdi_log_part);
	memcpy(parts, value->list, value->n * sizeof(*parts));
	for (size_t i = 0; i < value->n; i++)
		parts[i].text = sdi_arena_copy(t->arena, parts[i].text);
	return (struct sdi_log_format){ parts, value->n };
}

static struct sdi_log_format usual(struct sdi_translation *t)
{
	static const unsigned in_requests = SDI_LOG_HTTP;
	static const struct sdi_annotation row = { .arg = &in_requests };
	struct sdi_value value = { 0 };
	const char *why;
	sdi_parse_log_format(&row, SDI_STR(USUAL), t->arena, &value, &why);
	return (struct sdi_log_format){ value.list, value.n };
}

/* The address of "NAME.NAMESPACE", with or without ".svc" and ".cluster.local": a Service's own, which stays. */
static bool find_service(struct sdi_translation *t, struct sdi_str name, struct sdi_address *ret)
{
	struct sdi_str service;
	if (sdi_str_ends(name, SDI_STR(".cluster.local")))
		name = sdi_str_head(name, name.n - (sizeof(".cluster.local") - 1));
	if (sdi_str_ends(name, SDI_STR(".svc")))
		name = sdi_str_head(name, name.n - (sizeof(".svc") - 1));
	sdi_str_split(&name, '.', &service);
	const struct sdi_service *found =
		(const struct sdi_service *)sdi_store_find(t->store, SDI_KIND_SERVICE, name, service);
	return found && sdi_address_parse(found->cluster_ip, ret);
}

/*
 * Neither proxy starts with a name here that can't be looked up at that moment, so none gets one. The address of a
 * Service is known without looking it up.
 */
static void set_syslog(struct sdi_translation *t, struct sdi_log *log)
{
	const struct sdi_value *host = get(t, SDI_KNOB_SYSLOG_HOST), *port = get(t, SDI_KNOB_SYSLOG_PORT);
	struct sdi_address address;
	if (!is_on(t, SDI_KNOB_SYSLOG))
		return;
	if (host && (sdi_address_parse(host->text, &address) || find_service(t, host->text, &address))) {
		log->syslog = sdi_address_print(t->arena, &address);
		log->syslog_port = port ? (unsigned)port->number : SYSLOG_PORT;
		return;
	}
	sdi_diag_add(
		&t->diag, SDI_REASON_VALUE_INVALID, "syslog-host",
		"\"%s\" is neither an IP address nor the name of a Service that has one, and a proxy does not start "
		"with a name that can't be looked up; logs stay where they are. Write the address",
		host ? sdi_show(&t->diag, host->text) : "");
}

static void set_unlogged(struct sdi_translation *t, struct sdi_blocklist *list)
{
	const struct sdi_value *value = get(t, SDI_KNOB_LOG_SKIPPED);
	struct sdi_str rest = value ? value->text : SDI_STR(""), part;
	struct sdi_blocked *found = sdi_arena_array(t->arena, sdi_blocklist_room(rest), struct sdi_blocked);
	list->p = found;
	while (rest.n && sdi_str_split(&rest, ',', &part)) {
		part = sdi_str_trim(part);
		if (part.n && sdi_blocked_read(t, part, &found[list->n]))
			list->n++;
		else if (part.n)
			sdi_diag_add(&t->diag, SDI_REASON_VALUE_INVALID, sdi_show(&t->diag, value->key),
			             "\"%s\" is neither a text nor ~ and a regular expression; it is left out",
			             sdi_show(&t->diag, part));
	}
}

void sdi_make_log(struct sdi_translation *t, struct sdi_globals *globals)
{
	struct sdi_log *log = &globals->log;
	const struct sdi_value *buffer = get(t, SDI_KNOB_LOG_BUFFER);
	bool off = is_on(t, SDI_KNOB_LOG_OFF);
	log->no_http = off || is_on(t, SDI_KNOB_LOG_HTTP_OFF);
	log->no_stream = off || is_on(t, SDI_KNOB_LOG_STREAM_OFF);
	log->no_strays = !is_on(t, SDI_KNOB_LOG_STRAYS);
	log->auth = is_on(t, SDI_KNOB_LOG_AUTH);
	log->escape = is_on(t, SDI_KNOB_LOG_RAW)  ? SDI_LOG_RAW :
	              is_on(t, SDI_KNOB_LOG_JSON) ? SDI_LOG_JSON :
	                                            SDI_LOG_ESCAPED;
	log->http = format_of(t, SDI_KNOB_LOG_FORMAT);
	if (!log->http.n && log->escape != SDI_LOG_ESCAPED)
		log->http = usual(t);
	log->stream = format_of(t, SDI_KNOB_LOG_STREAM_FORMAT);
	if (buffer)
		log->buffer = *(const struct sdi_log_buffer *)buffer->list;
	set_syslog(t, log);
	set_unlogged(t, &globals->unlogged);
}
