/* listener.c - getaddrinfo, SO_REUSEPORT, accept4. */
#include "http/listener.h"

#include "base/defect.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LISTEN_BACKLOG = 1024 };

static const char v4_mapped[] = "::ffff:";

/* getaddrinfo() takes 99999 for 34463. */
static bool port_is_valid(const char *text)
{
    unsigned port = 0;
    size_t len = 0;
    for (; text[len] >= '0' && text[len] <= '9' && len < 5; len++) {
        port = port * 10 + (unsigned)(text[len] - '0');
    }
    return len > 0 && text[len] == '\0' && port <= UINT16_MAX;
}

enum status listen_address_read(struct listen_address *out, const char *text, struct error *err)
{
    char host[256];
    const char *colon = strrchr(text, ':');
    struct str name = colon == NULL ? STR("") : str_of(text, (size_t)(colon - text));
    bool has_brackets = name.len > 2 && name.ptr[0] == '[' && name.ptr[name.len - 1] == ']';
    if (has_brackets) {
        name = str_slice(name, 1, name.len - 1);
    }
    bool is_bare_ip6 = !has_brackets && str_find(name, 0, ':') < name.len;
    if (name.len == 0 || name.len >= sizeof host || is_bare_ip6 || !port_is_valid(colon + 1)) {
        return error_set(err, STATUS_INVALID, text, "\"%s\" is not an address and a port.", text);
    }
    memcpy(host, name.ptr, name.len);
    host[name.len] = '\0';
    const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                   .ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int code = getaddrinfo(host, colon + 1, &hints, &found);
    if (code != 0) {
        return error_set(err, STATUS_INVALID, text, "Cannot listen at %s: %s.", text,
                         gai_strerror(code));
    }
    memcpy(&out->address, found->ai_addr, found->ai_addrlen);
    out->len = found->ai_addrlen;
    freeaddrinfo(found);
    return STATUS_OK;
}

static enum status listen_error(struct error *err, const char *text)
{
    return error_set(err, STATUS_IO, text, "Cannot listen at %s: %s.", text, strerror(errno));
}

static uint16_t port_of(const struct listen_address *address)
{
    if (address->address.ss_family == AF_INET6) {
        return ntohs(((const struct sockaddr_in6 *)&address->address)->sin6_port);
    }
    return ntohs(((const struct sockaddr_in *)&address->address)->sin_port);
}

void listen_address_set_port(struct listen_address *address, uint16_t port)
{
    if (address->address.ss_family == AF_INET6) {
        ((struct sockaddr_in6 *)&address->address)->sin6_port = htons(port);
    } else {
        ((struct sockaddr_in *)&address->address)->sin_port = htons(port);
    }
}

static int socket_bound(const struct listen_address *address, bool is_shared)
{
    int fd = socket(address->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    const int on = 1;
    bool is_ok = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0;
    if (is_shared) {
        is_ok = is_ok && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) == 0;
    }
    if (!is_ok || bind(fd, (const struct sockaddr *)&address->address, address->len) != 0) {
        int reason = errno;
        (void)close(fd);
        errno = reason;
        return -1;
    }
    return fd;
}

enum status listen_address_probe(const struct listen_address *address, const char *text,
                                 struct error *err)
{
    int fd = socket_bound(address, false);
    if (fd < 0) {
        return listen_error(err, text);
    }
    (void)close(fd);
    return STATUS_OK;
}

static int reserve_open(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

enum status listener_open(struct listener *l, const struct listen_address *address,
                          const char *text, uint16_t *port, struct error *err)
{
    l->fd = socket_bound(address, true);
    l->reserve_fd = -1;
    struct listen_address taken = {.len = sizeof taken.address};
    if (l->fd < 0 || listen(l->fd, LISTEN_BACKLOG) != 0 ||
        getsockname(l->fd, (struct sockaddr *)&taken.address, &taken.len) != 0) {
        enum status status = listen_error(err, text);
        listener_close(l);
        return status;
    }
    *port = port_of(&taken);
    l->reserve_fd = reserve_open();
    return STATUS_OK;
}

void listener_close(struct listener *l)
{
    if (l->fd >= 0) {
        (void)close(l->fd);
    }
    if (l->reserve_fd >= 0) {
        (void)close(l->reserve_fd);
    }
    l->fd = -1;
    l->reserve_fd = -1;
}

static enum accept_result turn_away(struct listener *l)
{
    if (DEFECT(ACCEPT_SPINS)) {
        return ACCEPT_CLOSED;
    }
    if (l->reserve_fd < 0) {
        l->reserve_fd = reserve_open();
        return ACCEPT_FAILED;
    }
    (void)close(l->reserve_fd);
    int fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC);
    int reason = errno;
    if (fd >= 0) {
        (void)close(fd);
    }
    l->reserve_fd = reserve_open();
    errno = fd >= 0 ? EMFILE : reason;
    if (fd >= 0) {
        return ACCEPT_CLOSED;
    }
    return reason == EAGAIN || reason == EWOULDBLOCK ? ACCEPT_NONE : ACCEPT_FAILED;
}

static void peer_text(char peer[64], const struct sockaddr_storage *address)
{
    char text[INET6_ADDRSTRLEN] = "";
    if (address->ss_family == AF_INET6) {
        const struct sockaddr_in6 *ip6 = (const struct sockaddr_in6 *)address;
        (void)inet_ntop(AF_INET6, &ip6->sin6_addr, text, sizeof text);
    } else {
        const struct sockaddr_in *ip4 = (const struct sockaddr_in *)address;
        (void)inet_ntop(AF_INET, &ip4->sin_addr, text, sizeof text);
    }
    const char *from = text;
    if (strncmp(text, v4_mapped, sizeof v4_mapped - 1) == 0 && strchr(text, '.') != NULL) {
        from = text + sizeof v4_mapped - 1;
    }
    (void)snprintf(peer, 64, "%s", from);
}

enum accept_result listener_accept(struct listener *l, int fd_end, int *fd,
                                   struct listener_peer *peer)
{
    struct sockaddr_storage address;
    socklen_t len = sizeof address;
    *fd = accept4(l->fd, (struct sockaddr *)&address, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (*fd < 0) {
        switch (errno) {
        case EAGAIN: return ACCEPT_NONE;
        case EINTR:
        case ECONNABORTED: return ACCEPT_GONE;
        case EMFILE:
        case ENFILE: return turn_away(l);
        default: return ACCEPT_FAILED;
        }
    }
    if (*fd >= fd_end && !DEFECT(ACCEPT_SPINS)) {
        (void)close(*fd);
        errno = EMFILE;
        return ACCEPT_CLOSED;
    }
    const int on = 1;
    (void)setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    peer_text(peer->text, &address);
    peer->address = pace_address_of(&address);
    return ACCEPT_OK;
}
