/* SPDX-License-Identifier: BSD-3-Clause */
/* What probes heard last: for requests whose answers nobody gets to see. All probes live in one process. */
#include "probe_conn.h"

struct heard {
	const struct sdi_lab_probe *probe;
	struct sdi_buf echo;
	unsigned n;
};

static struct heard *all;
static size_t n_all;

static struct heard *find(const struct sdi_lab_probe *probe)
{
	for (size_t i = 0; i < n_all; i++)
		if (all[i].probe == probe)
			return &all[i];
	return NULL;
}

static struct heard *add(const struct sdi_lab_probe *probe)
{
	struct heard *more = realloc(all, (n_all + 1) * sizeof(*all));
	if (!more)
		return NULL;
	all = more;
	all[n_all] = (struct heard){ .probe = probe };
	sdi_buf_init(&all[n_all].echo, 1u << 20);
	return &all[n_all++];
}

void sdi_lab_heard_keep(const struct sdi_lab_probe *probe, const struct sdi_lab_seen *seen, const char *remote)
{
	struct heard *heard = find(probe);
	if (!heard)
		heard = add(probe);
	if (!heard)
		return;
	sdi_buf_clear(&heard->echo);
	sdi_lab_write_echo(&heard->echo, probe, seen, remote, 0);
	heard->n++;
}

struct sdi_str sdi_lab_heard(const struct sdi_lab_probe *probe, unsigned *ret_n)
{
	struct heard *heard = find(probe);
	*ret_n = heard ? heard->n : 0;
	if (heard)
		heard->n = 0;
	return heard ? sdi_buf_str(&heard->echo) : SDI_STR("");
}
