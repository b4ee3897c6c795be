/* audit_tool.c - our verifier, for comparison with another.
 *
 * usage: audit_tool make OUT - writes the export of a log with something of everything, some of it
 * erased audit_tool verify FILE... - prints one verdict a file, as JSON */
#include "../unit/expect.h"
#include "../unit/store/store_fixture.h"

#include <stdio.h>
#include <stdlib.h>

static int make(const char *path)
{
    static struct fixture f;
    fixture_begin(&f);
    fixture_log(&f);
    (void)fixture_tamper(&f, "UPDATE decision SET salt = NULL, payload = NULL WHERE seq = 5");
    struct str text = fixture_export(&f);
    fixture_end(&f);
    FILE *out = fopen(path, "wb");
    bool is_written = out != NULL && fwrite(text.ptr, 1, text.len, out) == text.len;
    is_written = out != NULL && fclose(out) == 0 && is_written;
    free((void *)(uintptr_t)text.ptr);
    return is_written ? 0 : 1;
}

static int verify(const char *path)
{
    struct verify_report report;
    struct error err = {.message = ""};
    FILE *in = fopen(path, "rb");
    if (in == NULL || audit_verify_export(in, NULL, NULL, &report, &err) != STATUS_OK) {
        (void)fprintf(stderr, "audit_tool: %s: %s\n", path, err.message);
        return 1;
    }
    (void)fclose(in);
    (void)printf("{\"valid\":%s,\"stream\":\"%s\",\"epoch\":%llu,\"seq\":%llu,\"entries\":%llu,"
                 "\"commits\":%llu,\"checkpoints\":%llu,\"erased\":%llu,\"unsigned_tail\":%llu}\n",
                 report.is_valid ? "true" : "false", report.stream,
                 (unsigned long long)report.epoch, (unsigned long long)report.seq,
                 (unsigned long long)report.entries, (unsigned long long)report.commits,
                 (unsigned long long)report.checkpoints, (unsigned long long)report.erased,
                 (unsigned long long)report.unsigned_tail);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "make") == 0) {
        return make(argv[2]);
    }
    int result = argc < 3 || strcmp(argv[1], "verify") != 0 ? 64 : 0;
    for (int i = 2; i < argc && result == 0; i++) {
        result = verify(argv[i]);
    }
    return result;
}
