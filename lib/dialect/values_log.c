/* SPDX-License-Identifier: BSD-3-Clause */
/* Values of the keys about logs. */
#include "../gateway/log.h"
#include "../base/cidr.h"
#include "../base/vec.h"
#include "values.h"

enum { FORMAT_BYTES = 8192, NAME_BYTES = 128 };

static bool is_word(char c)
{
	return sdi_is_alnum_lower(sdi_lower(c)) || c == '_';
}

/* Names are in any case, as NGINX has it. */
static bool variable_of(struct sdi_str name, unsigned where, struct sdi_log_part *ret)
{
	for (int i = 1; i < SDI_LOG__COUNT; i++) {
		struct sdi_str known = sdi_log_variables[i].name;
		bool open = known.p[known.n - 1] == '_';
		if (!(sdi_log_variables[i].where & where) || !sdi_str_eq_nocase(sdi_str_head(name, known.n), known) ||
		    (name.n > known.n) != open)
			continue;
		*ret = (struct sdi_log_part){ (enum sdi_log_var)i, sdi_str_from(name, known.n) };
		return true;
	}
	return false;
}

/* "$name" or "${name}" */
static bool take_variable(struct sdi_str *rest, unsigned where, struct sdi_arena *arena, struct sdi_log_part *ret,
                          const char **ret_why)
{
	size_t n = 0;
	*rest = sdi_str_from(*rest, 1);
	bool braces = rest->n && rest->p[0] == '{';
	*rest = sdi_str_from(*rest, braces);
	while (n < rest->n && is_word(rest->p[n]))
		n++;
	struct sdi_str name = sdi_str_head(*rest, n);
	*rest = sdi_str_from(*rest, n);
	*ret_why = "write the name of a variable behind each $";
	if (!n || n > NAME_BYTES || (braces && (!rest->n || rest->p[0] != '}')))
		return false;
	*rest = sdi_str_from(*rest, braces);
	if (variable_of(name, where, ret))
		return true;
	*ret_why = sdi_arena_printf(arena, "there is no variable $%.*s", SDI_STR_ARG(name)).p;
	return false;
}

/* What NGINX makes of a text between single quotes, which is where the controller puts it. */
static bool take_text(struct sdi_str *rest, struct sdi_arena *arena, struct sdi_log_part *ret, const char **ret_why)
{
	static const char from[] = "trn", to[] = "\t\r\n";
	char *text = sdi_arena_alloc(arena, rest->n);
	size_t n = 0, i = 0;
	*ret_why = "write \\' for a single quote, and no control characters but ends of lines and tabs";
	for (; i < rest->n && rest->p[i] != '$'; i++) {
		char c = rest->p[i], next = i + 1 < rest->n ? rest->p[i + 1] : '\0';
		if (c == '\'' || c == 0x7f || ((unsigned char)c < 0x20 && (!c || !strchr(to, c))))
			return false;
		bool escape = c == '\\' && next && strchr("\"'\\trn", next);
		if (escape) {
			const char *control = strchr(from, next);
			c = control ? to[control - from] : next;
			i++;
		}
		text[n++] = c;
	}
	*ret = (struct sdi_log_part){ SDI_LOG_LITERAL, sdi_str_make(text, n) };
	*rest = sdi_str_from(*rest, i);
	return true;
}

bool sdi_parse_log_format(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                          struct sdi_value *ret, const char **ret_why)
{
	unsigned where = *(const unsigned *)row->arg;
	struct {
		SDI_VEC(struct sdi_log_part)
	} parts = { 0 };
	*ret_why = "write at most 8192 bytes";
	if (text.n > FORMAT_BYTES)
		return false;
	while (text.n) {
		struct sdi_log_part part;
		bool fine = text.p[0] == '$' ? take_variable(&text, where, arena, &part, ret_why) :
		                               take_text(&text, arena, &part, ret_why);
		if (!fine)
			return false;
		*sdi_vec_push(&parts, arena) = part;
	}
	ret->list = parts.p;
	ret->n = parts.n;
	return true;
}

/* One of "buffer=16k", "flush=1m", "gzip" and "gzip=9". */
static bool take_word(struct sdi_str word, struct sdi_arena *arena, struct sdi_log_buffer *buffer)
{
	enum { BYTES_MIN = 512, BYTES_MAX = 1 << 20, DEFAULT_LEVEL = 1 };
	struct sdi_value value = { 0 };
	const char *why;
	ptrdiff_t equals = sdi_str_find(word, '=');
	struct sdi_str name = equals < 0 ? word : sdi_str_head(word, (size_t)equals);
	struct sdi_str rest = equals < 0 ? SDI_STR("") : sdi_str_from(word, (size_t)equals + 1);
	if (sdi_str_is(word, "gzip")) {
		buffer->gzip = DEFAULT_LEVEL;
		return true;
	}
	if (sdi_str_is(name, "gzip"))
		return sdi_value_uint(rest, 1, 9, &buffer->gzip);
	if (sdi_str_is(name, "buffer") && sdi_parse_size(NULL, rest, arena, &value, &why)) {
		buffer->bytes = (uint64_t)value.number;
		return value.number >= BYTES_MIN && value.number <= BYTES_MAX;
	}
	if (sdi_str_is(name, "flush") && sdi_parse_time(NULL, rest, arena, &value, &why)) {
		buffer->flush_s = (unsigned)value.number;
		return buffer->flush_s;
	}
	return false;
}

bool sdi_parse_log_buffer(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                          struct sdi_value *ret, const char **ret_why)
{
	struct sdi_log_buffer *buffer = sdi_arena_new(arena, struct sdi_log_buffer);
	struct sdi_str word;
	(void)row;
	*ret_why = "write buffer=SIZE (512 to 1m), flush=TIME, gzip or gzip=LEVEL (1 to 9), flush only with one of the "
		   "others";
	while (text.n && sdi_str_split(&text, ' ', &word))
		if (word.n && !take_word(word, arena, buffer))
			return false;
	ret->list = buffer;
	ret->n = 1;
	return !buffer->flush_s || buffer->bytes || buffer->gzip;
}

bool sdi_parse_log_host(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                        struct sdi_value *ret, const char **ret_why)
{
	enum { DNS_BYTES = 253 };
	struct sdi_cidr address;
	(void)row;
	(void)arena;
	(void)ret;
	*ret_why = "write an IP address, or the name of a Service";
	if (sdi_str_find(text, '/') < 0 && sdi_cidr_parse(text, &address))
		return true;
	char before = '.';
	for (size_t i = 0; i < text.n; i++) {
		char c = sdi_lower(text.p[i]);
		if (c == '.' ? before == '.' : !sdi_is_alnum_lower(c) && c != '-')
			return false;
		before = c;
	}
	return text.n && text.n <= DNS_BYTES;
}
