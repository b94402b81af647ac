// SPDX-License-Identifier: GPL-2.0
/*
 * What the page tables of a user say: see the header.
 */
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "user_entry.h"

#if defined(CONFIG_ARM64) || defined(CONFIG_ARM_LPAE)

/* What the MMU leaves in PAR of a load that a user would do. */
#if defined(CONFIG_ARM64)
#include <asm/sysreg.h>

static u64 translate(unsigned long addr)
{
	unsigned long flags;
	u64 par;

	local_irq_save(flags);
	uaccess_ttbr0_enable();
	asm volatile("at s1e0r, %0" : : "r" (addr));
	isb();
	par = read_sysreg_par();
	uaccess_ttbr0_disable();
	local_irq_restore(flags);
	return par;
}
#else
#include <asm/cp15.h>

static u64 translate(unsigned long addr)
{
	unsigned long flags;
	unsigned int access;
	u64 par;

	local_irq_save(flags);
	access = uaccess_save_and_enable();
	asm volatile("mcr p15, 0, %0, c7, c8, 2" : : "r" (addr));	/* ATS1CUR */
	isb();
	par = read_sysreg(__ACCESS_CP15_64(0, c7));
	uaccess_restore(access);
	local_irq_restore(flags);
	return par;
}
#endif

/* All that Linux has in MAIR. */
static enum extmem_effective attr_of(unsigned long addr,
				     const struct follow_pfnmap_args *args)
{
	u64 par = translate(addr);

	if (par & 1)
		return EXTMEM_EFFECTIVE_UNKNOWN;
	switch (par >> 56) {
	case 0x00:
		return EXTMEM_EFFECTIVE_UNCACHED_NONPOSTED;
	case 0x04:
		return EXTMEM_EFFECTIVE_UNCACHED;
	case 0x44:
		return EXTMEM_EFFECTIVE_WRITE_COMBINE;
	case 0xaa:
	case 0xbb:
		return EXTMEM_EFFECTIVE_WRITE_THROUGH;
	case 0xf0:
	case 0xff:
		return EXTMEM_EFFECTIVE_WRITE_BACK;
	default:
		return EXTMEM_EFFECTIVE_UNKNOWN;
	}
}

#elif defined(CONFIG_RISCV) && defined(CONFIG_64BIT)

/* Svpbmt's two bits, by its specification. 0 leaves it to the physical address. */
static enum extmem_effective attr_of(unsigned long addr,
				     const struct follow_pfnmap_args *args)
{
	unsigned long entry = args->ptep ? pte_val(ptep_get(args->ptep)) :
					   pmd_val(pmdp_get(pmd_off(current->mm, addr)));

	switch (entry >> 61 & 3) {
	case 0:
		return page_is_ram(args->pfn) ? EXTMEM_EFFECTIVE_WRITE_BACK :
						EXTMEM_EFFECTIVE_UNKNOWN;
	case 1:
		return EXTMEM_EFFECTIVE_WRITE_COMBINE;
	case 2:
		return EXTMEM_EFFECTIVE_UNCACHED;
	default:
		return EXTMEM_EFFECTIVE_UNKNOWN;
	}
}

#elif defined(CONFIG_X86) && !defined(CONFIG_UML)
#include <asm/msr.h>

/* The index into the PAT register: two bits, and a third that a huge entry has elsewhere. */
static enum extmem_effective attr_of(unsigned long addr,
				     const struct follow_pfnmap_args *args)
{
	u64 entry = args->ptep ? pte_val(ptep_get(args->ptep)) :
				 pmd_val(pmdp_get(pmd_off(current->mm, addr)));
	u64 third = args->ptep ? _PAGE_PAT : _PAGE_PAT_LARGE;
	unsigned int index = (entry & _PAGE_PWT ? 1 : 0) + (entry & _PAGE_PCD ? 2 : 0) +
			     (entry & third ? 4 : 0);
	u64 pat;

	rdmsrl(MSR_IA32_CR_PAT, pat);
	switch (pat >> (8 * index) & 0xff) {
	case 0:
	case 7:	/* which an MTRR can make write-combining; Linux has none that does */
		return EXTMEM_EFFECTIVE_UNCACHED;
	case 1:
		return EXTMEM_EFFECTIVE_WRITE_COMBINE;
	case 4:
		return EXTMEM_EFFECTIVE_WRITE_THROUGH;
	case 6:
		return EXTMEM_EFFECTIVE_WRITE_BACK;
	default:
		return EXTMEM_EFFECTIVE_UNKNOWN;
	}
}

#else

static enum extmem_effective attr_of(unsigned long addr,
				     const struct follow_pfnmap_args *args)
{
	return EXTMEM_EFFECTIVE_UNKNOWN;
}

#endif

/* Of a mapping of page frames: it would refuse to look into another. */
static bool look_for_frames(struct mm_struct *mm, unsigned long addr,
			    struct vm_area_struct *copy)
{
	struct vm_area_struct *vma = vma_lookup(mm, addr);

	if (!vma)
		return false;
	memcpy(copy, vma, sizeof(*copy));
	vm_flags_init(copy, vma->vm_flags | VM_PFNMAP);
	return true;
}

/**
 * user_entry_read() - find the entry of an address in the caller's user half
 * @addr: the address, in a mapping of page frames or pages
 * @entry: filled
 *
 * Return: 0, or -EINVAL where there is none yet.
 */
int user_entry_read(unsigned long addr, struct user_entry *entry)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct vma;
	struct follow_pfnmap_args args = { .vma = &vma, .address = addr };
	int ret = -EINVAL;

	mmap_read_lock(mm);
	if (look_for_frames(mm, addr, &vma))
		ret = follow_pfnmap_start(&args);
	if (!ret) {
		*entry = (struct user_entry) {
			.pfn = args.pfn,
			.huge = !args.ptep,
			.writable = args.writable,
			.attr = attr_of(addr, &args),
		};
		follow_pfnmap_end(&args);
	}
	mmap_read_unlock(mm);
	return ret;
}
