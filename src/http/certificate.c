/* certificate.c - X.509 by OpenSSL; files by rename, so that nobody reads half of one. */
#include "http/certificate.h"

#include "base/str.h"
#include "crypto/secret.h"
#include "http/tls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void key_free(EVP_PKEY **key)
{
    EVP_PKEY_free(*key);
}

static void x509_free(X509 **cert)
{
    X509_free(*cert);
}

static void bio_free(BIO **bio)
{
    BIO_free(*bio);
}

static bool extension_add(X509 *cert, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, cert, cert, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool is_ok = extension != NULL && X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return is_ok;
}

static bool extensions_add(X509 *cert)
{
    return extension_add(cert, NID_basic_constraints, "critical,CA:FALSE") &&
           extension_add(cert, NID_key_usage, "critical,digitalSignature") &&
           extension_add(cert, NID_ext_key_usage, "serverAuth") &&
           extension_add(cert, NID_subject_key_identifier, "hash") &&
           extension_add(cert, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
}

/* 127 bits of chance: positive, and never the same twice (RFC 5280, section 4.1.2.2). */
static bool serial_set(X509 *cert)
{
    unsigned char bytes[16];
    secret_random(bytes, sizeof bytes);
    bytes[0] = (unsigned char)((bytes[0] & 0x7F) | 0x40);
    BIGNUM *number = BN_bin2bn(bytes, sizeof bytes, NULL);
    bool is_ok = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) != NULL;
    BN_free(number);
    return is_ok;
}

static bool cert_fill(X509 *cert, EVP_PKEY *key, int64_t now_ms)
{
    time_t now = (time_t)(now_ms / 1000);
    X509_NAME *name = X509_get_subject_name(cert);
    return X509_set_version(cert, X509_VERSION_3) == 1 && serial_set(cert) &&
           X509_time_adj_ex(X509_getm_notBefore(cert), 0, 0, &now) != NULL &&
           X509_time_adj_ex(X509_getm_notAfter(cert), CERTIFICATE_DAYS, 0, &now) != NULL &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost",
                                      -1, -1, 0) == 1 &&
           X509_set_issuer_name(cert, name) == 1 && X509_set_pubkey(cert, key) == 1 &&
           extensions_add(cert) && X509_sign(cert, key, EVP_sha256()) > 0;
}

static bool bytes_write(int fd, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t put = write(fd, bytes.ptr, bytes.len);
        if (put < 0 && errno != EINTR) {
            return false;
        }
        bytes = str_slice(bytes, put < 0 ? 0 : (size_t)put, bytes.len);
    }
    return true;
}

/* Write a new file beside `file`; its name goes to `path`, to be renamed or removed. */
static enum status file_prepare(char path[PATH_MAX], const char *file, BIO *text, mode_t mode,
                                struct error *err)
{
    char *bytes = NULL;
    long len = BIO_get_mem_data(text, &bytes);
    int path_len = snprintf(path, PATH_MAX, "%s.XXXXXX", file);
    if (path_len >= PATH_MAX) {
        path[0] = '\0';
        return error_set(err, STATUS_INVALID, file, "The name of the file is too long.");
    }
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) {
        path[0] = '\0';
        return error_set(err, STATUS_IO, file, "Cannot write %s: %s.", file, strerror(errno));
    }
    bool is_ok =
        fchmod(fd, mode) == 0 && bytes_write(fd, str_of(bytes, (size_t)len)) && fsync(fd) == 0;
    int reason = errno;
    (void)close(fd);
    return is_ok ? STATUS_OK
                 : error_set(err, STATUS_IO, file, "Cannot write %s: %s.", file, strerror(reason));
}

static enum status file_replace(const char *file, const char *path, struct error *err)
{
    if (rename(path, file) != 0) {
        return error_set(err, STATUS_IO, file, "Cannot replace %s: %s.", file, strerror(errno));
    }
    return STATUS_OK;
}

/* Both are written before either is put in place. */
static enum status files_write(const char *cert_file, BIO *cert, const char *key_file, BIO *key,
                               struct error *err)
{
    char cert_path[PATH_MAX] = "";
    char key_path[PATH_MAX] = "";
    enum status status = file_prepare(key_path, key_file, key, S_IRUSR | S_IWUSR, err);
    if (status == STATUS_OK) {
        status =
            file_prepare(cert_path, cert_file, cert, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH, err);
    }
    if (status == STATUS_OK) {
        status = file_replace(key_file, key_path, err);
    }
    if (status == STATUS_OK) {
        status = file_replace(cert_file, cert_path, err);
    }
    if (status != STATUS_OK) {
        /* One that was renamed is no longer there; an empty name never was. */
        (void)unlink(key_path);
        (void)unlink(cert_path);
    }
    return status;
}

bool certificate_is_usable(const char *cert_file, const char *key_file, int64_t now_ms)
{
    struct tls_identity identity;
    const struct tls_files files = {cert_file, key_file, NULL, NULL};
    bool is_usable = tls_identity_read(&identity, &files, NULL, now_ms, NULL) == STATUS_OK;
    if (is_usable) {
        tls_identity_finish(&identity);
    }
    return is_usable;
}

enum status certificate_make(const char *cert_file, const char *key_file, int64_t now_ms,
                             struct error *err)
{
    CLEANUP(key_free) EVP_PKEY *key = EVP_EC_gen("P-256");
    CLEANUP(x509_free) X509 *cert = X509_new();
    CLEANUP(bio_free) BIO *key_text = BIO_new(BIO_s_secmem());
    CLEANUP(bio_free) BIO *cert_text = BIO_new(BIO_s_mem());
    if (key == NULL || cert == NULL || key_text == NULL || cert_text == NULL ||
        !cert_fill(cert, key, now_ms) || PEM_write_bio_X509(cert_text, cert) != 1 ||
        PEM_write_bio_PrivateKey(key_text, key, NULL, NULL, 0, NULL, NULL) != 1) {
        ERR_clear_error();
        return error_set(err, STATUS_INTERNAL, cert_file, "OpenSSL cannot make a certificate.");
    }
    return files_write(cert_file, cert_text, key_file, key_text, err);
}
