// libcurl's setters and getters are variadic, which Swift cannot call: one plain function for each kind of value.
#include <curl/curl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

static inline CURLcode convene_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static inline CURLcode convene_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode convene_curl_set_size(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode convene_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode convene_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
// Bodies and header lines, in and out.
static inline CURLcode convene_curl_set_transfer_callback(
    CURL *easy, CURLoption option, size_t (*callback)(char *, size_t, size_t, void *)) {
    return curl_easy_setopt(easy, option, callback);
}
static inline CURLcode convene_curl_set_seek_callback(CURL *easy, int (*callback)(void *, curl_off_t, int)) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, callback);
}
static inline CURLcode convene_curl_set_open_socket_callback(
    CURL *easy, curl_socket_t (*callback)(void *, curlsocktype, struct curl_sockaddr *)) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
}
// Called about once a second; what is not 0 ends the transfer.
static inline CURLcode convene_curl_set_progress_callback(
    CURL *easy, int (*callback)(void *, curl_off_t, curl_off_t, curl_off_t, curl_off_t)) {
    return curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, callback);
}
static inline CURLcode convene_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}

// `addr` is declared as 16 bytes but followed by the rest of an IPv6 address.
static inline const struct sockaddr *convene_curl_address(const struct curl_sockaddr *socket) { return &socket->addr; }
static inline curl_socket_t convene_curl_open(const struct curl_sockaddr *to) {
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

// What wakes the thread that waits in curl_multi_poll. A descriptor, unlike the multi handle, may be used anywhere.
static inline int convene_wake_descriptor(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
