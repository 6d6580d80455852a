/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads Kubernetes objects from standard input, prints the HAProxy configuration that serves them on standard output
 * and what there is to say about them on standard error.
 *
 *     cc translate.c $(pkg-config --cflags --libs libsdingress) -o translate
 */
#include <sdingress/sdingress.h>
#include <stdio.h>

static long read_stdin(void *arg, char *buffer, size_t n)
{
	(void)arg;
	size_t got = fread(buffer, 1, n, stdin);
	return got || !ferror(stdin) ? (long)got : -1;
}

static void print(const struct sdi_bundle *bundle)
{
	for (size_t i = 0; i < sdi_bundle_count(bundle); i++) {
		size_t n;
		const char *data = sdi_bundle_data(bundle, i, &n);
		printf("# %s\n", sdi_bundle_name(bundle, i));
		if (!sdi_bundle_is_secret(bundle, i))
			fwrite(data, 1, n, stdout);
	}
}

int main(void)
{
	struct sdi_store *store = sdi_store_new();
	struct sdi_settings *settings = sdi_settings_new();
	struct sdi_diags *diags = sdi_diags_new();
	struct sdi_gateway *gateway = NULL;
	struct sdi_bundle *bundle = NULL;
	enum sdi_status status = store && settings && diags ? SDI_OK : SDI_ENOMEM;

	if (status == SDI_OK)
		status = sdi_settings_set(settings, "https-port", "0", diags);
	if (status == SDI_OK)
		status = sdi_store_read_stream(store, read_stdin, NULL, "stdin", diags);
	if (status == SDI_OK)
		status = sdi_translate(store, settings, diags, &gateway);
	if (status == SDI_OK)
		status = sdi_emit(gateway, settings, SDI_PROXY_HAPROXY, diags, &bundle);
	for (size_t i = 0; diags && i < sdi_diags_count(diags); i++) {
		const struct sdi_diag *d = sdi_diags_get(diags, i);
		fprintf(stderr, "%s %s/%s: %s\n", sdi_diag_kind(d), sdi_diag_namespace(d), sdi_diag_name(d), sdi_diag_text(d));
	}
	if (status == SDI_OK)
		print(bundle);
	else
		fprintf(stderr, "%s\n", sdi_status_text(status));
	sdi_bundle_free(bundle);
	sdi_gateway_free(gateway);
	sdi_diags_free(diags);
	sdi_settings_free(settings);
	sdi_store_free(store);
	return status == SDI_OK ? 0 : 1;
}
