/* SPDX-License-Identifier: BSD-3-Clause */
/* The risk of each annotation of ingress-nginx, from its own list; those that are not here are low. */
#include "registry.h"
#include "values.h"

#define PREFIX "nginx.ingress.kubernetes.io/"

/* clang-format off */
static const struct {
	const char *name;
	enum sdi_risk risk;
} ranks[] = {
	{ "affinity-mode", SDI_RISK_MEDIUM },
	{ "allowlist-source-range", SDI_RISK_MEDIUM },
	{ "app-root", SDI_RISK_MEDIUM },
	{ "auth-cache-duration", SDI_RISK_MEDIUM },
	{ "auth-cache-key", SDI_RISK_MEDIUM },
	{ "auth-proxy-set-headers", SDI_RISK_MEDIUM },
	{ "auth-realm", SDI_RISK_MEDIUM },
	{ "auth-request-redirect", SDI_RISK_MEDIUM },
	{ "auth-response-headers", SDI_RISK_MEDIUM },
	{ "auth-secret", SDI_RISK_MEDIUM },
	{ "auth-signin", SDI_RISK_HIGH },
	{ "auth-signin-redirect-param", SDI_RISK_MEDIUM },
	{ "auth-snippet", SDI_RISK_CRITICAL },
	{ "auth-tls-error-page", SDI_RISK_HIGH },
	{ "auth-tls-match-cn", SDI_RISK_HIGH },
	{ "auth-tls-secret", SDI_RISK_MEDIUM },
	{ "auth-tls-verify-client", SDI_RISK_MEDIUM },
	{ "auth-url", SDI_RISK_HIGH },
	{ "canary-by-cookie", SDI_RISK_MEDIUM },
	{ "canary-by-header", SDI_RISK_MEDIUM },
	{ "canary-by-header-pattern", SDI_RISK_MEDIUM },
	{ "canary-by-header-value", SDI_RISK_MEDIUM },
	{ "configuration-snippet", SDI_RISK_CRITICAL },
	{ "cors-allow-headers", SDI_RISK_MEDIUM },
	{ "cors-allow-methods", SDI_RISK_MEDIUM },
	{ "cors-allow-origin", SDI_RISK_MEDIUM },
	{ "cors-expose-headers", SDI_RISK_MEDIUM },
	{ "custom-headers", SDI_RISK_MEDIUM },
	{ "denylist-source-range", SDI_RISK_MEDIUM },
	{ "fastcgi-index", SDI_RISK_MEDIUM },
	{ "fastcgi-params-configmap", SDI_RISK_MEDIUM },
	{ "force-ssl-redirect", SDI_RISK_MEDIUM },
	{ "mirror-host", SDI_RISK_HIGH },
	{ "mirror-target", SDI_RISK_HIGH },
	{ "modsecurity-snippet", SDI_RISK_CRITICAL },
	{ "modsecurity-transaction-id", SDI_RISK_HIGH },
	{ "opentelemetry-operation-name", SDI_RISK_MEDIUM },
	{ "permanent-redirect", SDI_RISK_MEDIUM },
	{ "preserve-trailing-slash", SDI_RISK_MEDIUM },
	{ "proxy-body-size", SDI_RISK_MEDIUM },
	{ "proxy-cookie-domain", SDI_RISK_MEDIUM },
	{ "proxy-cookie-path", SDI_RISK_MEDIUM },
	{ "proxy-next-upstream", SDI_RISK_MEDIUM },
	{ "proxy-redirect-from", SDI_RISK_MEDIUM },
	{ "proxy-redirect-to", SDI_RISK_MEDIUM },
	{ "proxy-ssl-ciphers", SDI_RISK_MEDIUM },
	{ "proxy-ssl-name", SDI_RISK_HIGH },
	{ "proxy-ssl-secret", SDI_RISK_MEDIUM },
	{ "rewrite-target", SDI_RISK_MEDIUM },
	{ "server-alias", SDI_RISK_HIGH },
	{ "server-snippet", SDI_RISK_CRITICAL },
	{ "session-cookie-domain", SDI_RISK_MEDIUM },
	{ "session-cookie-expires", SDI_RISK_MEDIUM },
	{ "session-cookie-max-age", SDI_RISK_MEDIUM },
	{ "session-cookie-name", SDI_RISK_MEDIUM },
	{ "session-cookie-path", SDI_RISK_MEDIUM },
	{ "stream-snippet", SDI_RISK_CRITICAL },
	{ "temporal-redirect", SDI_RISK_MEDIUM },
	{ "upstream-hash-by", SDI_RISK_HIGH },
	{ "whitelist-source-range", SDI_RISK_MEDIUM },
	{ "x-forwarded-prefix", SDI_RISK_MEDIUM },
};
/* clang-format on */

static const char *const levels[] = { "Low", "Medium", "High", "Critical" };

enum sdi_risk sdi_annotation_risk(const struct sdi_annotation *row)
{
	if (!sdi_str_starts(sdi_str_c(row->key), SDI_STR(PREFIX)))
		return SDI_RISK_LOW;
	for (size_t i = 0; i < sizeof(ranks) / sizeof(ranks[0]); i++)
		if (strcmp(ranks[i].name, row->name) == 0)
			return ranks[i].risk;
	return SDI_RISK_LOW;
}

const char *sdi_risk_text(enum sdi_risk risk)
{
	return levels[risk];
}

bool sdi_parse_risk(const struct sdi_annotation *row, struct sdi_str text, struct sdi_arena *arena,
                    struct sdi_value *ret, const char **ret_why)
{
	(void)row;
	(void)arena;
	(void)ret_why;
	ret->number = SDI_RISK_LOW;
	for (int i = SDI_RISK_LOW; i <= SDI_RISK_CRITICAL; i++)
		if (sdi_str_eq_nocase(text, sdi_str_c(levels[i])))
			ret->number = i;
	return true;
}
