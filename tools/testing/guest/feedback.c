// SPDX-License-Identifier: GPL-2.0
/*
 * What calls reach in the kernel, by KCOV: only extmem is instrumented for it. A sequence
 * that has reached something new is kept, and made again with a change: it has opened what
 * the next call needs. The same calls for the same seed, as long as a thread has its files
 * for itself.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kcov.h>

#include "feedback.h"
#include "stress.h"

#define KCOV_FILE	"/sys/kernel/debug/kcov"
#define AREA_WORDS	(64UL << 10)
#define KEPT		4096		/* more than there are places */
#define PLACES		BIT(16)	/* many more than extmem has */

/* A hash table, in which nothing is ever removed. */
static atomic_ulong places[PLACES];
static atomic_ulong place_count;

unsigned long feedback_places(void)
{
	return atomic_load(&place_count);
}

/* Returns: whether nobody has been there. */
static bool add_place(unsigned long pc)
{
	unsigned long at = (pc >> 2) * 0x9e3779b97f4a7c15UL >> 48, there;

	for (;; at++) {
		there = 0;
		if (atomic_compare_exchange_strong(&places[at % PLACES], &there, pc)) {
			atomic_fetch_add(&place_count, 1);
			return true;
		}
		if (there == pc)
			return false;
	}
}

void feedback_start(struct feedback *feedback, uint64_t seed, bool learns)
{
	int fd = open(KCOV_FILE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		fail("%s: %s; the kernel needs CONFIG_KCOV", KCOV_FILE, strerror(errno));
	if (ioctl(fd, KCOV_INIT_TRACE, AREA_WORDS))
		fail("KCOV_INIT_TRACE: %s", strerror(errno));
	feedback->area = mmap(NULL, AREA_WORDS * sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED,
			      fd, 0);
	feedback->kept = calloc(KEPT, sizeof(*feedback->kept));
	if (feedback->area == MAP_FAILED || !feedback->kept)
		fail("no memory");
	if (ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC))
		fail("KCOV_ENABLE: %s", strerror(errno));
	feedback->seed = seed;
	feedback->learns = learns;
}

/* --- what to do next --- */

static uint64_t below(struct feedback *feedback, uint64_t limit)
{
	return draw_below(&feedback->seed, limit);
}

/* One of those that were kept, with a call that is gone, other or of another one's. */
static void plan_change(struct feedback *feedback)
{
	struct sequence *plan = &feedback->plan, *other;
	unsigned int at, from;

	*plan = feedback->kept[below(feedback, feedback->kept_count)];
	at = below(feedback, plan->count);
	switch (below(feedback, 4)) {
	case 0:
		if (plan->count > 1)
			memmove(&plan->calls[at], &plan->calls[at + 1],
				(--plan->count - at) * sizeof(*plan->calls));
		break;
	case 1:
		plan->calls[at].seed = draw(&feedback->seed);
		break;
	case 2:
		other = &feedback->kept[below(feedback, feedback->kept_count)];
		from = below(feedback, other->count);
		while (at < SEQUENCE && from < other->count)
			plan->calls[at++] = other->calls[from++];
		if (plan->count < at)
			plan->count = at;
		break;
	default:
		/* As it is, and the next one is drawn. */
		break;
	}
}

bool feedback_suggest(struct feedback *feedback, struct call *call)
{
	if (!feedback->learns)
		return false;
	if (feedback->at < feedback->plan.count) {
		*call = feedback->plan.calls[feedback->at++];
		return true;
	}
	/* Behind a sequence that was planned comes a call that is drawn, and then another one. */
	if (feedback->now.count < SEQUENCE && below(feedback, 4))
		return false;
	feedback->now.count = 0;
	feedback->plan.count = 0;
	feedback->at = 0;
	if (!feedback->kept_count || !below(feedback, 4))
		return false;
	plan_change(feedback);
	*call = feedback->plan.calls[feedback->at++];
	return true;
}

void feedback_begin(struct feedback *feedback)
{
	__atomic_store_n(&feedback->area[0], 0, __ATOMIC_RELAXED);
}

void feedback_end(struct feedback *feedback, const struct call *call)
{
	unsigned long i, count = __atomic_load_n(&feedback->area[0], __ATOMIC_RELAXED);
	struct sequence *now = &feedback->now;
	bool is_new = false;

	for (i = 1; i <= count && i < AREA_WORDS; i++)
		is_new |= add_place(feedback->area[i]);
	if (!feedback->learns)
		return;
	if (now->count == SEQUENCE)
		now->count = 0;
	now->calls[now->count++] = *call;
	if (is_new && feedback->kept_count < KEPT)
		feedback->kept[feedback->kept_count++] = *now;
}
