#include "cli/answer.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail_to_write(const struct answer *answer, int problem, struct fault *why)
{
    fail(why, SYSTEM, "The answer could not be written%s%s: %s.",
         answer->path == NULL ? "" : " to ", answer->path == NULL ? "" : answer->path,
         problem == 0 ? "the disk may be full" : strerror(problem));
    return fault_hint(why, "make room or name another file, then run it again");
}

/* What is there already and is no plain file (a terminal, a pipe, /dev/null) has no part. */
static bool is_device(const char *path)
{
    struct stat seen;

    return stat(path, &seen) == 0 && !S_ISREG(seen.st_mode);
}

bool answer_open(struct answer *answer, struct arena *a, const char *path, struct fault *why)
{
    *answer = (struct answer){ .out = stdout };
    if (path == NULL || strcmp(path, "-") == 0)
        return true;
    answer->path = path;
    if (!is_device(path))
        answer->part = arena_print(a, "%s.part-%ld", path, (long)getpid());
    answer->out = fopen(answer->part != NULL ? answer->part : path, "wb");
    return answer->out != NULL || fail_to_write(answer, errno, why);
}

/* A pipe whose reader is gone: nobody wants the rest, and nobody wants to hear of it. */
static bool reader_is_gone(FILE *out)
{
    struct pollfd state = { .fd = fileno(out), .events = POLLOUT };

    return poll(&state, 1, 0) == 1 && (state.revents & POLLERR) != 0;
}

bool answer_close(struct answer *answer, struct fault *why)
{
    errno = 0;
    bool whole = fflush(answer->out) == 0 && !ferror(answer->out);
    int problem = errno;

    if (!whole && (problem == EPIPE || reader_is_gone(answer->out)))
        return true;
    if (answer->path == NULL)
        return whole || fail_to_write(answer, problem, why);
    errno = 0;
    if (fclose(answer->out) != 0 && whole) {
        whole = false;
        problem = errno;
    }
    answer->out = NULL;
    if (whole && (answer->part == NULL || rename(answer->part, answer->path) == 0))
        return true;
    if (whole)
        problem = errno;
    answer_drop(answer);
    return fail_to_write(answer, problem, why);
}

void answer_drop(struct answer *answer)
{
    if (answer->out != NULL && answer->out != stdout)
        fclose(answer->out);
    answer->out = NULL;
    if (answer->part != NULL)
        unlink(answer->part);
}
