/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The framed protocols of a probe, as much of them as proxies use. FastCGI: parameters become a request head
 * ("HTTP_X_A" the header "X-A", others "X-Fcgi-NAME"). HTTP/2: heads are not decoded, so the answer only says who
 * it is, as a gRPC call that went well.
 */
#include "probe_conn.h"
#include "../../lib/base/buf.h"
#include <event2/buffer.h>

enum { FCGI_HEAD = 8, FCGI_BEGIN = 1, FCGI_END = 3, FCGI_PARAMS = 4, FCGI_STDIN = 5, FCGI_STDOUT = 6 };
enum {
	H2_HEAD = 9,
	H2_PREFACE = 24,
	H2_DATA = 0,
	H2_HEADERS = 1,
	H2_SETTINGS = 4,
	H2_PING = 6,
	H2_ACK = 1,
	H2_END = 1
};
enum { RECORD_MAX = 16000 };

enum sdi_lab_framing sdi_lab_framing_of(struct evbuffer *in)
{
	char first[4] = "";
	ev_ssize_t n = evbuffer_copyout(in, first, sizeof(first));
	if (n > 0 && first[0] == 1)
		return SDI_LAB_FCGI;
	if (n > 0 && first[0] != 'P')
		return SDI_LAB_HTTP;
	if (n < 4)
		return SDI_LAB_UNKNOWN;
	return memcmp(first, "PRI ", 4) == 0 ? SDI_LAB_H2 : SDI_LAB_HTTP;
}

static size_t cut_length(struct sdi_str *rest)
{
	const unsigned char *p = (const unsigned char *)rest->p;
	size_t bytes = rest->n && p[0] & 0x80 ? 4 : 1, n;
	if (rest->n < bytes)
		return 0;
	n = bytes == 1 ? p[0] : (size_t)(p[0] & 0x7f) << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
	*rest = sdi_str_from(*rest, bytes);
	return n;
}

static void add_header(struct sdi_buf *lines, struct sdi_str name, struct sdi_str value)
{
	bool http = sdi_str_starts(name, SDI_STR("HTTP_"));
	struct sdi_str text = http ? sdi_str_from(name, 5) : name;
	if (!http)
		sdi_buf_lit(lines, "X-Fcgi-");
	for (size_t i = 0; i < text.n; i++)
		sdi_buf_char(lines, http && text.p[i] == '_' ? '-' : text.p[i]);
	sdi_buf_lit(lines, ": ");
	sdi_buf_add(lines, value);
	sdi_buf_lit(lines, "\r\n");
}

/* The request head that @params stand for. */
static void make_head(struct sdi_str params, struct sdi_buf *head)
{
	struct sdi_str method = SDI_STR("GET"), target = SDI_STR("/");
	struct sdi_buf lines;
	sdi_buf_init(&lines, 256 * 1024);
	while (params.n) {
		size_t name_n = cut_length(&params), value_n = cut_length(&params);
		struct sdi_str name = sdi_str_head(params, name_n);
		struct sdi_str value = sdi_str_head(sdi_str_from(params, name_n), value_n);
		params = sdi_str_from(params, name_n + value_n);
		if (sdi_str_is(name, "REQUEST_METHOD"))
			method = value;
		else if (sdi_str_is(name, "REQUEST_URI"))
			target = value;
		add_header(&lines, name, value);
	}
	sdi_buf_add(head, method);
	sdi_buf_lit(head, " ");
	sdi_buf_add(head, target);
	sdi_buf_lit(head, " HTTP/1.1\r\n");
	sdi_buf_add(head, sdi_buf_str(&lines));
	sdi_buf_release(&lines);
}

static void fcgi_record(struct sdi_lab_frames *f, unsigned type, struct sdi_str data, struct sdi_buf *head,
                        struct sdi_buf *body)
{
	switch (type) {
	case FCGI_BEGIN:
		f->keep = data.n > 2 && data.p[2] & 1;
		f->body_bytes = 0;
		sdi_buf_clear(&f->params);
		break;
	case FCGI_PARAMS:
		sdi_buf_add(&f->params, data);
		if (data.n == 0)
			make_head(sdi_buf_str(&f->params), head);
		break;
	case FCGI_STDIN:
		f->body_bytes += data.n;
		sdi_buf_add(body, sdi_str_head(data, body->max > body->n ? body->max - body->n : 0));
		f->whole = data.n == 0;
		break;
	default: break;
	}
}

bool sdi_lab_fcgi_read(struct sdi_lab_frames *f, struct evbuffer *in, struct sdi_buf *head, struct sdi_buf *body)
{
	f->whole = false;
	while (!f->whole && evbuffer_get_length(in) >= FCGI_HEAD) {
		unsigned char *p = evbuffer_pullup(in, FCGI_HEAD);
		size_t n = (size_t)p[4] << 8 | p[5], all = FCGI_HEAD + n + p[6];
		if (evbuffer_get_length(in) < all)
			return false;
		p = evbuffer_pullup(in, (ev_ssize_t)all);
		f->id = (unsigned)p[2] << 8 | p[3];
		fcgi_record(f, p[1], sdi_str_make((char *)p + FCGI_HEAD, n), head, body);
		evbuffer_drain(in, all);
	}
	return f->whole;
}

static void add_record(struct sdi_buf *out, unsigned id, char type, struct sdi_str data)
{
	char head[FCGI_HEAD] = { 1, type, (char)(id >> 8), (char)id, (char)(data.n >> 8), (char)data.n, 0, 0 };
	sdi_buf_add(out, sdi_str_make(head, sizeof(head)));
	sdi_buf_add(out, data);
}

void sdi_lab_fcgi_answer(struct sdi_lab_frames *f, struct sdi_str answer, struct sdi_buf *out)
{
	struct sdi_buf text;
	sdi_buf_init(&text, (size_t)1 << 27);
	sdi_buf_lit(&text, "Status: "); /* in place of "HTTP/1.1 " */
	sdi_buf_add(&text, sdi_str_from(answer, 9));
	for (struct sdi_str rest = sdi_buf_str(&text); rest.n; rest = sdi_str_from(rest, RECORD_MAX))
		add_record(out, f->id, FCGI_STDOUT, sdi_str_head(rest, RECORD_MAX));
	add_record(out, f->id, FCGI_STDOUT, SDI_STR(""));
	add_record(out, f->id, FCGI_END, sdi_str_make("\0\0\0\0\0\0\0\0", 8));
	sdi_buf_release(&text);
}

static void add_frame(struct sdi_buf *out, unsigned type, unsigned flags, uint32_t stream, struct sdi_str data)
{
	char head[H2_HEAD] = { (char)(data.n >> 16), (char)(data.n >> 8), (char)data.n,
		               (char)type,           (char)flags,         (char)(stream >> 24),
		               (char)(stream >> 16), (char)(stream >> 8), (char)stream };
	sdi_buf_add(out, sdi_str_make(head, sizeof(head)));
	sdi_buf_add(out, data);
}

/* A header as HPACK has it without a table (RFC 7541 6.2.2). */
static void add_field(struct sdi_buf *out, struct sdi_str name, struct sdi_str value)
{
	sdi_buf_char(out, '\0');
	sdi_buf_char(out, (char)name.n);
	sdi_buf_add(out, name);
	sdi_buf_char(out, (char)value.n);
	sdi_buf_add(out, value);
}

static void h2_answer(const struct sdi_lab_probe *probe, uint32_t stream, struct sdi_buf *out)
{
	enum { END_HEADERS = 4 };
	struct sdi_buf fields;
	sdi_buf_init(&fields, 4096);
	sdi_buf_char(&fields, (char)0x88); /* :status 200 */
	add_field(&fields, SDI_STR("content-type"), SDI_STR("application/grpc"));
	add_field(&fields, SDI_STR("x-probe"), sdi_str_c(probe->name));
	add_frame(out, H2_HEADERS, END_HEADERS, stream, sdi_buf_str(&fields));
	add_frame(out, H2_DATA, 0, stream, sdi_str_make("\0\0\0\0\0", 5)); /* an empty message */
	sdi_buf_clear(&fields);
	add_field(&fields, SDI_STR("grpc-status"), SDI_STR("0"));
	add_frame(out, H2_HEADERS, END_HEADERS | H2_END, stream, sdi_buf_str(&fields));
	sdi_buf_release(&fields);
}

void sdi_lab_h2_read(struct sdi_lab_frames *f, const struct sdi_lab_probe *probe, struct evbuffer *in,
                     struct sdi_buf *out)
{
	if (!f->greeted) {
		if (evbuffer_get_length(in) < H2_PREFACE)
			return;
		evbuffer_drain(in, H2_PREFACE);
		add_frame(out, H2_SETTINGS, 0, 0, SDI_STR(""));
		f->greeted = true;
	}
	while (evbuffer_get_length(in) >= H2_HEAD) {
		unsigned char *p = evbuffer_pullup(in, H2_HEAD);
		size_t n = (size_t)p[0] << 16 | (size_t)p[1] << 8 | p[2];
		if (evbuffer_get_length(in) < H2_HEAD + n)
			return;
		p = evbuffer_pullup(in, (ev_ssize_t)(H2_HEAD + n));
		uint32_t stream = (uint32_t)(p[5] & 0x7f) << 24 | (uint32_t)p[6] << 16 | (uint32_t)p[7] << 8 | p[8];
		unsigned type = p[3], flags = p[4];
		if (type == H2_SETTINGS && !(flags & H2_ACK))
			add_frame(out, H2_SETTINGS, H2_ACK, 0, SDI_STR(""));
		else if (type == H2_PING && !(flags & H2_ACK))
			add_frame(out, H2_PING, H2_ACK, 0, sdi_str_make((char *)p + H2_HEAD, n));
		else if ((type == H2_HEADERS || type == H2_DATA) && flags & H2_END)
			h2_answer(probe, stream, out);
		evbuffer_drain(in, H2_HEAD + n);
	}
}
