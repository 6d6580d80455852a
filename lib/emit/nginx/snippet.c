/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Raw configuration, already checked (dialect/snippet.h). Where it says what we say too, and a block may say it once,
 * ours goes.
 */
#include "../../gateway/snippet.h"
#include "nginx.h"

void sdi_nginx_write_raw(struct sdi_nginx *ng, const struct sdi_raw *raw, size_t depth)
{
	for (size_t i = 0; raw && i < raw->n; i++) {
		struct sdi_str line = raw->lines[i];
		depth -= sdi_str_is(line, "}");
		for (size_t k = 0; k < depth; k++)
			sdi_buf_char(ng->out, '\t');
		sdi_buf_add(ng->out, line);
		sdi_buf_char(ng->out, '\n');
		depth += sdi_str_ends(line, SDI_STR(" {"));
	}
}

bool sdi_nginx_raw_has(const struct sdi_raw *raw, const char *directive)
{
	for (size_t i = 0; raw && i < raw->n_once; i++)
		if (sdi_str_is(raw->once[i], directive))
			return true;
	return false;
}

static bool is_dropped(const struct sdi_raw *raw, struct sdi_str line)
{
	line = sdi_str_trim(line);
	for (size_t i = 0; i < raw->n_once; i++) {
		struct sdi_str name = raw->once[i];
		if (sdi_str_starts(line, name) && line.n > name.n && line.p[name.n] == ' ')
			return true;
	}
	return false;
}

void sdi_nginx_make_way(struct sdi_nginx *ng, size_t start, const struct sdi_raw *raw)
{
	size_t depth = 0, kept = start;
	if (!raw || !raw->n_once || ng->out->failed)
		return;
	struct sdi_str rest = sdi_arena_copy(ng->scratch, sdi_str_make(ng->out->p + start, ng->out->n - start)), line;
	while (sdi_str_split(&rest, '\n', &line)) {
		if (!rest.p && !line.n)
			break;
		depth -= depth && sdi_str_is(sdi_str_trim(line), "}");
		bool drop = !depth && is_dropped(raw, line);
		depth += sdi_str_ends(line, SDI_STR("{"));
		if (drop)
			continue;
		memcpy(ng->out->p + kept, line.p, line.n);
		kept += line.n;
		if (rest.p)
			ng->out->p[kept++] = '\n';
	}
	ng->out->n = kept;
}

void sdi_nginx_place_raw(struct sdi_nginx *ng, const struct sdi_nginx_place *place)
{
	const struct sdi_raw *raw[] = { ng->gateway->globals.raw[SDI_RAW_LOCATION],
		                        place->policy->snippet ? place->policy->snippet->location : NULL,
		                        place->policy->snippet ? place->policy->snippet->auth : NULL };
	for (size_t i = 0; i < sizeof(raw) / sizeof(raw[0]); i++)
		sdi_nginx_write_own_variables(ng, place->route, raw[i]);
	sdi_nginx_write_raw(ng, ng->gateway->globals.raw[SDI_RAW_LOCATION], 3);
	if (place->policy->snippet)
		sdi_nginx_write_raw(ng, place->policy->snippet->location, 3);
}

void sdi_nginx_place_make_way(struct sdi_nginx *ng, const struct sdi_nginx_place *place, size_t start)
{
	sdi_nginx_make_way(ng, start, ng->gateway->globals.raw[SDI_RAW_LOCATION]);
	if (place->policy->snippet)
		sdi_nginx_make_way(ng, start, place->policy->snippet->location);
}

bool sdi_nginx_raw_sets_headers(const struct sdi_nginx *ng, const struct sdi_policy *policy, bool request)
{
	const struct sdi_raw *raw[] = { ng->gateway->globals.raw[SDI_RAW_LOCATION],
		                        policy->snippet ? policy->snippet->location : NULL };
	for (size_t i = 0; i < 2; i++)
		if (raw[i] && (request ? raw[i]->request_headers : raw[i]->answer_headers))
			return true;
	return false;
}

size_t sdi_nginx_raw_variables(const struct sdi_nginx *ng)
{
	size_t n = 0;
	for (size_t i = 0; i < SDI_RAW__COUNT; i++)
		n += ng->gateway->globals.raw[i] ? ng->gateway->globals.raw[i]->n_made : 0;
	for (size_t i = 0; i < ng->gateway->n_policies; i++) {
		const struct sdi_snippet *snippet = ng->gateway->policies[i]->snippet;
		n += snippet && snippet->location ? snippet->location->n_made : 0;
		n += snippet && snippet->auth ? snippet->auth->n_made : 0;
		n += snippet && snippet->server ? snippet->server->n_made : 0;
	}
	return n;
}
