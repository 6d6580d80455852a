/* SPDX-License-Identifier: BSD-3-Clause */
#include "pattern.h"
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

static void *get_memory(size_t n, void *arena)
{
	return sdi_arena_alloc(arena, n);
}

static void keep_memory(void *p, void *arena)
{
	(void)p;
	(void)arena;
}

static bool compiles(pcre2_compile_context *context, struct sdi_str text, uint32_t options)
{
	int error;
	size_t offset;
	uint32_t names = 1;
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)text.p, text.n, options, &error, &offset, context);
	if (!code)
		return false;
	pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &names);
	/* HAProxy does not start with one that JIT can't take. */
	error = pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
	pcre2_code_free(code);
	return !names && (!error || error == PCRE2_ERROR_JIT_BADOPTION);
}

bool sdi_pattern_is_fine(struct sdi_arena *scratch, struct sdi_str text)
{
	if (!text.n || text.n > SDI_PATTERN_BYTES)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7f)
			return false;
	pcre2_general_context *memory = pcre2_general_context_create(get_memory, keep_memory, scratch);
	pcre2_compile_context *context = memory ? pcre2_compile_context_create(memory) : NULL;
	return context && compiles(context, text, 0) && compiles(context, text, PCRE2_NO_AUTO_CAPTURE);
}
