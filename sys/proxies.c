/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/str.h"
#include "sys.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 2000 };

extern char **environ;

void sdi_sys_parse_version(const char *text, char *ret, size_t room)
{
	static const char *const before[] = { "HAProxy version ", "HA-Proxy version ", "nginx version: nginx/" };
	*ret = '\0';
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		const char *at = strstr(text, before[i]);
		if (!at)
			continue;
		at += strlen(before[i]);
		size_t n = strspn(at, "0123456789.");
		snprintf(ret, room, "%.*s", (int)(n < room ? n : room - 1), at);
		return;
	}
}

static long long now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

/* Runs `PATH -v` and returns what it prints, cut to @room; a program that hangs is ended. */
static int ask_version(const char *path, char *ret, size_t room)
{
	int ends[2];
	pid_t pid;
	size_t n = 0;
	char *const argv[] = { (char *)path, (char *)"-v", NULL };
	posix_spawn_file_actions_t actions;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
	int error = -posix_spawn(&pid, path, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (error) {
		close(ends[0]);
		return error;
	}
	long long until = now_ms() + PATIENCE_MS;
	while (n + 1 < room) {
		struct pollfd p = { .fd = ends[0], .events = POLLIN };
		long long left = until - now_ms();
		if (left <= 0 || poll(&p, 1, (int)left) <= 0)
			break;
		ssize_t got = read(ends[0], ret + n, room - n - 1);
		if (got <= 0)
			break;
		n += (size_t)got;
	}
	ret[n] = '\0';
	close(ends[0]);
	kill(pid, SIGKILL); /* it has printed its version, or had its time */
	waitpid(pid, NULL, 0);
	return 0;
}

static bool try_folder(struct sdi_str folder, const char *program, struct sdi_sys_proxy *ret)
{
	struct stat st;
	if (!folder.n || folder.n + strlen(program) + 2 > sizeof(ret->path))
		return false;
	snprintf(ret->path, sizeof(ret->path), SDI_STR_FMT "/%s", SDI_STR_ARG(folder), program);
	return stat(ret->path, &st) == 0 && S_ISREG(st.st_mode) && access(ret->path, X_OK) == 0;
}

int sdi_sys_find_proxy(enum sdi_proxy proxy, struct sdi_sys_proxy *ret)
{
	const char *program = proxy == SDI_PROXY_HAPROXY ? "haproxy" : "nginx", *path = getenv("PATH");
	struct sdi_str folder, rest = sdi_str_c(path ? path : "");
	bool found = false;
	char text[4096];
	while (!found && sdi_str_split(&rest, ':', &folder))
		found = try_folder(folder, program, ret);
	found = found || try_folder(SDI_STR("/usr/sbin"), program, ret) ||
	        try_folder(SDI_STR("/usr/local/sbin"), program, ret);
	if (!found)
		return -ENOENT;
	int error = ask_version(ret->path, text, sizeof(text));
	sdi_sys_parse_version(error ? "" : text, ret->version, sizeof(ret->version));
	return 0;
}

bool sdi_sys_has_ipv6(void)
{
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno != EAFNOSUPPORT;
}

int sdi_sys_name_servers(const char *resolv_conf, void (*each)(void *arg, const char *address), void *arg)
{
	char *text;
	size_t n;
	int error = sdi_sys_slurp_input(resolv_conf, 64 * 1024, &text, &n); /* often a link */
	if (error)
		return error;
	struct sdi_str line, rest = sdi_str_make(text, n);
	while (sdi_str_split(&rest, '\n', &line)) {
		line = sdi_str_trim(line);
		if (!sdi_str_starts(line, SDI_STR("nameserver")))
			continue;
		char address[64];
		struct sdi_str value = sdi_str_trim(sdi_str_from(line, sizeof("nameserver") - 1));
		if (value.n && value.n < sizeof(address)) {
			snprintf(address, sizeof(address), SDI_STR_FMT, SDI_STR_ARG(value));
			each(arg, address);
		}
	}
	free(text);
	return 0;
}
