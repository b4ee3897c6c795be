/* asset.c - answering with a file of the program. */
#include "api/asset.h"

#include "api/accept.h"
#include "api/call.h"

#include <stdio.h>
#include <string.h>

const struct asset *asset_named(const char *name)
{
    for (size_t i = 0; i < asset_count; i++) {
        if (strcmp(assets[i].name, name) == 0) {
            return &assets[i];
        }
    }
    return NULL;
}

const struct asset *asset_at(struct str path)
{
    for (size_t i = 0; i < asset_count; i++) {
        if (str_eq(str_from(assets[i].path), path)) {
            return &assets[i];
        }
    }
    return NULL;
}

void page_headers_add(struct call *call)
{
    struct http_exchange *x = call->x;
    http_reply_header(
        x, "Content-Security-Policy",
        STR("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"));
    http_reply_header(x, "Referrer-Policy", STR("no-referrer"));
    http_reply_header(x, "Cross-Origin-Opener-Policy", STR("same-origin"));
    http_reply_header(x, "Cross-Origin-Resource-Policy", STR("same-origin"));
    http_reply_header(x, "X-Frame-Options", STR("DENY"));
}

void asset_reply(struct call *call, const struct asset *asset, enum asset_keeping keeping)
{
    struct http_exchange *x = call->x;
    char etag[80];
    bool is_packed =
        accept_quality(http_header_find(x, STR("Accept-Encoding"), NULL), STR("gzip")) > 0;
    int len = snprintf(etag, sizeof etag, "\"%s%s\"", asset->etag, is_packed ? "-gzip" : "");
    struct str tag = str_of(etag, (size_t)len);
    page_headers_add(call);
    http_reply_header(x, "ETag", tag);
    http_reply_header(x, "Vary", STR("Accept-Encoding"));
    http_reply_header(x, "Cache-Control",
                      keeping == ASSET_KEEP_FOREVER ? STR("public, max-age=31536000, immutable")
                                                    : STR("no-cache"));
    if (etag_is_known(http_header_find(x, STR("If-None-Match"), NULL), tag)) {
        x->status = 304;
        return;
    }
    x->status = 200;
    http_reply_header(x, "Content-Type", str_from(asset->type));
    if (is_packed) {
        http_reply_header(x, "Content-Encoding", STR("gzip"));
    }
    buf_append(&x->reply, is_packed ? str_of(asset->packed, asset->packed_len)
                                    : str_of(asset->plain, asset->plain_len));
}
