// SPDX-License-Identifier: GPL-2.0
/*
 * mmap(): a user's own mapping of a region, made as it is touched, by huge pages where
 * the addresses allow.
 *
 * Every fault enters the gate. What unbind zaps cannot come back: it zaps after the
 * gate is closed and those inside have left. What is zapped before the memory goes off
 * does not either, until it is on. A mapping has the memory on until it is closed.
 */
#include <linux/align.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/personality.h>
#include <linux/sched/mm.h>
#include <linux/sizes.h>
#include <linux/uio.h>

#include "internal.h"
#include "trace.h"

/* Who touches a part of a large window does not pay for the rest. */
#define FAULT_AROUND max(SZ_64K, PAGE_SIZE)

/* Bytes of its first page that are not its own. */
static unsigned int into_page(const struct extmem_region *region)
{
	return offset_in_page(region->base == EXTMEM_NO_ADDRESS ?
			      extmem_offset_in_root(region) : region->base);
}

static bool fills_pages(const struct extmem_region *region)
{
	return !into_page(region) && PAGE_ALIGNED(region->size);
}

/**
 * extmem_can_mmap() - whether users can map a region
 * @region: the region, whose gate the caller is inside
 */
bool extmem_can_mmap(const struct extmem_region *region)
{
	return extmem_has_memory(region) && region->backend->ops->pgprot &&
	       fills_pages(region);
}

/* Its pages follow each other, and are where it says. */
static bool is_linear(const struct extmem_region *region)
{
	return !region->root->backend->ops->pfn;
}

static u64 offset_of(const struct vm_area_struct *vma, unsigned long addr)
{
	return ((u64)vma->vm_pgoff << PAGE_SHIFT) + (addr - vma->vm_start);
}

/* Frames that do not follow each other are asked for one by one. */
static vm_fault_t map_scattered(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct extmem_region *region = vma->vm_private_data;
	unsigned long addr = vmf->address & PAGE_MASK, pfn;
	int ret;

	ret = region->root->backend->ops->pfn(region->root,
					      extmem_offset_in_root(region) +
					      offset_of(vma, addr), &pfn);
	return ret ? vmf_error(ret) : extmem_fault_page(vma, addr, pfn, EXTMEM_NO_PAGES);
}

static void note_fault(const struct vm_fault *vmf)
{
	if (vmf->flags & FAULT_FLAG_WRITE)
		extmem_note_write(vmf->vma->vm_private_data);
}

static vm_fault_t map_some(struct extmem_region *region, struct vm_fault *vmf)
{
	CLASS(extmem_gate, gate)(region);
	if (!gate.open || extmem_is_off(region))
		return VM_FAULT_SIGBUS;
	note_fault(vmf);
	if (!is_linear(region))
		return map_scattered(vmf);
	return extmem_fault_around(vmf, region->base, FAULT_AROUND, region->root->pages);
}

static vm_fault_t extmem_fault(struct vm_fault *vmf)
{
	struct extmem_region *region = vmf->vma->vm_private_data;
	vm_fault_t ret = map_some(region, vmf);

	if (ret == VM_FAULT_NOPAGE)
		extmem_count(region, EXTMEM_FAULTS, 1);
	trace_extmem_fault(region, vmf, 0, ret);
	return ret;
}

#ifdef EXTMEM_HAS_HUGE_FAULTS
static vm_fault_t map_many(struct extmem_region *region, struct vm_fault *vmf,
			   unsigned int order)
{
	CLASS(extmem_gate, gate)(region);
	if (!gate.open || extmem_is_off(region))
		return VM_FAULT_SIGBUS;
	note_fault(vmf);
	if (!is_linear(region))
		return VM_FAULT_FALLBACK;
	return extmem_fault_huge(vmf, order, region->base, region->root->pages);
}

static vm_fault_t extmem_huge_fault(struct vm_fault *vmf, unsigned int order)
{
	struct extmem_region *region = vmf->vma->vm_private_data;
	vm_fault_t ret = map_many(region, vmf, order);

	if (ret == VM_FAULT_NOPAGE) {
		extmem_count(region, EXTMEM_FAULTS, 1);
		extmem_count(region, EXTMEM_HUGE_FAULTS, 1);
	}
	trace_extmem_fault(region, vmf, order, ret);
	return ret;
}
#endif

/* For debuggers, through the kernel's own mapping; no further than the program's goes. */
static int extmem_access(struct vm_area_struct *vma, unsigned long addr, void *buf,
			 int len, int write)
{
	struct extmem_region *region = vma->vm_private_data;
	size_t size = min_t(unsigned long, len, vma->vm_end - addr);
	struct kvec kvec = { .iov_base = buf, .iov_len = size };
	struct iov_iter iter;

	if (write && !(vma->vm_flags & VM_WRITE))
		return -EACCES;
	iov_iter_kvec(&iter, write ? ITER_SOURCE : ITER_DEST, &kvec, 1, size);
	return write ? extmem_io_write(region, offset_of(vma, addr), &iter) :
		       extmem_io_read(region, offset_of(vma, addr), &iter);
}

/* Of a part, or in another process: whose first one has it on already. */
static void extmem_vm_open(struct vm_area_struct *vma)
{
	struct extmem_region *region = vma->vm_private_data;

	extmem_power_share(region);
	atomic_inc(&region->mappings);
	trace_extmem_map(region, vma);
}

static void extmem_vm_close(struct vm_area_struct *vma)
{
	struct extmem_region *region = vma->vm_private_data;

	trace_extmem_unmap(region, vma);
	atomic_dec(&region->mappings);
	extmem_power_put(region);
}

static const struct vm_operations_struct extmem_vm_ops = {
	.open = extmem_vm_open,
	.close = extmem_vm_close,
	.fault = extmem_fault,
#ifdef EXTMEM_HAS_HUGE_FAULTS
	.huge_fault = extmem_huge_fault,
#endif
	.access = extmem_access,
};

/**
 * extmem_asks_to_execute() - whether a user wants to execute what he maps
 * @vma: the mapping
 *
 * An old program's wish to execute all that it can read is not asked for by anyone.
 *
 * Return: whether he does.
 */
bool extmem_asks_to_execute(const struct vm_area_struct *vma)
{
	return vma->vm_flags & VM_EXEC && !(current->personality & READ_IMPLIES_EXEC);
}

static int check_access(const struct extmem_region *region,
			const struct vm_area_struct *vma)
{
	/* Not VM_SHARED, which a file that is open for reading only clears. */
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (extmem_asks_to_execute(vma))
		return -EPERM;
	if (vma->vm_flags & VM_WRITE && !extmem_is_writable(region))
		return -EPERM;
	return 0;
}

static int check_range(const struct extmem_region *region, struct vm_area_struct *vma)
{
	u64 pages = region->size >> PAGE_SHIFT;

	if (!region->backend->ops->pgprot)
		return -ENODEV;
	if (!fills_pages(region)) {
		dev_notice_ratelimited(region->owner,
				       "%s: mmap: %s is 0x%llx bytes from byte 0x%x of a page, which are not whole pages of 0x%lx; use read() and write(), or give it whole pages\n",
				       region->desc.node, dev_name(&region->dev),
				       region->size, into_page(region), PAGE_SIZE);
		return -EINVAL;
	}
	if (vma->vm_pgoff >= pages || vma_pages(vma) > pages - vma->vm_pgoff)
		return -EINVAL;
	return 0;
}

static void set_flags(const struct extmem_region *region, struct vm_area_struct *vma)
{
	if (!extmem_is_writable(region))
		vm_flags_clear(vma, VM_MAYWRITE);
	vm_flags_clear(vma, VM_EXEC | VM_MAYEXEC);
	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	vm_flags_set(vma, region->root->pages == EXTMEM_NO_PAGES ? VM_PFNMAP : VM_MIXEDMAP);
	if (region->desc.type == EXTMEM_MMIO)
		vm_flags_set(vma, VM_IO);
	else
		vm_flags_set(vma, VM_HUGEPAGE);	/* as if asked for by madvise() */
}

/*
 * x86 gives a user's mapping the attribute that was reserved with the kernel's, and
 * the weakest there is if none was.
 */
static int reserve_attribute(struct extmem_region *region)
{
	struct iosys_map view;

	return IS_ENABLED(CONFIG_X86) ? extmem_region_view(region, &view) : 0;
}

/**
 * extmem_mmap() - let a user map a region
 * @region: the region; the caller is outside its gate
 * @vma: where
 *
 * Return: 0, -EINVAL for a private mapping, a range that is not in the region, or a
 * region that does not fill its pages, -EPERM to execute it, or to write what is
 * read-only, -ENXIO for a pool, -ENODEV, or as extmem_power_get().
 */
int extmem_mmap(struct extmem_region *region, struct vm_area_struct *vma)
{
	int ret;

	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	if (!extmem_has_memory(region))
		return -ENXIO;
	ret = check_access(region, vma);
	if (!ret)
		ret = check_range(region, vma);
	if (ret)
		return ret;

	set_flags(region, vma);
	vma->vm_private_data = region;
	vma->vm_ops = &extmem_vm_ops;
	vma->vm_page_prot = region->backend->ops->pgprot(region->root, vma->vm_page_prot);
	ret = reserve_attribute(region) ?: extmem_power_get(region);
	if (ret)
		return ret;
	atomic_inc(&region->mappings);
	trace_extmem_map(region, vma);
	return 0;
}

#ifdef EXTMEM_HAS_HUGE_FAULTS
static bool holds_aligned(u64 phys, unsigned long len, unsigned long size)
{
	return len >= size && ALIGN(phys, size) - phys <= len - size;
}

static unsigned long best_alignment(u64 phys, unsigned long len)
{
	if (IS_ENABLED(CONFIG_ARCH_SUPPORTS_PUD_PFNMAP) && holds_aligned(phys, len, PUD_SIZE))
		return PUD_SIZE;
	return holds_aligned(phys, len, PMD_SIZE) ? PMD_SIZE : 0;
}
#else
static unsigned long best_alignment(u64 phys, unsigned long len)
{
	return 0;
}
#endif

/**
 * extmem_unmapped_area() - find a place for a mapping
 * @region: the region; may be gone
 * @file: its file
 * @addr: wish of the user's, or 0
 * @len: bytes
 * @pgoff: pages into the region
 * @flags: of mmap()
 *
 * Where the user leaves it to us, the address is congruent to the physical one, so that
 * huge pages fit both.
 *
 * Return: the address, or a negative errno.
 */
unsigned long extmem_unmapped_area(struct extmem_region *region, struct file *file,
				   unsigned long addr, unsigned long len,
				   unsigned long pgoff, unsigned long flags)
{
	u64 phys = region->base + ((u64)pgoff << PAGE_SHIFT);
	unsigned long align = 0, found;

	if (!addr && !(flags & MAP_FIXED) && region->base != EXTMEM_NO_ADDRESS)
		align = best_alignment(phys, len);
	if (align && len + align > len) {
		found = mm_get_unmapped_area(current->mm, file, 0, len + align, pgoff,
					     flags);
		if (!IS_ERR_VALUE(found))
			return found + (((unsigned long)phys - found) & (align - 1));
	}
	return mm_get_unmapped_area(current->mm, file, addr, len, pgoff, flags);
}
