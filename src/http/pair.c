/* pair.c - PEM files by OpenSSL. */
#include "http/pair.h"

#include "base/str.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static void bio_free(BIO **bio)
{
    BIO_free(*bio);
}

static void x509_free(X509 **cert)
{
    X509_free(*cert);
}

static void key_free(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static int passphrase_none(char *out, int size, int is_writing, void *context)
{
    (void)out;
    (void)size;
    (void)is_writing;
    (void)context;
    return -1;
}

static enum status file_open(BIO **out, const char *file, struct error *err)
{
    *out = BIO_new_file(file, "r");
    if (*out == NULL) {
        int reason = errno;
        ERR_clear_error();
        return error_set(err, reason == ENOENT ? STATUS_NOT_FOUND : STATUS_IO, file, "%s",
                         strerror(reason));
    }
    return STATUS_OK;
}

static int64_t time_ms(const ASN1_TIME *time)
{
    struct tm utc = {0};
    return ASN1_TIME_to_tm(time, &utc) == 1 ? (int64_t)timegm(&utc) * 1000 : 0;
}

/* The certificates behind the first, each of which should have issued the one before it. */
static void chain_read(struct pair_report *out, BIO *in, X509 *first)
{
    X509 *before = first;
    (void)X509_up_ref(first);
    for (;;) {
        X509 *next = PEM_read_bio_X509(in, NULL, passphrase_none, NULL);
        if (next == NULL) {
            break;
        }
        out->chain_count++;
        if (out->out_of_order == 0 && X509_check_issued(next, before) != X509_V_OK) {
            out->out_of_order = out->chain_count + 1;
        }
        X509_free(before);
        before = next;
    }
    X509_free(before);
    ERR_clear_error();
}

enum status pair_examine(struct pair_report *out, const char *cert_file, const char *key_file,
                         struct error *err)
{
    struct stat about;
    CLEANUP(bio_free) BIO *cert_text = NULL;
    CLEANUP(bio_free) BIO *key_text = NULL;
    *out = (struct pair_report){0};
    TRY(file_open(&cert_text, cert_file, err));
    TRY(file_open(&key_text, key_file, err));
    CLEANUP(x509_free) X509 *cert = PEM_read_bio_X509_AUX(cert_text, NULL, passphrase_none, NULL);
    CLEANUP(key_free)
    EVP_PKEY *key = PEM_read_bio_PrivateKey(key_text, NULL, passphrase_none, NULL);
    ERR_clear_error();
    if (cert == NULL) {
        return error_set(err, STATUS_INVALID, cert_file, "there is no certificate in it");
    }
    if (key == NULL) {
        return error_set(err, STATUS_INVALID, key_file,
                         "there is no private key in it that opens without a passphrase");
    }
    (void)X509_NAME_oneline(X509_get_subject_name(cert), out->subject, sizeof out->subject);
    out->starts_ms = time_ms(X509_get0_notBefore(cert));
    out->expires_ms = time_ms(X509_get0_notAfter(cert));
    out->is_self_signed = X509_self_signed(cert, 0) == 1;
    out->is_matching = X509_check_private_key(cert, key) == 1;
    out->key_mode = stat(key_file, &about) == 0 ? (unsigned)about.st_mode & 07777U : 0;
    chain_read(out, cert_text, cert);
    ERR_clear_error();
    return STATUS_OK;
}
