/* SPDX-License-Identifier: BSD-3-Clause */
#include "base/auto.h"
#include "base/banned.h"
#include "settings.h"
#include "sys/sys.h"
#include "tools.h"
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

/* The folder that the configuration refers to, unless the user has said: where the bundle goes. */
static int set_prefix(struct sdt_options *o)
{
	if (sdt_options_has_prefix(o) || !o->out)
		return SDT_FINE;
	int error = sdi_sys_make_folder(o->out);
	if (error)
		return sdt_usage("%s: can't be made: %s", o->out, sdi_sys_error(error));
	char *path = realpath(o->out, NULL);
	enum sdi_status status = path ? sdi_settings_set(o->settings, "prefix", path, o->diags) : SDI_EINVAL;
	if (status != SDI_OK)
		sdt_usage("%s: can't be the folder of a bundle: its path may have letters, digits, spaces and . _ - / "
		          "+ @ "
		          ", : = ~ ( ) [ ]",
		          path ? path : o->out);
	free(path);
	/* The configuration is for this machine, then: so is the folder that the proxy puts its socket into. */
	if (status == SDI_OK && o->settings->runtime_dir.n) {
		error = sdi_sys_make_folder(o->settings->runtime_dir.p);
		if (error)
			return sdt_usage("%s: can't be made: %s", o->settings->runtime_dir.p, sdi_sys_error(error));
	}
	return status == SDI_OK ? SDT_FINE : SDT_USAGE;
}

static int set_default_certificate(struct sdt_options *o)
{
	char *pem;
	size_t n;
	if (!o->settings->https_port)
		return SDT_FINE;
	int error = sdi_sys_default_certificate(o->out, &pem, &n);
	if (error)
		return sdt_usage("the default certificate can't be made or kept: %s", sdi_sys_error(error));
	enum sdi_status status = sdi_settings_set_default_certificate(o->settings, pem, n);
	explicit_bzero(pem, n);
	free(pem);
	return status == SDI_OK ?
	               SDT_FINE :
	               sdt_usage("%s/.default-certificate.pem is not a certificate with its key; remove it", o->out);
}

static int prepare(struct sdt_options *o)
{
	if (o->format && strcmp(o->format, "text") != 0 && strcmp(o->format, "json") != 0)
		return sdt_usage("--format is text or json");
	int status = sdt_world_prepare(o, "translate");
	if (status == SDT_FINE)
		status = set_prefix(o);
	/* Else no password could be checked: below a folder that only root may enter. */
	if (status == SDT_FINE && o->out && !o->settings->worker_user.n && !sdi_sys_worker_reaches(o->out))
		sdi_settings_set(o->settings, "worker-user", "root", NULL);
	return status == SDT_FINE ? set_default_certificate(o) : status;
}

static void print_summary(const struct sdt_options *o, const struct sdi_gateway *gateway)
{
	size_t errors = sdi_diags_count_severity(o->diags, SDI_SEVERITY_ERROR);
	size_t warnings = sdi_diags_count_severity(o->diags, SDI_SEVERITY_WARNING) - errors;
	const struct {
		size_t n;
		const char *noun, *after;
	} counts[] = {
		{ sdi_gateway_hosts(gateway), "host", ", " },
		{ sdi_gateway_routes(gateway), "route", ", " },
		{ sdi_gateway_backends(gateway), "backend", ", " },
		{ sdi_gateway_certificates(gateway), "certificate", "; " },
		{ errors, "error", ", " },
		{ warnings, "warning", "\n" },
	};
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		fprintf(stderr, "%zu %s%s%s", counts[i].n, counts[i].noun, counts[i].n == 1 ? "" : "s",
		        counts[i].after);
}

static int output(struct sdt_options *o, const struct sdi_bundle *bundle)
{
	if (!o->out) {
		sdt_stream_print(bundle);
		return SDT_FINE;
	}
	int error = sdi_sys_write_bundle(bundle, o->out);
	return error ? sdt_usage("%s: can't be written: %s", o->out, sdi_sys_error(error)) : SDT_FINE;
}

int sdt_translate(struct sdt_options *o)
{
	sdi_auto(sdt_store_freep) struct sdi_store *store = sdi_store_new();
	sdi_auto(sdt_gateway_freep) struct sdi_gateway *gateway = NULL;
	sdi_auto(sdt_bundle_freep) struct sdi_bundle *bundle = NULL;
	bool json = o->format && strcmp(o->format, "json") == 0;
	int status = prepare(o), unreadable = 0;
	if (status != SDT_FINE)
		return status;
	if (store)
		unreadable = sdt_world_read(o, store);
	enum sdi_status done = store ? sdi_translate(store, o->settings, o->diags, &gateway) : SDI_ENOMEM;
	/* The gateway refers to nothing in the store: its memory goes before the files are made. */
	sdi_store_free(sdi_take(&store));
	malloc_trim(0);
	if (done == SDI_OK)
		done = sdi_emit(gateway, o->settings, sdt_world_target(o), o->diags, &bundle);
	sdt_diags_print(o->diags, json);
	if (done != SDI_OK)
		return sdt_usage("%s", sdi_status_text(done));
	status = unreadable ? SDT_USAGE : output(o, bundle);
	if (status != SDT_FINE)
		return status;
	if (!json)
		print_summary(o, gateway);
	return sdt_diags_status(o);
}
