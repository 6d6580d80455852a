/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is known of ModSecurity's language: of libmodsecurity 3, as far as it neither names a file, a program or a remote
 * address nor keeps anything from one request to the next. Each row was tried with Debian's module; what its parser
 * takes and what not is a fact of its own (SecRequestBodyInMemoryLimit and MSC_PCRE_LIMITS_EXCEEDED, say, are errors).
 */
#include "seclang.h"

#define ON_OFF "|On|Off|"
#define LIMIT_ACTION "|Reject|ProcessPartial|"

static const struct sdi_seclang_row directives[] = {
	{ "Include", SDI_SECLANG_INCLUDE, NULL, 0 },
	{ "SecAction", SDI_SECLANG_ACTION, NULL, 0 },
	{ "SecArgumentSeparator", SDI_SECLANG_LEFT, NULL, 0 },
	{ "SecArgumentsLimit", SDI_SECLANG_NUMBER, NULL, 100000 },
	{ "SecAuditEngine", SDI_SECLANG_WORDS, "|On|Off|RelevantOnly|", 0 },
	{ "SecAuditLog", SDI_SECLANG_LOG, NULL, 0 },
	{ "SecAuditLogParts", SDI_SECLANG_LEFT, NULL, 0 },
	{ "SecAuditLogRelevantStatus", SDI_SECLANG_LEFT, NULL, 0 },
	{ "SecAuditLogStorageDir", SDI_SECLANG_LEFT, NULL, 0 },
	{ "SecAuditLogType", SDI_SECLANG_LEFT, NULL, 0 },
	{ "SecCookieFormat", SDI_SECLANG_LEFT, NULL, 0 },
	{ "SecDataDir", SDI_SECLANG_LEFT, NULL, 0 },
	{ "SecDebugLog", SDI_SECLANG_LEFT, NULL, 0 },
	{ "SecDebugLogLevel", SDI_SECLANG_LEFT, NULL, 0 },
	{ "SecMarker", SDI_SECLANG_MARKER, NULL, 0 },
	{ "SecPcreMatchLimit", SDI_SECLANG_NUMBER, NULL, 1000000 },
	{ "SecPcreMatchLimitRecursion", SDI_SECLANG_NUMBER, NULL, 1000000 },
	{ "SecRequestBodyAccess", SDI_SECLANG_WORDS, ON_OFF, 0 },
	{ "SecRequestBodyJsonDepthLimit", SDI_SECLANG_NUMBER, NULL, 10000 },
	{ "SecRequestBodyLimit", SDI_SECLANG_NUMBER, NULL, 2147483647 },
	{ "SecRequestBodyLimitAction", SDI_SECLANG_WORDS, LIMIT_ACTION, 0 },
	{ "SecRequestBodyNoFilesLimit", SDI_SECLANG_NUMBER, NULL, 2147483647 },
	{ "SecResponseBodyAccess", SDI_SECLANG_WORDS, ON_OFF, 0 },
	{ "SecResponseBodyLimit", SDI_SECLANG_NUMBER, NULL, 2147483647 },
	{ "SecResponseBodyLimitAction", SDI_SECLANG_WORDS, LIMIT_ACTION, 0 },
	{ "SecResponseBodyMimeType", SDI_SECLANG_MEDIA, NULL, 0 },
	{ "SecRule", SDI_SECLANG_RULE, NULL, 0 },
	{ "SecRuleEngine", SDI_SECLANG_WORDS, "|On|Off|DetectionOnly|", 0 },
	{ "SecRuleRemoveById", SDI_SECLANG_IDS, NULL, 0 },
	{ "SecRuleRemoveByMsg", SDI_SECLANG_TEXT, NULL, 0 },
	{ "SecRuleRemoveByTag", SDI_SECLANG_TEXT, NULL, 0 },
	{ "SecRuleUpdateTargetById", SDI_SECLANG_TARGET, NULL, 1 },
	{ "SecRuleUpdateTargetByTag", SDI_SECLANG_TARGET, NULL, 0 },
	{ "SecStatusEngine", SDI_SECLANG_LEFT, NULL, 0 },
	{ "SecTmpDir", SDI_SECLANG_LEFT, NULL, 0 },
	{ "SecUnicodeMapFile", SDI_SECLANG_LEFT, NULL, 0 },
};

static const struct sdi_seclang_verb operators[] = {
	{ "beginsWith", SDI_SECLANG_OF_TEXT, NULL, false },
	{ "contains", SDI_SECLANG_OF_TEXT, NULL, false },
	{ "containsWord", SDI_SECLANG_OF_TEXT, NULL, false },
	{ "detectSQLi", SDI_SECLANG_OF_NOTHING, NULL, false },
	{ "detectXSS", SDI_SECLANG_OF_NOTHING, NULL, false },
	{ "endsWith", SDI_SECLANG_OF_TEXT, NULL, false },
	{ "eq", SDI_SECLANG_OF_NUMBER, NULL, false },
	{ "ge", SDI_SECLANG_OF_NUMBER, NULL, false },
	{ "gt", SDI_SECLANG_OF_NUMBER, NULL, false },
	{ "ipMatch", SDI_SECLANG_OF_ADDRESSES, NULL, false },
	{ "le", SDI_SECLANG_OF_NUMBER, NULL, false },
	{ "lt", SDI_SECLANG_OF_NUMBER, NULL, false },
	{ "noMatch", SDI_SECLANG_OF_NOTHING, NULL, false },
	{ "pm", SDI_SECLANG_OF_PHRASES, NULL, false },
	{ "rx", SDI_SECLANG_RX, NULL, false },
	{ "streq", SDI_SECLANG_OF_TEXT, NULL, false },
	{ "strmatch", SDI_SECLANG_OF_TEXT, NULL, false },
	{ "unconditionalMatch", SDI_SECLANG_OF_NOTHING, NULL, false },
	{ "validateByteRange", SDI_SECLANG_OF_BYTES, NULL, false },
	{ "validateUrlEncoding", SDI_SECLANG_OF_NOTHING, NULL, false },
	{ "validateUtf8Encoding", SDI_SECLANG_OF_NOTHING, NULL, false },
	{ "within", SDI_SECLANG_OF_TEXT, NULL, false },
};

#define TRANSFORMATIONS                                                                                         \
	"|none|base64Decode|base64DecodeExt|base64Encode|cmdLine|compressWhitespace|cssDecode|escapeSeqDecode|" \
	"hexDecode|hexEncode|htmlEntityDecode|jsDecode|length|lowercase|md5|normalisePath|normalisePathWin|"    \
	"normalizePath|normalizePathWin|removeComments|removeCommentsChar|removeNulls|removeWhitespace|"        \
	"replaceComments|replaceNulls|sha1|sqlHexDecode|trim|trimLeft|trimRight|uppercase|urlDecode|"           \
	"urlDecodeUni|urlEncode|utf8toUnicode|"

static const struct sdi_seclang_verb actions[] = {
	{ "accuracy", SDI_SECLANG_REMARK, NULL, true },
	{ "allow", SDI_SECLANG_WORD_ELSE, "|phase|request|", true },
	{ "auditlog", SDI_SECLANG_FLAG, NULL, false },
	{ "block", SDI_SECLANG_FLAG, NULL, true },
	{ "capture", SDI_SECLANG_FLAG, NULL, false },
	{ "chain", SDI_SECLANG_FLAG, NULL, false },
	{ "ctl", SDI_SECLANG_CTL, NULL, false },
	{ "deny", SDI_SECLANG_FLAG, NULL, true },
	{ "id", SDI_SECLANG_ID, NULL, true },
	{ "log", SDI_SECLANG_FLAG, NULL, false },
	{ "logdata", SDI_SECLANG_SAYS, NULL, false },
	{ "maturity", SDI_SECLANG_REMARK, NULL, true },
	{ "msg", SDI_SECLANG_SAYS, NULL, false },
	{ "multiMatch", SDI_SECLANG_FLAG, NULL, false },
	{ "noauditlog", SDI_SECLANG_FLAG, NULL, false },
	{ "nolog", SDI_SECLANG_FLAG, NULL, false },
	{ "pass", SDI_SECLANG_FLAG, NULL, true },
	{ "phase", SDI_SECLANG_WORD, "|1|2|3|4|5|request|response|logging|", true },
	{ "redirect", SDI_SECLANG_URL, NULL, true },
	{ "rev", SDI_SECLANG_REMARK, NULL, true },
	{ "setvar", SDI_SECLANG_SETVAR, NULL, false },
	{ "severity", SDI_SECLANG_WORD, "|0|1|2|3|4|5|6|7|EMERGENCY|ALERT|CRITICAL|ERROR|WARNING|NOTICE|INFO|DEBUG|",
	  false },
	{ "skipAfter", SDI_SECLANG_NAME, NULL, true },
	{ "status", SDI_SECLANG_STATUS, NULL, true },
	{ "t", SDI_SECLANG_WORD, TRANSFORMATIONS, false },
	{ "tag", SDI_SECLANG_SAYS, NULL, false },
	{ "ver", SDI_SECLANG_REMARK, NULL, true },
};

/* What an action may change for one request; without words: by an id or tag, and for what. */
static const struct sdi_seclang_verb controls[] = {
	{ "auditEngine", SDI_SECLANG_WORD, "|On|Off|RelevantOnly|", false },
	{ "forceRequestBodyVariable", SDI_SECLANG_WORD, ON_OFF, false },
	{ "requestBodyAccess", SDI_SECLANG_WORD, ON_OFF, false },
	{ "requestBodyProcessor", SDI_SECLANG_WORD, "|JSON|XML|URLENCODED|", false },
	{ "ruleEngine", SDI_SECLANG_WORD, "|On|Off|DetectionOnly|", false },
	{ "ruleRemoveById", SDI_SECLANG_ID, NULL, false },
	{ "ruleRemoveByTag", SDI_SECLANG_NAME, NULL, false },
	{ "ruleRemoveTargetById", SDI_SECLANG_ID, "target", false },
	{ "ruleRemoveTargetByTag", SDI_SECLANG_NAME, "target", false },
};

/* All that a selector may follow, then those that are one value. */
static const char collections[] =
	"|ARGS|ARGS_GET|ARGS_GET_NAMES|ARGS_NAMES|ARGS_POST|ARGS_POST_NAMES|FILES|FILES_NAMES|FILES_SIZES|MATCHED_VARS|"
	"MATCHED_VARS_NAMES|MULTIPART_FILENAME|MULTIPART_NAME|MULTIPART_PART_HEADERS|REQUEST_COOKIES|"
	"REQUEST_COOKIES_NAMES|REQUEST_HEADERS|REQUEST_HEADERS_NAMES|RESPONSE_HEADERS|RESPONSE_HEADERS_NAMES|RULE|TX|";
static const char scalars[] =
	"|ARGS_COMBINED_SIZE|AUTH_TYPE|DURATION|FILES_COMBINED_SIZE|FULL_REQUEST|FULL_REQUEST_LENGTH|HIGHEST_SEVERITY|"
	"INBOUND_DATA_ERROR|MATCHED_VAR|MATCHED_VAR_NAME|MULTIPART_BOUNDARY_QUOTED|MULTIPART_BOUNDARY_WHITESPACE|"
	"MULTIPART_CRLF_LF_LINES|MULTIPART_DATA_AFTER|MULTIPART_DATA_BEFORE|MULTIPART_FILE_LIMIT_EXCEEDED|"
	"MULTIPART_HEADER_FOLDING|MULTIPART_INVALID_HEADER_FOLDING|MULTIPART_INVALID_PART|MULTIPART_INVALID_QUOTING|"
	"MULTIPART_LF_LINE|MULTIPART_MISSING_SEMICOLON|MULTIPART_STRICT_ERROR|MULTIPART_UNMATCHED_BOUNDARY|"
	"OUTBOUND_DATA_ERROR|PATH_INFO|QUERY_STRING|REMOTE_ADDR|REMOTE_HOST|REMOTE_PORT|REMOTE_USER|REQBODY_ERROR|"
	"REQBODY_ERROR_MSG|REQBODY_PROCESSOR|REQBODY_PROCESSOR_ERROR|REQBODY_PROCESSOR_ERROR_MSG|REQUEST_BASENAME|"
	"REQUEST_BODY|REQUEST_BODY_LENGTH|REQUEST_FILENAME|REQUEST_LINE|REQUEST_METHOD|REQUEST_PROTOCOL|REQUEST_URI|"
	"REQUEST_URI_RAW|RESPONSE_BODY|RESPONSE_CONTENT_LENGTH|RESPONSE_CONTENT_TYPE|RESPONSE_PROTOCOL|"
	"RESPONSE_STATUS|SERVER_ADDR|SERVER_NAME|SERVER_PORT|STATUS_LINE|TIME|TIME_DAY|TIME_EPOCH|TIME_HOUR|TIME_MIN|"
	"TIME_MON|TIME_SEC|TIME_WDAY|TIME_YEAR|UNIQUE_ID|URLENCODED_ERROR|";

struct sdi_str sdi_seclang_word(const char *words, struct sdi_str word)
{
	struct sdi_str rest = sdi_str_c(words), one;
	while (word.n && sdi_str_split(&rest, '|', &one))
		if (sdi_str_eq_nocase(one, word))
			return one;
	return SDI_STR("");
}

struct sdi_str sdi_seclang_variable(struct sdi_str name, bool *ret_many)
{
	struct sdi_str found = sdi_seclang_word(collections, name);
	*ret_many = found.n > 0;
	return found.n ? found : sdi_seclang_word(scalars, name);
}

const struct sdi_seclang_row *sdi_seclang_find(struct sdi_str name)
{
	for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++)
		if (sdi_str_eq_nocase(name, sdi_str_c(directives[i].name)))
			return &directives[i];
	return NULL;
}

static const struct sdi_seclang_verb *find(const struct sdi_seclang_verb *rows, size_t n, struct sdi_str name)
{
	for (size_t i = 0; i < n; i++)
		if (sdi_str_eq_nocase(name, sdi_str_c(rows[i].name)))
			return &rows[i];
	return NULL;
}

const struct sdi_seclang_verb *sdi_seclang_operator(struct sdi_str name)
{
	return find(operators, sizeof(operators) / sizeof(operators[0]), name);
}

const struct sdi_seclang_verb *sdi_seclang_action(struct sdi_str name)
{
	return find(actions, sizeof(actions) / sizeof(actions[0]), name);
}

const struct sdi_seclang_verb *sdi_seclang_ctl(struct sdi_str name)
{
	return find(controls, sizeof(controls) / sizeof(controls[0]), name);
}
