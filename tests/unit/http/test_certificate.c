/* test_certificate.c - the files, and what a browser looks for in them. */
#include "../expect.h"
#include "base/buf.h"
#include "http/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NOW_S = 1790000000 };

static char folder[] = "certificate_XXXXXX";

static int folder_make(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL || chdir(folder) != 0;
}

static int folder_remove(void **state)
{
    (void)state;
    (void)unlink("cert.pem");
    (void)unlink("key.pem");
    return chdir("..") != 0 || rmdir(folder) != 0;
}

static X509 *cert_read(const char *file)
{
    FILE *in = fopen(file, "r");
    assert_non_null(in);
    X509 *cert = PEM_read_X509(in, NULL, NULL, NULL);
    assert_int_equal(fclose(in), 0);
    return cert;
}

static EVP_PKEY *key_read(const char *file)
{
    FILE *in = fopen(file, "r");
    assert_non_null(in);
    EVP_PKEY *key = PEM_read_PrivateKey(in, NULL, NULL, NULL);
    assert_int_equal(fclose(in), 0);
    return key;
}

static void makes_a_pair_that_names_this_machine(void **state)
{
    (void)state;
    struct error err = {0};
    assert_int_equal(certificate_make("cert.pem", "key.pem", (int64_t)NOW_S * 1000 + 999, &err),
                     STATUS_OK);
    X509 *cert = cert_read("cert.pem");
    EVP_PKEY *key = key_read("key.pem");
    assert_non_null(cert);
    assert_non_null(key);
    assert_int_equal(X509_check_private_key(cert, key), 1);
    assert_int_equal(X509_verify(cert, key), 1);
    assert_int_equal(EVP_PKEY_get_bits(key), 256);
    assert_int_equal(X509_check_host(cert, "localhost", 0, 0, NULL), 1);
    assert_int_equal(X509_check_ip_asc(cert, "127.0.0.1", 0), 1);
    assert_int_equal(X509_check_ip_asc(cert, "::1", 0), 1);
    assert_int_equal(X509_check_host(cert, "example.com", 0, 0, NULL), 0);
    assert_int_equal(X509_check_ip_asc(cert, "127.0.0.2", 0), 0);
    time_t from = NOW_S;
    time_t until = NOW_S + CERTIFICATE_DAYS * 86400;
    assert_int_equal(ASN1_TIME_cmp_time_t(X509_get0_notBefore(cert), from), 0);
    assert_int_equal(ASN1_TIME_cmp_time_t(X509_get0_notAfter(cert), until), 0);
    assert_int_equal(X509_check_ca(cert), 0);
    X509_free(cert);
    EVP_PKEY_free(key);
}

static void keeps_the_key_from_others(void **state)
{
    (void)state;
    struct stat about;
    assert_int_equal(certificate_make("cert.pem", "key.pem", 0, NULL), STATUS_OK);
    assert_int_equal(stat("key.pem", &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    assert_int_equal(stat("cert.pem", &about), 0);
    assert_int_equal(about.st_mode & 07777, 0644);
}

static void replaces_what_was_there_by_another(void **state)
{
    (void)state;
    assert_int_equal(certificate_make("cert.pem", "key.pem", 0, NULL), STATUS_OK);
    X509 *first = cert_read("cert.pem");
    assert_int_equal(chmod("key.pem", 0644), 0);
    assert_int_equal(certificate_make("cert.pem", "key.pem", 0, NULL), STATUS_OK);
    X509 *second = cert_read("cert.pem");
    assert_int_not_equal(
        ASN1_INTEGER_cmp(X509_get0_serialNumber(first), X509_get0_serialNumber(second)), 0);
    assert_int_not_equal(X509_cmp(first, second), 0);
    struct stat about;
    assert_int_equal(stat("key.pem", &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    X509_free(first);
    X509_free(second);
}

static void leaves_all_as_it_was_when_it_cannot_write(void **state)
{
    (void)state;
    static const struct {
        const char *cert_file;
        const char *key_file;
    } rows[] = {
        {"cert.pem",        "absent/key.pem"},
        {"absent/cert.pem", "key.pem"       },
        {"cert.pem",        ""              },
    };
    assert_int_equal(certificate_make("cert.pem", "key.pem", 0, NULL), STATUS_OK);
    X509 *before = cert_read("cert.pem");
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct error err = {0};
        assert_int_equal(certificate_make(rows[i].cert_file, rows[i].key_file, 0, &err), STATUS_IO);
        assert_true(str_starts_with(str_from(err.message), STR("Cannot ")));
        X509 *after = cert_read("cert.pem");
        EVP_PKEY *key = key_read("key.pem");
        assert_int_equal(X509_cmp(before, after), 0);
        assert_int_equal(X509_check_private_key(after, key), 1);
        EVP_PKEY_free(key);
        X509_free(after);
    }
    X509_free(before);
}

static void copy(const char *from, const char *to)
{
    char bytes[8192];
    FILE *in = fopen(from, "r");
    FILE *out = fopen(to, "w");
    assert_non_null(in);
    assert_non_null(out);
    size_t len = fread(bytes, 1, sizeof bytes, in);
    assert_int_equal(fwrite(bytes, 1, len, out), len);
    assert_int_equal(fclose(in), 0);
    assert_int_equal(fclose(out), 0);
}

static void knows_a_pair_that_is_none(void **state)
{
    (void)state;
    const int64_t now_ms = (int64_t)NOW_S * 1000;
    const int64_t day_ms = 86400000;
    assert_int_equal(certificate_make("cert.pem", "key.pem", now_ms, NULL), STATUS_OK);
    assert_true(certificate_is_usable("cert.pem", "key.pem", now_ms));
    assert_true(certificate_is_usable("cert.pem", "key.pem", now_ms + 364 * day_ms));
    assert_false(certificate_is_usable("cert.pem", "key.pem", now_ms + CERTIFICATE_DAYS * day_ms));
    assert_false(certificate_is_usable("cert.pem", "key.pem", now_ms - 1000));
    assert_false(certificate_is_usable("absent.pem", "key.pem", now_ms));
    assert_false(certificate_is_usable("cert.pem", "absent.pem", now_ms));
    assert_false(certificate_is_usable("key.pem", "cert.pem", now_ms));
    assert_int_equal(chmod("key.pem", 0604), 0);
    assert_false(certificate_is_usable("cert.pem", "key.pem", now_ms));
    /* Killed between its two files: the new key beside the old certificate. */
    copy("cert.pem", "old.pem");
    assert_int_equal(certificate_make("cert.pem", "key.pem", now_ms, NULL), STATUS_OK);
    assert_false(certificate_is_usable("old.pem", "key.pem", now_ms));
    assert_true(certificate_is_usable("cert.pem", "key.pem", now_ms));
    assert_int_equal(unlink("old.pem"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_a_pair_that_names_this_machine),
        cmocka_unit_test(keeps_the_key_from_others),
        cmocka_unit_test(replaces_what_was_there_by_another),
        cmocka_unit_test(leaves_all_as_it_was_when_it_cannot_write),
        cmocka_unit_test(knows_a_pair_that_is_none),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
