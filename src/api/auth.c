/* auth.c - the key's digest is looked up, never the key compared. */
#include "api/auth.h"

#include "crypto/secret.h"
#include "format/base64.h"

enum { CREDENTIALS_LEN_MAX = 512 };

static void refuse(struct call *call, enum problem problem)
{
    problem_reply(call->x, problem, call->request_id, NULL, "%s", problem_info(problem)->remedy);
}

static bool digest_key(struct call *call, struct str key)
{
    bool is_live;
    if (!api_key_read_mode(&is_live, key)) {
        refuse(call, PROBLEM_INVALID_CREDENTIALS);
        return false;
    }
    if (!call->is_hashed) {
        call->key_hash = digest_of(key);
        call->is_hashed = true;
    }
    return true;
}

/* "user:password" with the key as user and no password. */
static bool basic_read(struct call *call, struct str encoded)
{
    struct buf plain;
    buf_init(&plain, CREDENTIALS_LEN_MAX);
    bool is_read = base64_read(&plain, encoded);
    struct str user = buf_str(&plain);
    user = str_slice(user, 0, str_find(user, 0, ':'));
    if (is_read) {
        is_read = digest_key(call, user);
    } else {
        refuse(call, PROBLEM_INVALID_CREDENTIALS);
    }
    if (plain.ptr != NULL) {
        secret_wipe(plain.ptr, plain.size);
    }
    buf_finish(&plain);
    return is_read;
}

bool auth_read(struct call *call)
{
    unsigned count;
    struct str value = http_header_find(call->x, STR("Authorization"), &count);
    if (count == 0) {
        refuse(call, PROBLEM_AUTHENTICATION_REQUIRED);
        return false;
    }
    size_t space = str_find(value, 0, ' ');
    struct str scheme = str_slice(value, 0, space);
    struct str rest = str_trim(str_slice(value, space, value.len));
    if (count > 1 || rest.len > CREDENTIALS_LEN_MAX) {
        refuse(call, PROBLEM_INVALID_CREDENTIALS);
        return false;
    }
    if (str_eq_ignore_case(scheme, STR("Bearer"))) {
        return digest_key(call, rest);
    }
    if (str_eq_ignore_case(scheme, STR("Basic"))) {
        return basic_read(call, rest);
    }
    refuse(call, PROBLEM_AUTHENTICATION_REQUIRED);
    return false;
}

bool auth_peek(struct digest *out, const struct http_exchange *x)
{
    struct str value = http_header_find(x, STR("Authorization"), NULL);
    size_t space = str_find(value, 0, ' ');
    struct str key = str_trim(str_slice(value, space, value.len));
    if (key.len == 0 || key.len > CREDENTIALS_LEN_MAX ||
        !str_eq_ignore_case(str_slice(value, 0, space), STR("Bearer"))) {
        return false;
    }
    *out = digest_of(key);
    return true;
}

bool auth_recall(struct call *call)
{
    call->is_known = key_ring_find(call->service->key_ring, &call->key_hash,
                                   (int64_t)(steady_now_us() / 1000), &call->key);
    return call->is_known;
}

bool auth_look_up(struct call *call)
{
    struct error err = {{0}, {0}};
    CHECK(call->db != NULL);
    enum status status =
        key_ring_fetch(call->service->key_ring, call->db, &call->key_hash,
                       (int64_t)(steady_now_us() / 1000), &call->key, call->x->arena, &err);
    call->is_known = status == STATUS_OK;
    if (status == STATUS_NOT_FOUND) {
        refuse(call, PROBLEM_INVALID_CREDENTIALS);
    } else if (status != STATUS_OK) {
        problem_reply_status(call->x, status, &err, call->request_id);
    }
    return call->is_known;
}

bool auth_is_good(const struct call *call)
{
    const struct api_key *key = &call->key;
    return call->is_known && key->revoked_ms == 0 &&
           (key->expires_ms == 0 || call->now_ms < key->expires_ms);
}

bool auth_allow(struct call *call)
{
    CHECK(call->is_known);
    if (call->key.revoked_ms != 0) {
        refuse(call, PROBLEM_INVALID_CREDENTIALS);
        return false;
    }
    if (call->key.expires_ms != 0 && call->now_ms >= call->key.expires_ms) {
        refuse(call, PROBLEM_KEY_EXPIRED);
        return false;
    }
    if (!scopes_allow(call->key.scopes, call->route->scope)) {
        problem_reply(call->x, PROBLEM_INSUFFICIENT_SCOPE, call->request_id, NULL,
                      "This needs a key with the scope %s.", call->route->scope);
        return false;
    }
    return true;
}
