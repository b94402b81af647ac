// SPDX-License-Identifier: GPL-2.0
/*
 * Buffers on request: what has been taken from a pool, through which region, and what
 * to do when there is no more.
 */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/spinlock.h>

#include "internal.h"
#include "trace.h"

static void count_taken(struct extmem_pool_use *use, u64 bytes)
{
	spin_lock(&use->lock);
	use->bytes += bytes;
	use->most_bytes = max(use->most_bytes, use->bytes);
	use->allocations++;
	spin_unlock(&use->lock);
}

static void count_given_back(struct extmem_pool_use *use, u64 bytes)
{
	spin_lock(&use->lock);
	use->bytes -= bytes;
	spin_unlock(&use->lock);
}

static void count_failure(struct extmem_pool_use *use)
{
	spin_lock(&use->lock);
	use->failures++;
	spin_unlock(&use->lock);
}

static void say_exhausted(struct extmem_region *region, u64 size)
{
	const struct extmem_desc *desc = &region->desc;
	struct extmem_pool_use use = extmem_pool_use_of(region);

	dev_notice_ratelimited(region->owner,
			       "%s: 0x%llx contiguous bytes are not free in %s (0x%llx bytes, 0x%llx of them taken through this region); %s\n",
			       desc->node, size, desc->reserved_by, desc->size, use.bytes,
			       size > desc->size ? "ask for less, or enlarge it" :
			       "free buffers, ask for smaller ones, or enlarge it");
}

/**
 * extmem_pool_use_of() - what is in use of a pool, at one time
 * @region: the pool
 */
struct extmem_pool_use extmem_pool_use_of(struct extmem_region *region)
{
	struct extmem_pool_use use;

	spin_lock(&region->use.lock);
	use = region->use;
	spin_unlock(&region->use.lock);
	return use;
}

static int take(struct extmem_region *region, u64 size, struct extmem_buffer *buffer)
{
	const struct extmem_backend_ops *ops = region->backend->ops;
	int ret;

	if (extmem_has_memory(region))
		return -ENOTTY;
	if (!ops->alloc)
		return -EOPNOTSUPP;
	ret = -ENOMEM;
	if (size <= region->desc.size) {
		*buffer = (struct extmem_buffer){ .size = PAGE_ALIGN(size) };
		ret = ops->alloc(region, buffer);
	}
	if (ret == -ENOMEM) {
		count_failure(&region->use);
		say_exhausted(region, size);
	}
	if (ret)
		return ret;
	buffer->region = region;
	get_device(&region->dev);
	__module_get(region->backend->module);
	count_taken(&region->use, buffer->size);
	return 0;
}

/**
 * extmem_pool_take() - have a buffer
 * @region: the pool, whose gate the caller is inside
 * @size: bytes, rounded up to whole pages here; not 0
 * @buffer: filled
 *
 * The buffer holds the region and the backend's module.
 *
 * Return: 0, -ENOTTY if the region is no pool, -EOPNOTSUPP if its backend hands out
 * none, -ENOMEM, -EINTR.
 */
int extmem_pool_take(struct extmem_region *region, u64 size, struct extmem_buffer *buffer)
{
	int ret = take(region, size, buffer);

	trace_extmem_alloc(region, size, ret);
	return ret;
}

/**
 * extmem_pool_give_back() - undo extmem_pool_take()
 * @buffer: the buffer; its region may be gone
 */
void extmem_pool_give_back(struct extmem_buffer *buffer)
{
	struct extmem_region *region = buffer->region;
	struct extmem_backend *backend = region->backend;

	count_given_back(&region->use, buffer->size);
	trace_extmem_free(region, buffer->size, 0);
	backend->ops->free(buffer);
	module_put(backend->module);
	put_device(&region->dev);
}
