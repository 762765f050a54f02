/*
 * Point: addresses are shown in part, until somebody opens one; that they did is journalled.
 */
#ifndef FLOW_POINT_H
#define FLOW_POINT_H

#include "flow/book.h"

/* Somebody is shown the whole of this address. NOT_FOUND when there is none of this number. */
bool point_opened(struct book *b, struct casefile_key key, int32_t number, struct fault *why);

#endif
