/* SPDX-License-Identifier: BSD-3-Clause */
#include "echo.h"
#include <jansson.h>

/* The probe writes a byte as the code point of the same number: back to bytes. */
static struct sdi_str bytes(struct sdi_arena *arena, const json_t *text)
{
	const char *from = json_string_value(text);
	size_t n = json_string_length(text), out = 0;
	char *to = from ? sdi_arena_alloc(arena, n + 1) : NULL;
	if (!to)
		return (struct sdi_str){ 0 };
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)from[i];
		if ((c & 0xfc) == 0xc0 && i + 1 < n)
			c = (unsigned char)((c & 3) << 6 | ((unsigned char)from[++i] & 0x3f));
		to[out++] = (char)c;
	}
	return sdi_str_make(to, out);
}

bool sdi_lab_echo_read(const struct sdi_lab_response *response, struct sdi_arena *arena, struct sdi_lab_echo *ret)
{
	if (!sdi_lab_header(&response->headers, "X-Probe"))
		return false;
	const struct sdi_str *header = sdi_lab_header(&response->headers, "X-Probe-Echo");
	struct sdi_str text = header ? *header : response->body;
	json_t *root = json_loadb(text.p ? text.p : "", text.n, JSON_ALLOW_NUL, NULL);
	json_t *headers = json_object_get(root, "headers"), *pair;
	size_t i;
	if (!json_is_array(headers)) {
		json_decref(root);
		return false;
	}
	*ret = (struct sdi_lab_echo){
		.backend = bytes(arena, json_object_get(root, "backend")),
		.method = bytes(arena, json_object_get(root, "method")),
		.target = bytes(arena, json_object_get(root, "target")),
		.version = bytes(arena, json_object_get(root, "version")),
		.body = bytes(arena, json_object_get(root, "body")),
		.remote = bytes(arena, json_object_get(root, "remote")),
		.body_bytes = (uint64_t)json_integer_value(json_object_get(root, "body_bytes")),
		.port = (unsigned)json_integer_value(json_object_get(root, "port")),
		.connection = (unsigned)json_integer_value(json_object_get(root, "connection")),
	};
	json_array_foreach(headers, i, pair)
	{
		struct sdi_lab_header *slot = sdi_vec_push(&ret->headers, arena);
		if (slot) {
			slot->name = bytes(arena, json_array_get(pair, 0));
			slot->value = bytes(arena, json_array_get(pair, 1));
		}
	}
	json_decref(root);
	return true;
}
