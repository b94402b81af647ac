// SPDX-License-Identifier: GPL-2.0
/*
 * The ioctls of include/uapi/linux/extmem.h.
 */
#include <linux/capability.h>
#include <linux/dma-buf.h>
#include <linux/err.h>
#include <linux/eventfd.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <uapi/linux/extmem.h>

#include "internal.h"

/* The sizes of the first versions. */
#define INFO_SIZE_1	sizeof(struct extmem_info)
#define SYNC_SIZE_1	sizeof(struct extmem_sync)
#define ALLOC_SIZE_1	sizeof(struct extmem_alloc)
#define EXPORT_SIZE_1	sizeof(struct extmem_export)
#define COPY_SIZE_1	sizeof(struct extmem_copy)
#define IRQ_ARM_SIZE_1	sizeof(struct extmem_irq_arm)
#define IRQ_READ_SIZE_1	sizeof(struct extmem_irq_read)

static_assert(INFO_SIZE_1 == 216);
static_assert(SYNC_SIZE_1 == 32);
static_assert(ALLOC_SIZE_1 == 32);
static_assert(EXPORT_SIZE_1 == 32);
static_assert(COPY_SIZE_1 == 48);
static_assert(IRQ_ARM_SIZE_1 == 16);
static_assert(IRQ_READ_SIZE_1 == 64);
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

	if (extmem_is_writable(region))
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
		.state = extmem_power_state(region),
		.io_width = io_width_of(&region->root->desc),
		.numa_node = region->desc.numa_node,
		.open_count = atomic_read(&region->open_count),
	};
	strscpy_pad(info->name, dev_name(&region->dev), sizeof(info->name));
	strscpy_pad(info->backend, region->backend->name, sizeof(info->backend));
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

/* The descriptor is the caller's only when he has been told of it. */
static int give_dmabuf(struct dma_buf *dmabuf, __s32 *fd, void __user *arg,
		       const void *from, size_t size, u32 user_size)
{
	int ret = get_unused_fd_flags(O_CLOEXEC);

	*fd = ret;
	if (ret >= 0)
		ret = put_struct(arg, from, size, user_size);
	if (!ret) {
		fd_install(*fd, dmabuf->file);
		return 0;
	}
	if (*fd >= 0)
		put_unused_fd(*fd);
	dma_buf_put(dmabuf);
	return ret;
}

static int do_alloc(struct extmem_region *region, fmode_t mode, void __user *arg)
{
	struct extmem_alloc alloc = {};
	struct dma_buf *dmabuf;
	dma_addr_t dma;
	int ret;

	ret = get_struct(&alloc, sizeof(alloc), ALLOC_SIZE_1, arg);
	if (ret)
		return ret;
	if (extmem_has_memory(region))
		return -ENOTTY;
	if (!(mode & FMODE_WRITE))
		return -EACCES;
	if (alloc.flags || alloc.reserved || !alloc.length)
		return -EINVAL;
	dmabuf = extmem_dmabuf_alloc(region, alloc.length, &dma);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	alloc.length = dmabuf->size;
	alloc.dma_addr = capable(CAP_SYS_ADMIN) ? dma : EXTMEM_PHYS_ADDR_NONE;
	return give_dmabuf(dmabuf, &alloc.fd, arg, &alloc, sizeof(alloc), alloc.size);
}

static int do_export(struct extmem_region *region, fmode_t mode, void __user *arg)
{
	struct extmem_export export = {};
	bool writable = mode & FMODE_WRITE && extmem_is_writable(region);
	struct dma_buf *dmabuf;
	int ret;

	ret = get_struct(&export, sizeof(export), EXPORT_SIZE_1, arg);
	if (ret)
		return ret;
	/* There is no dma-buf that only takes writes. */
	if (!(mode & FMODE_READ))
		return -EACCES;
	if (export.flags || export.reserved)
		return -EINVAL;
	dmabuf = extmem_export(region, export.offset, export.length, writable);
	if (IS_ERR(dmabuf))
		return PTR_ERR(dmabuf);
	return give_dmabuf(dmabuf, &export.fd, arg, &export, sizeof(export), export.size);
}

static bool is_region(const struct file *file, struct extmem_end *end)
{
	const struct extmem_file *efile = file->private_data;

	if (file->f_op != &extmem_fops)
		return false;
	*end = (struct extmem_end) {
		.region = efile->region,
		.size = efile->region->size,
		.writable = extmem_is_writable(efile->region),
	};
	return true;
}

/* The file of a region's or of a dma-buf of ours, to be put. */
static struct file *get_end(int fd, fmode_t mode, struct extmem_end *end)
{
	struct file *file = fget(fd);
	struct dma_buf *dmabuf;
	int ret = 0;

	if (!file)
		return ERR_PTR(-EBADF);
	if (!is_region(file, end)) {
		fput(file);
		dmabuf = dma_buf_get(fd);
		if (IS_ERR(dmabuf))
			return ERR_CAST(dmabuf);
		file = dmabuf->file;
		if (!extmem_dmabuf_as_end(dmabuf, end) && !extmem_export_as_end(dmabuf, end))
			ret = -EINVAL;
	}
	if (!ret && !(file->f_mode & mode))
		ret = -EBADF;
	if (!ret)
		return file;
	fput(file);
	return ERR_PTR(ret);
}

static bool is_within(const struct extmem_end *end, u64 offset, u64 length)
{
	return offset < end->size && length <= end->size - offset;
}

static ssize_t copy_between(const struct extmem_end *dst, const struct extmem_end *src,
			    const struct extmem_copy *copy)
{
	if (!dst->writable)
		return -EPERM;
	if ((dst->region && !extmem_has_memory(dst->region)) ||
	    (src->region && !extmem_has_memory(src->region)))
		return -ENXIO;
	if (!is_within(dst, copy->dst_offset, copy->length) ||
	    !is_within(src, copy->src_offset, copy->length))
		return -EINVAL;
	return extmem_copy(dst, dst->offset + copy->dst_offset, src,
			   src->offset + copy->src_offset, copy->length);
}

static ssize_t copy_files(const struct extmem_copy *copy)
{
	struct extmem_end dst, src;
	struct file *to, *from;
	ssize_t ret;

	to = get_end(copy->dst_fd, FMODE_WRITE, &dst);
	if (IS_ERR(to))
		return PTR_ERR(to);
	from = get_end(copy->src_fd, FMODE_READ, &src);
	if (IS_ERR(from)) {
		fput(to);
		return PTR_ERR(from);
	}
	ret = copy_between(&dst, &src, copy);
	fput(from);
	fput(to);
	return ret;
}

static int do_copy(void __user *arg)
{
	struct extmem_copy copy = {};
	ssize_t ret;

	ret = get_struct(&copy, sizeof(copy), COPY_SIZE_1, arg);
	if (ret)
		return ret;
	if (copy.flags || copy.copied || !copy.length)
		return -EINVAL;
	ret = copy_files(&copy);
	if (ret < 0)
		return ret;
	copy.copied = ret;
	return put_struct(arg, &copy, sizeof(copy), copy.size);
}

/**
 * extmem_ioctl() - do what user space asks for
 * @region: the region; the caller is outside its gate
 * @mode: how the file was opened
 * @cmd: EXTMEM_IOC_*
 * @arg: the struct
 *
 * Return: as include/uapi/linux/extmem.h says.
 */
long extmem_ioctl(struct extmem_region *region, fmode_t mode, unsigned int cmd,
		  void __user *arg)
{
	if (!extmem_is_there(region))
		return -ENODEV;
	switch (cmd) {
	case EXTMEM_IOC_INFO:
		return do_info(region, arg);
	case EXTMEM_IOC_SYNC:
		return do_sync(region, arg);
	case EXTMEM_IOC_ALLOC:
		return do_alloc(region, mode, arg);
	case EXTMEM_IOC_EXPORT:
		return do_export(region, mode, arg);
	case EXTMEM_IOC_COPY:
		return do_copy(arg);
	default:
		return -ENOTTY;
	}
}

static int arm_with_eventfd(struct extmem_file *efile, const struct extmem_irq_arm *arm)
{
	struct eventfd_ctx *eventfd = NULL;
	int ret;

	if (arm->eventfd != -1) {
		eventfd = eventfd_ctx_fdget(arm->eventfd);
		if (IS_ERR(eventfd))
			return PTR_ERR(eventfd);
	}
	ret = extmem_irq_arm(efile, arm->index, &eventfd);
	if (eventfd)
		eventfd_ctx_put(eventfd);
	return ret;
}

static int do_irq_arm(struct extmem_file *efile, void __user *arg)
{
	struct extmem_irq_arm arm = {};
	int ret;

	ret = get_struct(&arm, sizeof(arm), IRQ_ARM_SIZE_1, arg);
	if (ret)
		return ret;
	if (arm.flags == EXTMEM_IRQ_EVENTFD)
		return arm_with_eventfd(efile, &arm);
	if (arm.flags & ~EXTMEM_IRQ_DISARM || arm.eventfd)
		return -EINVAL;
	return arm.flags ? extmem_irq_disarm(efile, arm.index) :
			   extmem_irq_arm(efile, arm.index, NULL);
}

static int do_irq_read(struct extmem_file *efile, void __user *arg)
{
	struct extmem_irq_read read = {};
	int ret;

	ret = get_struct(&read, sizeof(read), IRQ_READ_SIZE_1, arg);
	if (ret)
		return ret;
	if (read.flags)
		return -EINVAL;
	ret = extmem_irq_read(efile, &read);
	if (ret)
		return ret;
	return put_struct(arg, &read, sizeof(read), read.size);
}

/**
 * extmem_file_ioctl() - do what user space asks for on a file of its own
 * @efile: the file; the caller is outside the gate
 * @mode: how it was opened
 * @cmd: EXTMEM_IOC_*
 * @arg: the struct
 *
 * Return: as include/uapi/linux/extmem.h says.
 */
long extmem_file_ioctl(struct extmem_file *efile, fmode_t mode, unsigned int cmd,
		       void __user *arg)
{
	if (cmd != EXTMEM_IOC_IRQ_ARM && cmd != EXTMEM_IOC_IRQ_READ)
		return extmem_ioctl(efile->region, mode, cmd, arg);
	if (!extmem_is_there(efile->region))
		return -ENODEV;
	return cmd == EXTMEM_IOC_IRQ_ARM ? do_irq_arm(efile, arg) : do_irq_read(efile, arg);
}
