/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs behaviour cases on the real proxies and prints TAP.
 *
 *     run [--target haproxy|nginx] FILE-OR-FOLDER...
 *
 * SDI_HAPROXY and SDI_NGINX name other programs than those on the path; KEEP=1 keeps bundle and log of each case that
 * failed. A proxy that is not installed is skipped.
 */
#include "case.h"
#include <curl/curl.h>
#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>

struct run {
	struct pool pool;
	struct target targets[2];
	unsigned n, n_failed;
	bool keep;
};

static void print_trouble(struct sdi_str text)
{
	for (struct sdi_str line; text.n && sdi_str_split(&text, '\n', &line);)
		if (line.n)
			printf("# %.*s\n", SDI_STR_ARG(line));
}

static void run_on(struct run *run, const struct behaviour_case *c, const struct target *target)
{
	const char *proxy = sdi_lab_proxy_name(target->kind);
	struct play play = { .c = c, .pool = &run->pool, .target = target };
	if (target->unwanted || !node_lists(sdi_node_find(c->root, SDI_STR("targets")), proxy))
		return;
	run->n++;
	if (!target->program) {
		printf("ok %u - %.*s (%s) # SKIP %s is not installed\n", run->n, SDI_STR_ARG(c->name), proxy, proxy);
		return;
	}
	const char *missing = NULL, *setting;
	char path[PATH_MAX];
	for (size_t i = 0; target->kind == SDI_PROXY_NGINX && !missing; i++)
		if (!case_module(c, i, &setting, path, sizeof(path), &missing))
			break;
	if (missing) {
		printf("ok %u - %.*s (%s) # SKIP %s\n", run->n, SDI_STR_ARG(c->name), proxy, missing);
		return;
	}
	case_play(&play);
	bool fine = play.trouble.n == 0;
	printf("%sok %u - %.*s (%s)\n", fine ? "" : "not ", run->n, SDI_STR_ARG(c->name), proxy);
	print_trouble(sdi_buf_str(&play.trouble));
	if (!fine && run->keep)
		printf("# bundle and proxy.log are kept in %s\n", play.dir.path);
	else
		sdi_lab_dir_remove(play.dir.path);
	fflush(stdout);
	run->n_failed += !fine;
	sdi_buf_release(&play.trouble);
	sdi_arena_release(&play.arena);
}

static void run_file(struct run *run, const char *file)
{
	struct behaviour_case c;
	struct sdi_lab_error error;
	if (!case_read(&c, file, &error)) {
		printf("not ok %u - %s\n# %s\n", ++run->n, file, error.text);
		run->n_failed++;
	} else {
		for (size_t t = 0; t < 2; t++)
			run_on(run, &c, &run->targets[t]);
	}
	case_release(&c);
}

static int is_case(const struct dirent *entry)
{
	return sdi_str_ends(sdi_str_c(entry->d_name), SDI_STR(".yaml"));
}

static void run_path(struct run *run, const char *path)
{
	struct stat st;
	struct dirent **entries = NULL;
	char file[4096];
	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		run_file(run, path);
		return;
	}
	int n = scandir(path, &entries, is_case, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(file, sizeof(file), "%s/%s", path, entries[i]->d_name);
		run_file(run, file);
		free(entries[i]);
	}
	free(entries);
}

static void find_targets(struct run *run, const char *only)
{
	static const char *const variables[] = { [SDI_PROXY_HAPROXY] = "SDI_HAPROXY", [SDI_PROXY_NGINX] = "SDI_NGINX" };
	for (int kind = SDI_PROXY_HAPROXY; kind <= SDI_PROXY_NGINX; kind++) {
		struct target *t = &run->targets[kind];
		t->kind = (enum sdi_proxy)kind;
		t->unwanted = only && strcmp(only, sdi_lab_proxy_name(t->kind)) != 0;
		t->program = sdi_lab_proxy_find(t->kind, getenv(variables[kind]));
		if (t->program && !sdi_lab_proxy_version(t->kind, t->program, &t->major, &t->minor)) {
			free(t->program);
			t->program = NULL;
		}
	}
}

int main(int argc, char **argv)
{
	struct run run = { .keep = getenv("KEEP") != NULL };
	struct sdi_lab_error error;
	int first = 1;
	const char *only = NULL;
	if (argc > 2 && strcmp(argv[1], "--target") == 0) {
		only = argv[2];
		first = 3;
	}
	signal(SIGPIPE, SIG_IGN); /* a peer that goes away is an answer, not the end */
	curl_global_init(CURL_GLOBAL_DEFAULT);
	if (!pool_start(&run.pool, &error)) {
		printf("Bail out! %s\n", error.text);
		return 1;
	}
	find_targets(&run, only);
	for (int i = first; i < argc; i++)
		run_path(&run, argv[i]);
	sdi_lab_probes_stop(run.pool.probes);
	printf("1..%u\n", run.n);
	if (run.n_failed)
		printf("# %u of %u failed\n", run.n_failed, run.n);
	for (size_t t = 0; t < 2; t++)
		free(run.targets[t].program);
	curl_global_cleanup();
	return run.n_failed || run.n == 0;
}
