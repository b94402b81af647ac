/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A board as extmem will find it: its memory, its reservations and its regions, each with
 * the kernel's verdict, by the kernel's own rules.
 */
#ifndef EXTMEM_BOARD_H
#define EXTMEM_BOARD_H

#include "board-ranges.h"
#include "board-tree.h"
#include "rules.h"

struct board_machine {
	const char *name;		/* "arm64" */
	bool given;			/* by the user, and not by the tree */
	bool known;			/* either of them said it */
	bool dma_coherent;		/* devices are, if the tree does not say */
	u64 huge;			/* bytes in one entry of a user's mapping, or 0 */
	u64 pool_alignment;		/* that the kernel asks of a reusable pool */
	struct extmem_machine facts;
};

struct board_reservation {
	struct board_reservation *next;
	struct tree_node *node;		/* NULL of a /memreserve/ */
	const char *name;
	u64 base;
	u64 size;
	bool has_base;			/* else it has a size, and no memory for it */
	bool floating;			/* the boot chooses the base; this one is likely */
	bool no_map;
	bool pool;
	bool reusable;
};

enum board_standing {
	BOARD_GOOD,
	BOARD_REFUSED,
	BOARD_LOST,			/* a partition of a region that is refused */
};

struct board_region {
	struct board_region *next;
	struct board_region *root;	/* of a partition; NULL of a region */
	struct tree_node *node;
	struct extmem_node said;
	struct extmem_desc desc;
	struct extmem_verdict verdict;
	enum board_standing standing;
	const char *backend;
	const struct board_reservation *reservation;
	bool has_place;			/* its address and size are known */
	u64 base;			/* CPU address, of a partition, too */
	u64 size;			/* of a cma region, that of its buffer */
};

struct board {
	struct tree tree;
	struct board_machine machine;
	const char *of_id;		/* or NULL */
	const char *model;		/* or NULL */
	bool knows_memory;		/* its /memory says how much there is */
	struct ranges installed;	/* what /memory says */
	struct ranges memory;		/* of that, what Linux may have */
	struct ranges ram;		/* of that, what it maps */
	struct board_reservation *reservations;
	struct board_region *regions;	/* and partitions after theirs, in the kernel's order */
	unsigned int region_count;
	unsigned int partition_count;
};

struct board_options {
	const char *arch;		/* or NULL */
	const char *of_id;		/* as the kernel's parameter, or NULL */
	bool simulate;			/* as the kernel's parameter */
	u64 page_size;			/* 0 for 4 KiB */
	const char * const *includes;	/* NULL after the last; or NULL */
};

/* board_free() in any case. */
bool board_load(struct board *board, const char *file, const struct board_options *options,
		struct tree_error *error);
/* The same of a tree that is there: it belongs to the board afterwards. */
bool board_build(struct board *board, const struct board_options *options,
		 struct tree_error *error);
void board_free(struct board *board);

/* --- board-machine.c --- */
bool board_set_machine(struct board *board, const struct board_options *options,
		       struct tree_error *error);

/* --- board-memory.c --- */
void board_find_memory(struct board *board);
const struct board_reservation *board_reservation_of(const struct board *board,
						     const struct tree_node *node);
enum extmem_overlap board_ram_in(const struct board *board, const struct extmem_desc *desc);

/* --- board-place.c: reservations that have a size and no address --- */
void board_place_reservations(struct board *board);

/* --- board-node.c: what drivers/extmem/of.c does --- */
#define BOARD_COMPATIBLE "extmem-region"
void board_read_region(struct board *board, struct tree_node *node, struct extmem_node *said);
void board_read_partition(struct board *board, struct tree_node *node,
			  struct extmem_node *said);
bool board_is_region(const struct board *board, const struct tree_node *node);
bool board_is_reservation(const struct tree_node *node);

/* --- board-regions.c: what drivers/extmem/driver.c and index.c do --- */
void board_find_regions(struct board *board);

#endif /* EXTMEM_BOARD_H */
