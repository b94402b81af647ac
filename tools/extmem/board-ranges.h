/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sets of addresses.
 */
#ifndef EXTMEM_BOARD_RANGES_H
#define EXTMEM_BOARD_RANGES_H

#include <linux/types.h>

#include "board-arena.h"

/* Both ends belong to it, so that the last byte of all can. */
struct range {
	u64 first;
	u64 last;
};

/* Ascending, neither touching nor overlapping. */
struct ranges {
	struct arena *arena;
	struct range *list;
	size_t count;
	size_t room;
};

/* Of what has a size, or the last address of all. */
static inline u64 range_last(u64 base, u64 size)
{
	return base + size - 1 < base ? (u64)-1 : base + size - 1;
}

void ranges_init(struct ranges *ranges, struct arena *arena);
void ranges_add(struct ranges *ranges, u64 first, u64 last);
void ranges_remove(struct ranges *ranges, u64 first, u64 last);
/* What is in a range, in bytes; all of 64 bits are one less than there are. */
u64 ranges_bytes(const struct ranges *ranges, u64 first, u64 last);
/* A copy of what is in a range. */
void ranges_cut(const struct ranges *from, u64 first, u64 last, struct ranges *cut);

#endif /* EXTMEM_BOARD_RANGES_H */
