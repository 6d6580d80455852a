/* SPDX-License-Identifier: BSD-3-Clause */
/* The headers of requests to endpoints and of answers to clients. */
#include "../../gateway/auth.h"
#include "nginx.h"
#include "quote.h"

/* Those of globals.c once more. */
void sdi_nginx_write_usual_headers(struct sdi_buf *out, const char *indent)
{
	static const char *const lines[] = {
		"Host $sdi_host",
		"X-Request-ID $req_id",
		"X-Real-IP $remote_addr",
		"X-Forwarded-For $remote_addr",
		"X-Forwarded-Host $sdi_host",
		"X-Forwarded-Port $sdi_port",
		"X-Forwarded-Proto $scheme",
		"X-Forwarded-Scheme $scheme",
		"X-Scheme $scheme",
		"X-Original-Forwarded-For $http_x_forwarded_for",
		"Upgrade $http_upgrade",
		"Connection $sdi_connection",
		"Proxy \"\"",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		sdi_buf_printf(out, "%sproxy_set_header %s;\n", indent, lines[i]);
}

void sdi_nginx_place_request_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	if (!place->policy->auth || !place->policy->auth->n_copy)
		return;
	sdi_nginx_write_usual_headers(ng->out, "\t\t\t");
	sdi_nginx_auth_request_headers(ng, place);
}

void sdi_nginx_place_response_headers(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	sdi_nginx_auth_response_headers(ng, place);
}
