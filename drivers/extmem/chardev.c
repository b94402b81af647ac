// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/extmem/<name>: who has a region open, and what his calls lead to.
 */
#include <linux/cdev.h>
#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include <linux/uio.h>

#include "internal.h"
#include "trace.h"

static dev_t extmem_devt;
static DEFINE_IDA(extmem_minors);

static struct extmem_region *region_of(const struct file *file)
{
	const struct extmem_file *efile = file->private_data;

	return efile->region;
}

/* Partitions do not overlap each other, and what has gone overlaps nothing. */
static bool overlaps(const struct extmem_file *one, const struct extmem_file *other)
{
	if (!READ_ONCE(other->region->open))
		return false;
	return one->region == other->region || !extmem_is_partition(one->region) ||
	       !extmem_is_partition(other->region);
}

static int add_file(struct extmem_file *efile)
{
	struct extmem_region *root = efile->region->root;
	struct extmem_file *other;

	guard(mutex)(&root->files_lock);
	list_for_each_entry(other, &root->files, sibling) {
		if (!(efile->exclusive || other->exclusive) || !overlaps(efile, other))
			continue;
		dev_dbg(&efile->region->dev, "busy: %s, %s (%d) has %s open%s\n",
			efile->exclusive ? "to be opened with O_EXCL" : "to be opened",
			other->comm, other->pid, dev_name(&other->region->dev),
			other->exclusive ? " with O_EXCL" : "");
		return -EBUSY;
	}
	list_add(&efile->sibling, &root->files);
	atomic_inc(&efile->region->open_count);
	return 0;
}

static int open_region(struct extmem_region *region, struct file *file)
{
	struct extmem_file *efile;
	int ret;

	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	efile = kzalloc(sizeof(*efile), GFP_KERNEL_ACCOUNT);
	if (!efile)
		return -ENOMEM;
	efile->region = region;
	efile->exclusive = file->f_flags & O_EXCL;
	efile->pid = task_tgid_nr(current);
	get_task_comm(efile->comm, current);
	ret = add_file(efile);
	if (ret) {
		kfree(efile);
		return ret;
	}
	file->private_data = efile;
	file->f_mapping = region->root->inode->i_mapping;
	file->f_mode |= FMODE_CAN_ODIRECT;	/* there is no page cache */
	extmem_pages_prepare(region);
	trace_extmem_open(region, efile->exclusive);
	return 0;
}

/*
 * The cdev holds the region's device, and the open file holds the cdev, and has the
 * memory on.
 */
static int extmem_open(struct inode *inode, struct file *file)
{
	struct extmem_region *region =
		container_of(inode->i_cdev, struct extmem_region, cdev);
	int ret;

	ret = extmem_power_get(region);
	if (ret)
		return ret;
	ret = open_region(region, file);
	if (ret)
		extmem_power_put(region);
	return ret;
}

static int extmem_release(struct inode *inode, struct file *file)
{
	struct extmem_file *efile = file->private_data;
	struct extmem_region *region = efile->region;

	scoped_guard(mutex, &region->root->files_lock)
		list_del(&efile->sibling);
	extmem_irqs_leave(efile);
	atomic_dec(&region->open_count);
	trace_extmem_close(region, efile->exclusive);
	extmem_power_put(region);
	kfree(efile);
	return 0;
}

static loff_t extmem_llseek(struct file *file, loff_t offset, int whence)
{
	if (whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END)
		return -EINVAL;
	return fixed_size_llseek(file, offset, whence, region_of(file)->size);
}

static ssize_t extmem_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	ssize_t ret = extmem_io_read(region_of(iocb->ki_filp), iocb->ki_pos, to);

	if (ret > 0)
		iocb->ki_pos += ret;
	return ret;
}

static ssize_t extmem_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	ssize_t ret = extmem_io_write(region_of(iocb->ki_filp), iocb->ki_pos, from);

	if (ret <= 0)
		return ret;
	iocb->ki_pos += ret;
	return generic_write_sync(iocb, ret);
}

/* To memory that forgets, it is enough that its devices see what was written. */
static int extmem_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	struct extmem_region *region = region_of(file);
	u64 last = min_t(u64, end, region->size - 1);
	int ret;

	if (start > last || !extmem_has_memory(region))
		return 0;
	if (region->desc.type == EXTMEM_NVRAM)
		return min(0, extmem_persist(region, start, last - start + 1));
	ret = extmem_sync(region, start, last - start + 1,
			  EXTMEM_SYNC_WRITE | EXTMEM_SYNC_END);
	return ret == -EOPNOTSUPP ? 0 : min(ret, 0);
}

static int extmem_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	return extmem_mmap(region_of(file), vma);
}

static unsigned long extmem_get_unmapped_area(struct file *file, unsigned long addr,
					      unsigned long len, unsigned long pgoff,
					      unsigned long flags)
{
	return extmem_unmapped_area(region_of(file), file, addr, len, pgoff, flags);
}

static long extmem_unlocked_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return extmem_file_ioctl(file->private_data, file->f_mode, cmd, (void __user *)arg);
}

/* Memory is always ready; what there is to wait for are interrupts, and the end. */
static __poll_t extmem_poll(struct file *file, struct poll_table_struct *table)
{
	struct extmem_region *region = region_of(file);

	poll_wait(file, &region->root->wait, table);
	if (!extmem_is_there(region))
		return DEFAULT_POLLMASK | EPOLLERR | EPOLLHUP;
	return extmem_irqs_have_news(file->private_data) ? DEFAULT_POLLMASK | EPOLLPRI :
							   DEFAULT_POLLMASK;
}

const struct file_operations extmem_fops = {
	.owner = THIS_MODULE,
	.open = extmem_open,
	.release = extmem_release,
	.llseek = extmem_llseek,
	.read_iter = extmem_read_iter,
	.write_iter = extmem_write_iter,
	.splice_read = copy_splice_read,
	.splice_write = iter_file_splice_write,
	.fsync = extmem_fsync,
	.mmap = extmem_file_mmap,
	.get_unmapped_area = extmem_get_unmapped_area,
	.poll = extmem_poll,
	.unlocked_ioctl = extmem_unlocked_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

/**
 * extmem_chardev_add() - add a region's device together with its char device
 * @region: the region, not yet added
 *
 * Return: 0 or a negative errno.
 */
int extmem_chardev_add(struct extmem_region *region)
{
	int minor, ret;

	minor = ida_alloc_max(&extmem_minors, MINORMASK, GFP_KERNEL);
	if (minor < 0)
		return minor;
	region->dev.devt = MKDEV(MAJOR(extmem_devt), minor);
	cdev_init(&region->cdev, &extmem_fops);
	region->cdev.owner = THIS_MODULE;
	ret = cdev_device_add(&region->cdev, &region->dev);
	if (ret)
		ida_free(&extmem_minors, minor);
	return ret;
}

/**
 * extmem_chardev_remove() - undo extmem_chardev_add()
 * @region: the region
 */
void extmem_chardev_remove(struct extmem_region *region)
{
	cdev_device_del(&region->cdev, &region->dev);
	ida_free(&extmem_minors, MINOR(region->dev.devt));
}

int extmem_chardev_init(void)
{
	return alloc_chrdev_region(&extmem_devt, 0, MINORMASK + 1, "extmem");
}

void extmem_chardev_exit(void)
{
	unregister_chrdev_region(extmem_devt, MINORMASK + 1);
}
