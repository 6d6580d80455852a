-- Fetches the page for an error from another service: lua.sdi_error ADDRESS:PORT,… NAMESPACE INGRESS SERVICE PORT.
-- When no server answers, the error stays as it is.
local TIMEOUT_MS, TRIES = 60000, 3
local turn = 0
local kept = { connection = true, ["transfer-encoding"] = true, ["content-length"] = true, ["keep-alive"] = true }

local function ask(servers, request, method)
	turn = turn + 1
	for try = 1, math.min(TRIES, #servers) do
		local client = core.httpclient()
		request.dst = servers[(turn + try) % #servers + 1]
		local done, answer = pcall(client[method], client, request)
		if done and answer and answer.headers and answer.status > 0 then
			return answer
		end
	end
end

core.register_action("sdi_error", { "http-res" }, function(txn, to, ns, ingress, service, port)
	local servers, headers = {}, {}
	for server in to:gmatch("[^,]+") do
		servers[#servers + 1] = server
	end
	local function set(name, value)
		headers[name] = value and value ~= "" and { value } or nil
	end
	set("host", txn:get_var("txn.error_host"))
	set("x-code", tostring(txn.f:status()))
	set("x-format", txn:get_var("txn.error_format"))
	set("x-original-uri", txn:get_var("txn.error_uri"))
	set("x-namespace", ns)
	set("x-ingress-name", ingress)
	set("x-service-name", service)
	set("x-service-port", port)
	set("x-request-id", txn:get_var("txn.id"))
	set("x-forwarded-for", txn:get_var("txn.error_client"))
	local query = txn:get_var("txn.error_query")
	local method = txn:get_var("txn.error_method") == "HEAD" and "head" or "get"
	local url = "http://0.0.0.0/" .. (query and "?" .. query or "")
	local answer = ask(servers, { url = url, headers = headers, timeout = TIMEOUT_MS }, method)
	if not answer then
		return
	end
	local reply = txn:reply({ status = answer.status, reason = answer.reason, body = answer.body })
	for name, values in pairs(answer.headers) do
		for _, value in pairs(kept[name] and {} or values) do
			reply:add_header(name, value)
		end
	end
	txn:done(reply)
end, 5)
