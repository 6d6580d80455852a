-- Asks the authentication service of a route about a request. All that objects say comes in variables that
-- haproxy.cfg has set, as data; whatever goes wrong leaves txn.auth as it was set there, which denies.

-- Not for the service: what holds a connection or a body together, and what says how the request came here.
local dropped = {}
for name in ("connection content-length expect http2-settings keep-alive te trailer transfer-encoding upgrade " ..
	"proxy-connection x-forwarded-host x-forwarded-port x-forwarded-proto x-forwarded-scheme x-forwarded-uri " ..
	"x-forwarded-method x-original-forwarded-for x-original-forwarded-host x-original-uri x-original-url x-original-method x-scheme " ..
	"x-sent-from x-auth-request-redirect host"):gmatch("%S+") do
	dropped[name] = true
end

local TIMEOUT_MS, TRIES, COOKIES, REMEMBERED = 60000, 3, 4, 10000
local memory, remembered, turn = {}, 0, 0

local function plain(name)
	return (name:lower():gsub("_", "-"))
end

local function first(values)
	return values and (values[0] or values[1])
end

local function request_headers(txn)
	local headers = {}
	for name, values in pairs(txn.http:req_get_headers()) do
		if not dropped[plain(name)] then
			local list = {}
			for _, value in pairs(values) do
				list[#list + 1] = value
			end
			headers[name] = list
		end
	end
	local function set(name, var)
		headers[name] = { txn:get_var("txn.auth_" .. var) or "" }
	end
	set("host", "host")
	set("x-original-url", "origin")
	set("x-auth-request-redirect", "redirect")
	headers["x-original-method"] = { txn.f:method() }
	headers["x-sent-from"] = { "nginx-ingress-controller" }
	if txn:get_var("txn.auth_uri") then
		set("x-original-uri", "uri")
		set("x-scheme", "scheme")
	end
	local i = 0
	for name in (txn:get_var("txn.auth_send") or ""):gmatch("[^,]+") do
		i = i + 1
		local value = txn:get_var("txn.auth_send" .. i)
		headers[name:lower()] = value and value ~= "" and { value } or nil
	end
	return headers
end

-- One server after the other, as long as none answers.
local function ask(txn)
	local request = { url = txn:get_var("txn.auth_url"), headers = request_headers(txn), timeout = TIMEOUT_MS }
	local method = txn:get_var("txn.auth_method") or "get"
	local servers = {}
	for server in (txn:get_var("txn.auth_to") or ""):gmatch("%S+") do
		servers[#servers + 1] = server
	end
	if #servers == 0 and not txn:get_var("txn.auth_named") then
		return nil
	end
	turn = turn + 1
	local answer
	for try = 1, math.max(1, math.min(TRIES, #servers)) do
		local client = core.httpclient()
		request.dst = #servers > 0 and servers[(turn + try) % #servers + 1] or nil
		answer = client[method](client, request)
		if answer and answer.status ~= 503 then
			return answer
		end
	end
	return answer
end

-- Seconds for which an answer may be remembered, as NGINX's proxy_cache decides.
local function lifetime(txn, answer)
	local control = (first(answer.headers["cache-control"]) or ""):lower()
	if answer.headers["set-cookie"] or answer.headers["vary"] or answer.headers["expires"] or
		control:find("no-cache", 1, true) or control:find("no-store", 1, true) or
		control:find("private", 1, true) then
		return 0
	end
	local age = control:match("max%-age=(%d+)")
	if age then
		return tonumber(age)
	end
	for code, seconds in (txn:get_var("txn.auth_keep") or ""):gmatch("(%d+)=(%d+)") do
		if tonumber(code) == answer.status then
			return tonumber(seconds)
		end
	end
	return 0
end

local function remember(key, answer, seconds)
	if seconds <= 0 then
		return
	end
	if remembered >= REMEMBERED then
		memory, remembered = {}, 0
	end
	if not memory[key] then
		remembered = remembered + 1
	end
	memory[key] = { status = answer.status, headers = answer.headers, ends = core.now().sec + seconds }
end

local function asked_before(txn)
	local key = txn:get_var("txn.auth_key")
	local known = key and memory[key]
	if known and known.ends > core.now().sec then
		return known
	end
	local answer = ask(txn)
	if key and answer then
		remember(key, answer, lifetime(txn, answer))
	end
	return answer
end

-- The application sees these headers of the answer, and nothing of these names that the client sent.
local function copy(txn, answer)
	for name in (txn:get_var("txn.auth_copy") or ""):gmatch("[^,]+") do
		local wanted, value = plain(name), nil
		for sent in pairs(txn.http:req_get_headers()) do
			if plain(sent) == wanted then
				txn.http:req_del_header(sent)
			end
		end
		for given, values in pairs(answer.headers) do
			if plain(given) == wanted then
				value = first(values)
			end
		end
		if value and value ~= "" then
			txn.http:req_set_header(name, value)
		end
	end
end

core.register_action("sdi_auth", { "http-req" }, function(txn)
	local answer = asked_before(txn)
	if not answer or not answer.headers then
		return
	end
	local n = 0
	for _, value in pairs(answer.headers["set-cookie"] or {}) do
		if n < COOKIES then
			n = n + 1
			txn:set_var("txn.auth_cookie" .. n, value)
		end
	end
	if answer.status >= 200 and answer.status < 300 then
		copy(txn, answer)
		txn:set_var("txn.auth", "pass")
	elseif answer.status == 401 or answer.status == 403 then
		txn:set_var("txn.auth_challenge", first(answer.headers["www-authenticate"]) or "")
		txn:set_var("txn.auth", tostring(answer.status))
	end
end, 0)
