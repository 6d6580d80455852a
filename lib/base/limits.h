/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every limit of the library in one place. Going over one gives a diagnostic with the reason "limit", never a crash.
 * The API server's own limits (1.5 MiB an object, 1 MiB a Secret, 256 KiB of annotations) lie well below them.
 */
#ifndef SDI_BASE_LIMITS_H
#define SDI_BASE_LIMITS_H

enum {
	SDI_LIMIT_ITEM_BYTES = 16 * 1024 * 1024, /* one object in the input, as text */
	SDI_LIMIT_DEPTH = 64,                    /* nesting of one object; Kubernetes kinds used here need 10 */
	SDI_LIMIT_NODES = 1000000,               /* values in one object */
	SDI_LIMIT_VALUE_BYTES = 256 * 1024,      /* one annotation's value */
	SDI_LIMIT_ANNOTATIONS_BYTES =
		256 * 1024,                 /* all annotations of an object: apimachinery TotalAnnotationSizeLimitB */
	SDI_LIMIT_PATH_BYTES = 4096,        /* one path of a rule */
	SDI_LIMIT_REGEX_BYTES = 1800,       /* one regular expression; NGINX takes 4095 bytes, quoted twice */
	SDI_LIMIT_RULES = 5000,             /* paths of one Ingress */
	SDI_LIMIT_NAMESPACE_PATHS = 100000, /* paths of all Ingresses of a namespace */
	SDI_LIMIT_NAMESPACE_PATH_BYTES = 16 * 1024 * 1024, /* and their length in sum */
	SDI_LIMIT_ENDPOINTS = 10000,                       /* of one backend */
	SDI_LIMIT_CERT_BYTES = 256 * 1024,                 /* a chain with its key */
	SDI_LIMIT_CHAIN = 16,                              /* certificates in a chain */
	SDI_LIMIT_DIAGS = 100000,                          /* further ones are counted, not kept */
};

#define SDI_LIMIT_FILE_BYTES ((size_t)1 << 31) /* one file of a bundle */

#endif
