// SPDX-License-Identifier: GPL-2.0
/*
 * x86: three bits of the leaf entry choose one of the eight attributes in the PAT
 * register. An MTRR can make the memory less cached than the entry says; the kernel
 * looks at the MTRRs when it makes a write-back entry, and there makes it UC-.
 */
#include <linux/bits.h>
#include <linux/cpufeature.h>
#include <linux/pgtable.h>

#include <asm/memtype.h>
#include <asm/msr.h>

#include "internal.h"

/* The register at reset, and what a CPU without one does. */
#define PAT_AT_RESET	0x0007040600070406ULL

enum pat_attr {
	PAT_UC = 0,
	PAT_WC = 1,
	PAT_WT = 4,
	PAT_WB = 6,
	PAT_UC_MINUS = 7,
};

static u64 read_pat(void)
{
	u64 pat = PAT_AT_RESET;

	if (boot_cpu_has(X86_FEATURE_PAT))
		rdmsrl(MSR_IA32_CR_PAT, pat);
	return pat;
}

static unsigned int pat_index(pteval_t entry, unsigned int level)
{
	pteval_t pat = level == PG_LEVEL_4K ? _PAGE_PAT : _PAGE_PAT_LARGE;

	return (entry & pat ? 4 : 0) | (entry & _PAGE_PCD ? 2 : 0) |
	       (entry & _PAGE_PWT ? 1 : 0);
}

enum extmem_effective extmem_attr_read(const void *vaddr)
{
	unsigned int level;
	pte_t *pte = lookup_address((unsigned long)vaddr, &level);

	if (!pte || !(pte_val(*pte) & _PAGE_PRESENT))
		return EXTMEM_EFFECTIVE_UNKNOWN;

	switch (read_pat() >> (8 * pat_index(pte_val(*pte), level)) & 7) {
	case PAT_UC:
	case PAT_UC_MINUS:
		return EXTMEM_EFFECTIVE_UNCACHED;
	case PAT_WC:
		return EXTMEM_EFFECTIVE_WRITE_COMBINE;
	case PAT_WT:
		return EXTMEM_EFFECTIVE_WRITE_THROUGH;
	case PAT_WB:
		return EXTMEM_EFFECTIVE_WRITE_BACK;
	default:
		return EXTMEM_EFFECTIVE_UNKNOWN;
	}
}

/* Without PAT, the kernel makes UC- of write-combine. */
unsigned int extmem_attr_policies(void)
{
	unsigned int policies = BIT(EXTMEM_UNCACHED) | BIT(EXTMEM_WRITE_THROUGH) |
				BIT(EXTMEM_WRITE_BACK);

	if (pat_enabled())
		policies |= BIT(EXTMEM_WRITE_COMBINE);
	return policies;
}

bool extmem_attr_nonposted(void)
{
	return false;
}
