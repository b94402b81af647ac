// SPDX-License-Identifier: GPL-2.0
/*
 * arm64: the MMU itself translates the address, as for a load, and leaves the
 * memory attribute in PAR_EL1. With VHE, the kernel at EL2 gets its own regime.
 */
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/irqflags.h>

#include <asm/barrier.h>
#include <asm/sysreg.h>

#include "internal.h"

#define PAR_ATTR	GENMASK_ULL(63, 56)	/* encoded as in MAIR_EL1 */
#define ATTR_OUTER	GENMASK(7, 4)
#define ATTR_INNER	GENMASK(3, 0)

static u64 translate(const void *vaddr)
{
	unsigned long flags;
	u64 par;

	local_irq_save(flags);	/* PAR_EL1 is anybody's */
	asm volatile("at s1e1r, %0" : : "r" (vaddr));
	isb();
	par = read_sysreg_par();
	local_irq_restore(flags);
	return par;
}

static enum extmem_effective device_attr(u8 attr)
{
	switch (attr) {
	case 0x00:	/* nGnRnE */
		return EXTMEM_EFFECTIVE_UNCACHED_NONPOSTED;
	case 0x04:	/* nGnRE */
		return EXTMEM_EFFECTIVE_UNCACHED;
	default:	/* with gathering: Linux makes no such mapping */
		return EXTMEM_EFFECTIVE_UNKNOWN;
	}
}

/* Bits 1 and 0 are allocation hints; with both clear, bit 2 alone is non-cacheable. */
static enum extmem_effective normal_attr(u8 cacheability)
{
	if (cacheability == 4)
		return EXTMEM_EFFECTIVE_WRITE_COMBINE;
	return cacheability & 4 ? EXTMEM_EFFECTIVE_WRITE_BACK : EXTMEM_EFFECTIVE_WRITE_THROUGH;
}

enum extmem_effective extmem_attr_read(const void *vaddr)
{
	u64 par = translate(vaddr);
	u8 attr = FIELD_GET(PAR_ATTR, par);
	u8 outer = FIELD_GET(ATTR_OUTER, attr);
	u8 inner = FIELD_GET(ATTR_INNER, attr);

	if (par & SYS_PAR_EL1_F)
		return EXTMEM_EFFECTIVE_UNKNOWN;
	if (!outer)
		return device_attr(attr);
	if (attr == 0xf0)	/* write-back with memory tags */
		return EXTMEM_EFFECTIVE_WRITE_BACK;
	if (!inner || normal_attr(outer) != normal_attr(inner))
		return EXTMEM_EFFECTIVE_UNKNOWN;
	return normal_attr(outer);
}

/* memremap() makes Device memory of write-through, on which memset() can fault. */
unsigned int extmem_attr_policies(void)
{
	return BIT(EXTMEM_UNCACHED) | BIT(EXTMEM_WRITE_COMBINE) |
	       BIT(EXTMEM_WRITE_BACK);
}

bool extmem_attr_nonposted(void)
{
	return true;
}
