/* SPDX-License-Identifier: BSD-3-Clause */
/* The probes' listeners, and the process that they live in. */
#include "probe_conn.h"
#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct sdi_lab_probes {
	pid_t pid;
	int alive; /* the child ends when this pipe's last writer, this process, is gone */
};

struct listening {
	struct event_base *base;
	const struct sdi_lab_probe *probe;
	struct evconnlistener *listener;
	struct event *datagrams;
};

/* Binds and listens; sets the port. */
static int listen_on(struct sdi_lab_probe *probe, struct sdi_lab_error *error)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_PASSIVE, .ai_socktype = SOCK_STREAM }, *ai = NULL;
	struct sockaddr_storage at;
	socklen_t n = sizeof(at);
	char port[16];
	int on = 1;
	const char *address = probe->address ? probe->address : "127.0.0.1";
	snprintf(port, sizeof(port), "%u", probe->port);
	if (getaddrinfo(address, port, &hints, &ai) != 0) {
		sdi_lab_fail(error, "\"%s\" is not an address", address);
		return -1;
	}
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (fd < 0 || bind(fd, ai->ai_addr, ai->ai_addrlen) != 0 || listen(fd, 1024) != 0 ||
	    getsockname(fd, (struct sockaddr *)&at, &n) != 0 ||
	    getnameinfo((struct sockaddr *)&at, n, NULL, 0, port, sizeof(port), NI_NUMERICSERV) != 0) {
		sdi_lab_fail(error, "probe %s can't listen on %s port %u: %s", probe->name, address, probe->port,
		             strerror(errno));
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	freeaddrinfo(ai);
	if (fd >= 0)
		probe->port = (unsigned)strtoul(port, NULL, 10);
	return fd;
}

/* For datagrams, where @fd listens. -1: that port is somebody else's for them. */
static int open_datagrams(int fd)
{
	struct sockaddr_storage at;
	socklen_t n = sizeof(at);
	if (getsockname(fd, (struct sockaddr *)&at, &n) != 0)
		return -1;
	int udp = socket(at.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (udp >= 0 && bind(udp, (struct sockaddr *)&at, n) != 0) {
		close(udp);
		udp = -1;
	}
	return udp;
}

static void close_all(int *fds, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	free(fds);
}

/* One for connections and one for datagrams, of each probe. */
static int *listen_all(struct sdi_lab_probe *probes, size_t n, struct sdi_lab_error *error)
{
	int *fds = calloc(n ? 2 * n : 1, sizeof(*fds));
	if (!fds) {
		sdi_lab_fail(error, "out of memory");
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		if ((fds[2 * i] = listen_on(&probes[i], error)) < 0) {
			close_all(fds, 2 * i);
			return NULL;
		}
		fds[2 * i + 1] = open_datagrams(fds[2 * i]);
	}
	return fds;
}

static void print_address(const struct sockaddr *from, socklen_t n, char remote[static 80])
{
	char host[64], port[8];
	if (getnameinfo(from, n, host, sizeof(host), port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		host[0] = port[0] = '\0';
	snprintf(remote, 80, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
}

static void accepted(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *from, int n, void *arg)
{
	struct listening *l = arg;
	char remote[80];
	(void)listener;
	print_address(from, (socklen_t)n, remote);
	sdi_lab_probe_serve(l->base, l->probe, fd, remote);
}

/* A datagram is a whole request of HTTP/1, and so is the answer. What is none gets no answer. */
static void received(evutil_socket_t fd, short what, void *arg)
{
	struct listening *l = arg;
	struct sockaddr_storage from;
	socklen_t from_n = sizeof(from);
	struct sdi_lab_seen seen;
	uint64_t length;
	struct sdi_buf answer;
	char data[2048], remote[80];
	(void)what;
	ssize_t n = recvfrom(fd, data, sizeof(data), 0, (struct sockaddr *)&from, &from_n);
	if (n <= 0 || !sdi_lab_seen_read(sdi_str_make(data, (size_t)n), &seen, &length))
		return;
	struct sdi_lab_wanted wanted = sdi_lab_wanted_read(seen.target);
	print_address((struct sockaddr *)&from, from_n, remote);
	sdi_buf_init(&answer, 1u << 15);
	sdi_lab_answer(&answer, l->probe, &seen, &wanted, remote, 1);
	if (!answer.failed)
		sendto(fd, answer.p, answer.n, 0, (struct sockaddr *)&from, from_n);
	sdi_buf_release(&answer);
}

static void stop(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what;
	event_base_loopexit(arg, NULL);
}

/* Serves the sockets of @fds until a signal, or until @alive (when it is not -1) is closed at its other end. */
static bool serve(const struct sdi_lab_probe *probes, const int *fds, size_t n, int alive)
{
	struct event_base *base = event_base_new();
	struct listening *all = calloc(n ? n : 1, sizeof(*all));
	if (!base || !all)
		return false;
	for (size_t i = 0; i < n; i++) {
		all[i] = (struct listening){ .base = base, .probe = &probes[i] };
		all[i].listener = evconnlistener_new(base, accepted, &all[i], LEV_OPT_CLOSE_ON_FREE, 0, fds[2 * i]);
		all[i].datagrams = fds[2 * i + 1] < 0 ?
		                           NULL :
		                           event_new(base, fds[2 * i + 1], EV_READ | EV_PERSIST, received, &all[i]);
		if (all[i].datagrams)
			event_add(all[i].datagrams, NULL);
	}
	struct event *ends[] = {
		evsignal_new(base, SIGTERM, stop, base),
		evsignal_new(base, SIGINT, stop, base),
		alive < 0 ? NULL : event_new(base, alive, EV_READ, stop, base),
	};
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i])
			event_add(ends[i], NULL);
	event_base_dispatch(base);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (ends[i])
			event_free(ends[i]);
	for (size_t i = 0; i < n; i++) {
		if (all[i].listener)
			evconnlistener_free(all[i].listener);
		if (all[i].datagrams)
			event_free(all[i].datagrams);
		if (fds[2 * i + 1] >= 0)
			close(fds[2 * i + 1]);
	}
	free(all);
	event_base_free(base);
	return true;
}

bool sdi_lab_probes_run(struct sdi_lab_probe *probes, size_t n, void (*listening)(void *arg), void *arg,
                        struct sdi_lab_error *error)
{
	int *fds = listen_all(probes, n, error);
	if (!fds)
		return false;
	signal(SIGPIPE, SIG_IGN);
	if (listening)
		listening(arg);
	bool fine = serve(probes, fds, n, -1) || sdi_lab_fail(error, "out of memory");
	free(fds); /* the listeners owned and closed the sockets */
	return fine;
}

struct sdi_lab_probes *sdi_lab_probes_start(struct sdi_lab_probe *probes, size_t n, struct sdi_lab_error *error)
{
	int alive[2];
	struct sdi_lab_probes *ret = calloc(1, sizeof(*ret));
	int *fds = ret ? listen_all(probes, n, error) : NULL;
	if (!fds || pipe2(alive, O_CLOEXEC) != 0) {
		if (fds) {
			sdi_lab_fail(error, "pipe: %s", strerror(errno));
			close_all(fds, 2 * n);
		}
		free(ret);
		return NULL;
	}
	fflush(NULL); /* else the child would write the same again */
	ret->pid = fork();
	if (ret->pid == 0) {
		close(alive[1]);
		signal(SIGPIPE, SIG_IGN);
		serve(probes, fds, n, alive[0]);
		_exit(0);
	}
	close(alive[0]);
	close_all(fds, 2 * n);
	ret->alive = alive[1];
	if (ret->pid < 0) {
		sdi_lab_fail(error, "fork: %s", strerror(errno));
		close(ret->alive);
		free(ret);
		return NULL;
	}
	return ret;
}

void sdi_lab_probes_stop(struct sdi_lab_probes *probes)
{
	if (!probes)
		return;
	close(probes->alive);
	while (waitpid(probes->pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(probes);
}
