/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Parts of a struct extmem_node, to write one down in few words. For user space, too.
 */
#ifndef _EXTMEM_NODE_PARTS_H
#define _EXTMEM_NODE_PARTS_H

/* The bytes of a property: a string with its NUL, or raw ones without. */
#define TEXT(s)		{ .present = true, .value = (s), .len = sizeof(s) }
#define BYTES(s)	{ .present = true, .value = (s), .len = sizeof(s) - 1 }
#define ONE_CELL(n)	BYTES("\0\0\0" n)

/* Of a struct extmem_reg: how long it is, and the cells of the parent. */
#define CELLS(bytes, addr, size_) \
	.present = true, .len = (bytes), .addr_cells = (addr), .size_cells = (size_)

#endif /* _EXTMEM_NODE_PARTS_H */
