// SPDX-License-Identifier: GPL-2.0
/*
 * One inode for each region, in a file system of our own that nobody can mount. All
 * files of a region share its mapping, whatever node in whatever directory they were
 * opened by, so that one call finds every user's page-table entries.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>

#include "internal.h"

#define EXTMEM_MAGIC 0x65786d6d	/* "exmm" */

static struct vfsmount *extmem_mount;

static int extmem_init_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, EXTMEM_MAGIC) ? 0 : -ENOMEM;
}

/* No owner: the module's own mount would keep it from being unloaded. */
static struct file_system_type extmem_fs_type = {
	.name = "extmem",
	.init_fs_context = extmem_init_fs_context,
	.kill_sb = kill_anon_super,
};

/**
 * extmem_mapping_new() - make the inode of a region
 * @root: the region; no partition
 *
 * Return: 0 or a negative errno.
 */
int extmem_mapping_new(struct extmem_region *root)
{
	struct inode *inode = alloc_anon_inode(extmem_mount->mnt_sb);

	if (IS_ERR(inode))
		return PTR_ERR(inode);
	root->inode = inode;
	return 0;
}

/**
 * extmem_mapping_free() - undo extmem_mapping_new()
 * @root: the region, which no file has open; may have no inode
 */
void extmem_mapping_free(struct extmem_region *root)
{
	iput(root->inode);
}

/**
 * extmem_mapping_zap() - take every user's page-table entries of a region away
 * @root: the region
 *
 * They are gone for good where a gate was closed, and had nobody inside, before.
 */
void extmem_mapping_zap(struct extmem_region *root)
{
	unmap_mapping_range(root->inode->i_mapping, 0, 0, 1);
}

int extmem_mapping_init(void)
{
	extmem_mount = kern_mount(&extmem_fs_type);
	return PTR_ERR_OR_ZERO(extmem_mount);
}

void extmem_mapping_exit(void)
{
	kern_unmount(extmem_mount);
}
