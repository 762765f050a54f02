/* Working: what run, worker and demo share. */
#ifndef CLI_WORKING_H
#define CLI_WORKING_H

#include "cli/call.h"
#include "flow/doctor.h"

/* Fills what every delivery of this call has in common, and runs it until stopped. */
bool deliver_for_call(const struct call *call, struct deliver_request *request,
                      struct deliver_result *result, struct fault *why);

#endif
