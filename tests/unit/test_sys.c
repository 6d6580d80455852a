/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/arena.h"
#include "bundle.h"
#include "suites.h"
#include "sys/sys.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[] = "/tmp/sdi-test-XXXXXX";

static void make_dir(void)
{
	memcpy(dir, "/tmp/sdi-test-XXXXXX", sizeof(dir));
	ck_assert_ptr_nonnull(mkdtemp(dir));
}

static void remove_dir(void)
{
	char command[64];
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static const char *path(const char *name)
{
	static char text[256];
	snprintf(text, sizeof(text), "%s/%s", dir, name);
	return text;
}

static void put(const char *name, const char *text)
{
	FILE *file = fopen(path(name), "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static struct sdi_bundle *bundle(const char *names[], const char *text)
{
	struct sdi_bundle *b = sdi_bundle_new();
	for (size_t i = 0; names[i]; i++) {
		bool secret = strncmp(names[i], "certs/", 6) == 0;
		sdi_buf_add(sdi_bundle_file(b, sdi_str_c(names[i]), secret ? 0600 : 0644, secret), sdi_str_c(text));
	}
	ck_assert_int_eq(sdi_bundle_finish(b), SDI_OK);
	return b;
}

static void write_names(const char *names[], const char *text)
{
	struct sdi_bundle *b = bundle(names, text);
	ck_assert_int_eq(sdi_sys_write_bundle(b, path("out")), 0);
	sdi_bundle_free(b);
}

static unsigned mode_of(const char *name)
{
	struct stat st;
	return stat(path(name), &st) == 0 ? st.st_mode & 07777 : 0;
}

START_TEST(modes)
{
	write_names((const char *[]){ "certs/a.pem", "maps/m.map", "x.cfg", NULL }, "text");
	ck_assert_uint_eq(mode_of("out/certs"), 0700);
	ck_assert_uint_eq(mode_of("out/certs/a.pem"), 0600);
	ck_assert_uint_eq(mode_of("out/x.cfg"), 0644);
	ck_assert_uint_eq(mode_of("out/run"), 0755);
	chmod(path("out/certs/a.pem"), 0644); /* somebody opened it up: closed again */
	write_names((const char *[]){ "certs/a.pem", "maps/m.map", "x.cfg", NULL }, "text");
	ck_assert_uint_eq(mode_of("out/certs/a.pem"), 0600);
}
END_TEST

START_TEST(same_content_is_not_written)
{
	struct stat before, after;
	write_names((const char *[]){ "x.cfg", NULL }, "text");
	ck_assert_int_eq(stat(path("out/x.cfg"), &before), 0);
	write_names((const char *[]){ "x.cfg", NULL }, "text");
	ck_assert_int_eq(stat(path("out/x.cfg"), &after), 0);
	ck_assert_uint_eq(before.st_ino, after.st_ino);
	write_names((const char *[]){ "x.cfg", NULL }, "other");
	ck_assert_int_eq(stat(path("out/x.cfg"), &after), 0);
	ck_assert_uint_ne(before.st_ino, after.st_ino);
}
END_TEST

START_TEST(stale_files_go_foreign_ones_stay)
{
	write_names((const char *[]){ "certs/a.pem", "x.cfg", NULL }, "text");
	put("out/mine.txt", "mine");
	write_names((const char *[]){ "x.cfg", NULL }, "text");
	ck_assert_int_ne(access(path("out/certs/a.pem"), F_OK), 0);
	ck_assert_int_eq(access(path("out/mine.txt"), F_OK), 0);
}
END_TEST

/* A run that ended half-way, here at a folder in the way, must not leave a key behind that nobody removes. */
START_TEST(files_of_a_failed_run_go)
{
	write_names((const char *[]){ "x.cfg", NULL }, "text");
	ck_assert_int_eq(mkdir(path("out/y.cfg"), 0755), 0);
	struct sdi_bundle *b = bundle((const char *[]){ "certs/new.pem", "y.cfg", NULL }, "text");
	ck_assert_int_lt(sdi_sys_write_bundle(b, path("out")), 0);
	sdi_bundle_free(b);
	ck_assert_int_eq(access(path("out/certs/new.pem"), F_OK), 0);
	ck_assert_int_eq(access(path("out/x.cfg"), F_OK), 0); /* the old bundle is still whole */
	write_names((const char *[]){ "x.cfg", NULL }, "text");
	ck_assert_int_ne(access(path("out/certs/new.pem"), F_OK), 0);
}
END_TEST

/* A list of files that somebody changed must not make us remove anything outside of the folder. */
START_TEST(list_cannot_lead_outside)
{
	put("outside", "keep");
	write_names((const char *[]){ "x.cfg", NULL }, "text");
	put("out/.sdingress", "../outside\n/tmp\n\nx.cfg\nno/such/folder\n");
	write_names((const char *[]){ "y.cfg", NULL }, "text");
	ck_assert_int_eq(access(path("outside"), F_OK), 0);
	ck_assert_int_ne(access(path("out/x.cfg"), F_OK), 0);
	ck_assert_int_ne(access(path("out/no"), F_OK), 0);
}
END_TEST

START_TEST(links_are_not_followed)
{
	char target[256];
	snprintf(target, sizeof(target), "%s/victim", dir);
	put("victim", "untouched");
	ck_assert_int_eq(mkdir(path("out"), 0755), 0);
	ck_assert_int_eq(symlink(target, path("out/x.cfg")), 0);
	write_names((const char *[]){ "x.cfg", NULL }, "text"); /* the link is replaced */
	char *text;
	size_t n;
	ck_assert_int_eq(sdi_sys_slurp(AT_FDCWD, target, 100, &text, &n), 0);
	ck_assert_str_eq(text, "untouched");
	free(text);
	ck_assert_int_eq(mkdir(path("elsewhere"), 0755), 0);
	snprintf(target, sizeof(target), "%s/elsewhere", dir);
	ck_assert_int_eq(symlink(target, path("out/maps")), 0);
	struct sdi_bundle *b = bundle((const char *[]){ "maps/m.map", NULL }, "text");
	ck_assert_int_lt(sdi_sys_write_bundle(b, path("out")), 0);
	sdi_bundle_free(b);
	ck_assert_int_ne(access(path("elsewhere/m.map"), F_OK), 0);
}
END_TEST

START_TEST(default_certificate_is_kept)
{
	char *first, *second;
	size_t n, m;
	ck_assert_int_eq(sdi_sys_default_certificate(path("new/folder"), &first, &n), 0);
	ck_assert_int_eq(sdi_sys_default_certificate(path("new/folder"), &second, &m), 0);
	ck_assert_uint_eq(n, m);
	ck_assert_mem_eq(first, second, n);
	ck_assert_uint_eq(mode_of("new/folder/.default-certificate.pem"), 0600);
	ck_assert_ptr_nonnull(strstr(first, "PRIVATE KEY"));
	free(first);
	free(second);
}
END_TEST

/* What can't be read is the user's to look at: no new certificate over it. */
START_TEST(default_certificate_is_never_replaced)
{
	char *text;
	size_t n;
	put("elsewhere.pem", "mine");
	ck_assert_int_eq(symlink("elsewhere.pem", path(".default-certificate.pem")), 0);
	ck_assert_int_lt(sdi_sys_default_certificate(dir, &text, &n), 0);
	struct stat st;
	ck_assert_int_eq(lstat(path(".default-certificate.pem"), &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
}
END_TEST

static const char service[] = "apiVersion: v1\nkind: Service\nmetadata: {name: %s}\nspec: {ports: [{port: 80}]}\n";

START_TEST(folders_are_read_in_order_and_only_manifests)
{
	struct sdi_store *store = sdi_store_new();
	struct sdi_diags *diags = sdi_diags_new();
	char text[256];
	const struct { const char *file, *name; } files[] = {
		{ "b.yaml", "b" }, { "a.json.txt", "no" }, { ".hidden.yaml", "hidden" }, { "sub/c.yml", "c" }, { "README.md", "no" },
	};
	ck_assert_int_eq(mkdir(path("sub"), 0755), 0);
	ck_assert_int_eq(symlink(dir, path("sub/loop")), 0);
	ck_assert_int_eq(symlink(dir, path("sub/second")), 0); /* two of them: not 2^32 folders */
	ck_assert_int_eq(symlink("nowhere", path("dangling.txt")), 0);
	for (int i = 0; i < N(files); i++) {
		snprintf(text, sizeof(text), service, files[i].name);
		put(files[i].file, text);
	}
	ck_assert_int_eq(sdi_sys_read(store, dir, diags), 0);
	ck_assert_uint_eq(sdi_store_count(store, "Service"), 2);
	sdi_store_free(store);
	sdi_diags_free(diags);
}
END_TEST

START_TEST(unreadable_input_says_where)
{
	struct sdi_store *store = sdi_store_new();
	struct sdi_diags *diags = sdi_diags_new();
	ck_assert_int_lt(sdi_sys_read(store, path("not-there.yaml"), diags), 0);
	ck_assert_uint_eq(sdi_diags_count(diags), 1);
	ck_assert_str_eq(sdi_diag_reason(sdi_diags_get(diags, 0)), "input-unreadable");
	ck_assert_str_eq(sdi_diag_file(sdi_diags_get(diags, 0)), path("not-there.yaml"));
	sdi_store_free(store);
	sdi_diags_free(diags);
}
END_TEST

START_TEST(input_of_the_user)
{
	static const struct { const char *name; size_t most; int want; } rows[] = {
		{ "plain", 4, 0 }, { "link", 4, 0 }, { "plain", 3, -EFBIG }, { "none", 4, -ENOENT }, { ".", 4, -EISDIR },
	};
	put("plain", "text");
	ck_assert_int_eq(symlink("plain", path("link")), 0);
	for (int i = 0; i < N(rows); i++) {
		char *text = NULL;
		size_t n;
		ck_assert_int_eq(sdi_sys_slurp_input(path(rows[i].name), rows[i].most, &text, &n), rows[i].want);
		if (rows[i].want == 0)
			ck_assert_str_eq(text, "text");
		free(text);
	}
}
END_TEST

/* A folder of the program's name is not the program. */
START_TEST(proxy_is_a_file)
{
	struct sdi_sys_proxy proxy;
	char *old = strdup(getenv("PATH") ? getenv("PATH") : "");
	ck_assert_int_eq(mkdir(path("haproxy"), 0755), 0);
	ck_assert_int_eq(setenv("PATH", dir, 1), 0);
	ck_assert(sdi_sys_find_proxy(SDI_PROXY_HAPROXY, &proxy) < 0 || strncmp(proxy.path, dir, strlen(dir)) != 0);
	put("haproxy.new", "#!/bin/sh\necho 'HAProxy version 2.9.1-abc 2026/01/01'\n");
	ck_assert_int_eq(chmod(path("haproxy.new"), 0755), 0);
	ck_assert_int_eq(rmdir(path("haproxy")), 0);
	char from[256];
	snprintf(from, sizeof(from), "%s/haproxy.new", dir);
	ck_assert_int_eq(rename(from, path("haproxy")), 0);
	ck_assert_int_eq(sdi_sys_find_proxy(SDI_PROXY_HAPROXY, &proxy), 0);
	ck_assert_str_eq(proxy.path, path("haproxy"));
	ck_assert_str_eq(proxy.version, "2.9.1");
	setenv("PATH", old, 1);
	free(old);
}
END_TEST

static const struct { const char *text, *want; } versions[] = {
	{ "HAProxy version 2.6.12-1+deb12u4 2026/10/17 - https://haproxy.org/\nStatus: …", "2.6.12" },
	{ "HA-Proxy version 1.8.19 2019/02/11", "1.8.19" },
	{ "nginx version: nginx/1.22.1\n", "1.22.1" },
	{ "nginx version: nginx/1.27.4 (Ubuntu)", "1.27.4" },
	{ "something else 1.2.3", "" },
	{ "", "" },
};

START_TEST(version)
{
	char got[64];
	sdi_sys_parse_version(versions[_i].text, got, sizeof(got));
	ck_assert_str_eq(got, versions[_i].want);
}
END_TEST

static void collect(void *arg, const char *address)
{
	char *list = arg;
	size_t n = strlen(list);
	snprintf(list + n, 256 - n, "%s ", address);
}

START_TEST(name_servers)
{
	char list[256] = "";
	put("resolv", "# nameserver 9.9.9.9\nsearch example.org\nnameserver 10.0.0.53\n\tnameserver  ::1 \nnameserver\n");
	ck_assert_int_eq(symlink("resolv", path("link")), 0); /* as systemd has it */
	ck_assert_int_eq(sdi_sys_name_servers(path("link"), collect, list), 0);
	ck_assert_str_eq(list, "10.0.0.53 ::1 ");
}
END_TEST

Suite *sdi_suite_sys(void)
{
	Suite *suite = suite_create("sys");
	TCase *tc = tcase_create("files");
	tcase_add_checked_fixture(tc, make_dir, remove_dir);
	tcase_add_test(tc, modes);
	tcase_add_test(tc, same_content_is_not_written);
	tcase_add_test(tc, stale_files_go_foreign_ones_stay);
	tcase_add_test(tc, files_of_a_failed_run_go);
	tcase_add_test(tc, list_cannot_lead_outside);
	tcase_add_test(tc, links_are_not_followed);
	tcase_add_test(tc, default_certificate_is_kept);
	tcase_add_test(tc, default_certificate_is_never_replaced);
	tcase_add_test(tc, folders_are_read_in_order_and_only_manifests);
	tcase_add_test(tc, unreadable_input_says_where);
	tcase_add_test(tc, input_of_the_user);
	tcase_add_test(tc, proxy_is_a_file);
	tcase_add_test(tc, name_servers);
	tcase_add_loop_test(tc, version, 0, N(versions));
	suite_add_tcase(suite, tc);
	return suite;
}
