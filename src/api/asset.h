/* asset.h - the files that pages are made of, as parts of the program.
 *
 * Made at build by tools/embed_web.py: no file is read while the program serves, so there is no
 * path that could lead out of a folder.  Each is there as it is and packed with gzip; the caller
 * gets what it says it takes, with a strong ETag of its own. */
#ifndef API_ASSET_H
#define API_ASSET_H

#include "base/str.h"

struct call;

struct asset {
    const char *name; /* "page.css" */
    const char *path; /* "page.0123456789ab.css": changes with its bytes */
    const char *type;
    const char *etag; /* without quotes */
    const unsigned char *plain;
    size_t plain_len;
    const unsigned char *packed; /* gzip */
    size_t packed_len;
};

extern const struct asset assets[];
extern const size_t asset_count;

enum asset_keeping {
    ASSET_ASK_AGAIN,   /* under a path that stays: a copy is good while its ETag is */
    ASSET_KEEP_FOREVER /* under a path of its own for each content */
};

const struct asset *asset_named(const char *name); /* NULL: not embedded in this build */
const struct asset *asset_at(struct str path);     /* NULL: there is none */
void asset_reply(struct call *call, const struct asset *asset, enum asset_keeping keeping);

/* Answer as a page: the headers that let it load nothing but what comes from this server, run no
 * inline script or style, and be framed by nobody. */
void page_headers_add(struct call *call);

#endif
