/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the newest kernel that we support has and others lack. Force-included, in
 * out-of-tree builds only; the one file that may ask for a kernel's version.
 */
#ifndef _EXTMEM_COMPAT_H
#define _EXTMEM_COMPAT_H

#include <linux/eventfd.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/version.h>

/*
 * Without CONFIG_OF, linux/of.h has stubs for all that we use but these. The modules
 * then build, and never see a node.
 */
#ifndef CONFIG_OF
static inline u64 of_read_number(const __be32 *cell, int size)
{
	u64 number = 0;

	for (; size--; cell++)
		number = number << 32 | be32_to_cpu(*cell);
	return number;
}

static inline bool of_node_is_root(const struct device_node *node)
{
	return false;
}
#endif

/*
 * __free(kvfree) is of 6.9, and kernels that are older may have been given it: so
 * ours has another name behind it.
 */
static inline void extmem_free_kvfree(void *p)
{
	void *memory = *(void **)p;

	if (!IS_ERR_OR_NULL(memory))
		kvfree(memory);
}

#define __free_kvfree extmem_free_kvfree

/*
 * Up to 6.1 a class's devnode, and up to 6.2 a device type's uevent, take a device
 * that is not const: take the first word off the declarations of ours.
 */
#define extmem_not_const
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define extmem_devnode(device, mode) extmem_devnode(extmem_not_##device, mode)
#endif
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define extmem_region_uevent(device, env) extmem_region_uevent(extmem_not_##device, env)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
static inline void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags &= ~flags;
}
#endif

/* Its nvmem has the cells right below the node that it is given. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
#define EXTMEM_NO_NVMEM_LAYOUT 1
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define copy_splice_read generic_file_splice_read
#endif

/* A user's memory in one piece is none of an array there. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
static inline void __user *iter_iov_addr(const struct iov_iter *iter)
{
	void __user *start = iter_is_ubuf(iter) ? iter->ubuf : iter->iov->iov_base;

	return start + iter->iov_offset;
}
#endif

/* Its huge_fault() is told no order. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
#define EXTMEM_NO_HUGE_FAULTS
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
static inline struct file *get_file_active(struct file **file)
{
	return atomic_long_inc_not_zero(&(*file)->f_count) ? *file : NULL;
}
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
#define eventfd_signal(eventfd) eventfd_signal(eventfd, 1)
#endif

/* A driver's remove() returns an int there. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define extmem_remove(device)						\
	extmem_do_remove(device);					\
	static int extmem_remove(struct platform_device *pdev)		\
	{								\
		extmem_do_remove(pdev);					\
		return 0;						\
	}								\
	static void extmem_do_remove(device)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define mm_get_unmapped_area(mm, ...) ((mm)->get_unmapped_area(__VA_ARGS__))
#endif

#endif /* _EXTMEM_COMPAT_H */
