/*
 * What the server library costs by itself: libmicrohttpd as recoup uses it, with one reply that is
 * always the same. bench/serve measures it beside recoup.
 *
 *   build/bench/reply FILE TYPE     prints its port; ends with its standard input
 */
#include <microhttpd.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST = 1 << 20, THREADS = 2 }; /* as in src/web/listen.c */

static char bytes[MOST];
static size_t length;
static const char *type;

static enum MHD_Result answer(void *self, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_length, void **kept)
{
    static int begun;

    (void)self, (void)path, (void)method, (void)version, (void)upload, (void)upload_length;
    if (*kept == NULL) {
        *kept = &begun; /* the head is there; the reply follows the whole request */
        return MHD_YES;
    }
    struct MHD_Response *reply =
        MHD_create_response_from_buffer(length, bytes, MHD_RESPMEM_PERSISTENT);
    MHD_add_response_header(reply, "Content-Type", type);
    enum MHD_Result done = MHD_queue_response(connection, MHD_HTTP_OK, reply);
    MHD_destroy_response(reply);
    return done;
}

int main(int argc, char **argv)
{
    FILE *in = argc == 3 ? fopen(argv[1], "rb") : NULL;

    if (in == NULL) {
        fprintf(stderr, "reply FILE TYPE\n");
        return 2;
    }
    length = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    type = argv[2];
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, NULL,
                         MHD_OPTION_THREAD_POOL_SIZE, (unsigned)THREADS, MHD_OPTION_END);
    if (daemon == NULL)
        return 1;
    printf("%u\n", (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    while (getchar() != EOF)
        ;
    MHD_stop_daemon(daemon);
    return 0;
}
