/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Copies of requests. HAProxy sends a request to one server, so a script writes the copy to a socket of this HAProxy, and
 * a section of its own brings it to its place, with all that HAProxy knows of names, TLS and failures.
 *
 * The request does not wait for that: its copy is put into a queue. Whoever takes it from there waits for an answer for
 * a second, since HAProxy 2.6 loses memory where a script closes a connection while the answer arrives, and the section
 * makes a short one of whatever the place says. A place that does not answer costs only itself: of more than
 * IN_PROGRESS requests at a time it gets no copy.
 */
#include "../../gateway/mirror.h"
#include "haproxy.h"
#include "quote.h"

#define SOCKET_NAME "/mirror.sock"

enum { ALL_IN_PROGRESS = 1000, IN_PROGRESS = 50 };

static const char script[] =
	"-- Writes a copy of the request to a socket: lua.sdi_mirror SOCKET SECTION on|off. The copy's target and\n"
	"-- host are in variables that haproxy.cfg has set, as data. Whatever goes wrong, the request goes on.\n"
	"local WORKERS, WAITING, PATIENCE_S, PAUSE_MS = 32, 1000, 1, 100\n"
	"local queue, first, behind = {}, 1, 1\n"
	"\n"
	"-- What holds a connection or a body together, and what the copy says itself.\n"
	"local dropped = {}\n"
	"for name in (\"connection content-length expect host http2-settings keep-alive proxy proxy-connection \" ..\n"
	"\t\"te trailer transfer-encoding upgrade x-sdi-copy\"):gmatch(\"%S+\") do\n"
	"\tdropped[name] = true\n"
	"end\n"
	"\n"
	"local function head(txn, section, length)\n"
	"\tlocal target = txn:get_var(\"txn.mirror_target\") or \"\"\n"
	"\tif target:sub(1, 1) ~= \"/\" and target ~= \"*\" then\n"
	"\t\ttarget = \"/\" .. target\n"
	"\tend\n"
	"\tlocal lines = { txn.f:method() .. \" \" .. target .. \" HTTP/1.1\",\n"
	"\t\t\"host: \" .. (txn:get_var(\"txn.mirror_host\") or \"\"), \"x-sdi-copy: \" .. section,\n"
	"\t\t\"connection: close\" }\n"
	"\tfor name, values in pairs(txn.http:req_get_headers()) do\n"
	"\t\tfor _, value in pairs(dropped[name] and {} or values) do\n"
	"\t\t\tlines[#lines + 1] = name .. \": \" .. value\n"
	"\t\tend\n"
	"\tend\n"
	"\tif length > 0 then\n"
	"\t\tlines[#lines + 1] = \"content-length: \" .. length\n"
	"\tend\n"
	"\treturn table.concat(lines, \"\\r\\n\") .. \"\\r\\n\\r\\n\"\n"
	"end\n"
	"\n"
	"local function send(to, copy)\n"
	"\tto:settimeout(PATIENCE_S)\n"
	"\tif to:connect(copy.socket) then\n"
	"\t\tto:send(copy.text)\n"
	"\t\tto:receive(\"*a\")\n"
	"\tend\n"
	"end\n"
	"\n"
	"-- Tasks that live as long as HAProxy: of one per copy, HAProxy 2.6 would keep half a kilobyte for ever.\n"
	"for _ = 1, WORKERS do\n"
	"\tcore.register_task(function()\n"
	"\t\tlocal pause = 1\n"
	"\t\twhile true do\n"
	"\t\t\tlocal copy = queue[first]\n"
	"\t\t\tif copy then\n"
	"\t\t\t\tqueue[first], first, pause = nil, first + 1, 1\n"
	"\t\t\t\tlocal to = core.tcp()\n"
	"\t\t\t\tpcall(send, to, copy)\n"
	"\t\t\t\tto:close()\n"
	"\t\t\telse\n"
	"\t\t\t\tcore.msleep(pause)\n"
	"\t\t\t\tpause = math.min(2 * pause, PAUSE_MS)\n"
	"\t\t\tend\n"
	"\t\tend\n"
	"\tend)\n"
	"end\n"
	"\n"
	"core.register_action(\"sdi_mirror\", { \"http-req\" }, function(txn, socket, section, with_body)\n"
	"\tif behind - first < WAITING then\n"
	"\t\tlocal body = with_body == \"on\" and txn.f:req_body() or \"\"\n"
	"\t\tqueue[behind] = { socket = socket, text = head(txn, section, #body) .. body }\n"
	"\t\tbehind = behind + 1\n"
	"\tend\n"
	"end, 3)\n";

void sdi_hap_collect_mirrors(struct sdi_hap *hap)
{
	const struct sdi_gateway *gateway = hap->gateway;
	bool found = false;
	for (size_t i = 0; i < gateway->n_policies; i++)
		found |= gateway->policies[i]->mirror != NULL;
	if (!found || sdi_hap_socket_path(hap, SOCKET_NAME, &hap->mirror_socket))
		return;
	hap->mirror_socket = SDI_STR("");
	sdi_diag_add(
		&hap->diag, SDI_REASON_TARGET_CANT, "runtime-dir",
		"the path is too long for a unix socket, so no copies of requests are sent (mirror-target); give a "
		"shorter one with --runtime-dir");
}

void sdi_hap_global_mirrors(struct sdi_hap *hap)
{
	if (!hap->mirror_socket.n)
		return;
	sdi_hap_add_script(hap, SDI_STR("lua/mirror.lua"), sdi_str_c(script));
}

/* ":" does not occur in the names of other sections. */
static void write_name(struct sdi_hap *hap, const struct sdi_policy *policy)
{
	conf_lit(hap->cfg, "mirror:");
	sdi_hap_name(hap->cfg, policy->ns);
	conf_lit(hap->cfg, "_");
	sdi_hap_name(hap->cfg, policy->id);
}

/* Behind who may come in, before what the application alone sees. */
void sdi_hap_section_mirror(struct sdi_hap *hap, const struct sdi_hap_section *section)
{
	const struct sdi_mirror *mirror = section->policy->mirror;
	struct sdi_buf *cfg = hap->cfg;
	if (!mirror || !hap->mirror_socket.n || !section->backend->n_servers)
		return;
	conf_lit(cfg, "\thttp-request set-var-fmt(txn.mirror_target) ");
	sdi_hap_write_request_text(cfg, &mirror->to.target);
	conf_lit(cfg, "\n\thttp-request set-var-fmt(txn.mirror_host) ");
	sdi_hap_write_request_text(cfg, &mirror->to.host);
	if (mirror->body)
		conf_lit(cfg, "\n\thttp-request wait-for-body time 60s if !{ req.fhdr(" SDI_COPY_HEADER ") -m found }");
	conf_lit(cfg, "\n\thttp-request lua.sdi_mirror ");
	sdi_hap_word(cfg, hap->mirror_socket);
	conf_lit(cfg, " ");
	write_name(hap, section->policy);
	sdi_buf_add(cfg, mirror->body ? SDI_STR(" on") : SDI_STR(" off"));
	conf_lit(cfg, " if !{ req.fhdr(" SDI_COPY_HEADER ") -m found }");
	if (mirror->body) /* all of it is here */
		conf_lit(cfg, " { internal.htx.has_eom }");
	conf_lit(cfg, "\n");
}

static void write_server(struct sdi_hap *hap, const struct sdi_destination *to, struct sdi_str address, unsigned port)
{
	struct sdi_str name = sdi_destination_name(to);
	conf_lit(hap->cfg, "\tserver ");
	sdi_hap_name(hap->cfg, address);
	conf_lit(hap->cfg, ":");
	conf_uint(hap->cfg, port);
	conf_lit(hap->cfg, " ");
	sdi_hap_address(hap->cfg, address, port);
	if (name.n)
		conf_lit(hap->cfg, " resolvers dns init-addr none resolve-prefer ipv4");
	if (to->tls)
		conf_lit(hap->cfg, " ssl verify none");
	if (to->tls && !to->address.n) {
		conf_lit(hap->cfg, " sni str(");
		sdi_hap_name(hap->cfg, to->server.parts[0].text);
		conf_lit(hap->cfg, ")");
	}
	conf_lit(hap->cfg, "\n");
}

static void write_section(struct sdi_hap *hap, const struct sdi_policy *policy)
{
	const struct sdi_destination *to = &policy->mirror->to;
	conf_lit(hap->cfg, "\nbackend ");
	write_name(hap, policy);
	/* the script may have closed its side before the answer comes */
	conf_lit(hap->cfg, "\n\tno option abortonclose\n"
	                   "\thttp-response return status 204\n"
	                   "\thttp-request deny deny_status 503 if { be_conn gt ");
	conf_uint(hap->cfg, IN_PROGRESS);
	conf_lit(hap->cfg, " }\n");
	for (size_t i = 0; to->backend && i < to->backend->n_servers; i++)
		write_server(hap, to, to->backend->servers[i].address, to->backend->servers[i].port);
	if (!to->backend)
		write_server(hap, to, to->address.n ? to->address : to->name, to->port);
}

void sdi_hap_write_mirrors(struct sdi_hap *hap)
{
	struct sdi_buf *cfg = hap->cfg;
	if (!hap->mirror_socket.n)
		return;
	conf_lit(cfg, "\nfrontend mirrors\n\tbind ");
	sdi_hap_word(cfg, hap->mirror_socket);
	conf_lit(cfg, " mode 600\n\tmaxconn ");
	conf_uint(cfg, ALL_IN_PROGRESS);
	conf_lit(cfg, "\n\tno log\n"
	              "\thttp-request set-var(txn.to) req.fhdr(" SDI_COPY_HEADER ")\n"
	              "\thttp-request set-header " SDI_COPY_HEADER " 1\n"
	              "\tuse_backend %[var(txn.to)]\n");
	for (size_t i = 0; i < hap->gateway->n_policies && !cfg->failed; i++)
		if (hap->gateway->policies[i]->mirror)
			write_section(hap, hap->gateway->policies[i]);
}
