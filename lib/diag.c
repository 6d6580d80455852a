/* SPDX-License-Identifier: BSD-3-Clause */
#include "diag.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/vec.h"

enum {
	SHOWN_BYTES = 120, /* of user text inside a sentence */
	PART_BYTES = 512,  /* of a name or field; valid names are far below */
	TEXT_BYTES = 4096, /* of a sentence or a file name */
};

struct sdi_diag {
	const char *kind, *ns, *name, *field, *file, *text;
	unsigned line, column;
	enum sdi_reason reason;
	uint64_t hash;
};

struct sdi_diags {
	struct sdi_arena arena; /* entries and their strings */
	struct sdi_arena temp;  /* of one call of sdi_diag_add() */
	struct {
		SDI_VEC(struct sdi_diag *)
	} entries;
	struct sdi_diag **slots; /* hash table of the entries, to keep each once */
	size_t n_slots;          /* a power of two */
	bool failed;
	size_t lost; /* over the limit; told by one last entry */
	struct sdi_diag last;
	char last_text[120];
};

struct sdi_diags *sdi_diags_new(void)
{
	struct sdi_diags *diags = sdi_malloc(sizeof(*diags));
	if (diags)
		*diags = (struct sdi_diags){ 0 };
	return diags;
}

void sdi_diags_free(struct sdi_diags *diags)
{
	if (!diags)
		return;
	sdi_arena_release(&diags->arena);
	sdi_arena_release(&diags->temp);
	free(diags);
}

void sdi_diags_clear(struct sdi_diags *diags)
{
	struct sdi_arena arena = diags->arena, temp = diags->temp;
	sdi_arena_clear(&arena);
	sdi_arena_clear(&temp);
	*diags = (struct sdi_diags){ .arena = arena, .temp = temp };
}

bool sdi_diags_failed(const struct sdi_diags *diags)
{
	return diags && diags->failed;
}

/* Text fit for people */

/* The code point that @s starts with and its length; 0: not valid UTF-8. */
static size_t utf8_decode(struct sdi_str s, uint32_t *ret)
{
	static const struct {
		unsigned char mask, lead;
		uint32_t least;
	} forms[] = { { 0x80, 0x00, 0 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 }, { 0xf8, 0xf0, 0x10000 } };
	unsigned char first = (unsigned char)s.p[0];
	size_t n = 0;
	while (n < 4 && (first & forms[n].mask) != forms[n].lead)
		n++;
	if (n == 4 || n >= s.n)
		return 0;
	uint32_t c = first & (unsigned char)~forms[n].mask;
	for (size_t i = 1; i <= n; i++) {
		unsigned char next = (unsigned char)s.p[i];
		if ((next & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (next & 0x3f);
	}
	if (c < forms[n].least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return n + 1;
}

/* Also what turns the direction of a line or breaks it: text that reads differently from what it says. */
static bool is_control(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} ranges[] = { { 0, 0x1f },        { 0x7f, 0x9f },     { 0x61c, 0x61c },  { 0x200e, 0x200f },
		       { 0x2028, 0x202e }, { 0x2066, 0x2069 }, { 0xfeff, 0xfeff } };
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return false;
}

/* How many bytes of @s stay as they are at its start, at most @most. */
static size_t clean_head(struct sdi_str s, size_t most)
{
	size_t at = 0;
	while (at < s.n) {
		uint32_t c = 0;
		size_t n = utf8_decode(sdi_str_from(s, at), &c);
		if (!n || is_control(c) || at + n > most)
			break;
		at += n;
	}
	return at;
}

/* Writes @s to @out, of @most bytes and room for an ellipsis: what is no text as \xNN, the rest as it is. */
static struct sdi_str clean_into(char *out, size_t most, struct sdi_str s)
{
	static const char hex[] = "0123456789ABCDEF";
	static const char ellipsis[] = "\xe2\x80\xa6";
	size_t n = 0;
	while (s.n) {
		size_t same = clean_head(s, most - n);
		memcpy(out + n, s.p, same);
		n += same;
		s = sdi_str_from(s, same);
		if (!s.n)
			break;
		uint32_t c = 0;
		size_t bad = utf8_decode(s, &c);
		bool escape = !bad || is_control(c);
		bad = bad ? bad : 1;
		if (!escape || n + bad * 4 > most) {
			memcpy(out + n, ellipsis, sizeof(ellipsis) - 1);
			n += sizeof(ellipsis) - 1;
			break;
		}
		for (size_t i = 0; i < bad; i++, n += 4) {
			unsigned char byte = (unsigned char)s.p[i];
			const char escaped[] = { '\\', 'x', hex[byte >> 4], hex[byte & 15] };
			memcpy(out + n, escaped, sizeof(escaped));
		}
		s = sdi_str_from(s, bad);
	}
	return sdi_str_make(out, n);
}

/* @s made fit for people, in @arena; p is NULL when out of memory without a handler. */
static struct sdi_str clean(struct sdi_arena *arena, struct sdi_str s, size_t most)
{
	if (clean_head(s, most) == s.n)
		return sdi_arena_copy(arena, s);
	size_t room = s.n > most / 4 ? most : s.n * 4;
	char *out = sdi_arena_alloc(arena, room + sizeof("\xe2\x80\xa6"));
	return out ? clean_into(out, room, s) : (struct sdi_str){ 0 };
}

const char *sdi_show(const struct sdi_diag_ctx *ctx, struct sdi_str s)
{
	if (!ctx || (!ctx->scratch && !ctx->diags))
		return "";
	const char *shown = clean(ctx->scratch ? ctx->scratch : &ctx->diags->temp, s, SHOWN_BYTES).p;
	if (!shown && ctx->diags)
		ctx->diags->failed = true;
	return shown ? shown : "";
}

struct sdi_str sdi_show_most(struct sdi_arena *arena, struct sdi_str s, size_t most)
{
	return clean(arena, s, most);
}

/* Adding */

static uint64_t hash_of(const struct sdi_diag *d)
{
	const char *const parts[] = { d->kind, d->ns, d->name, d->field, d->file, d->text };
	uint64_t hash = ((uint64_t)d->line << 32 | d->column) + (uint64_t)d->reason;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		hash = hash * 0x9e3779b97f4a7c15u + sdi_hash(sdi_str_c(parts[i]));
	return hash ^ hash >> 32;
}

static int compare_number(unsigned a, unsigned b)
{
	return (a > b) - (a < b);
}

/* Total over everything that tells two entries apart. */
static int compare(const struct sdi_diag *a, const struct sdi_diag *b)
{
	int c = strcmp(a->file, b->file);
	c = c ? c : compare_number(a->line, b->line);
	c = c ? c : compare_number(a->column, b->column);
	c = c ? c : strcmp(a->kind, b->kind);
	c = c ? c : strcmp(a->ns, b->ns);
	c = c ? c : strcmp(a->name, b->name);
	c = c ? c : strcmp(a->field, b->field);
	c = c ? c : strcmp(sdi_reason_row(a->reason)->slug, sdi_reason_row(b->reason)->slug);
	return c ? c : strcmp(a->text, b->text);
}

/* The slot of an entry equal to @d, or the empty one where it belongs. */
static struct sdi_diag **find_slot(struct sdi_diag **slots, size_t n_slots, const struct sdi_diag *d)
{
	size_t i = d->hash & (n_slots - 1);
	while (slots[i] && (slots[i]->hash != d->hash || compare(slots[i], d) != 0))
		i = (i + 1) & (n_slots - 1);
	return &slots[i];
}

static bool grow_slots(struct sdi_diags *diags)
{
	if (diags->entries.n * 2 < diags->n_slots)
		return true;
	size_t n = diags->n_slots ? diags->n_slots * 2 : 16;
	struct sdi_diag **slots = sdi_arena_array(&diags->arena, n, struct sdi_diag *);
	if (!slots)
		return false;
	for (size_t i = 0; i < diags->entries.n; i++)
		*find_slot(slots, n, diags->entries.p[i]) = diags->entries.p[i];
	diags->slots = slots;
	diags->n_slots = n;
	return true;
}

/* A copy of @text that lives as long as the entries; shared with @neighbour, which is often the same. */
static const char *keep(struct sdi_diags *diags, const char *text, const char *neighbour)
{
	if (!*text)
		return "";
	if (neighbour && strcmp(text, neighbour) == 0)
		return neighbour;
	return sdi_arena_copy(&diags->arena, sdi_str_c(text)).p;
}

static bool keep_entry(struct sdi_diags *diags, const struct sdi_diag *d, struct sdi_diag **slot)
{
	const struct sdi_diag none = { 0 };
	const struct sdi_diag *before = diags->entries.n ? diags->entries.p[diags->entries.n - 1] : &none;
	struct sdi_diag *entry = sdi_arena_new(&diags->arena, struct sdi_diag);
	if (!entry)
		return false;
	*entry = *d;
	entry->ns = keep(diags, d->ns, before->ns);
	entry->name = keep(diags, d->name, before->name);
	entry->field = keep(diags, d->field, before->field);
	entry->file = keep(diags, d->file, before->file);
	entry->text = keep(diags, d->text, before->text);
	if (!entry->ns || !entry->name || !entry->field || !entry->file || !entry->text)
		return false;
	struct sdi_diag **place = sdi_vec_push(&diags->entries, &diags->arena);
	if (!place)
		return false;
	*place = *slot = entry;
	return true;
}

static void count_lost(struct sdi_diags *diags)
{
	diags->lost++;
	snprintf(diags->last_text, sizeof(diags->last_text),
	         "there are %zu more diagnostics, which were not kept; mend the first ones and run again", diags->lost);
	diags->last = (struct sdi_diag){ "", "", "", "", "", diags->last_text, .reason = SDI_REASON_LIMIT };
}

static bool add(struct sdi_diags *diags, const struct sdi_diag *d)
{
	if (!grow_slots(diags))
		return false;
	struct sdi_diag **slot = find_slot(diags->slots, diags->n_slots, d);
	if (*slot)
		return true;
	if (diags->entries.n < SDI_LIMIT_DIAGS)
		return keep_entry(diags, d, slot);
	count_lost(diags);
	return true;
}

static __attribute__((format(printf, 6, 0))) bool add_formatted(const struct sdi_diag_ctx *ctx, enum sdi_reason reason,
                                                                const char *field, unsigned line, unsigned column,
                                                                const char *format, va_list args)
{
	struct sdi_diags *diags = ctx->diags;
	const struct sdi_subject *about = &ctx->subject;
	struct sdi_arena *temp = &diags->temp;
	struct sdi_str text = sdi_arena_vprintf(temp, format, args);
	if (!text.p)
		return false;
	struct sdi_diag d = {
		.kind = about->kind ? about->kind : "",
		.ns = clean(temp, about->ns, PART_BYTES).p,
		.name = clean(temp, about->name, PART_BYTES).p,
		.field = clean(temp, sdi_str_c(field), PART_BYTES).p,
		.file = clean(temp, sdi_str_c(about->origin.file), TEXT_BYTES).p,
		.text = clean(temp, text, TEXT_BYTES).p,
		.line = line,
		.column = column,
		.reason = reason,
	};
	if (!d.ns || !d.name || !d.field || !d.file || !d.text)
		return false;
	d.hash = hash_of(&d);
	return add(diags, &d);
}

static __attribute__((format(printf, 6, 0))) void add_or_fail(const struct sdi_diag_ctx *ctx, enum sdi_reason reason,
                                                              const char *field, unsigned line, unsigned column,
                                                              const char *format, va_list args)
{
	if (!add_formatted(ctx, reason, field, line, column, format, args))
		ctx->diags->failed = true;
	sdi_arena_clear(&ctx->diags->temp);
}

void sdi_diag_add(const struct sdi_diag_ctx *ctx, enum sdi_reason reason, const char *field, const char *format, ...)
{
	if (!ctx || !ctx->diags)
		return;
	va_list args;
	va_start(args, format);
	add_or_fail(ctx, reason, field, ctx->subject.origin.line, ctx->subject.origin.column, format, args);
	va_end(args);
}

void sdi_diag_add_at(const struct sdi_diag_ctx *ctx, enum sdi_reason reason, const char *field, unsigned line,
                     unsigned column, const char *format, ...)
{
	if (!ctx || !ctx->diags)
		return;
	va_list args;
	va_start(args, format);
	add_or_fail(ctx, reason, field, line, column, format, args);
	va_end(args);
}

/* Reading */

size_t sdi_diags_count(const struct sdi_diags *diags)
{
	return diags->entries.n + (diags->lost > 0);
}

const struct sdi_diag *sdi_diags_get(const struct sdi_diags *diags, size_t i)
{
	if (i < diags->entries.n)
		return diags->entries.p[i];
	return i == diags->entries.n && diags->lost ? &diags->last : NULL;
}

size_t sdi_diags_count_severity(const struct sdi_diags *diags, enum sdi_severity severity)
{
	size_t n = 0;
	for (size_t i = 0; i < sdi_diags_count(diags); i++)
		n += sdi_diag_severity(sdi_diags_get(diags, i)) >= severity;
	return n;
}

static int compare_entries(const void *a, const void *b)
{
	return compare(*(struct sdi_diag *const *)a, *(struct sdi_diag *const *)b);
}

void sdi_diags_sort(struct sdi_diags *diags)
{
	if (diags->entries.n)
		qsort(diags->entries.p, diags->entries.n, sizeof(diags->entries.p[0]), compare_entries);
}

enum sdi_severity sdi_diag_severity(const struct sdi_diag *diag)
{
	return sdi_reason_row(diag->reason)->severity;
}

enum sdi_effect sdi_diag_effect(const struct sdi_diag *diag)
{
	return sdi_reason_row(diag->reason)->effect;
}

const char *sdi_diag_reason(const struct sdi_diag *diag)
{
	return sdi_reason_row(diag->reason)->slug;
}

const char *sdi_diag_kind(const struct sdi_diag *diag)
{
	return diag->kind;
}

const char *sdi_diag_namespace(const struct sdi_diag *diag)
{
	return diag->ns;
}

const char *sdi_diag_name(const struct sdi_diag *diag)
{
	return diag->name;
}

const char *sdi_diag_field(const struct sdi_diag *diag)
{
	return diag->field;
}

const char *sdi_diag_file(const struct sdi_diag *diag)
{
	return diag->file;
}

unsigned sdi_diag_line(const struct sdi_diag *diag)
{
	return diag->line;
}

unsigned sdi_diag_column(const struct sdi_diag *diag)
{
	return diag->column;
}

const char *sdi_diag_text(const struct sdi_diag *diag)
{
	return diag->text;
}

const char *sdi_severity_text(enum sdi_severity severity)
{
	switch (severity) {
	case SDI_SEVERITY_NOTE: return "note";
	case SDI_SEVERITY_WARNING: return "warning";
	case SDI_SEVERITY_ERROR: return "error";
	}
	return "unknown";
}

const char *sdi_effect_text(enum sdi_effect effect)
{
	switch (effect) {
	case SDI_EFFECT_SERVED: return "served";
	case SDI_EFFECT_DEGRADED: return "degraded";
	case SDI_EFFECT_DENIED: return "denied";
	case SDI_EFFECT_LEFT_OUT: return "left out";
	}
	return "unknown";
}
