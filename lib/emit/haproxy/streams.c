/* SPDX-License-Identifier: BSD-3-Clause */
/* TCP services. */
#include "haproxy.h"
#include "quote.h"

void sdi_hap_write_plain_servers(struct sdi_hap *hap, const struct sdi_backend *backend, struct sdi_str end)
{
	for (size_t i = 0; i < backend->n_servers; i++) {
		const struct sdi_server *server = &backend->servers[i];
		conf_lit(hap->cfg, "\tserver ");
		sdi_hap_name(hap->cfg, server->address);
		conf_lit(hap->cfg, ":");
		conf_uint(hap->cfg, server->port);
		conf_lit(hap->cfg, " ");
		sdi_hap_address(hap->cfg, server->address, server->port);
		if (server->name)
			conf_lit(hap->cfg, " resolvers dns init-addr none resolve-prefer ipv4");
		sdi_buf_add(hap->cfg, end);
	}
}

/* Ten minutes without a byte end a stream, as with ingress-nginx. Each attempt is at another endpoint, as with NGINX. */
static void write_knobs(struct sdi_hap *hap)
{
	enum { SILENT_S = 600, MANY = 1000 };
	const struct sdi_globals *globals = &hap->gateway->globals;
	const struct sdi_knob *tries = &globals->knobs[SDI_KNOB_STREAM_RETRY_TRIES];
	long long silent_s = sdi_knob_or(globals, SDI_KNOB_STREAM_TIMEOUT, SILENT_S);
	sdi_buf_printf(hap->cfg, "\ttimeout client %llds\n\ttimeout server %llds\n\ttimeout tunnel %llds\n", silent_s,
	               silent_s, silent_s);
	if (!sdi_knob_or(globals, SDI_KNOB_STREAM_RETRY, 1))
		conf_lit(hap->cfg, "\tretries 0\n");
	else if (tries->said)
		sdi_buf_printf(hap->cfg, "\toption redispatch 1\n\tretries %lld\n",
		               (long long)(tries->number ? tries->number - 1 : MANY));
}

static void write_stream(struct sdi_hap *hap, const struct sdi_stream *stream)
{
	conf_lit(hap->cfg, "\nlisten tcp_");
	conf_uint(hap->cfg, stream->port);
	conf_lit(hap->cfg, "\n\tmode tcp\n");
	sdi_hap_write_binds(hap, stream->port, false, stream->decode);
	sdi_hap_stream_log(hap, stream);
	write_knobs(hap);
	sdi_hap_write_plain_servers(hap, stream->backend, stream->encode ? SDI_STR(" send-proxy\n") : SDI_STR("\n"));
}

void sdi_hap_write_streams(struct sdi_hap *hap)
{
	for (size_t i = 0; i < hap->gateway->n_streams; i++) {
		const struct sdi_stream *stream = &hap->gateway->streams[i];
		if (!stream->udp) {
			write_stream(hap, stream);
			continue;
		}
		hap->diag.subject =
			(struct sdi_subject){ "Service", stream->backend->ns, stream->backend->service, { "", 0, 0 } };
		sdi_diag_add(&hap->diag, SDI_REASON_TARGET_CANT, "spec.ports",
		             "HAProxy passes no UDP on, so port %u is not served; use NGINX for it, or a Service of "
		             "type LoadBalancer",
		             stream->port);
	}
}
