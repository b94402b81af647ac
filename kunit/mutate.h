/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flattened trees, changed at random, and the same for the same seed. For user space, too.
 */
#ifndef _EXTMEM_MUTATE_H
#define _EXTMEM_MUTATE_H

#include <linux/types.h>

/* The longest value that is made up. */
#define MUTATE_VALUE	512

/**
 * struct mutate - where the changes come from
 * @state: of the random numbers; any number but 0
 * @names: how many nodes have got a name, of which each is another one
 */
struct mutate {
	u64 state;
	u32 names;
};

u64 mutate_below(struct mutate *m, u64 limit);
bool mutate_chance(struct mutate *m, u32 one_in);
u64 mutate_number(struct mutate *m);
const char *mutate_prop_name(struct mutate *m);
int mutate_value(struct mutate *m, const char *name, u8 *value);
void mutate_tree(struct mutate *m, void *fdt, const char *under);
void mutate_overlay(void *fdt, u32 seed, u32 round);

#endif /* _EXTMEM_MUTATE_H */
