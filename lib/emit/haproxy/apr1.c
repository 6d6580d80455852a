/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Apache's MD5 ("$apr1$"), which is what htpasswd makes unless told otherwise and crypt(3) does not know. In Lua, which
 * HAProxy's packages have; without it these users can't log in. It takes about 10 ms, and lets others have their turn in
 * between; what was right once is remembered, by a digest.
 *
 * MD5: RFC 1321. The scheme: Poul-Henning Kamp's of FreeBSD, with "$apr1$" in the place of "$1$".
 */
#include "haproxy.h"

#define FILE_NAME "lua/apr1.lua"

static const char script[] =
	"-- Checks \"$apr1$\" hashes (Apache's MD5): txn.basic_apr1 against the password of the request.\n"
	"local K, S = {}, { { 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 } }\n"
	"for i = 0, 63 do K[i] = math.floor(math.abs(math.sin(i + 1)) * 4294967296) end\n"
	"\n"
	"local function md5(s)\n"
	"\tlocal n = #s\n"
	"\ts = s .. '\\128' .. string.rep('\\0', (55 - n) % 64) .. string.pack('<I8', n * 8)\n"
	"\tlocal A, B, C, D = 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476\n"
	"\tfor at = 1, #s, 64 do\n"
	"\t\tlocal w = { string.unpack('<I4I4I4I4I4I4I4I4I4I4I4I4I4I4I4I4', s, at) }\n"
	"\t\tlocal a, b, c, d = A, B, C, D\n"
	"\t\tfor i = 0, 63 do\n"
	"\t\t\tlocal f, g\n"
	"\t\t\tif i < 16 then f, g = (b & c) | (~b & d), i\n"
	"\t\t\telseif i < 32 then f, g = (d & b) | (~d & c), (5 * i + 1) % 16\n"
	"\t\t\telseif i < 48 then f, g = b ~ c ~ d, (3 * i + 5) % 16\n"
	"\t\t\telse f, g = c ~ (b | (~d & 0xffffffff)), 7 * i % 16 end\n"
	"\t\t\tlocal r = S[i // 16 + 1][i % 4 + 1]\n"
	"\t\t\tf = (f + a + K[i] + w[g + 1]) & 0xffffffff\n"
	"\t\t\ta, d, c, b = d, c, b, (b + ((f << r) | (f >> (32 - r)))) & 0xffffffff\n"
	"\t\tend\n"
	"\t\tA, B, C, D = (A + a) & 0xffffffff, (B + b) & 0xffffffff, (C + c) & 0xffffffff, (D + d) & 0xffffffff\n"
	"\tend\n"
	"\treturn string.pack('<I4I4I4I4', A, B, C, D)\n"
	"end\n"
	"\n"
	"local alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'\n"
	"local function to64(v, n)\n"
	"\tlocal out = {}\n"
	"\tfor i = 1, n do\n"
	"\t\tout[i] = alphabet:sub((v & 63) + 1, (v & 63) + 1)\n"
	"\t\tv = v >> 6\n"
	"\tend\n"
	"\treturn table.concat(out)\n"
	"end\n"
	"\n"
	"local function first(pass, salt)\n"
	"\tlocal mixed, s = md5(pass .. salt .. pass), pass .. '$apr1$' .. salt\n"
	"\ts = s .. mixed:rep(#pass // 16) .. mixed:sub(1, #pass % 16)\n"
	"\tlocal i = #pass\n"
	"\twhile i > 0 do\n"
	"\t\ts = s .. (i & 1 == 1 and '\\0' or pass:sub(1, 1))\n"
	"\t\ti = i >> 1\n"
	"\tend\n"
	"\treturn md5(s)\n"
	"end\n"
	"\n"
	"local function apr1(pass, salt)\n"
	"\tlocal f = first(pass, salt)\n"
	"\tfor i = 0, 999 do\n"
	"\t\tf = md5((i & 1 == 1 and pass or f) .. (i % 3 > 0 and salt or '') .. (i % 7 > 0 and pass or '')\n"
	"\t\t\t.. (i & 1 == 1 and f or pass))\n"
	"\t\tif i % 50 == 49 then core.yield() end\n"
	"\tend\n"
	"\tlocal b, out = { f:byte(1, 16) }, {}\n"
	"\tfor i = 1, 5 do\n"
	"\t\tout[i] = to64(b[i] << 16 | b[i + 6] << 8 | b[i == 5 and 6 or i + 12], 4)\n"
	"\tend\n"
	"\treturn '$apr1$' .. salt .. '$' .. table.concat(out) .. to64(b[12], 2)\n"
	"end\n"
	"\n"
	"local right, n = {}, 0\n"
	"core.register_action('sdi_apr1', { 'http-req' }, function(txn)\n"
	"\tlocal pass, hash = txn.f:http_auth_pass(), txn:get_var('txn.basic_apr1')\n"
	"\tlocal salt = hash and hash:match('^%$apr1%$([^$]+)%$')\n"
	"\tif not pass or not salt or #pass > 256 then return end\n"
	"\tlocal key = txn.c:sha1(pass .. hash)\n"
	"\tif not right[key] then\n"
	"\t\tif apr1(pass, salt) ~= hash then return end\n"
	"\t\tif n >= 1000 then right, n = {}, 0 end\n"
	"\t\tright[key], n = true, n + 1\n"
	"\tend\n"
	"\ttxn:set_var('txn.basic_in', true)\n"
	"end, 0)\n";

void sdi_hap_add_apr1(struct sdi_hap *hap)
{
	struct sdi_buf *file = sdi_bundle_file(hap->bundle, SDI_STR(FILE_NAME), 0644, false);
	if (!file) {
		hap->cfg->failed = true;
		return;
	}
	sdi_buf_add(file, sdi_str_c(script));
}
