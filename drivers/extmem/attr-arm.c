// SPDX-License-Identifier: GPL-2.0
/*
 * arm: with LPAE the MMU itself translates the address and leaves the memory
 * attribute in PAR. The 32-bit PAR of other kernels has room for less, and no more
 * than "non-cacheable" where it is not filled in (QEMU is such a place), so that
 * there the page table is read instead.
 */
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/io.h>
#include <linux/irqflags.h>

#include <asm/barrier.h>
#include <asm/cp15.h>

#include "internal.h"

#ifdef CONFIG_ARM_LPAE

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

	if (par & PAR_F)
		return EXTMEM_EFFECTIVE_UNKNOWN;
	if (attr == 0x00)	/* strongly ordered */
		return EXTMEM_EFFECTIVE_UNCACHED_NONPOSTED;
	if (attr == 0x04)	/* device */
		return EXTMEM_EFFECTIVE_UNCACHED;
	if (!outer || !inner || normal_attr(outer) != normal_attr(inner))
		return EXTMEM_EFFECTIVE_UNKNOWN;
	return normal_attr(outer);
}

#elif defined(CONFIG_CPU_V7)

#define SCTLR		__ACCESS_CP15(c1, 0, c0, 0)
#define TTBR1		__ACCESS_CP15(c2, 0, c0, 1)
#define PRRR		__ACCESS_CP15(c10, 0, c2, 0)
#define NMRR		__ACCESS_CP15(c10, 0, c2, 1)

#define TTBR_BASE	GENMASK(31, 14)
#define L1_TABLE_BASE	GENMASK(31, 10)
#define SECTION_TEX0	BIT(12)
#define PAGE_TEX0	BIT(6)
#define ENTRY_C		BIT(3)
#define ENTRY_B		BIT(2)

static unsigned int attr_index(u32 entry, u32 tex0)
{
	return (entry & tex0 ? 4 : 0) | (entry & ENTRY_C ? 2 : 0) |
	       (entry & ENTRY_B ? 1 : 0);
}

static u32 table_entry(u32 base, unsigned int index)
{
	return READ_ONCE(((u32 *)phys_to_virt(base))[index]);
}

/* TTBR1 has the kernel's own tables; the running task's may lag behind them. */
static int leaf_attr_index(u32 addr)
{
	u32 entry = table_entry(read_sysreg(TTBR1) & TTBR_BASE, addr >> 20);

	if (entry & 2)
		return attr_index(entry, SECTION_TEX0);
	if (!(entry & 1))
		return -EFAULT;
	entry = table_entry(entry & L1_TABLE_BASE, addr >> PAGE_SHIFT & 0xff);
	if (!(entry & 2))
		return -EFAULT;
	return attr_index(entry, PAGE_TEX0);
}

static enum extmem_effective normal_attr(u32 cacheability)
{
	switch (cacheability) {
	case 0:
		return EXTMEM_EFFECTIVE_WRITE_COMBINE;
	case 2:
		return EXTMEM_EFFECTIVE_WRITE_THROUGH;
	default:	/* with and without allocation on write */
		return EXTMEM_EFFECTIVE_WRITE_BACK;
	}
}

enum extmem_effective extmem_attr_read(const void *vaddr)
{
	u32 inner, outer;
	int index;

	if (!(read_sysreg(SCTLR) & CR_TRE))
		return EXTMEM_EFFECTIVE_UNKNOWN;
	index = leaf_attr_index((unsigned long)vaddr);
	if (index < 0)
		return EXTMEM_EFFECTIVE_UNKNOWN;

	switch (read_sysreg(PRRR) >> (2 * index) & 3) {
	case 0:
		return EXTMEM_EFFECTIVE_UNCACHED_NONPOSTED;
	case 1:
		return EXTMEM_EFFECTIVE_UNCACHED;
	case 2:
		inner = read_sysreg(NMRR) >> (2 * index) & 3;
		outer = read_sysreg(NMRR) >> (2 * index + 16) & 3;
		if (normal_attr(inner) == normal_attr(outer))
			return normal_attr(inner);
		fallthrough;
	default:
		return EXTMEM_EFFECTIVE_UNKNOWN;
	}
}

#else

enum extmem_effective extmem_attr_read(const void *vaddr)
{
	return EXTMEM_EFFECTIVE_UNKNOWN;
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
