/* SPDX-License-Identifier: BSD-3-Clause */
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
	return sdi_str_ends(s, SDI_STR(".yaml")) || sdi_str_ends(s, SDI_STR(".yml")) ||
	       sdi_str_ends(s, SDI_STR(".json"));
}

static int is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* A folder being read and those above it: a link to one of them is a loop. */
struct folder {
	const struct folder *above;
	dev_t device;
	ino_t inode;
	unsigned depth;
};

static int read_entry(struct sdi_store *store, const char *name, const struct folder *above, struct sdi_diags *diags);

static bool is_loop(const struct folder *folder)
{
	for (const struct folder *above = folder->above; above; above = above->above)
		if (above->device == folder->device && above->inode == folder->inode)
			return true;
	return false;
}

static int read_folder(struct sdi_store *store, const char *name, const struct folder *folder, struct sdi_diags *diags)
{
	struct dirent **entries;
	if (is_loop(folder))
		return 0;
	if (folder->depth > DEEPEST)
		return complain(diags, name, -ELOOP);
	int worst = 0, n = scandir(name, &entries, is_visible, by_bytes);
	if (n < 0)
		return complain(diags, name, -errno);
	for (int i = 0; i < n; i++) {
		char *path = NULL;
		int error = -ENOMEM;
		if (asprintf(&path, "%s/%s", name, entries[i]->d_name) >= 0) {
			error = read_entry(store, path, folder, diags);
			free(path);
		}
		if (error && worst != -ENOMEM)
			worst = error;
		free(entries[i]);
	}
	free(entries);
	return worst;
}

/* @above: the folder it was found in, where only manifests count; NULL: the user named it, so any name will do. */
static int read_entry(struct sdi_store *store, const char *name, const struct folder *above, struct sdi_diags *diags)
{
	struct stat st;
	if (stat(name, &st) < 0)
		return above && !is_manifest(name) ? 0 : complain(diags, name, -errno);
	if (S_ISDIR(st.st_mode)) {
		const struct folder folder = { above, st.st_dev, st.st_ino, above ? above->depth + 1 : 0 };
		return read_folder(store, name, &folder, diags);
	}
	if (above && (!S_ISREG(st.st_mode) || !is_manifest(name)))
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
	return read_entry(store, input, NULL, diags);
}

/* Up to @room bytes of @fd, and a NUL behind them. */
static int slurp_fd(int fd, size_t room, char **ret, size_t *ret_n)
{
	char *text = malloc(room + 1);
	size_t n = 0;
	long got = 1;
	if (!text)
		return -ENOMEM;
	while (n < room && (got = read_fd(&fd, text + n, room - n)) > 0)
		n += (size_t)got;
	if (got < 0) {
		int error = -errno;
		explicit_bzero(text, n);
		free(text);
		return error;
	}
	text[n] = '\0';
	*ret = text;
	*ret_n = n;
	return 0;
}

int sdi_sys_slurp(int dir_fd, const char *name, size_t most, char **ret, size_t *ret_n)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), error;
	struct stat st;
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		error = -errno;
	else if (!S_ISREG(st.st_mode))
		error = -EINVAL;
	else if ((uint64_t)st.st_size > most)
		error = -EFBIG;
	else
		error = slurp_fd(fd, (size_t)st.st_size, ret, ret_n);
	close(fd);
	return error;
}

int sdi_sys_slurp_input(const char *path, size_t most, char **ret, size_t *ret_n)
{
	char *text;
	size_t n;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int error = slurp_fd(fd, most + 1, &text, &n); /* one more, to see that there is more */
	close(fd);
	if (!error && n > most) {
		free(text);
		error = -EFBIG;
	}
	if (error)
		return error;
	*ret = text;
	*ret_n = n;
	return 0;
}

const char *sdi_sys_error(int error)
{
	return strerror(-error);
}
