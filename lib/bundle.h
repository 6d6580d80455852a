/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Making a bundle: files by name, sorted at the end.
 *
 *     struct sdi_buf *f = sdi_bundle_file(bundle, "haproxy.cfg", 0644, false);
 *     conf_lit(f, "global\n");
 */
#ifndef SDI_BUNDLE_H
#define SDI_BUNDLE_H

#include "base/arena.h"
#include "base/buf.h"
#include <sdingress/bundle.h>

struct sdi_bundle *sdi_bundle_new(void); /* NULL: out of memory */

/*
 * Adds a file and returns the buffer to write it to; it stays where it is. @name is checked: relative, no empty, "."
 * or ".." part, only [A-Za-z0-9._/-]; an assert otherwise, since names are ours. NULL: out of memory.
 */
struct sdi_buf *sdi_bundle_file(struct sdi_bundle *bundle, struct sdi_str name, unsigned mode, bool secret);

/* Sorts the files. SDI_ENOMEM or SDI_ELIMIT when one of the buffers failed. */
enum sdi_status sdi_bundle_finish(struct sdi_bundle *bundle);

#endif
