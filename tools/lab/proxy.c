/* SPDX-License-Identifier: BSD-3-Clause */
#include "proxy.h"
#include "../../sys/sys.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

struct sdi_lab_proxy {
	pid_t pid;
	bool ended;
};

enum { CHECK_MS = 30000, ARGS_MAX = 8 };

/* How each proxy is called; "@" stands for the path of its main file. */
static const struct {
	const char *name, *file;
	const char *check[ARGS_MAX], *run[ARGS_MAX], *version[ARGS_MAX];
} kinds[] = {
	[SDI_PROXY_HAPROXY] = {
		.name = "haproxy", .file = "haproxy.cfg",
		.check = { "-c", "-f", "@" }, .run = { "-db", "-f", "@" }, .version = { "-v" },
	},
	[SDI_PROXY_NGINX] = {
		.name = "nginx", .file = "nginx.conf",
		.check = { "-t", "-c", "@", "-e", "stderr" }, .run = { "-c", "@", "-g", "daemon off;", "-e", "stderr" },
		.version = { "-v" },
	},
};

const char *sdi_lab_proxy_name(enum sdi_proxy kind)
{
	return kinds[kind].name;
}

char *sdi_lab_proxy_find(enum sdi_proxy kind, const char *program)
{
	struct sdi_sys_proxy found;
	if (program)
		return access(program, X_OK) == 0 ? strdup(program) : NULL;
	return sdi_sys_find_proxy(kind, &found) == 0 ? strdup(found.path) : NULL;
}

/* Runs @program with @args, its output appended to @log, or handed to *ret_pipe when @log is NULL. */
static pid_t spawn(const char *program, const char *const *args, const char *file, const char *log, int *ret_pipe)
{
	const char *argv[ARGS_MAX + 2] = { program };
	int ends[2] = { -1, -1 };
	for (size_t i = 0; i < ARGS_MAX && args[i]; i++)
		argv[i + 1] = strcmp(args[i], "@") == 0 ? file : args[i];
	int out = log ? open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
	if (log ? out < 0 : pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	pid_t parent = getpid(), pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDONLY | O_CLOEXEC), to = log ? out : ends[1];
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		if (getppid() != parent || dup2(null, 0) < 0 || dup2(to, 1) < 0 || dup2(to, 2) < 0)
			_exit(127);
		signal(SIGPIPE, SIG_DFL);
		execv(program, (char *const *)argv);
		_exit(127);
	}
	if (out >= 0)
		close(out);
	if (!log) {
		close(ends[1]);
		if (pid < 0)
			close(ends[0]);
		else
			*ret_pipe = ends[0];
	}
	return pid;
}

/* Waits until @pid has ended, at most @ms. */
static bool reap(pid_t pid, unsigned ms, int *ret_status)
{
	uint64_t end = sdi_lab_now_ms() + ms;
	for (unsigned wait = 1;; wait = wait < 16 ? wait * 2 : 16) {
		pid_t done = waitpid(pid, ret_status, WNOHANG);
		if (done == pid || (done < 0 && errno != EINTR))
			return true;
		if (sdi_lab_now_ms() >= end)
			return false;
		sdi_lab_sleep_ms(wait);
	}
}

/* The last lines of @log in one sentence. */
static bool fail_with_log(struct sdi_lab_error *error, const char *what, const char *log)
{
	char tail[400];
	size_t n = 0;
	FILE *f = fopen(log, "re");
	if (f) {
		if (fseek(f, -(long)(sizeof(tail) - 1), SEEK_END) != 0)
			rewind(f);
		n = fread(tail, 1, sizeof(tail) - 1, f);
		fclose(f);
	}
	while (n > 0 && tail[n - 1] == '\n')
		n--;
	tail[n] = '\0';
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)tail[i] < 0x20)
			tail[i] = tail[i] == '\n' ? '|' : ' ';
	return sdi_lab_fail(error, "%s; its last words: %s", what, tail);
}

static void paths_of(enum sdi_proxy kind, const char *dir, char file[static 4096], char log[static 4096])
{
	snprintf(file, 4096, "%s/%s", dir, kinds[kind].file);
	snprintf(log, 4096, "%s/proxy.log", dir);
}

bool sdi_lab_proxy_version(enum sdi_proxy kind, const char *program, unsigned *ret_major, unsigned *ret_minor)
{
	char text[512];
	size_t n = 0;
	ssize_t got;
	int from = -1, status;
	pid_t pid = spawn(program, kinds[kind].version, "", NULL, &from);
	if (pid < 0)
		return false;
	while (n < sizeof(text) - 1 && (got = read(from, text + n, sizeof(text) - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = '\0';
	close(from);
	if (!reap(pid, CHECK_MS, &status))
		kill(pid, SIGKILL), waitpid(pid, &status, 0);
	char version[64];
	sdi_sys_parse_version(text, version, sizeof(version));
	return sscanf(version, "%u.%u", ret_major, ret_minor) == 2;
}

bool sdi_lab_proxy_check(enum sdi_proxy kind, const char *program, const char *dir, struct sdi_lab_error *error)
{
	char file[4096], log[4096];
	int status = 0;
	paths_of(kind, dir, file, log);
	pid_t pid = spawn(program, kinds[kind].check, file, log, NULL);
	if (pid < 0)
		return sdi_lab_fail(error, "can't start %s: %s", program, strerror(errno));
	if (!reap(pid, CHECK_MS, &status)) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		return fail_with_log(error, "the check took too long", log);
	}
	return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
	       fail_with_log(error, "the proxy rejects its files", log);
}

/* NGINX writes its pid once all its sockets listen. */
static bool wrote_pid(const struct sdi_lab_proxy *proxy, const char *dir)
{
	char path[4096];
	long pid = 0;
	snprintf(path, sizeof(path), "%s/run/nginx.pid", dir);
	FILE *f = fopen(path, "re");
	bool fine = f && fscanf(f, "%ld", &pid) == 1 && pid == (long)proxy->pid;
	if (f)
		fclose(f);
	return fine;
}

/* HAProxy answers on its own socket once it works, and before that it binds all that it listens on. */
static bool answers(const char *dir)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	struct timeval most = { .tv_sec = 1 };
	char byte;
	int n = snprintf(to.sun_path, sizeof(to.sun_path), "%s/run/haproxy.sock", dir);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool fine = fd >= 0 && n > 0 && (size_t)n < sizeof(to.sun_path) &&
	            setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof(most)) == 0 &&
	            connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0 &&
	            send(fd, "show info\n", 10, MSG_NOSIGNAL) == 10 && recv(fd, &byte, 1, 0) == 1;
	if (fd >= 0)
		close(fd);
	return fine;
}

/* Waits until the proxy says that it is there. Whether a port accepts would tell nothing of those that it opens later,
 * and nothing of UDP. False: the proxy ended, or time is up. */
static bool wait_for(enum sdi_proxy kind, struct sdi_lab_proxy *proxy, const char *dir, const char *log,
                     struct sdi_lab_error *error)
{
	uint64_t end = sdi_lab_now_ms() + SDI_LAB_START_MS;
	while (kind == SDI_PROXY_NGINX ? !wrote_pid(proxy, dir) : !answers(dir)) {
		if (!sdi_lab_proxy_alive(proxy))
			return fail_with_log(error, "the proxy ended", log);
		if (sdi_lab_now_ms() >= end)
			return fail_with_log(error, "the proxy does not come up", log);
		sdi_lab_sleep_ms(2);
	}
	return true;
}

struct sdi_lab_proxy *sdi_lab_proxy_start(enum sdi_proxy kind, const char *program, const char *dir,
                                          struct sdi_lab_error *error)
{
	char file[4096], log[4096];
	struct sdi_lab_proxy *proxy = calloc(1, sizeof(*proxy));
	paths_of(kind, dir, file, log);
	if (!proxy) {
		sdi_lab_fail(error, "out of memory");
		return NULL;
	}
	proxy->pid = spawn(program, kinds[kind].run, file, log, NULL);
	if (proxy->pid < 0) {
		sdi_lab_fail(error, "can't start %s: %s", program, strerror(errno));
		free(proxy);
		return NULL;
	}
	if (!wait_for(kind, proxy, dir, log, error)) {
		sdi_lab_proxy_stop(proxy);
		return NULL;
	}
	return proxy;
}

bool sdi_lab_proxy_alive(struct sdi_lab_proxy *proxy)
{
	int status;
	if (!proxy->ended && waitpid(proxy->pid, &status, WNOHANG) == proxy->pid)
		proxy->ended = true;
	return !proxy->ended;
}

long sdi_lab_proxy_pid(const struct sdi_lab_proxy *proxy)
{
	return (long)proxy->pid;
}

void sdi_lab_proxy_stop(struct sdi_lab_proxy *proxy)
{
	int status;
	if (!proxy)
		return;
	if (sdi_lab_proxy_alive(proxy)) {
		kill(proxy->pid, SIGTERM);
		if (!reap(proxy->pid, SDI_LAB_STOP_MS, &status)) {
			kill(proxy->pid, SIGKILL);
			waitpid(proxy->pid, &status, 0);
		}
	}
	free(proxy);
}
