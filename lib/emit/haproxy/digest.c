/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Digests (RFC 7616), which HAProxy does not know, so a script checks them: MD5 and qop "auth", with the limits that
 * NGINX's module has in ingress-nginx. Nonces are sealed with a key that the script makes when it is loaded. After a
 * reload they are stale, which a client with the right password answers by itself; no state has to outlive the process.
 *
 * Only what came with a right answer is remembered, and its memory is limited: nonces that were forgotten are stale, too.
 * Without Lua there is no challenge, and the route answers 503.
 */
#include "haproxy.h"
#include "quote.h"

static const char script[] =
	"-- Digest authentication. lua.sdi_digest_read finds out who asks, haproxy.cfg looks the user's hash up, and\n"
	"-- lua.sdi_digest says in txn.digest_in whether the answer is right, else what to ask: txn.digest_challenge.\n"
	"local TO_ANSWER_S, TO_GO_ON_S, USES = 60, 10, 20 -- of a nonce\n"
	"local TRIES, PAUSE_S, REMEMBERED = 5, 300, 10000\n"
	"\n"
	"-- Base64, as the converter \"hmac\" takes it.\n"
	"local alphabet = \"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\"\n"
	"local random = io.open(\"/dev/urandom\", \"rb\")\n"
	"local bytes = random and random:read(44) or \"\"\n"
	"local key = #bytes == 44 and bytes:gsub(\".\", function(c)\n"
	"\tlocal i = (c:byte() & 63) + 1\n"
	"\treturn alphabet:sub(i, i)\n"
	"end)\n"
	"if random then random:close() end\n"
	"\n"
	"-- What was remembered longest is dropped: returned, when there is too much.\n"
	"local function remember(halves, name, value)\n"
	"\tlocal dropped\n"
	"\tif halves.old[name] then\n"
	"\t\thalves.old[name] = value\n"
	"\t\treturn\n"
	"\telseif not halves.new[name] then\n"
	"\t\thalves.n = halves.n + 1\n"
	"\t\tif halves.n > REMEMBERED then\n"
	"\t\t\tdropped, halves.old, halves.new, halves.n = halves.old, halves.new, {}, 1\n"
	"\t\tend\n"
	"\tend\n"
	"\thalves.new[name] = value\n"
	"\treturn dropped\n"
	"end\n"
	"\n"
	"-- By number of a nonce: its end, a bit for each use. By client and list of users: a time, how many tries.\n"
	"local nonces, failures = { old = {}, new = {}, n = 0 }, { old = {}, new = {}, n = 0 }\n"
	"local issued, forgotten = 0, 0\n"
	"\n"
	"local function same(a, b)\n"
	"\tlocal differ = #a ~ #b\n"
	"\tfor i = 1, math.min(#a, #b) do differ = differ | (a:byte(i) ~ b:byte(i)) end\n"
	"\treturn differ == 0\n"
	"end\n"
	"\n"
	"local function seal(txn, text)\n"
	"\treturn txn.c:hex(txn.c:hmac(text, \"sha256\", key)):sub(1, 32):lower()\n"
	"end\n"
	"\n"
	"local function new_nonce(txn)\n"
	"\tissued = issued + 1\n"
	"\tlocal text = string.format(\"%08x%012x\", core.now().sec, issued)\n"
	"\treturn text .. seal(txn, text)\n"
	"end\n"
	"\n"
	"-- Whether the nonce may be used for the nc-th time now; if so it was.\n"
	"local function use(txn, nonce, nc)\n"
	"\tif #nonce ~= 52 or nonce:find(\"[^0-9a-f]\") or not same(seal(txn, nonce:sub(1, 20)), nonce:sub(21)) then\n"
	"\t\treturn false\n"
	"\tend\n"
	"\tlocal number, now = tonumber(nonce:sub(9, 20), 16), core.now().sec\n"
	"\tlocal state = nonces.old[number] or nonces.new[number]\n"
	"\tlocal ends = state and state >> USES or tonumber(nonce:sub(1, 8), 16) + TO_ANSWER_S\n"
	"\tif number <= forgotten or now >= ends or nc < 1 or nc > USES then return false end\n"
	"\tlocal bit = 1 << (nc - 1)\n"
	"\tif state and state & bit ~= 0 then return false end\n"
	"\tfor gone in pairs(remember(nonces, number, (state or now + TO_GO_ON_S << USES) | bit) or {}) do\n"
	"\t\tforgotten = math.max(forgotten, gone)\n"
	"\tend\n"
	"\treturn true\n"
	"end\n"
	"\n"
	"local function tried(who)\n"
	"\tlocal state = failures.old[who] or failures.new[who] or 0\n"
	"\treturn core.now().sec < state >> 8 and state & 255 or 0\n"
	"end\n"
	"\n"
	"local function set_tried(who, n)\n"
	"\tremember(failures, who, core.now().sec + PAUSE_S << 8 | n)\n"
	"end\n"
	"\n"
	"-- The value that begins with a quote at @at, and where it ends; nil: it does not.\n"
	"local function unquote(text, at)\n"
	"\tlocal parts = {}\n"
	"\twhile true do\n"
	"\t\tat = at + 1\n"
	"\t\tlocal stop = text:find('[\"\\\\]', at)\n"
	"\t\tif not stop then return end\n"
	"\t\tparts[#parts + 1] = text:sub(at, stop - 1)\n"
	"\t\tif text:sub(stop, stop) == '\"' then return table.concat(parts), stop + 1 end\n"
	"\t\tparts[#parts + 1] = text:sub(stop + 1, stop + 1)\n"
	"\t\tat = stop + 1\n"
	"\tend\n"
	"end\n"
	"\n"
	"-- Parameters by name; nil for all that is not well-formed, or says something twice.\n"
	"local function parse(text)\n"
	"\tlocal scheme, at = text:match(\"^(%a+) +()\")\n"
	"\tlocal found = {}\n"
	"\tif not scheme or scheme:lower() ~= \"digest\" then return end\n"
	"\twhile true do\n"
	"\t\tat = text:find(\"[^ \\t,]\", at)\n"
	"\t\tif not at then return found end\n"
	"\t\tlocal name, value_at = text:match(\"^([%w*_-]+)[ \\t]*=[ \\t]*()\", at)\n"
	"\t\tif not name or found[name:lower()] then return end\n"
	"\t\tlocal value, stop\n"
	"\t\tif text:sub(value_at, value_at) == '\"' then\n"
	"\t\t\tvalue, stop = unquote(text, value_at)\n"
	"\t\telse\n"
	"\t\t\tvalue, stop = text:match('^([^ \\t,\"=]+)()', value_at)\n"
	"\t\tend\n"
	"\t\tif not value then return end\n"
	"\t\tat = text:match(\"^[ \\t]*()\", stop)\n"
	"\t\tif at <= #text and text:sub(at, at) ~= \",\" then return end\n"
	"\t\tfound[name:lower()] = value\n"
	"\tend\n"
	"end\n"
	"\n"
	"-- Some clients leave the query out, which NGINX's module takes as well.\n"
	"local function is_about(uri, target)\n"
	"\treturn uri == target or uri == target:match(\"^[^?]*\")\n"
	"end\n"
	"\n"
	"local function is_answer(txn, got)\n"
	"\treturn got.username and #got.username <= 255 and got.realm == txn:get_var(\"txn.digest_realm\")\n"
	"\t\tand got.nonce and got.uri and is_about(got.uri, txn.f:pathq() or \"\")\n"
	"\t\tand (got.algorithm or \"MD5\"):upper() == \"MD5\" and got.qop == \"auth\"\n"
	"\t\tand (got.nc or \"\"):find(\"^%x%x%x%x%x%x%x%x$\") and (got.cnonce or \"\") ~= \"\"\n"
	"\t\tand (got.response or \"\"):find(\"^[0-9a-f]+$\") and #got.response == 32\n"
	"end\n"
	"\n"
	"core.register_action(\"sdi_digest_read\", { \"http-req\" }, function(txn)\n"
	"\tlocal got = txn.f:req_fhdr_cnt(\"authorization\") == 1 and parse(txn.f:req_fhdr(\"authorization\"))\n"
	"\tif not got or not is_answer(txn, got) then got = false end\n"
	"\ttxn:set_priv({ digest = got })\n"
	"\tif got then txn:set_var(\"txn.digest_user\", got.username) end\n"
	"end, 0)\n"
	"\n"
	"local function quote(text)\n"
	"\treturn '\"' .. text:gsub('[\"\\\\]', '\\\\%0') .. '\"'\n"
	"end\n"
	"\n"
	"-- Whether the answer is right, and may be used; otherwise whether it is right.\n"
	"local function check(txn, got, id)\n"
	"\tlocal who = id .. \" \" .. (txn.f:src() or \"\")\n"
	"\tlocal hash, n = txn:get_var(\"txn.digest_ha1\"), tried(who)\n"
	"\tlocal function response(method)\n"
	"\t\tlocal function md5(...)\n"
	"\t\t\treturn txn.c:hex(txn.c:digest(table.concat({ ... }, \":\"), \"md5\")):lower()\n"
	"\t\tend\n"
	"\t\treturn md5(hash or key, got.nonce, got.nc, got.cnonce, got.qop, md5(method, got.uri))\n"
	"\tend\n"
	"\tif n >= TRIES then return false, false end\n"
	"\tif not same(response(txn.f:method()), got.response) or not hash then\n"
	"\t\tset_tried(who, n + 1)\n"
	"\t\treturn false, false\n"
	"\tend\n"
	"\tif not use(txn, got.nonce, tonumber(got.nc, 16)) then return false, true end\n"
	"\tif n > 0 then set_tried(who, 0) end\n"
	"\ttxn:set_var(\"txn.digest_info\", 'qop=\"auth\", rspauth=\"' .. response(\"\") .. '\", cnonce=' ..\n"
	"\t\tquote(got.cnonce) .. \", nc=\" .. got.nc)\n"
	"\treturn true\n"
	"end\n"
	"\n"
	"core.register_action(\"sdi_digest\", { \"http-req\" }, function(txn, id)\n"
	"\tlocal got, fine, stale = txn:get_priv(), false, false\n"
	"\tif not key then return end\n"
	"\tif got and got.digest then fine, stale = check(txn, got.digest, id) end\n"
	"\tif fine then\n"
	"\t\ttxn:set_var(\"txn.digest_in\", true)\n"
	"\telse\n"
	"\t\tlocal realm = quote(txn:get_var(\"txn.digest_realm\") or \"\")\n"
	"\t\tlocal ends = stale and '\", stale=true' or '\"'\n"
	"\t\ttxn:set_var(\"txn.digest_challenge\", \"Digest realm=\" .. realm ..\n"
	"\t\t\t', qop=\"auth\", algorithm=MD5, nonce=\"' .. new_nonce(txn) .. ends)\n"
	"\tend\n"
	"end, 1)\n";

void sdi_hap_global_digest(struct sdi_hap *hap)
{
	conf_lit(hap->cfg, ".if feature(LUA)\n");
	sdi_hap_add_script(hap, SDI_STR("lua/digest.lua"), sdi_str_c(script));
	conf_lit(hap->cfg, ".endif\n");
}

bool sdi_hap_has_digest(const struct sdi_gateway *gateway)
{
	for (size_t i = 0; i < gateway->n_policies; i++)
		if (gateway->policies[i]->basic_auth && gateway->policies[i]->basic_auth->digest)
			return true;
	return false;
}

/* A realm that can't be said is empty: no hash is of that. */
static void write_realm(struct sdi_hap *hap, struct sdi_str realm)
{
	conf_lit(hap->cfg, "\thttp-request set-var-fmt(txn.digest_realm) ");
	if (!sdi_hap_format(hap->cfg, realm))
		conf_lit(hap->cfg, "''");
	conf_lit(hap->cfg, "\n");
}

void sdi_hap_write_digest(struct sdi_hap *hap, const struct sdi_basic_auth *auth)
{
	struct sdi_buf *cfg = hap->cfg;
	conf_lit(cfg, ".if feature(LUA)\n");
	write_realm(hap, auth->realm);
	conf_lit(cfg, "\thttp-request lua.sdi_digest_read\n"
	              "\thttp-request set-var(txn.digest_ha1) 'var(txn.digest_user),hex,map_str(auth/");
	sdi_hap_name(cfg, auth->id);
	conf_lit(cfg, ".digest)'\n"
	              "\thttp-request lua.sdi_digest ");
	sdi_hap_name(cfg, auth->id);
	conf_lit(cfg, "\n"
	              ".endif\n"
	              "\tacl digest_in var(txn.digest_in) -m bool\n"
	              "\thttp-after-response set-header Authentication-Info %[var(txn.digest_info)]"
	              " if { var(txn.digest_info) -m found }\n");
}
