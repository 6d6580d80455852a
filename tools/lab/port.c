/* SPDX-License-Identifier: BSD-3-Clause */
#include "lab.h"
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORT_LOW = 20000, PORT_HIGH = 32000 }; /* Linux gives outgoing connections ports from 32768 on */

bool sdi_lab_fail(struct sdi_lab_error *error, const char *format, ...)
{
	if (error) {
		va_list args;
		va_start(args, format);
		vsnprintf(error->text, sizeof(error->text), format, args);
		va_end(args);
	}
	return false;
}

uint64_t sdi_lab_now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void sdi_lab_sleep_ms(unsigned ms)
{
	struct timespec t = { ms / 1000, (long)(ms % 1000) * 1000000 };
	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		;
}

/* Bound without SO_REUSEADDR: a port with connections in TIME_WAIT counts as taken, which is what a test wants. */
static int bind_any(unsigned port)
{
	struct sockaddr_in6 any6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
	struct sockaddr_in any4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0), off = 0;
	if (fd >= 0) { /* both families at once */
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
		if (bind(fd, (struct sockaddr *)&any6, sizeof(any6)) == 0)
			return fd;
		close(fd);
		return -1;
	}
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&any4, sizeof(any4)) != 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

bool sdi_lab_ports(unsigned *ports, size_t n, struct sdi_lab_error *error)
{
	enum { MOST = 16 };
	int held[MOST];
	size_t found = 0;
	struct timespec t;
	if (n > MOST)
		return sdi_lab_fail(error, "more than %d ports at once", MOST);
	clock_gettime(CLOCK_REALTIME, &t);
	unsigned start = (unsigned)(t.tv_nsec / 1000 + getpid() * 7919);
	for (unsigned i = 0; found < n && i < PORT_HIGH - PORT_LOW; i++) {
		unsigned port = PORT_LOW + (start + i) % (PORT_HIGH - PORT_LOW);
		int fd = bind_any(port);
		if (fd < 0)
			continue;
		held[found] = fd;
		ports[found++] = port;
	}
	for (size_t i = 0; i < found; i++)
		close(held[i]);
	return found == n || sdi_lab_fail(error, "no free TCP port between %d and %d", PORT_LOW, PORT_HIGH);
}
