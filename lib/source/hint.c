/* SPDX-License-Identifier: BSD-3-Clause */
#include "hint.h"
#include "../base/str.h"

static const struct sdi_hint hints[] = {
	/* jansson */
	{ "JSON_ALLOW_NUL", "text holds \\u0000", "remove it, no field of Kubernetes may hold it" },
	{ "NUL byte in object key", "a key holds \\u0000", "remove it, no field of Kubernetes may hold it" },
	{ "invalid Unicode", "text holds one half of a character (\\uD800 to \\uDFFF alone)",
	  "write the character itself, in UTF-8" },
	{ "too big", "a number has more than 64 bits", "put it in quotes if it is text" },
	{ "real number overflow", "a number is too large", "put it in quotes if it is text" },
	{ "unable to decode byte", "a byte is not UTF-8", "save the file as UTF-8" },
	{ "control character 0x", NULL, "write it with a backslash, as \\n or \\t" },
	{ "unexpected newline", NULL, "end the text with a quote in its own line, or write \\n" },
	{ "invalid escape", NULL, "write a backslash as \\\\" },
	{ "premature end", NULL, "something is cut off" },
	{ "invalid token", NULL, "text needs double quotes; true, false and null are written small" },
	{ "string or '}' expected", "a key in double quotes, or '}', was expected",
	  "check for a comma too many and for keys without quotes" },
	{ "'}' expected", "',' or '}' was expected", "check for a missing comma or bracket before it" },
	{ "']' expected", "',' or ']' was expected", "check for a missing comma or bracket before it" },
	{ "':' expected", NULL, "write \"key\": value" },
	/* libyaml */
	{ "mapping values are not allowed", NULL,
	  "check the indentation of this line, and put text that holds \": \" in quotes" },
	{ "did not find expected key", NULL, "check the indentation of this line and of the one before it" },
	{ "did not find expected '-'", NULL, "check the indentation of this line and of the one before it" },
	{ "block sequence entries are not allowed", NULL, "begin a list in a line of its own" },
	{ "cannot start any token", NULL,
	  "indent with spaces, not tabs; put text that begins with @, ` or % in quotes" },
	{ "could not find expected ':'", NULL, "write key: value, and text of several lines with | or in quotes" },
	{ "unexpected end of stream", NULL, "close the quote or bracket" },
	{ "unexpected document indicator", NULL, "close the quote or bracket before ---" },
	{ "expected ',' or", NULL, "close the bracket, or put the text in quotes" },
	{ "did not find expected alphabetic", NULL, "put text that begins with * or & in quotes" },
	{ "anchor that is not defined", NULL,
	  "anchors hold within one document, in a large list within one item; put text that begins with * in quotes" },
	{ "control characters", NULL, "remove it, or write it in double quotes, as \"\\x1b\"" },
	{ "UTF-8", NULL, "save the file as UTF-8" },
	{ "Unicode", NULL, "save the file as UTF-8" },
	{ "unknown escape", NULL, "in double quotes a backslash is \\\\; in single quotes it stands for itself" },
	{ "does not fit its tag", NULL, "remove the tag (the word that begins with !!)" },
	{ "another document begins", NULL, "separate documents with a line ---" },
	{ "broken indentation", NULL, "check where the lines of each item begin" },
	/* all else */
	{ "", NULL, "check this line and the one before it" },
};

const struct sdi_hint *sdi_hint_find(const char *problem)
{
	const struct sdi_hint *hint = hints;
	while (!sdi_str_has(sdi_str_c(problem), sdi_str_c(hint->part)))
		hint++;
	return hint;
}
