/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A board to which overlays are applied, and from which they are removed: a bus with a
 * region that stays, a driver for the devices that use regions, and what is to be as
 * before when an overlay has gone.
 */
#ifndef _EXTMEM_CYCLE_BOARD_H
#define _EXTMEM_CYCLE_BOARD_H

#include <linux/atomic.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "fixture.h"

struct device_node;
struct kunit;

/* What cycle_buses.dtso describes, and the overlays for it. */
#define CYCLE_STAYS	"extmem-stays"
#define CYCLE_EARLY	CYCLE_STAYS ".early"
#define CYCLE_LATE	CYCLE_STAYS ".late"
#define CYCLE_POOLED	"extmem-pooled"
#define CYCLE_POOL	CYCLE_POOLED ".pool"
#define CYCLE_COMES	"extmem-comes"
#define CYCLE_WINDOW	CYCLE_COMES ".window"
#define CYCLE_COMBINED	"extmem-combined"
#define CYCLE_SIZE	0x40000		/* of the one that stays */
#define CYCLE_LATE_AT	0x20000
#define CYCLE_PART_SIZE	0x10000
#define CYCLE_SIM	"/extmem-cycles/sim@d8100000"
#define CYCLE_REAL	"/extmem-cycles/real@90000000"
#define CYCLE_WORD	0x80		/* where the drivers write */
#define CYCLE_OVERLAYS	4		/* the most at a time */

/**
 * struct cycle_state - what there is
 * @regions: devices of class extmem
 * @devices: platform devices
 * @node: references to the node of the bus
 * @stays: references to the device of the region that stays
 * @iomem: /proc/iomem
 */
struct cycle_state {
	int regions;
	int devices;
	unsigned int node;
	unsigned int stays;
	char *iomem;
};

/**
 * struct cycle_board - the board of a test
 * @bus: its bus
 * @stays: the region that stays; held
 * @dev: a devtmpfs
 * @before: what there was when it was made
 * @log_start: where the kernel's log ended then
 * @bound: devices that are bound to the driver
 * @unbinds: how often one was unbound
 * @wrong: how often the driver found memory not to be there
 * @wait: for changes of @bound
 * @applied: overlays that go with the test if it ends before it has removed them, or 0
 */
struct cycle_board {
	struct device_node *bus;
	struct extmem_region *stays;
	struct vfsmount *dev;
	struct cycle_state before;
	u64 log_start;
	atomic_t bound;
	atomic_t unbinds;
	atomic_t wrong;
	wait_queue_head_t wait;
	int applied[CYCLE_OVERLAYS];
};

/* cycle_apply(board, cycle_part, &id): by hand, so that it can fail, and be removed. */
#define cycle_apply(board, name, id)						\
({										\
	extern u8 __dtbo_##name##_begin[];					\
	extern u8 __dtbo_##name##_end[];					\
										\
	cycle_apply_blob(board, __dtbo_##name##_begin,				\
			 __dtbo_##name##_end - __dtbo_##name##_begin, id);	\
})

struct cycle_board *cycle_board_new(struct kunit *test, const char *bus);
int cycle_apply_blob(struct cycle_board *board, const void *blob, u32 size, int *id);
void cycle_remove(struct kunit *test, struct cycle_board *board, int *id);
bool cycle_is_bound(struct cycle_board *board, int count);
void cycle_expect_as_before(struct kunit *test, struct cycle_board *board);

#endif /* _EXTMEM_CYCLE_BOARD_H */
