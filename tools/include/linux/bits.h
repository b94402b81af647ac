/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's BIT(), for user space. */
#ifndef _TOOLS_LINUX_BITS_H
#define _TOOLS_LINUX_BITS_H

#define BIT(nr) (1UL << (nr))

#endif /* _TOOLS_LINUX_BITS_H */
