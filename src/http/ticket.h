/* ticket.h - the keys that seal TLS session tickets, made by chance and gone with their time.
 *
 * A ticket lets a client that was here before come back without a signature of ours.  Who learns
 * the key of a ticket can read that session, so no key lives long: a new one is made every
 * TICKET_KEY_ISSUE_S, the one before still opens its tickets for TICKET_LIFE_S, then it is wiped.
 * They are shared by all loops, outlive a renewed certificate, and die with the process.
 *
 * Time is an argument: nobody reads a clock here. */
#ifndef HTTP_TICKET_H
#define HTTP_TICKET_H

#include "base/check.h"

#include <stdbool.h>
#include <stdint.h>

struct evp_cipher_ctx_st;
struct evp_mac_ctx_st;

enum {
    TICKET_KEY_ISSUE_S = 4 * 3600,
    TICKET_LIFE_S = 4 * 3600,
    TICKET_NAME_LEN = 16,
    TICKET_IV_LEN = 16,
};

struct ticket_keys;

struct ticket_keys *ticket_keys_create(uint64_t now_us); /* with a first key; NULL: no memory */
void ticket_keys_destroy(struct ticket_keys *keys);
/* Make a new key if it is time, wipe those whose last ticket has ended.  Any thread. */
void ticket_keys_turn(struct ticket_keys *keys, uint64_t now_us);
unsigned ticket_keys_count(struct ticket_keys *keys);

enum ticket_use {
    TICKET_FAILED = -1,
    TICKET_UNKNOWN = 0, /* its key is gone: shake hands in full */
    TICKET_FRESH = 1,
    TICKET_OLD = 2, /* good, and to be replaced by one of the newest key */
};

/* Ready both contexts to seal a ticket; fills name and iv. */
enum ticket_use ticket_seal(struct ticket_keys *keys, unsigned char name[TICKET_NAME_LEN],
                            unsigned char iv[TICKET_IV_LEN], struct evp_cipher_ctx_st *cipher,
                            struct evp_mac_ctx_st *mac) MUST_USE;
/* Ready both contexts to open the ticket of that name. */
enum ticket_use ticket_open(struct ticket_keys *keys, const unsigned char name[TICKET_NAME_LEN],
                            const unsigned char iv[TICKET_IV_LEN], struct evp_cipher_ctx_st *cipher,
                            struct evp_mac_ctx_st *mac) MUST_USE;

#endif
