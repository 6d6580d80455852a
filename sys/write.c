/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/str.h"
#include "sys.h"
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

/* Names of the files of the last bundle, one a line. */
#define LIST ".sdingress"
enum { LARGEST_LIST = 64 * 1024 * 1024 };

/* A name fit to be opened below the folder: relative, no empty part, no "." or "..". */
static bool is_safe(struct sdi_str name)
{
	struct sdi_str part, rest = name;
	while (sdi_str_split(&rest, '/', &part))
		if (part.n == 0 || part.n > 255 || sdi_str_is(part, ".") || sdi_str_is(part, "..") ||
		    sdi_str_find(part, '\0') >= 0)
			return false;
	return true;
}

enum parent { PARENT_AS_IT_IS, PARENT_MADE, PARENT_MADE_SECRET };

/* Opens the folder that holds @name; @ret_last is the last part of the name. Takes over @dir_fd never. */
static int open_parent(int dir_fd, struct sdi_str name, enum parent how, char ret_last[256])
{
	int fd = fcntl(dir_fd, F_DUPFD_CLOEXEC, 0);
	struct sdi_str part, rest = name;
	while (fd >= 0 && sdi_str_split(&rest, '/', &part)) {
		memcpy(ret_last, part.p, part.n);
		ret_last[part.n] = '\0';
		if (!rest.p)
			return fd;
		if (how != PARENT_AS_IT_IS && mkdirat(fd, ret_last, how == PARENT_MADE_SECRET ? 0700 : 0755) < 0 &&
		    errno != EEXIST)
			break;
		int next = openat(fd, ret_last, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		int error = errno;
		if (next >= 0 && how == PARENT_MADE_SECRET && fchmod(next, 0700) < 0) {
			error = errno; /* somebody else's folder is no place for a key */
			close(next);
			next = -1;
		}
		close(fd);
		errno = error;
		fd = next;
	}
	int error = -errno;
	if (fd >= 0)
		close(fd);
	return error;
}

static bool is_same(int dir_fd, const char *name, const char *data, size_t n, unsigned mode)
{
	struct stat st;
	char *old = NULL;
	size_t old_n;
	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode) ||
	    (st.st_mode & 07777) != mode || (uint64_t)st.st_size != n ||
	    sdi_sys_slurp(dir_fd, name, n, &old, &old_n) < 0)
		return false;
	bool same = old_n == n && memcmp(old, data, n) == 0;
	explicit_bzero(old, old_n);
	free(old);
	return same;
}

static int write_all(int fd, const char *data, size_t n)
{
	while (n) {
		ssize_t put = write(fd, data, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -errno;
		data += put;
		n -= (size_t)put;
	}
	return 0;
}

int sdi_sys_replace(int dir_fd, const char *name, const char *data, size_t n, unsigned mode)
{
	char temporary[300];
	snprintf(temporary, sizeof(temporary), ".%.200s.%ld.new", name, (long)getpid());
	unlinkat(dir_fd, temporary, 0); /* of a process of this number that was killed */
	int fd = openat(dir_fd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	int error = write_all(fd, data, n);
	if (!error && fchmod(fd, mode) < 0)
		error = -errno;
	if (close(fd) < 0 && !error)
		error = -errno;
	if (!error && renameat(dir_fd, temporary, dir_fd, name) < 0)
		error = -errno;
	if (error)
		unlinkat(dir_fd, temporary, 0);
	return error;
}

/*
 * What NGINX's workers read when they serve (auth/): when root starts NGINX they are another user's, who gets these files
 * then. Their modes stay as narrow as they are.
 */
static void give_to_worker(int parent, const char *last)
{
	const struct passwd *worker = geteuid() == 0 ? getpwnam(SDI_SYS_WORKER) : NULL;
	if (!worker)
		return;
	if (fchown(parent, worker->pw_uid, worker->pw_gid) < 0 ||
	    fchownat(parent, last, worker->pw_uid, worker->pw_gid, AT_SYMLINK_NOFOLLOW) < 0)
		return; /* then they can't read it, and nobody gets in */
}

static int write_one(int dir_fd, const char *name, const char *data, size_t n, unsigned mode, bool secret, bool worker)
{
	char last[256];
	if (!is_safe(sdi_str_c(name)))
		return -EINVAL;
	int parent = open_parent(dir_fd, sdi_str_c(name), secret ? PARENT_MADE_SECRET : PARENT_MADE, last);
	if (parent < 0)
		return parent;
	int error = is_same(parent, last, data, n, mode) ? 0 : sdi_sys_replace(parent, last, data, n, mode);
	if (!error && worker)
		give_to_worker(parent, last);
	close(parent);
	return error;
}

static bool has_file(const struct sdi_bundle *bundle, struct sdi_str name)
{
	size_t from = 0, to = sdi_bundle_count(bundle);
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int c = sdi_str_cmp(name, sdi_str_c(sdi_bundle_name(bundle, middle)));
		if (c == 0)
			return true;
		if (c < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return false;
}

/* The next name in the list @rest of files that @bundle has not; an empty string at the end. */
static struct sdi_str next_stale(struct sdi_str *rest, const struct sdi_bundle *bundle)
{
	struct sdi_str line;
	while (sdi_str_split(rest, '\n', &line))
		if (line.n && is_safe(line) && !has_file(bundle, line))
			return line;
	return sdi_str_make("", 0);
}

/* Removes what the last bundle had and this one has not. */
static void remove_stale(int dir_fd, struct sdi_str list, const struct sdi_bundle *bundle)
{
	char last[256];
	for (struct sdi_str name; (name = next_stale(&list, bundle)).n;) {
		int parent = open_parent(dir_fd, name, PARENT_AS_IT_IS, last);
		if (parent < 0)
			continue;
		unlinkat(parent, last, 0);
		close(parent);
	}
}

static char *add_line(char *at, struct sdi_str line)
{
	memcpy(at, line.p, line.n);
	at[line.n] = '\n';
	return at + line.n + 1;
}

/* The names of @bundle, and behind them those of the @old list that are still to be removed. */
static int write_list(int dir_fd, const struct sdi_bundle *bundle, struct sdi_str old)
{
	size_t n = old.n + 1, count = sdi_bundle_count(bundle);
	for (size_t i = 0; i < count; i++)
		n += strlen(sdi_bundle_name(bundle, i)) + 1;
	char *text = malloc(n), *at = text;
	if (!text)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		at = add_line(at, sdi_str_c(sdi_bundle_name(bundle, i)));
	for (struct sdi_str name; (name = next_stale(&old, bundle)).n;)
		at = add_line(at, name);
	int error = write_one(dir_fd, LIST, text, (size_t)(at - text), 0644, false, false);
	free(text);
	return error;
}

bool sdi_sys_worker_reaches(const char *dir)
{
	char path[4096];
	struct stat st;
	if (geteuid() != 0)
		return true; /* then the workers are of the same user */
	char *real = realpath(dir, NULL);
	size_t n = real ? strlen(real) : sizeof(path);
	if (n < sizeof(path))
		memcpy(path, real, n + 1);
	free(real);
	for (size_t i = 1; n < sizeof(path) && i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		char end = path[i];
		path[i] = '\0';
		if (stat(path, &st) < 0 || !(st.st_mode & S_IXOTH))
			return false;
		path[i] = end;
	}
	return n < sizeof(path);
}

int sdi_sys_make_folder(const char *dir)
{
	char path[4096];
	size_t n = strlen(dir);
	if (n >= sizeof(path))
		return -ENAMETOOLONG;
	memcpy(path, dir, n + 1);
	for (size_t i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		char end = path[i];
		path[i] = '\0';
		if (mkdir(path, 0755) < 0 && errno != EEXIST)
			return -errno;
		path[i] = end;
	}
	return 0;
}

/* The list goes first and holds the old names and the new: no key is forgotten where this ends half-way. */
static int write_files(int dir_fd, const struct sdi_bundle *bundle, struct sdi_str old)
{
	bool nginx = has_file(bundle, SDI_STR("nginx.conf"));
	int error = write_list(dir_fd, bundle, old);
	if (!error && mkdirat(dir_fd, "run", 0755) < 0 && errno != EEXIST)
		error = -errno;
	for (size_t i = 0; i < sdi_bundle_count(bundle) && !error; i++) {
		size_t n;
		const char *data = sdi_bundle_data(bundle, i, &n);
		const char *name = sdi_bundle_name(bundle, i);
		error = write_one(dir_fd, name, data, n, sdi_bundle_mode(bundle, i), sdi_bundle_is_secret(bundle, i),
		                  nginx && sdi_str_starts(sdi_str_c(name), SDI_STR("auth/")));
	}
	if (error)
		return error;
	remove_stale(dir_fd, old, bundle);
	return write_list(dir_fd, bundle, SDI_STR(""));
}

int sdi_sys_write_bundle(const struct sdi_bundle *bundle, const char *dir)
{
	char *old = NULL;
	size_t old_n = 0;
	int error = sdi_sys_make_folder(dir);
	if (error)
		return error;
	int dir_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir_fd < 0)
		return -errno;
	sdi_sys_slurp(dir_fd, LIST, LARGEST_LIST, &old, &old_n); /* none: nothing here is ours */
	error = write_files(dir_fd, bundle, sdi_str_make(old ? old : "", old_n));
	free(old);
	close(dir_fd);
	return error;
}
