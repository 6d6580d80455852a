/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests over a plain socket, for bytes that no proper client would send. */
#include "request.h"
#include "../../lib/base/buf.h"
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MAX = 1 << 26 };

/* A numeric address and port. */
static struct addrinfo *address_of(const char *address, unsigned port, bool udp)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV }, *ret = NULL;
	char text[16];
	hints.ai_socktype = udp ? SOCK_DGRAM : SOCK_STREAM;
	snprintf(text, sizeof(text), "%u", port);
	return getaddrinfo(address, text, &hints, &ret) == 0 ? ret : NULL;
}

static int dial(const struct sdi_lab_request *request, struct sdi_lab_error *error)
{
	bool ipv6 = request->source && strchr(request->source, ':');
	struct addrinfo *to = address_of(ipv6 ? "::1" : "127.0.0.1", request->port, request->udp);
	struct addrinfo *from = request->source ? address_of(request->source, 0, request->udp) : NULL;
	int fd = to ? socket(to->ai_family, to->ai_socktype | SOCK_CLOEXEC, 0) : -1;
	if (fd < 0 || (request->source && (!from || bind(fd, from->ai_addr, from->ai_addrlen) != 0)) ||
	    connect(fd, to->ai_addr, to->ai_addrlen) != 0) {
		sdi_lab_fail(error, "can't connect to port %u: %s", request->port, strerror(errno));
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	if (to)
		freeaddrinfo(to);
	if (from)
		freeaddrinfo(from);
	return fd;
}

static bool ready(int fd, short what, uint64_t end)
{
	struct pollfd p = { .fd = fd, .events = what };
	uint64_t now = sdi_lab_now_ms();
	return now < end && poll(&p, 1, (int)(end - now)) == 1;
}

static bool send_all(int fd, struct sdi_str data, uint64_t end)
{
	while (data.n > 0) {
		if (!ready(fd, POLLOUT, end))
			return false;
		ssize_t n = send(fd, data.p, data.n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		data = sdi_str_from(data, n > 0 ? (size_t)n : 0);
	}
	return true;
}

/* One read; 0 at the end, -1 on failure or when time is up. */
static int more(int fd, struct sdi_buf *in, uint64_t end)
{
	char piece[16384];
	if (!ready(fd, POLLIN, end))
		return -1;
	ssize_t n = recv(fd, piece, sizeof(piece), 0);
	if (n > 0)
		sdi_buf_add(in, sdi_str_make(piece, (size_t)n));
	return n < 0 || in->failed ? -1 : n > 0;
}

/* Length of the head with its empty line; 0: not there yet. */
static size_t head_length(struct sdi_str s)
{
	for (size_t i = 0; i + 3 < s.n; i++)
		if (memcmp(s.p + i, "\r\n\r\n", 4) == 0)
			return i + 4;
	return 0;
}

static uint64_t body_length(const struct sdi_lab_response *r)
{
	const struct sdi_str *length = sdi_lab_header(&r->headers, "Content-Length");
	uint64_t n = 0;
	if (r->status == 204 || r->status == 304 || r->status < 200)
		return 0;
	if (!length)
		return UINT64_MAX; /* until the end; a chunked body stays as it is */
	for (size_t i = 0; i < length->n && sdi_is_digit(length->p[i]) && n < ANSWER_MAX; i++)
		n = n * 10 + (uint64_t)(length->p[i] - '0');
	return n;
}

static void read_head(struct sdi_lab_response *ret, struct sdi_str head)
{
	for (struct sdi_str line; sdi_str_split(&head, '\n', &line);)
		sdi_lab_response_line(ret, line);
}

static bool is_chunked_end(const struct sdi_lab_response *r, struct sdi_str body)
{
	return sdi_lab_header(&r->headers, "Transfer-Encoding") && sdi_str_ends(body, SDI_STR("0\r\n\r\n"));
}

static bool exchange(int fd, const struct sdi_lab_request *request, struct sdi_lab_response *ret, struct sdi_buf *in)
{
	uint64_t end = sdi_lab_now_ms() + (request->timeout_ms ? request->timeout_ms : SDI_LAB_REQUEST_MS), want;
	size_t head;
	int got = 1;
	if (!send_all(fd, request->raw, end))
		return sdi_lab_fail(&ret->error, "the connection was closed while sending");
	while (got > 0 && (head = head_length(sdi_buf_str(in))) == 0)
		got = more(fd, in, end);
	if (got <= 0)
		return sdi_lab_fail(&ret->error,
		                    got < 0 ? "no answer in time" : "the connection was closed without an answer");
	read_head(ret, sdi_str_head(sdi_buf_str(in), head));
	want = body_length(ret);
	if (ret->status == 101) {
		if (!send_all(fd, request->then, end))
			return sdi_lab_fail(&ret->error, "the connection was closed after the upgrade");
		want = request->then.n;
	}
	while (got > 0 && in->n - head < want && !is_chunked_end(ret, sdi_str_from(sdi_buf_str(in), head)))
		got = more(fd, in, end);
	ret->body = sdi_arena_copy(&ret->arena, sdi_str_head(sdi_str_from(sdi_buf_str(in), head), (size_t)want));
	if (got < 0)
		return sdi_lab_fail(&ret->error, "the answer is not complete");
	return true;
}

/* The same once more, after a while in which nothing is sent. What there was of the first answer is dropped. */
static bool repeat(int fd, const struct sdi_lab_request *request, struct sdi_lab_response *ret, struct sdi_buf *in)
{
	sdi_lab_sleep_ms(request->idle_ms);
	ret->headers.n = 0;
	ret->status = 0;
	in->n = 0;
	return exchange(fd, request, ret, in);
}

bool sdi_lab_request_raw(const struct sdi_lab_request *request, struct sdi_lab_response *ret)
{
	struct sdi_buf in;
	int fd = dial(request, &ret->error);
	if (fd < 0)
		return false;
	sdi_buf_init(&in, ANSWER_MAX);
	bool fine = exchange(fd, request, ret, &in) && (!request->idle_ms || repeat(fd, request, ret, &in));
	sdi_buf_release(&in);
	close(fd);
	return fine;
}
