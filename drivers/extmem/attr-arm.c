// SPDX-License-Identifier: GPL-2.0
/*
 * arm: the MMU itself translates the address and leaves the memory attribute in
 * PAR. Only the 64-bit PAR of LPAE is believed: the attribute field of the 32-bit
 * one reads "non-cacheable" where it is not filled in (QEMU is such a place).
 */
#include <linux/bits.h>

#include "internal.h"

#ifdef CONFIG_ARM_LPAE

#include <linux/bitfield.h>
#include <linux/irqflags.h>

#include <asm/barrier.h>
#include <asm/cp15.h>

#define ATS1CPR		__ACCESS_CP15(c7, 0, c8, 0)
#define PAR		__ACCESS_CP15_64(0, c7)
#define PAR_F		BIT_ULL(0)
#define PAR_ATTR	GENMASK_ULL(63, 56)	/* encoded as in MAIR0 */
#define ATTR_OUTER	GENMASK(7, 4)
#define ATTR_INNER	GENMASK(3, 0)

static u64 translate(const void *vaddr)
{
	unsigned long flags;
	u64 par;

	local_irq_save(flags);	/* PAR is anybody's */
	write_sysreg((unsigned long)vaddr, ATS1CPR);
	isb();
	par = read_sysreg(PAR);
	local_irq_restore(flags);
	return par;
}

/* Bits 1 and 0 are allocation hints; with both clear, bit 2 alone is non-cacheable. */
static enum extmem_attr normal_attr(u8 cacheability)
{
	if (cacheability == 4)
		return EXTMEM_ATTR_WRITE_COMBINE;
	return cacheability & 4 ? EXTMEM_ATTR_WRITE_BACK : EXTMEM_ATTR_WRITE_THROUGH;
}

enum extmem_attr extmem_attr_read(const void *vaddr)
{
	u64 par = translate(vaddr);
	u8 attr = FIELD_GET(PAR_ATTR, par);
	u8 outer = FIELD_GET(ATTR_OUTER, attr);
	u8 inner = FIELD_GET(ATTR_INNER, attr);

	if (par & PAR_F)
		return EXTMEM_ATTR_UNKNOWN;
	if (attr == 0x00)	/* strongly ordered */
		return EXTMEM_ATTR_UNCACHED_NONPOSTED;
	if (attr == 0x04)	/* device */
		return EXTMEM_ATTR_UNCACHED;
	if (!outer || !inner || normal_attr(outer) != normal_attr(inner))
		return EXTMEM_ATTR_UNKNOWN;
	return normal_attr(outer);
}

#else

enum extmem_attr extmem_attr_read(const void *vaddr)
{
	return EXTMEM_ATTR_UNKNOWN;
}

#endif

/* ioremap_wt() is ioremap_wc() there. */
unsigned int extmem_attr_policies(void)
{
	return BIT(EXTMEM_UNCACHED) | BIT(EXTMEM_WRITE_COMBINE) |
	       BIT(EXTMEM_WRITE_BACK);
}

bool extmem_attr_nonposted(void)
{
	return false;
}
