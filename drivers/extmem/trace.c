// SPDX-License-Identifier: GPL-2.0
/*
 * The code of the events, once.
 */
#include "internal.h"

#define CREATE_TRACE_POINTS
#include "trace.h"
