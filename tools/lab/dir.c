/* SPDX-License-Identifier: BSD-3-Clause */
#include "lab.h"
#include "../../sys/sys.h"
#include <errno.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

bool sdi_lab_dir_make(struct sdi_lab_dir *dir, struct sdi_lab_error *error)
{
	const char *base = getenv("TMPDIR");
	if (!base || base[0] != '/' || strlen(base) > 40)
		base = "/tmp";
	snprintf(dir->path, sizeof(dir->path), "%s/sdi-lab-XXXXXX", base);
	if (!mkdtemp(dir->path)) {
		sdi_lab_fail(error, "can't make a folder in %s: %s", base, strerror(errno));
		dir->path[0] = '\0';
		return false;
	}
	/* A proxy that root starts works as another user, who must get at its temporary files. Keys have modes of
	 * their own. */
	chmod(dir->path, 0711);
	return true;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	remove(path);
	return 0;
}

void sdi_lab_dir_remove(const char *path)
{
	if (path && path[0])
		nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

bool sdi_lab_bundle_write(const struct sdi_bundle *bundle, const char *path, struct sdi_lab_error *error)
{
	int failure = sdi_sys_write_bundle(bundle, path);
	return !failure || sdi_lab_fail(error, "can't write the bundle to %s: %s", path, sdi_sys_error(failure));
}
