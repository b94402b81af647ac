/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the page tables of a user say of an address, read by other means than extmem's.
 */
#ifndef _EXTMEM_USER_ENTRY_H
#define _EXTMEM_USER_ENTRY_H

#include <linux/types.h>
#include <uapi/linux/extmem.h>

/**
 * struct user_entry - the entry of an address
 * @pfn: the page frame that the address is in
 * @huge: it is one for more than a page
 * @writable: it can be written without a fault
 * @attr: its attribute; unknown where it cannot be read
 */
struct user_entry {
	unsigned long pfn;
	bool huge;
	bool writable;
	enum extmem_effective attr;
};

int user_entry_read(unsigned long addr, struct user_entry *entry);

#endif /* _EXTMEM_USER_ENTRY_H */
