// SPDX-License-Identifier: GPL-2.0
/*
 * Page frames into the page tables of users: one, those around it, or many by one
 * entry. Whose frames they are, and whether they may still be used, is the caller's
 * to know.
 */
#include <linux/align.h>
#include <linux/mm.h>
#include <linux/pfn_t.h>

#include "internal.h"

/*
 * A writable entry is dirty from the start. Else, a CPU that does not make it so by
 * itself would fault again at the first write.
 */
static pgprot_t page_prot(const struct vm_area_struct *vma)
{
	if (!(vma->vm_flags & VM_WRITE))
		return vma->vm_page_prot;
	return __pgprot(pte_val(pte_mkdirty(pfn_pte(0, vma->vm_page_prot))));
}

/**
 * extmem_fault_page() - map a page
 * @vma: where
 * @addr: there
 * @pfn: the frame
 * @pages: what struct pages there are
 *
 * Return: VM_FAULT_NOPAGE, or why not.
 */
vm_fault_t extmem_fault_page(struct vm_area_struct *vma, unsigned long addr,
			     unsigned long pfn, enum extmem_pages pages)
{
	int ret;

	if (pages == EXTMEM_NO_PAGES)
		return vmf_insert_pfn_prot(vma, addr, pfn, page_prot(vma));
	ret = vm_insert_page(vma, addr, pfn_to_page(pfn));
	/* Another thread may have been here. */
	return ret && ret != -EBUSY ? vmf_error(ret) : VM_FAULT_NOPAGE;
}

static unsigned long pfn_of(const struct vm_area_struct *vma, unsigned long addr,
			    phys_addr_t base)
{
	return PHYS_PFN(base) + vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);
}

/**
 * extmem_fault_around() - map a page of contiguous memory, and those around it
 * @vmf: the fault
 * @base: where the memory begins
 * @around: bytes that it and the others span, a power of two
 * @pages: what struct pages there are
 *
 * Return: VM_FAULT_NOPAGE, or why not.
 */
vm_fault_t extmem_fault_around(struct vm_fault *vmf, phys_addr_t base,
			       unsigned long around, enum extmem_pages pages)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long wanted = vmf->address & PAGE_MASK;
	unsigned long addr = max(ALIGN_DOWN(wanted, around), vma->vm_start);
	unsigned long last = min(wanted | (around - 1), vma->vm_end - 1);
	vm_fault_t ret = extmem_fault_page(vma, wanted, pfn_of(vma, wanted, base), pages);

	for (; ret == VM_FAULT_NOPAGE && addr < last; addr += PAGE_SIZE)
		if (addr != wanted &&
		    extmem_fault_page(vma, addr, pfn_of(vma, addr, base), pages) !=
		    VM_FAULT_NOPAGE)
			break;
	return ret;
}

#ifdef EXTMEM_HAS_HUGE_FAULTS
/*
 * A huge entry of page frames is safe only where it can be told from one of pages, or
 * get_user_pages() takes references to what has none. The pages of System RAM have no
 * huge one that such an entry could be of.
 */
static bool can_be_huge(enum extmem_pages pages)
{
	switch (pages) {
	case EXTMEM_MADE_PAGES:
		return true;
	case EXTMEM_NO_PAGES:
		return IS_ENABLED(CONFIG_ARCH_SUPPORTS_PMD_PFNMAP);
	default:
		return false;
	}
}

/*
 * On x86 one bit of the attribute is elsewhere in a huge entry, and the kernel does not
 * move it: what is write-through would be uncached, unlike the kernel's own view.
 */
static bool attr_can_be_huge(pgprot_t prot)
{
#ifdef CONFIG_X86
	return !(pgprot_val(prot) & _PAGE_PAT);
#else
	return true;
#endif
}

/* Writable ones are dirty, as in page_prot(). */
static vm_fault_t map_huge(struct vm_fault *vmf, pfn_t pfn, unsigned int order)
{
	bool write = vmf->vma->vm_flags & VM_WRITE;

	switch (order) {
	case PMD_ORDER:
		return vmf_insert_pfn_pmd(vmf, pfn, write);
#ifdef CONFIG_ARCH_SUPPORTS_PUD_PFNMAP
	case PUD_ORDER:
		return pfn_t_devmap(pfn) ? VM_FAULT_FALLBACK :
					   vmf_insert_pfn_pud(vmf, pfn, write);
#endif
	default:
		return VM_FAULT_FALLBACK;
	}
}

/**
 * extmem_fault_huge() - map many pages of contiguous memory by one entry
 * @vmf: the fault
 * @order: of the entry
 * @base: where the memory begins
 * @pages: what struct pages there are
 *
 * Return: VM_FAULT_NOPAGE, VM_FAULT_FALLBACK where there can be no such entry, or why
 * not.
 */
vm_fault_t extmem_fault_huge(struct vm_fault *vmf, unsigned int order, phys_addr_t base,
			     enum extmem_pages pages)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long size = PAGE_SIZE << order;
	unsigned long addr = ALIGN_DOWN(vmf->address, size);
	/* A huge entry of made pages says so. They are not counted then. */
	u64 flags = PFN_DEV | (pages == EXTMEM_MADE_PAGES ? PFN_MAP : 0);
	unsigned long pfn;

	if (!can_be_huge(pages) || !attr_can_be_huge(vma->vm_page_prot) ||
	    addr < vma->vm_start || vma->vm_end - addr < size)
		return VM_FAULT_FALLBACK;
	pfn = pfn_of(vma, addr, base);
	if (!IS_ALIGNED(pfn, 1UL << order))
		return VM_FAULT_FALLBACK;
	return map_huge(vmf, __pfn_to_pfn_t(pfn, flags), order);
}
#endif
