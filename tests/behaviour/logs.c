/* SPDX-License-Identifier: BSD-3-Clause */
/* What a proxy logged: `log`, `no-log` and `syslog` of a case. */
#include "case.h"
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOG_MS = 2000 }; /* how long a line of the log may take */

#define SYSLOG_FILE "syslog.log"

void log_listen(struct play *play)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	play->syslog = -1;
	if (!sdi_node_find(play->c->root, SDI_STR("syslog")))
		return;
	play->syslog = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (play->syslog < 0 || bind(play->syslog, (struct sockaddr *)&at, sizeof(at)) ||
	    getsockname(play->syslog, (struct sockaddr *)&at, &n))
		sdi_buf_lit(&play->trouble, "there is no port for syslog\n");
	play->syslog_port = ntohs(at.sin_port);
}

void log_close(struct play *play)
{
	if (play->syslog >= 0)
		close(play->syslog);
}

/* What has arrived, a line each, goes to a file. */
static void drain(struct play *play, const char *path)
{
	char datagram[8192];
	ssize_t n;
	FILE *file = play->syslog >= 0 ? fopen(path, "ae") : NULL;
	while (file && (n = recv(play->syslog, datagram, sizeof(datagram) - 1, 0)) >= 0)
		fprintf(file, "%.*s\n", (int)n, datagram);
	if (file)
		fclose(file);
}

static bool log_has(struct play *play, const char *path, struct sdi_str want)
{
	char line[16384];
	bool found = false;
	drain(play, path);
	FILE *log = fopen(path, "re");
	while (log && !found && fgets(line, sizeof(line), log))
		found = text_matches(play, want, sdi_str_trim(sdi_str_c(line)));
	if (log)
		fclose(log);
	return found;
}

/* No line may match an entry of `no-log`. Looked at once all of `log` is there, so its last line should be of a later
 * request. */
static void check_unwanted(struct play *play, const char *path)
{
	const struct sdi_node *unwanted = sdi_node_find(play->c->root, SDI_STR("no-log"));
	for (const struct sdi_node *n = unwanted ? unwanted->first : NULL; n; n = n->next) {
		struct sdi_str text = play_expand(play, n->text);
		if (log_has(play, path, text))
			sdi_buf_printf(&play->trouble, "a line of the log is %.*s\n", SDI_STR_ARG(text));
	}
}

/* Each entry of `log` must match a line of what the proxy prints, which may be a moment later than its answer. */
void log_check(struct play *play)
{
	const struct sdi_node *wanted = sdi_node_find(play->c->root, SDI_STR("log"));
	const struct sdi_node *modules = sdi_node_find(play->c->root, SDI_STR("modules"));
	uint64_t end = sdi_lab_now_ms() + LOG_MS;
	char path[128];
	/* NGINX writes its access log to a file of its own, as its firewall does. */
	const char *file = play->syslog >= 0                             ? SYSLOG_FILE :
	                   play->target->kind != SDI_PROXY_NGINX         ? "proxy.log" :
	                   modules && node_lists(modules, "modsecurity") ? "run/modsecurity.log" :
	                                                                   "run/access.log";
	snprintf(path, sizeof(path), "%s/%s", play->dir.path, file);
	for (const struct sdi_node *n = wanted ? wanted->first : NULL; n; n = n->next) {
		struct sdi_str want = play_expand(play, n->text);
		while (!log_has(play, path, want)) {
			if (sdi_lab_now_ms() >= end) {
				sdi_buf_printf(&play->trouble, "no line of the log is %.*s\n", SDI_STR_ARG(want));
				break;
			}
			sdi_lab_sleep_ms(5);
		}
	}
	check_unwanted(play, path);
}
