/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the newest kernel that we support has and others lack. Force-included, in
 * out-of-tree builds only; the one file that may ask for a kernel's version.
 */
#ifndef _EXTMEM_COMPAT_H
#define _EXTMEM_COMPAT_H

#include <linux/mm.h>
#include <linux/of.h>
#include <linux/slab.h>
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

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define copy_splice_read generic_file_splice_read
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define mm_get_unmapped_area(mm, ...) ((mm)->get_unmapped_area(__VA_ARGS__))
#endif

#endif /* _EXTMEM_COMPAT_H */
