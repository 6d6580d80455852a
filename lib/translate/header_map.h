/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ConfigMaps whose keys are names of headers.
 */
#ifndef SDI_TRANSLATE_HEADER_MAP_H
#define SDI_TRANSLATE_HEADER_MAP_H

#include "../gateway/extras.h"
#include "translation.h"

/* Facts of a request that are still known when it is answered. */
enum {
	SDI_FACTS_OF_ANSWERS = 1u << SDI_FACT_HOST | 1u << SDI_FACT_SCHEME | 1u << SDI_FACT_CLIENT,
	SDI_FACTS_OF_REQUESTS = SDI_FACTS_OF_ANSWERS | 1u << SDI_FACT_HTTP_HOST | 1u << SDI_FACT_METHOD |
	                        1u << SDI_FACT_REQUEST_URI | 1u << SDI_FACT_QUERY,
};

/* NAME or NAMESPACE/NAME, the former in @ns; NULL: there is none, *ret_why says so. */
const struct sdi_configmap *sdi_header_map_find(struct sdi_translation *t, struct sdi_str reference, struct sdi_str ns,
                                                const char **ret_why);

/*
 * Reads one header. NULL: *ret has it, in t->arena; else why not, to go behind "the ConfigMap has …". @facts: those
 * that its value may have; 0: it is as it stands, with any "$".
 */
const char *sdi_header_map_read(struct sdi_translation *t, const struct sdi_pair *pair, unsigned facts,
                                struct sdi_header_text *ret);

/* Sorted by name, so that the order of a ConfigMap does not matter. */
void sdi_header_map_sort(struct sdi_header_text *headers, size_t n);

#endif
