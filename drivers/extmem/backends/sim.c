// SPDX-License-Identifier: GPL-2.0
/*
 * The backend that stands in where there is no hardware: a region's size of
 * ordinary pages, claimed from nobody. A page is made when it is mapped for the
 * first time and keeps its content until detach().
 */
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/extmem-backend.h>
#include <linux/mm.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/xarray.h>

/* A page that the map() under way has made; without it, one that is there to stay. */
#define SIM_NEW XA_MARK_0

struct extmem_sim_memory {
	refcount_t users;		/* the region, and each buffer */
	struct mutex lock;		/* a map() sees none of another's new pages */
	struct xarray pages;		/* by their number in the region */
	u64 taken;			/* of a pool, by buffers; guarded by @lock */
};

static void sim_put(struct extmem_sim_memory *sim)
{
	if (!refcount_dec_and_test(&sim->users))
		return;
	mutex_destroy(&sim->lock);
	kfree(sim);
}

static int extmem_sim_attach(struct extmem_region *region)
{
	struct extmem_sim_memory *sim = kzalloc(sizeof(*sim), GFP_KERNEL);

	if (!sim)
		return -ENOMEM;
	refcount_set(&sim->users, 1);
	mutex_init(&sim->lock);
	xa_init(&sim->pages);
	region->backend_data = sim;
	region->base = EXTMEM_NO_ADDRESS;
	if (region->desc.buffer_size)
		region->size = region->desc.buffer_size;
	return 0;
}

static void extmem_sim_detach(struct extmem_region *region)
{
	struct extmem_sim_memory *sim = region->backend_data;
	unsigned long index;
	struct page *page;

	xa_for_each(&sim->pages, index, page)
		__free_page(page);
	xa_destroy(&sim->pages);
	sim_put(sim);
}

/* Rather fail than have the OOM killer make room for a simulation. */
static struct page *make_page(struct extmem_sim_memory *sim, unsigned long index)
{
	struct page *page = alloc_page(GFP_HIGHUSER | __GFP_ZERO | __GFP_NOWARN |
				       __GFP_RETRY_MAYFAIL);

	if (!page)
		return NULL;
	if (xa_is_err(xa_store(&sim->pages, index, page, GFP_KERNEL))) {
		__free_page(page);
		return NULL;
	}
	xa_set_mark(&sim->pages, index, SIM_NEW);
	return page;
}

static void keep_new_pages(struct extmem_sim_memory *sim)
{
	unsigned long index;
	struct page *page;

	xa_for_each_marked(&sim->pages, index, page, SIM_NEW)
		xa_clear_mark(&sim->pages, index, SIM_NEW);
}

static void drop_new_pages(struct extmem_sim_memory *sim)
{
	unsigned long index;
	struct page *page;

	xa_for_each_marked(&sim->pages, index, page, SIM_NEW) {
		xa_erase(&sim->pages, index);
		__free_page(page);
	}
}

static void *map_pages(struct extmem_sim_memory *sim, unsigned long first,
		       unsigned long count)
{
	struct page **pages __free(kvfree) = NULL;
	unsigned long i;

	if (count > si_mem_available())
		return NULL;
	pages = kvmalloc_array(count, sizeof(*pages), GFP_KERNEL);
	if (!pages)
		return NULL;
	for (i = 0; i < count; i++) {
		pages[i] = xa_load(&sim->pages, first + i);
		if (!pages[i])
			pages[i] = make_page(sim, first + i);
		if (!pages[i])
			return NULL;
	}
	return vmap(pages, count, VM_MAP, PAGE_KERNEL);
}

static int extmem_sim_map(struct extmem_region *region, u64 offset, size_t size,
			  struct iosys_map *map)
{
	struct extmem_sim_memory *sim = region->backend_data;
	unsigned long count = DIV_ROUND_UP(size, PAGE_SIZE);
	void *vaddr;

	guard(mutex)(&sim->lock);
	vaddr = map_pages(sim, offset >> PAGE_SHIFT, count);
	if (!vaddr) {
		drop_new_pages(sim);
		dev_err_ratelimited(region->owner,
				    "%s: cannot simulate 0x%zx bytes at once: this machine has 0x%llx to spare; make the region smaller\n",
				    region->desc.node, size,
				    (u64)si_mem_available() << PAGE_SHIFT);
		return -ENOMEM;
	}
	keep_new_pages(sim);
	iosys_map_set_vaddr(map, vaddr);
	return 0;
}

static void extmem_sim_unmap(struct extmem_region *region, size_t size,
			     struct iosys_map *map)
{
	vunmap(map->vaddr);
}

static pgprot_t extmem_sim_pgprot(struct extmem_region *region, pgprot_t prot)
{
	return prot;
}

static int extmem_sim_pfn(struct extmem_region *region, u64 offset, unsigned long *pfn)
{
	struct extmem_sim_memory *sim = region->backend_data;
	unsigned long index = offset >> PAGE_SHIFT;
	struct page *page;

	guard(mutex)(&sim->lock);
	page = xa_load(&sim->pages, index);
	if (!page)
		page = make_page(sim, index);
	if (!page)
		return -ENOMEM;
	keep_new_pages(sim);
	*pfn = page_to_pfn(page);
	return 0;
}

/* Nothing of it outlives the machine, and no device is there to see it. */
static int extmem_sim_sync(struct extmem_region *region, const struct iosys_map *map,
			   u64 offset, size_t size, bool for_cpu)
{
	return 0;
}

/* Contiguous pages, as many as the pool would have. */
static int extmem_sim_alloc(struct extmem_region *region, struct extmem_buffer *buf)
{
	struct extmem_sim_memory *sim = region->backend_data;

	guard(mutex)(&sim->lock);
	if (buf->size > region->size - sim->taken)
		return -ENOMEM;
	buf->vaddr = alloc_pages_exact(buf->size, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN |
				       __GFP_RETRY_MAYFAIL);
	if (!buf->vaddr)
		return -ENOMEM;
	sim->taken += buf->size;
	refcount_inc(&sim->users);
	buf->dev = get_device(region->owner);
	buf->base = virt_to_phys(buf->vaddr);
	buf->dma = buf->base;
	buf->has_pages = true;
	buf->backend_data = sim;
	return 0;
}

static void extmem_sim_free(struct extmem_buffer *buf)
{
	struct extmem_sim_memory *sim = buf->backend_data;

	free_pages_exact(buf->vaddr, buf->size);
	put_device(buf->dev);
	scoped_guard(mutex, &sim->lock)
		sim->taken -= buf->size;
	sim_put(sim);
}

static pgprot_t extmem_sim_buffer_pgprot(struct extmem_buffer *buf, pgprot_t prot)
{
	return prot;
}

static const struct extmem_backend_ops extmem_sim_ops = {
	.attach = extmem_sim_attach,
	.detach = extmem_sim_detach,
	.map = extmem_sim_map,
	.unmap = extmem_sim_unmap,
	.pgprot = extmem_sim_pgprot,
	.pfn = extmem_sim_pfn,
	.sync = extmem_sim_sync,
	.alloc = extmem_sim_alloc,
	.free = extmem_sim_free,
	.buffer_pgprot = extmem_sim_buffer_pgprot,
};

static struct extmem_backend extmem_sim = {
	.name = "sim",
	.ops = &extmem_sim_ops,
};
module_extmem_backend(extmem_sim);

MODULE_ALIAS("extmem-backend-sim");
MODULE_DESCRIPTION("extmem: simulated memory");
MODULE_LICENSE("GPL");
