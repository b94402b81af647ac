/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A board for the rules, as text that one can read and write: what of.c would have read.
 *
 *	machine.policies 0xf
 *	region "/sram@90000000"
 *	memory-type "ram"
 *	label [61 62]
 *	reg.present 1
 *	reg.size 0x1000
 *	partition "/sram@90000000/a@0"
 *
 * A line is a field of the machine or of the node that was begun last, and its value: that
 * of a property as in a DTS, of strings and of bytes; a string; or a number. A line that is
 * none is left out.
 */
#ifndef _EXTMEM_FUZZ_READ_H
#define _EXTMEM_FUZZ_READ_H

#include "rules.h"

#define READ_NODES	12

struct read_node {
	struct extmem_node node;
	struct extmem_place place;
	u32 ram;
	bool is_partition;
};

struct read_board {
	struct extmem_machine machine;
	struct read_node nodes[READ_NODES];
	int count;
	void **taken;			/* all that was allocated for it */
	int taken_count;
};

enum read_kind { READ_PROP, READ_TEXT, READ_NUMBER, READ_FLAG };

struct read_field {
	const char *name;
	enum read_kind kind;
	size_t offset;			/* in a struct read_node; of the machine's in that */
	size_t size;
};

extern const struct read_field read_fields[];
extern const int read_field_count;

void read_board(struct read_board *board, const u8 *data, size_t size);
void read_free(struct read_board *board);

#endif /* _EXTMEM_FUZZ_READ_H */
