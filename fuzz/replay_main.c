/* replay_main.c - run a fuzz target on every file of the folders named, without a fuzzer. */
#include "fuzz_target.h"

#include "base/buf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_LEN_MAX = 16 * 1024 * 1024, PATH_LEN_MAX = 4096, PART = 64 * 1024 };

static bool read_file(struct buf *bytes, const char *path)
{
    FILE *in = fopen(path, "rb");
    bool is_read = false;
    while (in != NULL) {
        char *to = buf_reserve(bytes, PART);
        size_t got = to == NULL ? 0 : fread(to, 1, PART, in);
        if (got == 0) {
            is_read = to != NULL && ferror(in) == 0;
            break;
        }
        bytes->len += got;
    }
    return in != NULL && fclose(in) == 0 && is_read;
}

/* Run one file, from memory that ends where the file does. */
static bool replay_file(const char *path)
{
    struct buf bytes;
    buf_init(&bytes, FILE_LEN_MAX);
    bool is_read = read_file(&bytes, path);
    uint8_t *exact = malloc(bytes.len == 0 ? 1 : bytes.len);
    is_read = is_read && exact != NULL;
    if (is_read) {
        memcpy(exact, bytes.ptr, bytes.len);
        (void)LLVMFuzzerTestOneInput(exact, bytes.len);
    }
    free(exact);
    buf_finish(&bytes);
    return is_read;
}

/* The number of files run, or -1. */
static long replay_folder(const char *folder)
{
    long count = 0;
    DIR *open = opendir(folder);
    if (open == NULL) {
        return -1;
    }
    for (struct dirent *entry; count >= 0 && (entry = readdir(open)) != NULL;) {
        char path[PATH_LEN_MAX];
        int len = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.') {
            bool is_run = len > 0 && (size_t)len < sizeof path && replay_file(path);
            count = is_run ? count + 1 : -1;
        }
    }
    (void)closedir(open);
    return count;
}

int main(int argc, char **argv)
{
    long total = 0;
    for (int i = 1; i < argc; i++) {
        long count = replay_folder(argv[i]);
        if (count < 0) {
            (void)fprintf(stderr, "cannot read %s\n", argv[i]);
            return 1;
        }
        total += count;
    }
    (void)printf("%ld inputs\n", total);
    return total > 0 ? 0 : 1; /* a corpus that has gone is not a corpus that passes */
}
