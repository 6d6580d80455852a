/* SPDX-License-Identifier: BSD-3-Clause */
#include "model.h"

bool sdi_name_is_label(struct sdi_str s)
{
	if (s.n == 0 || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!sdi_is_alnum_lower(s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

bool sdi_name_is_subdomain(struct sdi_str s)
{
	struct sdi_str label, rest = s;
	if (s.n == 0 || s.n > 253)
		return false;
	while (sdi_str_split(&rest, '.', &label)) {
		/* Unlike RFC 1035's, a label of Kubernetes' subdomain may be as long as the whole. */
		if (label.n == 0 || label.p[0] == '-' || label.p[label.n - 1] == '-')
			return false;
		for (size_t i = 0; i < label.n; i++)
			if (!sdi_is_alnum_lower(label.p[i]) && label.p[i] != '-')
				return false;
	}
	return true;
}

bool sdi_name_is_port(struct sdi_str s)
{
	bool letter = false;
	if (s.n == 0 || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!sdi_is_alnum_lower(s.p[i]) && s.p[i] != '-')
			return false;
		if (s.p[i] == '-' && i > 0 && s.p[i - 1] == '-')
			return false;
		letter = letter || (s.p[i] >= 'a' && s.p[i] <= 'z');
	}
	return letter; /* 15 characters in a container, 63 in a Service: the longer one holds for both here */
}
