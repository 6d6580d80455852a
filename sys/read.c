/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/auto.h"
#include "base/str.h"
#include "diag.h"
#include "sys.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEEPEST = 32 };

static int complain(struct sdi_diags *diags, const char *name, int error)
{
	const struct sdi_diag_ctx ctx = { .diags = diags, .subject = { .kind = "", .origin.file = name } };
	sdi_diag_add(&ctx, SDI_REASON_INPUT_UNREADABLE, "", "can't be read: %s", sdi_sys_error(error));
	return error;
}

static long read_fd(void *arg, char *buffer, size_t n)
{
	int fd = *(int *)arg;
	ssize_t got;
	do
		got = read(fd, buffer, n);
	while (got < 0 && errno == EINTR);
	return got;
}

/* Whether one of the diagnostics from the @from-th on says that text could not be parsed. */
static bool has_syntax_error(const struct sdi_diags *diags, size_t from)
{
	for (size_t i = from; i < sdi_diags_count(diags); i++)
		if (strcmp(sdi_diag_reason(sdi_diags_get(diags, i)), sdi_reason_row(SDI_REASON_SYNTAX)->slug) == 0)
			return true;
	return false;
}

static int read_open(struct sdi_store *store, int fd, const char *name, struct sdi_diags *diags)
{
	size_t objects = sdi_store_count(store, NULL), said = sdi_diags_count(diags);
	enum sdi_status status = sdi_store_read_stream(store, read_fd, &fd, name, diags);
	switch (status) {
	case SDI_OK: /* one bad item hides no other, but where there is no other the input is just not readable */
		return sdi_store_count(store, NULL) == objects && has_syntax_error(diags, said) ? -EILSEQ : 0;
	case SDI_ENOMEM: return -ENOMEM;
	case SDI_ESYNTAX: return -EILSEQ; /* the diagnostics say where */
	case SDI_ESTOP: return complain(diags, name, errno ? -errno : -EIO);
	default: return -EINVAL;
	}
}

static bool is_manifest(const char *name)
{
	struct sdi_str s = sdi_str_c(name);
	return sdi_str_ends(s, SDI_STR(".yaml")) || sdi_str_ends(s, SDI_STR(".yml")) || sdi_str_ends(s, SDI_STR(".json"));
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_entry(struct sdi_store *store, const char *name, unsigned depth, bool named, struct sdi_diags *diags);

static int read_folder(struct sdi_store *store, const char *name, unsigned depth, struct sdi_diags *diags)
{
	struct dirent **entries;
	int worst = 0, n = depth < DEEPEST ? scandir(name, &entries, is_visible, by_bytes) : 0;
	if (n < 0)
		return complain(diags, name, -errno);
	for (int i = 0; i < n; i++) {
		char *path = NULL;
		int error = asprintf(&path, "%s/%s", name, entries[i]->d_name) < 0 ? -ENOMEM : 0;
		if (!error)
			error = read_entry(store, path, depth + 1, false, diags);
		if (!error || worst == -ENOMEM)
			;
		else
			worst = error;
		if (path)
			free(path);
		free(entries[i]);
	}
	if (depth < DEEPEST)
		free(entries);
	return worst;
}

/* @named: by the user, so any name will do; else only manifests count. */
static int read_entry(struct sdi_store *store, const char *name, unsigned depth, bool named, struct sdi_diags *diags)
{
	struct stat st;
	if (stat(name, &st) < 0)
		return complain(diags, name, -errno);
	if (S_ISDIR(st.st_mode))
		return read_folder(store, name, depth, diags);
	if (!named && (!S_ISREG(st.st_mode) || !is_manifest(name)))
		return 0;
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return complain(diags, name, -errno);
	int error = read_open(store, fd, name, diags);
	close(fd);
	return error;
}

int sdi_sys_read(struct sdi_store *store, const char *input, struct sdi_diags *diags)
{
	if (strcmp(input, "-") == 0)
		return read_open(store, STDIN_FILENO, "<stdin>", diags);
	return read_entry(store, input, 0, true, diags);
}

int sdi_sys_slurp(int dir_fd, const char *name, size_t most, char **ret, size_t *ret_n)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	int error = 0;
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		error = -errno;
	else if (!S_ISREG(st.st_mode))
		error = -EINVAL;
	else if ((uint64_t)st.st_size > most)
		error = -EFBIG;
	char *text = error ? NULL : malloc((size_t)st.st_size + 1);
	size_t n = 0;
	while (text && n < (size_t)st.st_size) {
		long got = read_fd(&fd, text + n, (size_t)st.st_size - n);
		if (got <= 0) {
			error = got < 0 ? -errno : 0;
			break;
		}
		n += (size_t)got;
	}
	close(fd);
	if (!error && !text)
		error = -ENOMEM;
	if (error) {
		free(text);
		return error;
	}
	text[n] = '\0';
	*ret = text;
	*ret_n = n;
	return 0;
}

const char *sdi_sys_error(int error)
{
	return strerror(-error);
}
