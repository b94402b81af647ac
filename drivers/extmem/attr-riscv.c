// SPDX-License-Identifier: GPL-2.0
/*
 * riscv: the leaf entry has the attribute where the CPU has Svpbmt, or T-Head's
 * bits. Everywhere else, and in an entry that says PMA, the physical address
 * decides, by a table in hardware that nobody can read. System RAM is written back
 * by it, or Linux could not run there; of other memory nothing can be said.
 */
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/mm.h>
#include <linux/pgtable.h>

#include <asm/csr.h>

#include "internal.h"

#ifdef CONFIG_64BIT

#define SV39_LEVELS	3
#define INDEX_BITS	9
#define SATP_MODE	GENMASK_ULL(63, 60)

static unsigned long *table_at(unsigned long pfn)
{
	return pfn_to_virt(pfn);
}

static unsigned long pfn_of(unsigned long entry)
{
	return (entry & _PAGE_PFN_MASK) >> _PAGE_PFN_SHIFT;
}

/*
 * Walks what the CPU walks. The kernel's own pXd_offset() are not for modules. All
 * root tables share the kernel's second level; the mapping is live, so no table of
 * it goes away.
 */
static unsigned long leaf_of(unsigned long addr)
{
	unsigned long satp = csr_read(CSR_SATP);
	unsigned long *table = table_at(satp & SATP_PPN);
	int level = SV39_LEVELS + FIELD_GET(SATP_MODE, satp) -
		    FIELD_GET(SATP_MODE, SATP_MODE_39);

	while (level--) {
		unsigned int shift = PAGE_SHIFT + level * INDEX_BITS;
		unsigned long entry = READ_ONCE(table[addr >> shift &
						      (BIT(INDEX_BITS) - 1)]);

		if (!(entry & _PAGE_PRESENT))
			return 0;
		if (entry & _PAGE_LEAF)
			return entry;
		table = table_at(pfn_of(entry));
	}
	return 0;
}

enum extmem_effective extmem_attr_read(const void *vaddr)
{
	unsigned long entry = leaf_of((unsigned long)vaddr);
	unsigned long attr = entry & _PAGE_MTMASK;

	if (!entry)
		return EXTMEM_EFFECTIVE_UNKNOWN;
	if (attr == (pgprot_val(PAGE_KERNEL) & _PAGE_MTMASK))
		return page_is_ram(pfn_of(entry)) ? EXTMEM_EFFECTIVE_WRITE_BACK :
						    EXTMEM_EFFECTIVE_UNKNOWN;
	if (attr == _PAGE_NOCACHE)
		return EXTMEM_EFFECTIVE_WRITE_COMBINE;
	if (attr == _PAGE_IO)
		return EXTMEM_EFFECTIVE_UNCACHED;
	return EXTMEM_EFFECTIVE_UNKNOWN;
}

#else

/* Sv32 has no room for an attribute. */
enum extmem_effective extmem_attr_read(const void *vaddr)
{
	return EXTMEM_EFFECTIVE_UNKNOWN;
}

#endif

/* ioremap_wt() is ioremap() there. */
unsigned int extmem_attr_policies(void)
{
	unsigned int policies = BIT(EXTMEM_UNCACHED) | BIT(EXTMEM_WRITE_BACK);
	pgprot_t wc = pgprot_writecombine(PAGE_KERNEL);

	if (pgprot_val(wc) != pgprot_val(PAGE_KERNEL))
		policies |= BIT(EXTMEM_WRITE_COMBINE);
	return policies;
}

bool extmem_attr_nonposted(void)
{
	return false;
}
