/* SPDX-License-Identifier: BSD-3-Clause */
#include "gateway.h"
#include "auth.h"
#include "mirror.h"

void sdi_gateway_free(struct sdi_gateway *gateway)
{
	if (!gateway)
		return;
	sdi_arena_release(&gateway->arena);
	free(gateway);
}

bool sdi_gateway_passes(const struct sdi_gateway *gateway)
{
	for (size_t i = 0; i < gateway->n_hosts; i++)
		if (gateway->hosts[i].passthrough)
			return true;
	return false;
}

size_t sdi_gateway_hosts(const struct sdi_gateway *gateway)
{
	return gateway ? gateway->n_hosts : 0;
}

size_t sdi_gateway_routes(const struct sdi_gateway *gateway)
{
	size_t sum = 0;
	for (size_t i = 0; gateway && i < gateway->n_hosts; i++)
		sum += gateway->hosts[i].n_routes;
	return sum;
}

size_t sdi_gateway_backends(const struct sdi_gateway *gateway)
{
	return gateway ? gateway->n_backends : 0;
}

size_t sdi_gateway_certificates(const struct sdi_gateway *gateway)
{
	return gateway ? gateway->n_certificates : 0;
}

bool sdi_policy_needs_names(const struct sdi_policy *policy)
{
	return (policy->auth && sdi_destination_name(&policy->auth->to).n) ||
	       (policy->mirror && sdi_destination_name(&policy->mirror->to).n);
}
