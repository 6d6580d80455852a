-- Digest authentication. lua.sdi_digest_read finds out who asks, haproxy.cfg looks the user's hash up, and
-- lua.sdi_digest says in txn.digest_in whether the answer is right, else what to ask: txn.digest_challenge.
local TO_ANSWER_S, TO_GO_ON_S, USES = 60, 10, 20 -- of a nonce
local TRIES, PAUSE_S, REMEMBERED = 5, 300, 10000

-- Base64, as the converter "hmac" takes it.
local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local random = io.open("/dev/urandom", "rb")
local bytes = random and random:read(44) or ""
local key = #bytes == 44 and bytes:gsub(".", function(c)
	local i = (c:byte() & 63) + 1
	return alphabet:sub(i, i)
end)
if random then random:close() end

-- What was remembered longest is dropped: returned, when there is too much.
local function remember(halves, name, value)
	local dropped
	if halves.old[name] then
		halves.old[name] = value
		return
	elseif not halves.new[name] then
		halves.n = halves.n + 1
		if halves.n > REMEMBERED then
			dropped, halves.old, halves.new, halves.n = halves.old, halves.new, {}, 1
		end
	end
	halves.new[name] = value
	return dropped
end

-- By number of a nonce: its end, a bit for each use. By client and list of users: a time, how many tries.
local nonces, failures = { old = {}, new = {}, n = 0 }, { old = {}, new = {}, n = 0 }
local issued, forgotten = 0, 0

local function same(a, b)
	local differ = #a ~ #b
	for i = 1, math.min(#a, #b) do differ = differ | (a:byte(i) ~ b:byte(i)) end
	return differ == 0
end

local function seal(txn, text)
	return txn.c:hex(txn.c:hmac(text, "sha256", key)):sub(1, 32):lower()
end

local function new_nonce(txn)
	issued = issued + 1
	local text = string.format("%08x%012x", core.now().sec, issued)
	return text .. seal(txn, text)
end

-- Whether the nonce may be used for the nc-th time now; if so it was.
local function use(txn, nonce, nc)
	if #nonce ~= 52 or nonce:find("[^0-9a-f]") or not same(seal(txn, nonce:sub(1, 20)), nonce:sub(21)) then
		return false
	end
	local number, now = tonumber(nonce:sub(9, 20), 16), core.now().sec
	local state = nonces.old[number] or nonces.new[number]
	local ends = state and state >> USES or tonumber(nonce:sub(1, 8), 16) + TO_ANSWER_S
	if number <= forgotten or now >= ends or nc < 1 or nc > USES then return false end
	local bit = 1 << (nc - 1)
	if state and state & bit ~= 0 then return false end
	for gone in pairs(remember(nonces, number, (state or now + TO_GO_ON_S << USES) | bit) or {}) do
		forgotten = math.max(forgotten, gone)
	end
	return true
end

local function tried(who)
	local state = failures.old[who] or failures.new[who] or 0
	return core.now().sec < state >> 8 and state & 255 or 0
end

local function set_tried(who, n)
	remember(failures, who, core.now().sec + PAUSE_S << 8 | n)
end

-- The value that begins with a quote at @at, and where it ends; nil: it does not.
local function unquote(text, at)
	local parts = {}
	while true do
		at = at + 1
		local stop = text:find('["\\]', at)
		if not stop then return end
		parts[#parts + 1] = text:sub(at, stop - 1)
		if text:sub(stop, stop) == '"' then return table.concat(parts), stop + 1 end
		parts[#parts + 1] = text:sub(stop + 1, stop + 1)
		at = stop + 1
	end
end

-- Parameters by name; nil for all that is not well-formed, or says something twice.
local function parse(text)
	local scheme, at = text:match("^(%a+) +()")
	local found = {}
	if not scheme or scheme:lower() ~= "digest" then return end
	while true do
		at = text:find("[^ \t,]", at)
		if not at then return found end
		local name, value_at = text:match("^([%w*_-]+)[ \t]*=[ \t]*()", at)
		if not name or found[name:lower()] then return end
		local value, stop
		if text:sub(value_at, value_at) == '"' then
			value, stop = unquote(text, value_at)
		else
			value, stop = text:match('^([^ \t,"=]+)()', value_at)
		end
		if not value then return end
		at = text:match("^[ \t]*()", stop)
		if at <= #text and text:sub(at, at) ~= "," then return end
		found[name:lower()] = value
	end
end

-- Some clients leave the query out, which NGINX's module takes as well.
local function is_about(uri, target)
	return uri == target or uri == target:match("^[^?]*")
end

local function is_answer(txn, got)
	return got.username and #got.username <= 255 and got.realm == txn:get_var("txn.digest_realm")
		and got.nonce and got.uri and is_about(got.uri, txn.f:pathq() or "")
		and (got.algorithm or "MD5"):upper() == "MD5" and got.qop == "auth"
		and (got.nc or ""):find("^%x%x%x%x%x%x%x%x$") and (got.cnonce or "") ~= ""
		and (got.response or ""):find("^[0-9a-f]+$") and #got.response == 32
end

core.register_action("sdi_digest_read", { "http-req" }, function(txn)
	local got = txn.f:req_fhdr_cnt("authorization") == 1 and parse(txn.f:req_fhdr("authorization"))
	if not got or not is_answer(txn, got) then got = false end
	txn:set_priv({ digest = got })
	if got then txn:set_var("txn.digest_user", got.username) end
end, 0)

local function quote(text)
	return '"' .. text:gsub('["\\]', '\\%0') .. '"'
end

-- Whether the answer is right, and may be used; otherwise whether it is right.
local function check(txn, got, id)
	local who = id .. " " .. (txn.f:src() or "")
	local hash, n = txn:get_var("txn.digest_ha1"), tried(who)
	local function response(method)
		local function md5(...)
			return txn.c:hex(txn.c:digest(table.concat({ ... }, ":"), "md5")):lower()
		end
		return md5(hash or key, got.nonce, got.nc, got.cnonce, got.qop, md5(method, got.uri))
	end
	if n >= TRIES then return false, false end
	if not same(response(txn.f:method()), got.response) or not hash then
		set_tried(who, n + 1)
		return false, false
	end
	if not use(txn, got.nonce, tonumber(got.nc, 16)) then return false, true end
	if n > 0 then set_tried(who, 0) end
	txn:set_var("txn.digest_info", 'qop="auth", rspauth="' .. response("") .. '", cnonce=' ..
		quote(got.cnonce) .. ", nc=" .. got.nc)
	return true
end

core.register_action("sdi_digest", { "http-req" }, function(txn, id)
	local got, fine, stale = txn:get_priv(), false, false
	if not key then return end
	if got and got.digest then fine, stale = check(txn, got.digest, id) end
	if fine then
		txn:set_var("txn.digest_in", true)
	else
		local realm = quote(txn:get_var("txn.digest_realm") or "")
		local ends = stale and '", stale=true' or '"'
		txn:set_var("txn.digest_challenge", "Digest realm=" .. realm ..
			', qop="auth", algorithm=MD5, nonce="' .. new_nonce(txn) .. ends)
	end
end, 1)
