/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which line of the source a node or a property is from.
 */
#ifndef EXTMEM_BOARD_WHERE_H
#define EXTMEM_BOARD_WHERE_H

#include "board-tree.h"

/* @text is what dtc -T prints of the tree, with files as seen from @folder; it is changed. */
void tree_add_where(struct tree *tree, char *text, const char *folder);

/* The property's line, or the node's if there is no such property; never NULL. */
const struct tree_where *tree_where(const struct tree_node *node, const char *prop);

#endif /* EXTMEM_BOARD_WHERE_H */
