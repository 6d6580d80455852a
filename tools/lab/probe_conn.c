/* SPDX-License-Identifier: BSD-3-Clause */
/* One connection of a probe: a small HTTP/1 server on a bufferevent, so that it can tell the exact bytes it got. */
#include "probe_conn.h"
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <sys/socket.h>

enum { HEAD_MAX = 256 * 1024, BODY_KEPT = 256, IDLE_S = 120 };

struct conn {
	const struct sdi_lab_probe *probe;
	struct bufferevent *bev;
	struct event *delay;
	char remote[64];
	unsigned count;
	enum { HEAD, BODY, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILER, ANSWERING, TUNNEL, CLOSING } state;
	struct sdi_buf head, body;
	struct sdi_lab_seen seen; /* views of head and body */
	struct sdi_lab_frames frames;
	uint64_t left; /* bytes that the body or chunk still has */
};

static void conn_free(struct conn *c)
{
	if (c->delay)
		event_free(c->delay);
	bufferevent_free(c->bev);
	sdi_buf_release(&c->head);
	sdi_buf_release(&c->body);
	sdi_buf_release(&c->frames.params);
	free(c);
}

static void conn_read(struct bufferevent *bev, void *arg);

/* Sends the answer; what has come meanwhile is the next request. */
static void answer(evutil_socket_t fd, short what, void *arg)
{
	struct conn *c = arg;
	struct sdi_lab_wanted wanted = sdi_lab_wanted_read(c->seen.target);
	struct sdi_buf out;
	(void)fd, (void)what;
	if (wanted.close) {
		conn_free(c);
		return;
	}
	sdi_buf_init(&out, (size_t)1 << 27);
	sdi_lab_answer(&out, c->probe, &c->seen, &wanted, c->remote, c->count);
	if (c->frames.framing == SDI_LAB_FCGI) {
		struct sdi_buf records;
		sdi_buf_init(&records, (size_t)1 << 28);
		sdi_lab_fcgi_answer(&c->frames, sdi_buf_str(&out), &records);
		bufferevent_write(c->bev, records.p, records.n);
		sdi_buf_release(&records);
		c->seen.close = !c->frames.keep;
	} else {
		bufferevent_write(c->bev, out.p, out.n);
	}
	c->state = c->seen.upgrade ? TUNNEL : c->seen.close || out.failed ? CLOSING : HEAD;
	sdi_buf_release(&out);
	sdi_buf_clear(&c->head);
	sdi_buf_clear(&c->body);
	if (evbuffer_get_length(bufferevent_get_input(c->bev)) > 0)
		bufferevent_trigger(c->bev, EV_READ, BEV_TRIG_DEFER_CALLBACKS);
}

/* Always from the event loop, so that no caller is left with a connection that is gone. */
static void answer_soon(struct conn *c)
{
	unsigned ms = sdi_lab_wanted_read(c->seen.target).delay_ms;
	struct timeval t = { ms / 1000, (long)(ms % 1000) * 1000 };
	c->state = ANSWERING;
	c->count++;
	c->seen.body = sdi_buf_str(&c->body);
	if (!sdi_lab_wanted_read(c->seen.target).heard)
		sdi_lab_heard_keep(c->probe, &c->seen, c->remote);
	event_add(c->delay, &t);
}

static bool expects_continue(struct sdi_str lines)
{
	struct sdi_str name, value;
	while (sdi_lab_next_header(&lines, &name, &value))
		if (sdi_str_eq_nocase(name, SDI_STR("expect")) && sdi_str_eq_nocase(value, SDI_STR("100-continue")))
			return true;
	return false;
}

/* What TLS has to tell stands behind the request line, like headers. */
static void add_tls(struct conn *c)
{
	struct ssl_st *ssl = bufferevent_openssl_get_ssl(c->bev);
	char lines[512];
	if (!ssl)
		return;
	sdi_lab_tls_lines(ssl, lines, sizeof(lines));
	sdi_buf_add(&c->head, sdi_str_c(lines));
}

static bool read_head(struct conn *c, struct evbuffer *in)
{
	size_t eol;
	for (;;) {
		struct evbuffer_ptr at = evbuffer_search_eol(in, NULL, &eol, EVBUFFER_EOL_CRLF);
		if (at.pos < 0)
			return false;
		size_t n = (size_t)at.pos;
		char *line = (char *)evbuffer_pullup(in, (ev_ssize_t)(n + eol));
		if (n > 0 || c->head.n > 0) /* empty lines before a request don't count: RFC 9112 2.2 */
			sdi_buf_add(&c->head, sdi_str_make(line, n + eol));
		if (c->head.n == n + eol)
			add_tls(c);
		evbuffer_drain(in, n + eol);
		if (n == 0 && c->head.n > 0)
			break;
	}
	if (c->head.failed || !sdi_lab_seen_read(sdi_buf_str(&c->head), &c->seen, &c->left)) {
		bufferevent_write(c->bev, "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 57);
		c->state = CLOSING;
		return false;
	}
	if (c->left > 0 && expects_continue(c->seen.lines))
		bufferevent_write(c->bev, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	c->state = c->left == UINT64_MAX ? CHUNK_SIZE : BODY;
	return true;
}

/* Of the body or chunk; true when all of it was there. */
static bool read_bytes(struct conn *c, struct evbuffer *in)
{
	while (c->left > 0) {
		size_t n = evbuffer_get_contiguous_space(in);
		if (n == 0)
			return false;
		if (n > c->left)
			n = (size_t)c->left;
		struct sdi_str got = { (char *)evbuffer_pullup(in, (ev_ssize_t)n), n };
		if (c->body.n < BODY_KEPT)
			sdi_buf_add(&c->body, sdi_str_head(got, BODY_KEPT - c->body.n));
		c->seen.body_bytes += n;
		c->left -= n;
		evbuffer_drain(in, n);
	}
	return true;
}

/* A line of the chunked coding, without its end; NULL: not there yet. free() it. */
static char *read_line(struct evbuffer *in)
{
	size_t n;
	return evbuffer_readln(in, &n, EVBUFFER_EOL_CRLF);
}

/* One step of the machine; false: needs more bytes, or the request is whole. */
static bool step(struct conn *c, struct evbuffer *in)
{
	char *line;
	switch (c->state) {
	case HEAD: return read_head(c, in);
	case BODY:
		if (read_bytes(c, in))
			answer_soon(c);
		return false;
	case CHUNK_SIZE:
		if (!(line = read_line(in)))
			return false;
		c->left = strtoull(line, NULL, 16);
		c->state = c->left > 0 ? CHUNK : TRAILER;
		break;
	case CHUNK:
		if (!read_bytes(c, in))
			return false;
		c->state = CHUNK_END;
		return true;
	case CHUNK_END:
		if (!(line = read_line(in)))
			return false;
		c->state = CHUNK_SIZE;
		break;
	case TRAILER:
		if (!(line = read_line(in)))
			return false;
		if (line[0] == '\0')
			answer_soon(c);
		break;
	case TUNNEL: bufferevent_write_buffer(c->bev, in); return false;
	case ANSWERING: return false;
	case CLOSING: evbuffer_drain(in, evbuffer_get_length(in)); return false;
	default: return false;
	}
	free(line);
	return c->state != ANSWERING;
}

static void read_fcgi(struct conn *c, struct evbuffer *in)
{
	if (c->state != HEAD || !sdi_lab_fcgi_read(&c->frames, in, &c->head, &c->body))
		return;
	if (!sdi_lab_seen_read(sdi_buf_str(&c->head), &c->seen, &c->left))
		return;
	c->seen.body_bytes = c->frames.body_bytes;
	answer_soon(c);
}

static void read_h2(struct conn *c, struct evbuffer *in)
{
	struct sdi_buf out;
	sdi_buf_init(&out, (size_t)1 << 20);
	sdi_lab_h2_read(&c->frames, c->probe, in, &out);
	bufferevent_write(c->bev, out.p, out.n);
	sdi_buf_release(&out);
}

static void conn_read(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;
	struct evbuffer *input = bufferevent_get_input(bev);
	if (c->frames.framing == SDI_LAB_UNKNOWN)
		c->frames.framing = sdi_lab_framing_of(input);
	if (c->frames.framing == SDI_LAB_FCGI)
		read_fcgi(c, input);
	else if (c->frames.framing == SDI_LAB_H2)
		read_h2(c, input);
	if (c->frames.framing != SDI_LAB_HTTP)
		return;
	while (step(c, bufferevent_get_input(bev)))
		;
}

/* All is sent: the last answer closes. */
static void conn_written(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;
	(void)bev;
	if (c->state == CLOSING)
		conn_free(c);
}

static void conn_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	if (what & (BEV_EVENT_EOF | BEV_EVENT_ERROR | BEV_EVENT_TIMEOUT))
		conn_free(arg);
}

/* @fd over TLS, or as it is. */
static struct bufferevent *wrap(struct event_base *base, int fd, bool tls)
{
	enum { OPTIONS = BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS };
	struct ssl_st *ssl = tls ? sdi_lab_tls_new() : NULL;
	if (!tls)
		return bufferevent_socket_new(base, fd, OPTIONS);
	return ssl ? bufferevent_openssl_socket_new(base, fd, ssl, BUFFEREVENT_SSL_ACCEPTING, OPTIONS) : NULL;
}

static void start(struct event_base *base, const struct sdi_lab_probe *probe, int fd, const char *remote, bool tls)
{
	struct timeval idle = { IDLE_S, 0 };
	struct conn *c = calloc(1, sizeof(*c));
	struct bufferevent *bev = wrap(base, fd, tls);
	struct event *delay = c ? evtimer_new(base, answer, c) : NULL;
	if (!c || !bev || !delay) {
		if (bev)
			bufferevent_free(bev);
		else
			evutil_closesocket(fd);
		if (delay)
			event_free(delay);
		free(c);
		return;
	}
	c->probe = probe;
	c->bev = bev;
	c->delay = delay;
	snprintf(c->remote, sizeof(c->remote), "%s", remote);
	sdi_buf_init(&c->head, HEAD_MAX);
	sdi_buf_init(&c->body, BODY_KEPT);
	sdi_buf_init(&c->frames.params, HEAD_MAX);
	bufferevent_setcb(bev, conn_read, conn_written, conn_event, c);
	bufferevent_set_timeouts(bev, &idle, NULL);
	bufferevent_enable(bev, EV_READ | EV_WRITE);
}

/* A connection of which nothing is known yet. */
struct fresh {
	struct event_base *base;
	const struct sdi_lab_probe *probe;
	int fd;
	char remote[64];
};

/* The first byte of a handshake is no byte that a request begins with (RFC 8446 5.1). */
static void first_byte(evutil_socket_t fd, short what, void *arg)
{
	enum { HANDSHAKE = 22 };
	struct fresh *fresh = arg;
	unsigned char first = 0;
	if (what & EV_READ && recv(fd, &first, 1, MSG_PEEK) == 1)
		start(fresh->base, fresh->probe, fresh->fd, fresh->remote, first == HANDSHAKE);
	else
		evutil_closesocket(fd);
	free(fresh);
}

void sdi_lab_probe_serve(struct event_base *base, const struct sdi_lab_probe *probe, int fd, const char *remote)
{
	struct timeval idle = { IDLE_S, 0 };
	struct fresh *fresh = calloc(1, sizeof(*fresh));
	if (fresh) {
		*fresh = (struct fresh){ .base = base, .probe = probe, .fd = fd };
		snprintf(fresh->remote, sizeof(fresh->remote), "%s", remote);
	}
	if (!fresh || event_base_once(base, fd, EV_READ | EV_TIMEOUT, first_byte, fresh, &idle) != 0) {
		evutil_closesocket(fd);
		free(fresh);
	}
}
