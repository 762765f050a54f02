/*
 * Torture: places where the check kills the program, to show that nothing is lost or doubled.
 *
 * Only in the check's build (RECOUP_TORTURE): RECOUP_KILL_AT=n ends the process by SIGKILL at
 * the n-th place that is reached. In the release program the places are not there.
 */
#ifndef BASE_TORTURE_H
#define BASE_TORTURE_H

#ifdef RECOUP_TORTURE
void torture_point(const char *where);
#else
#define torture_point(where) ((void)0)
#endif

#endif
