// SPDX-License-Identifier: GPL-2.0
/*
 * Struct pages of a region's memory: who gets at it through a user's mapping, be it a
 * disk, a socket or a ring, holds them for as long as he needs.
 *
 * Where they are to be made, that is done before the first file is open, and not when
 * the first user maps the region: he has his address space locked then, and making
 * pages waits for who may wait for that.
 */
#include <linux/delay.h>
#include <linux/ioport.h>
#include <linux/memory_hotplug.h>
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/page_ref.h>
#include <linux/range.h>

#include "internal.h"

#ifdef CONFIG_ZONE_DEVICE
#define BLOCK memremap_compat_align()
#define BLOCK_PAGES PAGES_PER_SUBSECTION

/* Of a section of RAM, pfn_valid() says so even of what is a hole. */
static bool has_struct_page(unsigned long pfn)
{
	struct mem_section *section;

	if (pfn_to_section_nr(pfn) >= NR_MEM_SECTIONS)
		return false;
	section = __pfn_to_section(pfn);
	return valid_section(section) && pfn_section_valid(section, pfn);
}

static bool can_make(const struct extmem_region *root)
{
	struct range possible = mhp_get_pluggable_range(true);

	return root->base >= possible.start && root->base + root->size - 1 <= possible.end;
}
#else
#define BLOCK PMD_SIZE
#define BLOCK_PAGES (PMD_SIZE / PAGE_SIZE)

static bool has_struct_page(unsigned long pfn)
{
	return pfn_valid(pfn);
}

static bool can_make(const struct extmem_region *root)
{
	return false;
}
#endif

static bool has_memmap(const struct extmem_region *root)
{
	unsigned long pfn = PHYS_PFN(root->base);
	unsigned long last = PHYS_PFN(root->base + root->size - 1);

	for (; pfn < last; pfn += BLOCK_PAGES)
		if (has_struct_page(pfn))
			return true;
	return has_struct_page(last);
}

/* What is RAM in part only was refused when it was bound. */
static enum extmem_overlap system_ram_in(const struct extmem_region *root)
{
	return region_intersects(root->base, root->size, IORESOURCE_SYSTEM_RAM,
				 IORES_DESC_NONE) == REGION_INTERSECTS ? EXTMEM_ALL_RAM :
									 EXTMEM_NO_RAM;
}

static enum extmem_pages judge(const struct extmem_region *root,
			       struct extmem_verdict *verdict)
{
	struct extmem_place place = {
		.page_size = PAGE_SIZE,
		.block = BLOCK,
	};

	if (root->base == EXTMEM_NO_ADDRESS || root->backend->ops->pfn) {
		extmem_refuse(verdict, -EOPNOTSUPP, root->desc.node, root->backend->name,
			      "no direct I/O: its memory is not where the node says");
		return EXTMEM_NO_PAGES;
	}
	/* Of a large region, that takes its time, and no other is asked for it. */
	if (root->desc.policy == EXTMEM_WRITE_BACK) {
		place.ram = system_ram_in(root);
		place.has_memmap = has_memmap(root);
		place.can_make = root->backend->ops->make_pages && can_make(root);
	}
	return extmem_rules_pages(&root->desc, &place, verdict);
}

static enum extmem_pages make(struct extmem_region *root)
{
	int ret = root->backend->ops->make_pages(root);

	if (!ret)
		return EXTMEM_MADE_PAGES;
	dev_notice(root->owner,
		   "%s: no direct I/O: no pages could be made for 0x%llx bytes: %pe; for -ENOMEM, free 1/64 of that and bind the driver again\n",
		   root->desc.node, root->size, ERR_PTR(ret));
	return EXTMEM_NO_PAGES;
}

/* What is left of the answer is the region's own. */
static noinline_for_stack enum extmem_pages find(struct extmem_region *root)
{
	struct extmem_verdict verdict = {};
	enum extmem_pages pages = judge(root, &verdict);

	if (verdict.err)
		dev_info(root->owner, "%s\n", verdict.message);
	return pages == EXTMEM_MADE_PAGES ? make(root) : pages;
}

/**
 * extmem_pages_prepare() - have whatever pages a region's mappings can have
 * @region: the region, whose gate the caller is inside; he has no address space locked
 *
 * The first time, the log says why there are none.
 *
 * Return: which.
 */
enum extmem_pages extmem_pages_prepare(struct extmem_region *region)
{
	struct extmem_region *root = region->root;

	if (smp_load_acquire(&root->knows_pages))	/* before the pages are looked at */
		return root->pages;
	guard(mutex)(&root->pages_lock);
	if (!root->knows_pages) {
		root->pages = find(root);
		smp_store_release(&root->knows_pages, true);	/* after the pages */
	}
	return root->pages;
}

/**
 * extmem_pages_expected() - which pages a region's mappings have, or will have
 * @region: the region, whose gate the caller is inside
 *
 * Makes none, and says nothing.
 *
 * Return: which.
 */
noinline_for_stack enum extmem_pages extmem_pages_expected(struct extmem_region *region)
{
	struct extmem_region *root = region->root;
	struct extmem_verdict verdict = {};

	guard(mutex)(&root->pages_lock);
	return root->knows_pages ? root->pages : judge(root, &verdict);
}

/**
 * extmem_pages_are_reserved() - whether the kernel keeps System RAM out of its allocators
 * @base: the first byte
 * @size: bytes
 *
 * What a device tree has in /reserved-memory is reserved by the architecture, or the boot
 * log says why it is not.
 *
 * Return: false if a page of it is for whoever asks.
 */
bool extmem_pages_are_reserved(phys_addr_t base, u64 size)
{
	unsigned long pfn = PHYS_PFN(base), last = PHYS_PFN(base + size - 1);
	struct page *page;

	for (; pfn <= last; pfn++) {
		page = pfn_to_online_page(pfn);
		if (page && !PageReserved(page))
			return false;
		cond_resched();
	}
	return true;
}

static bool is_reserved(unsigned long pfn)
{
	struct page *page = pfn_to_online_page(pfn);

	cond_resched();
	return page && PageReserved(page);
}

static bool is_one_piece(unsigned long first, unsigned long last, unsigned long with)
{
	while (first > with && is_reserved(first - 1))
		first--;
	while (last < with && is_reserved(last + 1))
		last++;
	return first <= with && with <= last;
}

/**
 * extmem_pages_join_image() - whether System RAM can be the kernel's own image
 * @base: the first byte
 * @size: bytes
 *
 * Where a carve-out is over the image, Linux reserves it twice, and says nothing. No module
 * knows where the image ends, but that all its pages are reserved, and a byte of either of
 * its two parts: what is between them, for the boot only, was given to the allocators.
 *
 * Return: true, too, for what has no free page between it and the image.
 */
bool extmem_pages_join_image(phys_addr_t base, u64 size)
{
	unsigned long first = PHYS_PFN(base), last = PHYS_PFN(base + size - 1);

	if (!extmem_pages_are_reserved(base, size))
		return false;
	return is_one_piece(first, last, PHYS_PFN(__pa_symbol(walk_iomem_res_desc))) ||
	       is_one_piece(first, last, PHYS_PFN(__pa_symbol(&iomem_resource)));
}

static bool is_held(unsigned long pfn)
{
	return page_ref_count(pfn_to_page(pfn)) != 1;
}

static void say_who_waits(const struct extmem_region *root, unsigned long pfn,
			  unsigned long end)
{
	unsigned long held = 0;

	for (; pfn < end; pfn++)
		held += is_held(pfn);
	dev_notice(root->owner,
		   "%s: waiting for %lu pages that are still in use, by disks, sockets or rings: end the programs that have them do so\n",
		   root->desc.node, held);
}

/**
 * extmem_pages_wait() - wait until nobody holds a page of a region any more
 * @root: the region, whose users' mappings are gone for good
 *
 * Nobody takes one that he does not hold already: so each page is waited for once.
 */
void extmem_pages_wait(struct extmem_region *root)
{
	unsigned long pfn = PHYS_PFN(root->base);
	unsigned long end = pfn + (root->size >> PAGE_SHIFT);
	bool said = false;

	if (root->pages == EXTMEM_NO_PAGES)
		return;
	for (; pfn < end; pfn++) {
		if (!is_held(pfn))
			continue;
		if (!said)
			say_who_waits(root, pfn, end);
		said = true;
		while (is_held(pfn))
			msleep(20);
	}
	smp_mb();	/* whatever they did with the pages, before the pages go */
}
