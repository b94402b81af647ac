// SPDX-License-Identifier: GPL-2.0
/*
 * A machine of which extmem cannot read the page tables. What ioremap_wc() and
 * ioremap_wt() are there is not known, they may be ioremap() by another name, so
 * nothing is promised on them.
 */
#include <linux/bits.h>
#include <linux/io.h>

#include "internal.h"

enum extmem_effective extmem_attr_read(const void *vaddr)
{
	return EXTMEM_EFFECTIVE_UNKNOWN;
}

/* memremap() falls back to ioremap() where it has nothing that caches. */
unsigned int extmem_attr_policies(void)
{
	unsigned int policies = BIT(EXTMEM_UNCACHED);

#if defined(ioremap_cache) || defined(arch_memremap_wb)
	policies |= BIT(EXTMEM_WRITE_BACK);
#endif
	return policies;
}

bool extmem_attr_nonposted(void)
{
	return false;
}
