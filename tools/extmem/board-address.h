/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses and sizes in a device tree, as the kernel's drivers/of/ reads them.
 */
#ifndef EXTMEM_BOARD_ADDRESS_H
#define EXTMEM_BOARD_ADDRESS_H

#include "board-tree.h"

#define BAD_ADDRESS	((u64)-1)

/* Of the node's parent; what is not there is inherited. */
int tree_address_cells(const struct tree_node *node);
int tree_size_cells(const struct tree_node *node);

/*
 * The number in @count cells at cell @first of a property, of which the last two count.
 * What is beyond its end is 0.
 */
u64 tree_number(const struct tree_prop *prop, long first, long count);

/* CPU address of the first address in a node's reg, or BAD_ADDRESS. */
u64 tree_translate(const struct tree_node *node, const struct tree_prop *reg);

/* Range @index of reg, with CPU addresses. Return: false if there is no such range. */
bool tree_range(const struct tree_node *node, int index, u64 *base, u64 *size);

#endif /* EXTMEM_BOARD_ADDRESS_H */
