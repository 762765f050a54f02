#include "web/listen_tls.h"

#include "base/secret.h"
#include "base/text.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char tls_priorities[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:"
    "-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:-MAC-ALL:+AEAD:"
    "-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:%SERVER_PRECEDENCE";

enum { CHAIN_MOST = 8, FILE_MOST = 256 * 1024 };

/*
 * What was read at one moment. Handshakes under way may still look at an old one, so none is
 * freed before the end: certificates change a few times a year.
 */
struct identity {
    struct identity *before;
    gnutls_pcert_st chain[CHAIN_MOST];
    unsigned chain_length;
    gnutls_privkey_t key;
    int64_t expires;
};

struct file_mark {
    struct timespec changed;
    off_t size;
    ino_t number;
};

struct tls {
    const char *cert_path, *key_path;
    struct identity *now;
    struct file_mark cert_mark, key_mark;
};

/* gnutls hands nothing of ours to the function that it asks. */
static struct tls *serving;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct file_mark mark_of(const char *path)
{
    struct stat s = { 0 };
    struct file_mark mark;

    memset(&mark, 0, sizeof mark);
    if (stat(path, &s) == 0) {
        mark.changed = s.st_mtim;
        mark.size = s.st_size;
        mark.number = s.st_ino;
    }
    return mark;
}

static void identity_free(struct identity *id)
{
    while (id != NULL) {
        struct identity *before = id->before;
        for (unsigned i = 0; i < id->chain_length; i++)
            gnutls_pcert_deinit(&id->chain[i]);
        if (id->key != NULL)
            gnutls_privkey_deinit(id->key);
        free(id);
        id = before;
    }
}

static bool bad_file(const char *path, const char *what, int code, struct fault *why)
{
    return fail(why, BAD_FILE, "\"%s\" %s: %s.", path, what, gnutls_strerror(code));
}

/* The key of the first certificate is this one. */
static int key_fits(const struct identity *id)
{
    unsigned char ours[64], theirs[64];
    size_t our_length = sizeof ours, their_length = sizeof theirs;
    gnutls_pubkey_t public;
    int code = gnutls_pubkey_init(&public);

    if (code < 0)
        return code;
    code = gnutls_pubkey_import_privkey(public, id->key, 0, 0);
    if (code >= 0)
        code = gnutls_pubkey_get_key_id(public, GNUTLS_KEYID_USE_SHA256, ours, &our_length);
    if (code >= 0)
        code = gnutls_pubkey_get_key_id(id->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, theirs,
                                        &their_length);
    gnutls_pubkey_deinit(public);
    if (code >= 0 && (our_length != their_length || memcmp(ours, theirs, our_length) != 0))
        code = GNUTLS_E_CERTIFICATE_KEY_MISMATCH;
    return code;
}

static int64_t expiry_of(const gnutls_pcert_st *cert)
{
    gnutls_x509_crt_t read;
    int64_t expires = 0;

    if (gnutls_x509_crt_init(&read) < 0)
        return 0;
    if (gnutls_x509_crt_import(read, &cert->cert, GNUTLS_X509_FMT_DER) >= 0)
        expires = (int64_t)gnutls_x509_crt_get_expiration_time(read);
    gnutls_x509_crt_deinit(read);
    return expires;
}

static bool identity_fill(struct identity *id, struct arena *a, const struct tls *tls,
                          struct fault *why)
{
    char *bytes;
    size_t length;

    if (!text_read_file(tls->cert_path, FILE_MOST, a, &bytes, &length, why))
        return false;
    gnutls_datum_t cert = { (unsigned char *)bytes, (unsigned)length };
    id->chain_length = CHAIN_MOST;
    int code = gnutls_pcert_list_import_x509_raw(
        id->chain, &id->chain_length, &cert, GNUTLS_X509_FMT_PEM, GNUTLS_X509_CRT_LIST_SORT);
    if (code < 0) {
        id->chain_length = 0;
        return bad_file(tls->cert_path, "is no chain of certificates in PEM", code, why);
    }
    if (!text_read_file(tls->key_path, FILE_MOST, a, &bytes, &length, why))
        return false;
    gnutls_datum_t key = { (unsigned char *)bytes, (unsigned)length };
    code = gnutls_privkey_init(&id->key);
    if (code >= 0)
        code = gnutls_privkey_import_x509_raw(id->key, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
    secret_wipe(bytes, length);
    if (code < 0)
        return bad_file(tls->key_path, "is no private key in PEM without a password", code,
                        why);
    code = key_fits(id);
    id->expires = expiry_of(&id->chain[0]);
    return code >= 0 || bad_file(tls->key_path, "is not the key of the certificate", code, why);
}

static bool identity_read(struct tls *tls, struct fault *why)
{
    struct identity *id = calloc(1, sizeof *id);
    struct arena arena = { 0 };

    must(id != NULL);
    tls->cert_mark = mark_of(tls->cert_path);
    tls->key_mark = mark_of(tls->key_path);
    bool read = identity_fill(id, &arena, tls, why);
    arena_free(&arena);
    if (!read) {
        identity_free(id);
        return false;
    }
    pthread_mutex_lock(&lock);
    id->before = tls->now;
    tls->now = id;
    pthread_mutex_unlock(&lock);
    return true;
}

bool tls_open(const char *cert_path, const char *key_path, struct tls **out, struct fault *why)
{
    *out = NULL;
    if (cert_path == NULL && key_path == NULL)
        return true;
    if (cert_path == NULL || key_path == NULL) {
        fail(why, BAD_VALUE, "TLS needs a certificate and its key.");
        return fault_hint(why, "--tls-cert FILE --tls-key FILE");
    }
    struct tls *tls = calloc(1, sizeof *tls);
    must(tls != NULL);
    tls->cert_path = cert_path;
    tls->key_path = key_path;
    if (!identity_read(tls, why)) {
        tls_free(tls);
        return false;
    }
    pthread_mutex_lock(&lock);
    must(serving == NULL);
    serving = tls;
    pthread_mutex_unlock(&lock);
    *out = tls;
    return true;
}

void tls_free(struct tls *tls)
{
    if (tls == NULL)
        return;
    pthread_mutex_lock(&lock);
    if (serving == tls)
        serving = NULL;
    pthread_mutex_unlock(&lock);
    identity_free(tls->now);
    free(tls);
}

static bool same_mark(struct file_mark a, struct file_mark b)
{
    return a.changed.tv_sec == b.changed.tv_sec && a.changed.tv_nsec == b.changed.tv_nsec &&
           a.size == b.size && a.number == b.number;
}

bool tls_renew(struct tls *tls, bool forced, struct fault *why)
{
    if (tls == NULL)
        return true;
    bool changed = !same_mark(tls->cert_mark, mark_of(tls->cert_path)) ||
                   !same_mark(tls->key_mark, mark_of(tls->key_path));
    return (!changed && !forced) || identity_read(tls, why);
}

int64_t tls_expires(const struct tls *tls)
{
    pthread_mutex_lock(&lock);
    int64_t expires = tls == NULL ? 0 : tls->now->expires;
    pthread_mutex_unlock(&lock);
    return expires;
}

static int retrieve(gnutls_session_t session, const struct gnutls_cert_retr_st *info,
                    gnutls_pcert_st **chain, unsigned *chain_length, gnutls_ocsp_data_st **ocsp,
                    unsigned *ocsp_length, gnutls_privkey_t *key, unsigned *flags)
{
    (void)session;
    (void)info;
    pthread_mutex_lock(&lock);
    struct identity *id = serving != NULL ? serving->now : NULL;
    pthread_mutex_unlock(&lock);
    if (id == NULL)
        return -1;
    *chain = id->chain;
    *chain_length = id->chain_length;
    *ocsp = NULL;
    *ocsp_length = 0;
    *key = id->key;
    *flags = 0;
    return 0;
}

tls_any_function *tls_retriever(void)
{
    return (tls_any_function *)retrieve;
}
