/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What calls reach in the kernel, by KCOV, and which calls to make for that reason.
 */
#ifndef _GUEST_FEEDBACK_H
#define _GUEST_FEEDBACK_H

#include <stdbool.h>
#include <stdint.h>

#define SEQUENCE 12			/* the most calls that are kept together */

/**
 * struct call - a call that can be made again
 * @op: which kind
 * @seed: of all that is drawn for it
 */
struct call {
	unsigned int op;
	uint64_t seed;
};

struct sequence {
	struct call calls[SEQUENCE];
	unsigned int count;
};

/**
 * struct feedback - of one thread
 * @seed: of what is suggested
 * @area: what KCOV writes; [0] is the number of the others
 * @learns: whether calls are suggested at all
 * @kept: sequences that have reached something new, of which there are @kept_count
 * @plan: the sequence that is suggested, from @at on
 * @now: what was made since it began
 */
struct feedback {
	uint64_t seed;
	unsigned long *area;
	bool learns;
	struct sequence *kept;
	unsigned int kept_count;
	struct sequence plan;
	unsigned int at;
	struct sequence now;
};

/* For the calling thread; fails without KCOV. */
void feedback_start(struct feedback *feedback, uint64_t seed, bool learns);
/* The next call, or false if it is to be drawn. */
bool feedback_suggest(struct feedback *feedback, struct call *call);
/* Before and after the call is made. */
void feedback_begin(struct feedback *feedback);
void feedback_end(struct feedback *feedback, const struct call *call);

/* How many places all threads have reached. */
unsigned long feedback_places(void);

#endif /* _GUEST_FEEDBACK_H */
