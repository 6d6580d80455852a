/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/auto.h"
#include "base/banned.h"
#include "settings.h"
#include "sys/sys.h"
#include "tools.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sdingress/report.h>
#include <stdio.h>
#include <unistd.h>

static void report_freep(struct sdi_report **report)
{
	sdi_report_free(*report);
}

static void text_freep(char **text)
{
	free(*text);
}

/* Everything is diagnosed that a person may have to know, so nothing but the report itself is printed. */
static enum sdi_status make(struct sdt_options *o, const struct sdi_store *store, struct sdi_report **ret)
{
	sdi_auto(sdt_gateway_freep) struct sdi_gateway *gateway = NULL;
	sdi_auto(sdt_bundle_freep) struct sdi_bundle *bundle = NULL;
	enum sdi_proxy proxy = sdt_world_target(o);
	enum sdi_status status = sdi_translate(store, o->settings, o->diags, &gateway);
	if (status == SDI_OK)
		status = sdi_emit(gateway, o->settings, proxy, o->diags, &bundle);
	if (status == SDI_OK)
		status = sdi_report_new(store, o->settings, o->diags, gateway, proxy, ret);
	return status;
}

static int write_file(const char *file, const char *text, size_t n)
{
	sdi_auto(text_freep) char *dir = strdup(file);
	sdi_auto(text_freep) char *base = strdup(file);
	if (!dir || !base)
		return sdt_usage("out of memory");
	int fd = open(dirname(dir), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = fd < 0 ? -errno : sdi_sys_replace(fd, basename(base), text, n, 0644);
	if (fd >= 0)
		close(fd);
	return error ? sdt_usage("%s: can't be written: %s", file, sdi_sys_error(error)) : SDT_FINE;
}

static int prepare(struct sdt_options *o)
{
	static const char *const formats[] = { "text", "json", "markdown", "html" };
	bool known = !o->format;
	for (size_t i = 0; !known && i < sizeof(formats) / sizeof(formats[0]); i++)
		known = strcmp(o->format, formats[i]) == 0;
	if (!known)
		return sdt_usage("--format is text, json, markdown or html");
	int status = sdt_world_prepare(o, "report");
	if (status != SDT_FINE || !o->settings->https_port)
		return status;
	char *pem;
	size_t n;
	int error = sdi_sys_default_certificate(NULL, &pem, &n);
	if (error)
		return sdt_usage("the default certificate can't be made: %s", sdi_sys_error(error));
	sdi_settings_set_default_certificate(o->settings, pem, n);
	explicit_bzero(pem, n);
	free(pem);
	return SDT_FINE;
}

int sdt_report(struct sdt_options *o)
{
	sdi_auto(sdt_store_freep) struct sdi_store *store = sdi_store_new();
	sdi_auto(report_freep) struct sdi_report *made = NULL;
	sdi_auto(text_freep) char *text = NULL;
	size_t n = 0;
	int status = prepare(o);
	if (status != SDT_FINE)
		return status;
	int unreadable = store ? sdt_world_read(o, store) : 0;
	enum sdi_status done = store ? make(o, store, &made) : SDI_ENOMEM;
	if (done == SDI_OK)
		done = sdi_report_write(made, o->format ? o->format : "text", &text, &n);
	if (done != SDI_OK)
		return sdt_usage("%s", sdi_status_text(done));
	if (!o->out)
		fwrite(text, 1, n, stdout);
	else
		status = write_file(o->out, text, n);
	if (unreadable) /* what could be read is in the report, and the rest is said here */
		sdt_diags_print(o->diags, false);
	if (status != SDT_FINE || unreadable)
		return SDT_USAGE;
	return sdt_diags_status(o);
}
