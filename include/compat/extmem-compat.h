/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the newest kernel that we support has and others lack. Force-included, in
 * out-of-tree builds only; the one file that may ask for a kernel's version.
 */
#ifndef _EXTMEM_COMPAT_H
#define _EXTMEM_COMPAT_H

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
 * Up to 6.1, a class's devnode takes a device that is not const: take the first word
 * off the declaration of ours.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define extmem_devnode(device, mode) extmem_devnode(extmem_not_##device, mode)
#define extmem_not_const
#endif

#endif /* _EXTMEM_COMPAT_H */
