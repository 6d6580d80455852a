/* SPDX-License-Identifier: BSD-3-Clause */
/* What a probe reads out of a request and writes into its answer: bytes in, bytes out. */
#include "probe_conn.h"
#include "../../lib/base/buf.h"
#include <openssl/evp.h>

static bool next_line(struct sdi_str *rest, struct sdi_str *ret)
{
	if (rest->n == 0)
		return false;
	ptrdiff_t end = sdi_str_find(*rest, '\n');
	*ret = sdi_str_head(*rest, end < 0 ? rest->n : (size_t)end);
	*rest = sdi_str_from(*rest, end < 0 ? rest->n : (size_t)end + 1);
	if (ret->n > 0 && ret->p[ret->n - 1] == '\r')
		ret->n--;
	return true;
}

static bool next_word(struct sdi_str *rest, struct sdi_str *ret)
{
	ptrdiff_t end = sdi_str_find(*rest, ' ');
	*ret = sdi_str_head(*rest, end < 0 ? rest->n : (size_t)end);
	*rest = sdi_str_from(*rest, end < 0 ? rest->n : (size_t)end + 1);
	return ret->n > 0;
}

bool sdi_lab_next_header(struct sdi_str *lines, struct sdi_str *ret_name, struct sdi_str *ret_value)
{
	struct sdi_str line;
	if (!next_line(lines, &line) || line.n == 0)
		return false;
	ptrdiff_t colon = sdi_str_find(line, ':');
	*ret_name = sdi_str_head(line, colon < 0 ? line.n : (size_t)colon);
	*ret_value = colon < 0 ? sdi_str_make(NULL, 0) : sdi_str_trim(sdi_str_from(line, (size_t)colon + 1));
	return true;
}

static uint64_t number(struct sdi_str s, unsigned most)
{
	uint64_t v = 0;
	for (size_t i = 0; i < s.n && sdi_is_digit(s.p[i]) && v < most; i++)
		v = v * 10 + (uint64_t)(s.p[i] - '0');
	return v < most ? v : most;
}

/* Whether the comma separated @list has @word. */
static bool has_word(struct sdi_str list, struct sdi_str word)
{
	for (struct sdi_str part; sdi_str_split(&list, ',', &part);)
		if (sdi_str_eq_nocase(sdi_str_trim(part), word))
			return true;
	return false;
}

bool sdi_lab_seen_read(struct sdi_str head, struct sdi_lab_seen *ret, uint64_t *ret_length)
{
	struct sdi_lab_seen seen = { 0 };
	struct sdi_str line, name, value;
	uint64_t length = 0;
	bool keep = false, upgrade = false;
	if (!next_line(&head, &line) || !next_word(&line, &seen.method) || !next_word(&line, &seen.target) ||
	    !sdi_str_starts(line, SDI_STR("HTTP/1.")))
		return false;
	seen.version = sdi_str_from(line, 5);
	seen.lines = head;
	for (struct sdi_str rest = head; sdi_lab_next_header(&rest, &name, &value);) {
		if (sdi_str_eq_nocase(name, SDI_STR("content-length"))) {
			length = number(value, 1u << 30);
		} else if (sdi_str_eq_nocase(name, SDI_STR("transfer-encoding"))) {
			length = has_word(value, SDI_STR("chunked")) ? UINT64_MAX : length;
		} else if (sdi_str_eq_nocase(name, SDI_STR("connection"))) {
			seen.close |= has_word(value, SDI_STR("close"));
			keep |= has_word(value, SDI_STR("keep-alive"));
			upgrade |= has_word(value, SDI_STR("upgrade"));
		} else if (sdi_str_eq_nocase(name, SDI_STR("upgrade"))) {
			seen.upgrade = has_word(value, SDI_STR("websocket"));
		} else if (sdi_str_eq_nocase(name, SDI_STR("sec-websocket-key"))) {
			seen.websocket_key = value;
		}
	}
	seen.upgrade &= upgrade;
	seen.close |= sdi_str_is(seen.version, "1.0") && !keep;
	*ret = seen;
	*ret_length = length;
	return true;
}

static struct sdi_str query_of(struct sdi_str target)
{
	ptrdiff_t at = sdi_str_find(target, '?');
	return at < 0 ? sdi_str_make(NULL, 0) : sdi_str_from(target, (size_t)at + 1);
}

/* "k=v" into its two sides. */
static void split_pair(struct sdi_str pair, struct sdi_str *ret_key, struct sdi_str *ret_value)
{
	ptrdiff_t at = sdi_str_find(pair, '=');
	*ret_key = sdi_str_head(pair, at < 0 ? pair.n : (size_t)at);
	*ret_value = at < 0 ? sdi_str_make(NULL, 0) : sdi_str_from(pair, (size_t)at + 1);
}

struct sdi_lab_wanted sdi_lab_wanted_read(struct sdi_str target)
{
	struct sdi_lab_wanted wanted = { .status = 200, .query = query_of(target) };
	struct sdi_str key, value;
	for (struct sdi_str rest = wanted.query, pair; rest.p && sdi_str_split(&rest, '&', &pair);) {
		split_pair(pair, &key, &value);
		if (sdi_str_is(key, "status")) {
			wanted.status = (unsigned)number(value, 599);
			if (wanted.status < 200)
				wanted.status = 200;
		} else if (sdi_str_is(key, "delay_ms")) {
			wanted.delay_ms = (unsigned)number(value, 60000);
		} else if (sdi_str_is(key, "size")) {
			wanted.has_size = true;
			wanted.size = number(value, 1u << 26);
		} else if (sdi_str_is(key, "close")) {
			wanted.close = true;
		} else if (sdi_str_is(key, "heard")) {
			wanted.heard = true;
		}
	}
	return wanted;
}

static void json_text(struct sdi_buf *out, struct sdi_str s)
{
	sdi_buf_char(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c == '"' || c == '\\')
			sdi_buf_char(out, '\\'), sdi_buf_char(out, (char)c);
		else if (c < 0x20 || c >= 0x7f)
			sdi_buf_printf(out, "\\u%04x", c);
		else
			sdi_buf_char(out, (char)c);
	}
	sdi_buf_char(out, '"');
}

static void json_field(struct sdi_buf *out, struct sdi_str name, struct sdi_str value)
{
	sdi_buf_char(out, ',');
	json_text(out, name);
	sdi_buf_char(out, ':');
	json_text(out, value);
}

void sdi_lab_write_echo(struct sdi_buf *out, const struct sdi_lab_probe *probe, const struct sdi_lab_seen *seen,
                        const char *remote, unsigned count)
{
	sdi_buf_lit(out, "{\"backend\":");
	json_text(out, sdi_str_c(probe->name));
	sdi_buf_printf(out, ",\"port\":%u", probe->port);
	json_field(out, SDI_STR("method"), seen->method);
	json_field(out, SDI_STR("target"), seen->target);
	json_field(out, SDI_STR("version"), seen->version);
	sdi_buf_lit(out, ",\"headers\":[");
	const char *comma = "";
	struct sdi_str name, value;
	for (struct sdi_str rest = seen->lines; sdi_lab_next_header(&rest, &name, &value); comma = ",") {
		sdi_buf_printf(out, "%s[", comma);
		json_text(out, name);
		sdi_buf_char(out, ',');
		json_text(out, value);
		sdi_buf_char(out, ']');
	}
	sdi_buf_printf(out, "],\"body_bytes\":%llu", (unsigned long long)seen->body_bytes);
	json_field(out, SDI_STR("body"), seen->body);
	json_field(out, SDI_STR("remote"), sdi_str_c(remote));
	sdi_buf_printf(out, ",\"connection\":%u}", count);
}

static int hex(char c)
{
	c = sdi_lower(c);
	return sdi_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The headers that the query asks for. Decoded; what would end the line is dropped. */
static void wanted_headers(struct sdi_buf *out, struct sdi_str query)
{
	struct sdi_str key, value;
	for (struct sdi_str pair; query.p && sdi_str_split(&query, '&', &pair);) {
		split_pair(pair, &key, &value);
		if (!sdi_str_is(key, "header"))
			continue;
		for (size_t i = 0; i < value.n; i++) {
			char c = value.p[i];
			if (c == '%' && i + 2 < value.n && hex(value.p[i + 1]) >= 0 && hex(value.p[i + 2]) >= 0) {
				c = (char)(hex(value.p[i + 1]) * 16 + hex(value.p[i + 2]));
				i += 2;
			}
			if (c != '\r' && c != '\n' && c != '\0')
				sdi_buf_char(out, c);
		}
		sdi_buf_lit(out, "\r\n");
	}
}

/* Two of them would be read differently by each proxy. */
static bool wants_own_type(struct sdi_str query)
{
	const struct sdi_str type = SDI_STR("content-type:");
	struct sdi_str key, value;
	for (struct sdi_str pair; query.p && sdi_str_split(&query, '&', &pair);) {
		split_pair(pair, &key, &value);
		if (sdi_str_is(key, "header") && value.n > type.n &&
		    sdi_str_eq_nocase(sdi_str_make(value.p, type.n), type))
			return true;
	}
	return false;
}

/* RFC 6455 4.2.2: HAProxy checks it when the client side is HTTP/2. */
static void write_upgrade(struct sdi_buf *out, struct sdi_str key)
{
	struct sdi_buf text;
	unsigned char digest[EVP_MAX_MD_SIZE], base64[2 * EVP_MAX_MD_SIZE];
	unsigned n = 0;
	sdi_buf_init(&text, 4096);
	sdi_buf_add(&text, key);
	sdi_buf_lit(&text, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11");
	if (EVP_Digest(text.p, text.n, digest, &n, EVP_sha1(), NULL) != 1)
		n = 0;
	EVP_EncodeBlock(base64, digest, (int)n);
	sdi_buf_printf(out,
	               "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	               "Sec-WebSocket-Accept: %s\r\n",
	               (char *)base64);
	sdi_buf_release(&text);
}

void sdi_lab_answer(struct sdi_buf *out, const struct sdi_lab_probe *probe, const struct sdi_lab_seen *seen,
                    const struct sdi_lab_wanted *wanted, const char *remote, unsigned count)
{
	struct sdi_buf echo;
	sdi_buf_init(&echo, 1u << 20);
	unsigned heard = 0;
	struct sdi_str before = wanted->heard ? sdi_lab_heard(probe, &heard) : SDI_STR("");
	if (before.n)
		sdi_buf_add(&echo, before);
	else
		sdi_lab_write_echo(&echo, probe, seen, remote, count);
	bool bare = seen->upgrade || wanted->status == 204 || wanted->status == 304;
	bool head = sdi_str_is(seen->method, "HEAD");
	if (seen->upgrade)
		write_upgrade(out, seen->websocket_key);
	else
		sdi_buf_printf(out, "HTTP/1.1 %u Answer\r\n%s", wanted->status,
		               wants_own_type(wanted->query) ? "" : "Content-Type: application/json\r\n");
	sdi_buf_printf(out, "X-Probe: %s\r\n", probe->name);
	if (wanted->heard)
		sdi_buf_printf(out, "X-Probe-Heard: %u\r\n", heard);
	wanted_headers(out, wanted->query);
	if (bare || head || wanted->has_size) {
		sdi_buf_lit(out, "X-Probe-Echo: ");
		sdi_buf_add(out, sdi_buf_str(&echo));
		sdi_buf_lit(out, "\r\n");
	}
	if (!bare)
		sdi_buf_printf(out, "Content-Length: %llu\r\n",
		               (unsigned long long)(wanted->has_size ? wanted->size : echo.n + 1));
	if (seen->close)
		sdi_buf_lit(out, "Connection: close\r\n");
	sdi_buf_lit(out, "\r\n");
	if (!bare && !head && !wanted->has_size) {
		sdi_buf_add(out, sdi_buf_str(&echo));
		sdi_buf_char(out, '\n');
	}
	for (uint64_t i = 0; wanted->has_size && !bare && !head && i < wanted->size; i++)
		sdi_buf_char(out, "0123456789abcdef"[i % 16]);
	sdi_buf_release(&echo);
}
