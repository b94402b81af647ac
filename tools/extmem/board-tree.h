/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A device tree in memory, wherever it came from, and the questions that the kernel asks
 * it in drivers/of/, with the same answers.
 */
#ifndef EXTMEM_BOARD_TREE_H
#define EXTMEM_BOARD_TREE_H

#include <linux/types.h>

#include "board-arena.h"

/* As in the kernel's drivers/of/fdt.c: it refuses what is deeper. */
#define TREE_MAX_DEPTH	64

/* A line of the source; @line is 0 where there is none. */
struct tree_where {
	const char *file;
	unsigned int line;
};

struct tree_prop {
	struct tree_prop *next;
	const char *name;
	const u8 *value;
	int len;
	struct tree_where where;
};

struct tree_node {
	struct tree_node *parent;
	struct tree_node *next;
	struct tree_node *child;
	struct tree_node *last_child;
	struct tree_prop *props;
	struct tree_prop *last_prop;
	const char *name;		/* with its unit address, "" for the root */
	const char *path;		/* made when it is asked for */
	unsigned int depth;
	struct tree_where where;
};

/* An entry of /memreserve/. */
struct tree_reserve {
	struct tree_reserve *next;
	u64 base;
	u64 size;
};

struct tree {
	struct arena arena;
	const char *file;		/* what the user calls it */
	struct tree_node *root;
	struct tree_reserve *reserves;
};

/* Why a tree cannot be read: an exit code and a line. */
struct tree_error {
	int code;
	char text[400];
};

void tree_init(struct tree *tree, const char *file);
void tree_free(struct tree *tree);
/* Names are printable afterwards, whatever bytes the tree has. */
struct tree_node *tree_add_node(struct tree *tree, struct tree_node *parent, const char *name);
struct tree_prop *tree_add_prop(struct tree *tree, struct tree_node *node, const char *name,
				const void *value, int len);

const char *tree_path(struct tree *tree, struct tree_node *node);
struct tree_node *tree_child(const struct tree_node *node, const char *name);
struct tree_node *tree_find(const struct tree *tree, const char *path);
struct tree_node *tree_find_phandle(const struct tree *tree, u32 phandle);
/* Depth first, in the order of the source; NULL after the last. */
struct tree_node *tree_next(const struct tree_node *node);

const struct tree_prop *tree_prop(const struct tree_node *node, const char *name);
bool tree_has(const struct tree_node *node, const char *name);
bool tree_u32(const struct tree_node *node, const char *name, u32 *value);
/* The first string of a property, if it ends in it. */
const char *tree_string(const struct tree_node *node, const char *name);
bool tree_lists(const struct tree_node *node, const char *name, const char *string);
bool tree_compatible(const struct tree_node *node, const char *compatible);
bool tree_available(const struct tree_node *node);
/* As of_node_name_eq(): without the unit address. */
bool tree_name_is(const struct tree_node *node, const char *name);

#endif /* EXTMEM_BOARD_TREE_H */
