/* SPDX-License-Identifier: BSD-3-Clause */
/* Requests by libcurl. */
#include "request.h"
#include "../../lib/base/buf.h"
#include <curl/curl.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BODY_MAX = 1 << 26 };

const struct sdi_str *sdi_lab_header(const struct sdi_lab_headers *headers, const char *name)
{
	for (size_t i = 0; i < headers->n; i++)
		if (sdi_str_eq_nocase(headers->p[i].name, sdi_str_c(name)))
			return &headers->p[i].value;
	return NULL;
}

void sdi_lab_response_release(struct sdi_lab_response *response)
{
	sdi_arena_release(&response->arena);
}

void sdi_lab_response_line(struct sdi_lab_response *ret, struct sdi_str line)
{
	line = sdi_str_trim(line);
	if (sdi_str_starts(line, SDI_STR("HTTP/"))) { /* again after a 100: the last head counts */
		ptrdiff_t at = sdi_str_find(line, ' ');
		struct sdi_str code = at < 0 ? sdi_str_make(NULL, 0) : sdi_str_from(line, (size_t)at + 1);
		ret->headers.n = 0;
		ret->status = 0;
		for (size_t i = 0; i < 3 && i < code.n && sdi_is_digit(code.p[i]); i++)
			ret->status = ret->status * 10 + (unsigned)(code.p[i] - '0');
		ret->http = line.p[5] == '2'                          ? SDI_LAB_HTTP_2 :
		            sdi_str_starts(line, SDI_STR("HTTP/1.0")) ? SDI_LAB_HTTP_1_0 :
		                                                        SDI_LAB_HTTP_1_1;
		return;
	}
	ptrdiff_t colon = sdi_str_find(line, ':');
	if (colon < 0)
		return;
	struct sdi_lab_header *header = sdi_vec_push(&ret->headers, &ret->arena);
	if (header) {
		header->name = sdi_arena_copy(&ret->arena, sdi_str_head(line, (size_t)colon));
		header->value = sdi_arena_copy(&ret->arena, sdi_str_trim(sdi_str_from(line, (size_t)colon + 1)));
	}
}

static size_t take_header(char *p, size_t size, size_t n, void *arg)
{
	sdi_lab_response_line(arg, sdi_str_make(p, size * n));
	return size * n;
}

static size_t take_body(char *p, size_t size, size_t n, void *arg)
{
	struct sdi_buf *body = arg;
	sdi_buf_add(body, sdi_str_make(p, size * n));
	return body->failed ? 0 : size * n;
}

/* The body in two pieces, so that a chunked one has two chunks. */
struct upload {
	struct sdi_str left;
	size_t half;
};

static size_t give_body(char *p, size_t size, size_t n, void *arg)
{
	struct upload *u = arg;
	size_t most = size * n, now = u->left.n < u->half ? u->left.n : u->half;
	if (now > most)
		now = most;
	memcpy(p, u->left.p, now);
	u->left = sdi_str_from(u->left, now);
	return now;
}

static void copy_name(struct sdi_lab_response *ret, const ASN1_STRING *text, struct sdi_str *to)
{
	*to = sdi_arena_copy(&ret->arena,
	                     sdi_str_make((const char *)ASN1_STRING_get0_data(text), (size_t)ASN1_STRING_length(text)));
}

/* Names of the leaf, from its PEM text. */
static void read_certificate(struct sdi_lab_response *ret, const char *pem)
{
	BIO *bio = BIO_new_mem_buf(pem, -1);
	X509 *cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	X509_NAME *subject = cert ? X509_get_subject_name(cert) : NULL;
	int cn = subject ? X509_NAME_get_index_by_NID(subject, NID_commonName, -1) : -1;
	if (cn >= 0)
		copy_name(ret, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, cn)), &ret->certificate);
	GENERAL_NAMES *names = cert ? X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL) : NULL;
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		struct sdi_str *slot = name->type == GEN_DNS ? sdi_vec_push(&ret->names, &ret->arena) : NULL;
		if (slot)
			copy_name(ret, name->d.dNSName, slot);
	}
	GENERAL_NAMES_free(names);
	X509_free(cert);
	BIO_free(bio);
}

static void take_certificate(CURL *curl, struct sdi_lab_response *ret)
{
	struct curl_certinfo *info = NULL;
	if (curl_easy_getinfo(curl, CURLINFO_CERTINFO, &info) != CURLE_OK || !info || info->num_of_certs < 1)
		return;
	for (struct curl_slist *line = info->certinfo[0]; line; line = line->next)
		if (strncmp(line->data, "Cert:", 5) == 0)
			read_certificate(ret, line->data + 5);
}

static void add_line(struct curl_slist **list, const char *text)
{
	struct curl_slist *longer = curl_slist_append(*list, text);
	if (longer)
		*list = longer;
}

static struct curl_slist *header_lines(const struct sdi_lab_request *request, struct sdi_arena *arena)
{
	static const char *const not_ours[] = { "Accept:", "Expect:", "Content-Type:", "User-Agent:" };
	struct curl_slist *list = NULL;
	for (size_t i = 0; i < sizeof(not_ours) / sizeof(not_ours[0]); i++) /* first: libcurl would add its own */
		add_line(&list, not_ours[i]);
	add_line(&list, request->host ? sdi_arena_printf(arena, "Host: %s", request->host).p : "Host:");
	if (request->chunked)
		add_line(&list, "Transfer-Encoding: chunked");
	for (size_t i = 0; i < request->n_headers; i++) {
		const struct sdi_lab_header *h = &request->headers[i];
		for (struct curl_slist *l = list; l; l = l->next) /* given: libcurl's is not to be taken out */
			if (strlen(l->data) == h->name.n + 1 &&
			    sdi_str_eq_nocase(sdi_str_make(l->data, h->name.n), h->name))
				l->data[0] = '\0';
		add_line(&list, sdi_arena_printf(arena, h->value.n ? "%.*s: %.*s" : "%.*s;", SDI_STR_ARG(h->name),
		                                 SDI_STR_ARG(h->value))
		                        .p);
	}
	return list;
}

/* What is sent before TLS begins. */
struct opening {
	const char *line; /* NULL: nothing */
	curl_socket_t fd;
};

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct opening *opening = arg;
	(void)purpose;
	return opening->fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* libcurl calls this once the connection is there. */
static CURLcode send_line(CURL *curl, void *ctx, void *arg)
{
	const struct opening *opening = arg;
	char line[128];
	int n = snprintf(line, sizeof(line), "%s\r\n", opening->line);
	(void)curl, (void)ctx;
	return write(opening->fd, line, (size_t)n) == n ? CURLE_OK : CURLE_SEND_ERROR;
}

static void set_opening(CURL *curl, struct opening *opening)
{
	if (!opening->line)
		return;
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, opening);
	curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, send_line);
	curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, opening);
}

/* Of the family of our own address. */
static struct sdi_str loopback(const struct sdi_lab_request *request)
{
	return request->source && strchr(request->source, ':') ? SDI_STR("[::1]") : SDI_STR("127.0.0.1");
}

static void set_address(CURL *curl, const struct sdi_lab_request *request, struct sdi_arena *arena)
{
	struct sdi_str name = sdi_str_c(request->sni ? request->sni : request->host);
	ptrdiff_t colon = sdi_str_find(name, ':');
	if (colon >= 0)
		name.n = (size_t)colon;
	if (name.n > 0 && name.p[name.n - 1] == '.')
		name.n--;
	if (!request->tls || !name.n)
		name = loopback(request);
	/* a digest is of the URL's path; nothing else of it shows */
	struct sdi_str path = request->digest && request->target.n ? request->target : SDI_STR("/");
	curl_easy_setopt(curl, CURLOPT_URL,
	                 sdi_arena_printf(arena, "%s://%.*s:%u%.*s", request->tls ? "https" : "http", SDI_STR_ARG(name),
	                                  request->port, SDI_STR_ARG(path))
	                         .p);
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_INTERFACE, request->source);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
	if (request->ciphers) {
		curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 | CURL_SSLVERSION_MAX_TLSv1_2);
		curl_easy_setopt(curl, CURLOPT_SSL_CIPHER_LIST, request->ciphers);
	}
	curl_easy_setopt(curl, CURLOPT_CERTINFO, 1L);
	if (request->certificate.n) {
		struct curl_blob cert = { (void *)request->certificate.p, request->certificate.n, CURL_BLOB_COPY };
		struct curl_blob key = { (void *)request->key.p, request->key.n, CURL_BLOB_COPY };
		curl_easy_setopt(curl, CURLOPT_SSLCERT_BLOB, &cert);
		curl_easy_setopt(curl, CURLOPT_SSLKEY_BLOB, &key);
	}
}

static void set_message(CURL *curl, const struct sdi_lab_request *request, struct upload *upload,
                        struct sdi_arena *arena)
{
	static const long versions[] = {
		[SDI_LAB_HTTP_1_1] = CURL_HTTP_VERSION_1_1,
		[SDI_LAB_HTTP_1_0] = CURL_HTTP_VERSION_1_0,
		[SDI_LAB_HTTP_2] = CURL_HTTP_VERSION_2TLS,
	};
	const char *method = request->method ? request->method : "GET";
	curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, versions[request->http]);
	curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(curl, CURLOPT_REQUEST_TARGET,
	                 request->target.n ? sdi_arena_copy(arena, request->target).p : "/");
	if (request->body.p) {
		*upload = (struct upload){ request->body, request->body.n / 2 + 1 };
		curl_easy_setopt(curl, CURLOPT_POST, 1L);
		curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_body);
		curl_easy_setopt(curl, CURLOPT_READDATA, upload);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
		                 request->chunked ? (curl_off_t)-1 : (curl_off_t)request->body.n);
	}
	if (strcmp(method, "HEAD") == 0)
		curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
	else
		curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
}

static bool perform(CURL *curl, const struct sdi_lab_request *request, struct sdi_lab_response *ret)
{
	struct upload upload;
	struct opening opening = { .line = request->proxy };
	struct sdi_buf body;
	sdi_buf_init(&body, BODY_MAX);
	struct curl_slist *lines = header_lines(request, &ret->arena);
	set_address(curl, request, &ret->arena);
	set_opening(curl, &opening);
	set_message(curl, request, &upload, &ret->arena);
	if (request->digest) {
		curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_DIGEST);
		curl_easy_setopt(curl, CURLOPT_USERPWD, request->digest);
	}
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, lines);
	curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(curl, CURLOPT_HEADERDATA, ret);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS,
	                 (long)(request->timeout_ms ? request->timeout_ms : SDI_LAB_REQUEST_MS));
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	CURLcode code = curl_easy_perform(curl);
	ret->body = sdi_arena_copy(&ret->arena, sdi_buf_str(&body));
	take_certificate(curl, ret);
	curl_slist_free_all(lines);
	sdi_buf_release(&body);
	return code == CURLE_OK || sdi_lab_fail(&ret->error, "%s", curl_easy_strerror(code));
}

bool sdi_lab_request(const struct sdi_lab_request *request, struct sdi_lab_response *ret)
{
	*ret = (struct sdi_lab_response){ 0 };
	if (request->raw.p)
		return sdi_lab_request_raw(request, ret);
	CURL *curl = curl_easy_init();
	if (!curl)
		return sdi_lab_fail(&ret->error, "out of memory");
	if (request->tls && (request->sni ? request->sni[0] : request->host && request->host[0])) {
		/* Whatever the name is, the connection goes to loopback: no resolver is asked. */
		struct sdi_str address = loopback(request);
		char place[32];
		snprintf(place, sizeof(place), "::%.*s:", SDI_STR_ARG(address));
		struct curl_slist *to = curl_slist_append(NULL, place);
		curl_easy_setopt(curl, CURLOPT_CONNECT_TO, to);
		bool fine = perform(curl, request, ret);
		curl_easy_cleanup(curl);
		curl_slist_free_all(to);
		return fine;
	}
	bool fine = perform(curl, request, ret);
	curl_easy_cleanup(curl);
	return fine;
}
