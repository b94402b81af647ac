// SPDX-License-Identifier: GPL-2.0
/*
 * Ranges of a region that one driver has for himself: nobody else of those who ask can
 * have them, and hears who it is.
 */
#include <linux/cleanup.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include "internal.h"

static const struct extmem_range *find_overlap(const struct extmem_region *root,
					       const struct extmem_range *range)
{
	const struct extmem_range *other;

	lockdep_assert_held(&root->ranges_lock);
	list_for_each_entry(other, &root->ranges, sibling)
		if (range->first <= other->last && other->first <= range->last)
			return other;
	return NULL;
}

/**
 * extmem_range_claim() - have a range of a region for oneself
 * @region: the region or partition
 * @offset: first byte
 * @size: bytes
 * @owner: who wants it; stays until extmem_range_release()
 * @range: filled
 *
 * The log says who has it when it is somebody's already.
 *
 * Return: 0, -EINVAL if there is no such range, -EBUSY.
 */
int extmem_range_claim(struct extmem_region *region, u64 offset, u64 size,
		       const char *owner, struct extmem_range *range)
{
	struct extmem_region *root = region->root;
	const struct extmem_range *other;

	if (!size || offset >= region->size || size > region->size - offset)
		return -EINVAL;
	range->first = extmem_offset_in_root(region) + offset;
	range->last = range->first + size - 1;
	range->owner = owner;

	guard(mutex)(&root->ranges_lock);
	other = find_overlap(root, range);
	if (other) {
		dev_err(root->owner,
			"%s: %s cannot have 0x%llx-0x%llx for itself: %s has 0x%llx-0x%llx; use other bytes, or one of the two drivers\n",
			root->desc.node, owner, range->first, range->last, other->owner,
			other->first, other->last);
		return -EBUSY;
	}
	list_add(&range->sibling, &root->ranges);
	return 0;
}

/**
 * extmem_range_release() - undo extmem_range_claim()
 * @region: as there
 * @range: as there
 */
void extmem_range_release(struct extmem_region *region, struct extmem_range *range)
{
	guard(mutex)(&region->root->ranges_lock);
	list_del(&range->sibling);
}
