/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The reasons of diagnostics: one row each. The slug is stable API: people filter and alert on it.
 */
#ifndef SDI_REASON_H
#define SDI_REASON_H

#include <sdingress/diag.h>

/* clang-format off */
/*   name                    slug                       severity  effect     what it means (for the manual) */
#define SDI_REASONS(X)                                                                                                  \
	X(SYNTAX,                "syntax",                  ERROR,    LEFT_OUT,  "the text is not valid YAML or JSON")          \
	X(LIMIT,                 "limit",                   ERROR,    LEFT_OUT,  "a limit of size, number or depth was reached") \
	X(KIND_SKIPPED,          "kind-skipped",            NOTE,     LEFT_OUT,  "objects of a kind that is not used")           \
	X(API_VERSION,           "api-version",             ERROR,    LEFT_OUT,  "an API version that no cluster serves any more") \
	X(FIELD_INVALID,         "field-invalid",           ERROR,    LEFT_OUT,  "a field has a wrong type or value")            \
	X(FIELD_MISSING,         "field-missing",           ERROR,    LEFT_OUT,  "a field that must be there is not")            \
	X(NAME_INVALID,          "name-invalid",            ERROR,    LEFT_OUT,  "a name that Kubernetes would not accept")      \
	X(DUPLICATE,             "duplicate",               WARNING,  LEFT_OUT,  "the same object twice; the newer one counts")  \
	X(OTHER_CLASS,           "other-class",             NOTE,     LEFT_OUT,  "the ingress belongs to another controller")    \
	X(CLASS_NOT_FOUND,       "class-not-found",         WARNING,  LEFT_OUT,  "the ingress class does not exist")             \
	X(CLASS_CONFLICT,        "class-conflict",          WARNING,  SERVED,    "field and annotation name different classes")  \
	X(CLASS_PARAMETERS,      "class-parameters",        WARNING,  DEGRADED,  "parameters of a class are not supported")      \
	X(HOST_INVALID,          "host-invalid",            ERROR,    LEFT_OUT,  "not a host name or wildcard")                  \
	X(PATH_INVALID,          "path-invalid",            ERROR,    LEFT_OUT,  "a path that can't be matched")                 \
	X(PATH_TYPE_INVALID,     "path-type-invalid",       ERROR,    LEFT_OUT,  "not a path type of Kubernetes")                \
	X(REGEX_INVALID,         "regex-invalid",           ERROR,    LEFT_OUT,  "a regular expression that does not compile")   \
	X(CONFLICT,              "conflict",                WARNING,  LEFT_OUT,  "an older object claims the same thing")        \
	X(BACKEND_INVALID,       "backend-invalid",         ERROR,    DENIED,    "a backend that names neither a service nor a port") \
	X(RESOURCE_BACKEND,      "resource-backend",        ERROR,    DENIED,    "resource backends are not supported")          \
	X(SERVICE_NOT_FOUND,     "service-not-found",       ERROR,    DENIED,    "the service does not exist")                   \
	X(PORT_NOT_FOUND,        "port-not-found",          ERROR,    DENIED,    "the service has no such port")                 \
	X(NO_ENDPOINTS,          "no-endpoints",            WARNING,  DENIED,    "nothing is behind the service right now")      \
	X(ENDPOINT_INVALID,      "endpoint-invalid",        WARNING,  LEFT_OUT,  "an endpoint address that is not usable")       \
	X(ENDPOINT_REFUSED,      "endpoint-refused",        WARNING,  LEFT_OUT,  "a loopback or link-local endpoint")            \
	X(EXTERNAL_NAME_REFUSED, "external-name-refused",   ERROR,    DENIED,    "an external name that must not be reached")    \
	X(EXTERNAL_NAME_PARTIAL, "external-name-partial",   NOTE,     DEGRADED,  "what the target makes of an external name")    \
	X(PROTOCOL_UNSUPPORTED,  "protocol-unsupported",    ERROR,    DENIED,    "a service port that is not TCP")               \
	X(SECRET_NOT_FOUND,      "secret-not-found",        WARNING,  DEGRADED,  "the secret does not exist (yet)")              \
	X(SECRET_INVALID,        "secret-invalid",          WARNING,  DEGRADED,  "the secret has not what is needed")            \
	X(CERT_INVALID,          "certificate-invalid",     WARNING,  DEGRADED,  "a certificate or key that can't be used")      \
	X(CERT_EXPIRED,          "certificate-expired",     WARNING,  DEGRADED,  "a certificate past its end or before its start") \
	X(CERT_HOST,             "certificate-host",        WARNING,  DEGRADED,  "a certificate that does not cover the host")   \
	X(CERT_DEFAULT,          "certificate-default",     NOTE,     SERVED,    "the default certificate is served")            \
	X(CROSS_NAMESPACE,       "cross-namespace",         ERROR,    DENIED,    "a reference into another namespace")           \
	X(ANNOTATION_UNKNOWN,    "annotation-unknown",      WARNING,  DEGRADED,  "an annotation with a known prefix that is not known") \
	X(ANNOTATION_NONE,       "annotation-unsupported",  WARNING,  DEGRADED,  "an annotation that the target can't do")       \
	X(ANNOTATION_LEAVES_OUT, "annotation-leaves-out",   WARNING,  LEFT_OUT,  "an addition to another ingress that can't be given") \
	X(ANNOTATION_PARTIAL,    "annotation-partial",      NOTE,     DEGRADED,  "an annotation that the target does in part")   \
	X(ANNOTATION_CONFLICT,   "annotation-conflict",     WARNING,  DEGRADED,  "two dialects say different things")            \
	X(VALUE_INVALID,         "value-invalid",           WARNING,  DEGRADED,  "a value that is not valid; the default holds") \
	X(PROTECTION_DENIED,     "protection-denied",       ERROR,    DENIED,    "a protection that can't be given: 503 instead") \
	X(SNIPPET_IGNORED,       "snippet-ignored",         WARNING,  DEGRADED,  "snippets are off")                             \
	X(SETTING_INVALID,       "setting-invalid",         ERROR,    LEFT_OUT,  "a setting of the operator that is not valid")  \
	X(TARGET_CANT,           "target-cannot",           WARNING,  DEGRADED,  "what the target proxy can't express")          \
	X(VALUE_UNQUOTED,        "value-unquoted",          WARNING,  SERVED,    "a value that must be text is not quoted")      \
	X(INPUT_UNREADABLE,      "input-unreadable",        ERROR,    LEFT_OUT,  "a file or folder that can't be read")         \
	X(CLASS_ASSUMED,         "class-assumed",           NOTE,     SERVED,    "a class that is not in the input, taken for its usual controller's") \
	X(CONFIGMAP_NOT_FOUND,   "configmap-not-found",     ERROR,    DEGRADED,  "the controller's ConfigMap does not exist")   \
	X(STREAM_INVALID,        "stream-invalid",          ERROR,    DEGRADED,  "a TCP or UDP service can't be served")         \
	X(PASSTHROUGH,           "passthrough",             WARNING,  DEGRADED,  "a path of a host whose TLS goes to the application unread") \
	X(CONFIG_UNKNOWN,        "config-unknown",          WARNING,  DEGRADED,  "a key of the ConfigMap that nobody knows")    \
	X(CONFIG_IGNORED,        "config-ignored",          NOTE,     SERVED,    "a key of the ConfigMap that means nothing here") \
	X(CONFIG_UNSUPPORTED,    "config-unsupported",      WARNING,  DEGRADED,  "a key of the ConfigMap that is not done yet") \
	X(CATCH_ALL_REFUSED,     "catch-all-refused",       WARNING,  LEFT_OUT,  "an ingress for all hosts, which the operator does not allow") \
	X(ANNOTATION_REFUSED,    "annotation-refused",      ERROR,    DENIED,    "an annotation that the operator does not allow") \
	X(CERT_CHAIN,            "certificate-chain",       NOTE,     SERVED,    "a chain that was put in order or shortened")

/* clang-format on */

enum sdi_reason {
#define X(name, slug, severity, effect, doc) SDI_REASON_##name,
	SDI_REASONS(X)
#undef X
		SDI_REASON__COUNT
};

struct sdi_reason_row {
	const char *slug, *doc;
	enum sdi_severity severity;
	enum sdi_effect effect;
};

const struct sdi_reason_row *sdi_reason_row(enum sdi_reason reason);

#endif
