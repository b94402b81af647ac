// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctls of include/uapi/linux/extmem.h.
 */
#include <linux/capability.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <uapi/linux/extmem.h>

#include "internal.h"

/* The sizes of the first versions. */
#define INFO_SIZE_1	sizeof(struct extmem_info)
#define SYNC_SIZE_1	sizeof(struct extmem_sync)

static_assert(INFO_SIZE_1 == 216);
static_assert(SYNC_SIZE_1 == 32);
static_assert(sizeof_field(struct extmem_info, name) >=
	      sizeof_field(struct extmem_desc, name));

/* Copies in a struct that starts with its size. */
static int get_struct(void *to, size_t size, size_t least, void __user *arg)
{
	u32 user_size;

	if (get_user(user_size, (u32 __user *)arg))
		return -EFAULT;
	if (user_size < least)
		return -EINVAL;
	return copy_struct_from_user(to, size, arg, user_size);
}

/* Copies out as much of it as the caller knows; its size stays what he said. */
static int put_struct(void __user *arg, const void *from, size_t size, u32 user_size)
{
	return copy_to_user(arg, from, min_t(size_t, size, user_size)) ? -EFAULT : 0;
}

static u32 access_of(const struct extmem_region *region)
{
	u32 access = 0;

	if (!region->desc.read_only)
		access |= EXTMEM_ACCESS_WRITE;
	if (extmem_can_mmap(region))
		access |= EXTMEM_ACCESS_MMAP;
	if (extmem_sync_is_needless(region))
		access |= EXTMEM_ACCESS_COHERENT;
	return access;
}

/* Where the CPU merges accesses, they have no one width. */
static u32 io_width_of(const struct extmem_desc *desc)
{
	return desc->policy == EXTMEM_UNCACHED ? desc->io_width : 0;
}

static u64 phys_addr_for_caller(const struct extmem_region *region)
{
	if (region->base == EXTMEM_NO_ADDRESS || !capable(CAP_SYS_ADMIN))
		return EXTMEM_PHYS_ADDR_NONE;
	return region->base;
}

static int fill_info(struct extmem_region *region, struct extmem_info *info)
{
	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	*info = (struct extmem_info) {
		.size = info->size,
		.bytes = region->size,
		.phys_addr = phys_addr_for_caller(region),
		.type = region->desc.type,
		.policy = region->desc.policy,
		.effective = extmem_region_attr(region),
		.access = access_of(region),
		.state = EXTMEM_STATE_READY,
		.io_width = io_width_of(&region->root->desc),
		.numa_node = region->desc.numa_node,
		.open_count = atomic_read(&region->open_count),
	};
	strscpy(info->name, dev_name(&region->dev), sizeof(info->name));
	strscpy(info->backend, region->backend->name, sizeof(info->backend));
	return 0;
}

static int do_info(struct extmem_region *region, void __user *arg)
{
	struct extmem_info info = {};
	int ret;

	ret = get_struct(&info, sizeof(info), INFO_SIZE_1, arg);
	if (ret)
		return ret;
	if (info.flags)
		return -EINVAL;
	ret = fill_info(region, &info);
	if (ret)
		return ret;
	return put_struct(arg, &info, sizeof(info), info.size);
}

static bool is_sound(const struct extmem_sync *sync, u64 region_size)
{
	const u32 accesses = EXTMEM_SYNC_READ | EXTMEM_SYNC_WRITE;

	return !(sync->flags & ~(accesses | EXTMEM_SYNC_END)) &&
	       sync->flags & accesses && !sync->reserved && sync->length &&
	       sync->offset < region_size && sync->length <= region_size - sync->offset;
}

static int do_sync(struct extmem_region *region, void __user *arg)
{
	struct extmem_sync sync = {};
	int ret;

	ret = get_struct(&sync, sizeof(sync), SYNC_SIZE_1, arg);
	if (ret)
		return ret;
	if (!is_sound(&sync, region->size))
		return -EINVAL;
	ret = extmem_sync(region, sync.offset, sync.length, sync.flags);
	if (ret < 0)
		return ret;
	sync.done = ret;
	return put_struct(arg, &sync, sizeof(sync), sync.size);
}

/**
 * extmem_ioctl() - do what user space asks for
 * @region: the region; the caller is outside its gate
 * @cmd: EXTMEM_IOC_*
 * @arg: the struct
 *
 * Return: as include/uapi/linux/extmem.h says.
 */
long extmem_ioctl(struct extmem_region *region, unsigned int cmd, void __user *arg)
{
	if (!extmem_is_there(region))
		return -ENODEV;
	switch (cmd) {
	case EXTMEM_IOC_INFO:
		return do_info(region, arg);
	case EXTMEM_IOC_SYNC:
		return do_sync(region, arg);
	default:
		return -ENOTTY;
	}
}
