-- Writes a copy of the request to a socket: lua.sdi_mirror SOCKET SECTION on|off. The copy's target and
-- host are in variables that haproxy.cfg has set, as data. Whatever goes wrong, the request goes on.
local WORKERS, WAITING, PATIENCE_S, PAUSE_MS = 32, 1000, 1, 100
local queue, first, behind = {}, 1, 1

-- What holds a connection or a body together, and what the copy says itself.
local dropped = {}
for name in ("connection content-length expect host http2-settings keep-alive proxy proxy-connection " ..
	"te trailer transfer-encoding upgrade x-sdi-copy"):gmatch("%S+") do
	dropped[name] = true
end

local function head(txn, section, length)
	local target = txn:get_var("txn.mirror_target") or ""
	if target:sub(1, 1) ~= "/" and target ~= "*" then
		target = "/" .. target
	end
	local lines = { txn.f:method() .. " " .. target .. " HTTP/1.1",
		"host: " .. (txn:get_var("txn.mirror_host") or ""), "x-sdi-copy: " .. section,
		"connection: close" }
	for name, values in pairs(txn.http:req_get_headers()) do
		for _, value in pairs(dropped[name] and {} or values) do
			lines[#lines + 1] = name .. ": " .. value
		end
	end
	if length > 0 then
		lines[#lines + 1] = "content-length: " .. length
	end
	return table.concat(lines, "\r\n") .. "\r\n\r\n"
end

local function send(to, copy)
	to:settimeout(PATIENCE_S)
	if to:connect(copy.socket) then
		to:send(copy.text)
		to:receive("*a")
	end
end

-- Tasks that live as long as HAProxy: of one per copy, HAProxy 2.6 would keep half a kilobyte for ever.
for _ = 1, WORKERS do
	core.register_task(function()
		local pause = 1
		while true do
			local copy = queue[first]
			if copy then
				queue[first], first, pause = nil, first + 1, 1
				local to = core.tcp()
				pcall(send, to, copy)
				to:close()
			else
				core.msleep(pause)
				pause = math.min(2 * pause, PAUSE_MS)
			end
		end
	end)
end

core.register_action("sdi_mirror", { "http-req" }, function(txn, socket, section, with_body)
	if behind - first < WAITING then
		local body = with_body == "on" and txn.f:req_body() or ""
		queue[behind] = { socket = socket, text = head(txn, section, #body) .. body }
		behind = behind + 1
	end
end, 3)
