// SPDX-License-Identifier: GPL-2.0
/*
 * A window of a region as a dma-buf. The memory is not its own: when the region goes,
 * whoever has the window is told to let go of it, and finds the gate closed. So he is when
 * the machine goes to sleep and the memory goes off, which it does not while he has the
 * window otherwise.
 */
#include <linux/cleanup.h>
#include <linux/dma-buf.h>
#include <linux/dma-resv.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "internal.h"
#include "trace.h"

/**
 * struct exported_window - what a dma-buf is of
 * @window: in extmem_region.windows of the root
 * @region: the region or partition; held
 * @offset: where the window begins in it
 * @size: bytes
 * @writable: devices may write
 * @has_pages: of ordinary memory, in the linear map
 * @dmabuf: it
 */
struct exported_window {
	struct extmem_exported window;
	struct extmem_region *region;
	u64 offset;
	u64 size;
	bool writable;
	bool has_pages;
	struct dma_buf *dmabuf;
};

static int refuse_importer(struct exported_window *export, struct device *dev,
			   const char *why)
{
	dev_dbg(dev, "cannot have a window of %s: %s\n", dev_name(&export->region->dev), why);
	return -EOPNOTSUPP;
}

static int extmem_export_attach(struct dma_buf *dmabuf,
				struct dma_buf_attachment *attachment)
{
	struct exported_window *export = dmabuf->priv;
	struct extmem_dmatable *table;
	int ret;

	if (!attachment->importer_ops)
		return refuse_importer(export, attachment->dev,
				       "this driver cannot let go of it; give it a buffer of a pool");
	if (!export->has_pages && !attachment->peer2peer)
		return refuse_importer(export, attachment->dev,
				       "it has no pages, and this driver does not do peer-to-peer DMA");
	table = kzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
	ret = extmem_dmatable_make(table, export->region->base + export->offset,
				   export->size, export->has_pages);
	if (ret) {
		kfree(table);
		return ret;
	}
	attachment->priv = table;
	return 0;
}

static void extmem_export_detach(struct dma_buf *dmabuf,
				 struct dma_buf_attachment *attachment)
{
	extmem_dmatable_free(attachment->priv);
	kfree(attachment->priv);
}

/* Who has it pinned could not be told to let go. */
static int extmem_export_pin(struct dma_buf_attachment *attachment)
{
	return -EOPNOTSUPP;
}

static void extmem_export_unpin(struct dma_buf_attachment *attachment)
{
}

static struct sg_table *extmem_export_map(struct dma_buf_attachment *attachment,
					  enum dma_data_direction direction)
{
	struct exported_window *export = attachment->dmabuf->priv;
	struct extmem_region *region = export->region;
	struct extmem_dmatable *table = attachment->priv;
	int ret;

	if (!export->writable && direction != DMA_TO_DEVICE)
		return ERR_PTR(-EPERM);

	/* Unbind waits for who is inside, and then tells who is attached. */
	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return ERR_PTR(-ENODEV);
	if (extmem_is_off(region))
		return ERR_PTR(-EBUSY);
	ret = extmem_dmatable_map(attachment->dev, table, direction,
				  extmem_is_cached(&region->desc));
	return ret ? ERR_PTR(ret) : &table->sgt;
}

static void extmem_export_unmap(struct dma_buf_attachment *attachment,
				struct sg_table *sgt, enum dma_data_direction direction)
{
	extmem_dmatable_unmap(attachment->dev, attachment->priv);
}

static u32 sync_flags(enum dma_data_direction direction)
{
	return (direction != DMA_TO_DEVICE ? EXTMEM_SYNC_READ : 0) |
	       (direction != DMA_FROM_DEVICE ? EXTMEM_SYNC_WRITE : 0);
}

/* The direction is that of the CPU's access here, whatever the name of the type. */
static int sync_window(struct dma_buf *dmabuf, u32 flags)
{
	struct exported_window *export = dmabuf->priv;

	return min(0, extmem_sync(export->region, export->offset, export->size, flags));
}

static int extmem_export_begin(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	return sync_window(dmabuf, sync_flags(direction));
}

static int extmem_export_end(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	return sync_window(dmabuf, sync_flags(direction) | EXTMEM_SYNC_END);
}

/* As a mapping of the region's, which the zap finds. */
static int extmem_export_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	struct exported_window *export = dmabuf->priv;

	vma->vm_pgoff += export->offset >> PAGE_SHIFT;
	return extmem_mmap(export->region, vma);
}

static void extmem_export_release(struct dma_buf *dmabuf)
{
	struct exported_window *export = dmabuf->priv;

	scoped_guard(mutex, &export->region->root->windows_lock)
		list_del(&export->window.sibling);
	extmem_power_put(export->region);
	put_device(&export->region->dev);
	kfree(export);
}

/* No vmap(): an address in the kernel cannot be taken back from who has it. */
static const struct dma_buf_ops extmem_export_ops = {
	.attach = extmem_export_attach,
	.detach = extmem_export_detach,
	.pin = extmem_export_pin,
	.unpin = extmem_export_unpin,
	.map_dma_buf = extmem_export_map,
	.unmap_dma_buf = extmem_export_unmap,
	.begin_cpu_access = extmem_export_begin,
	.end_cpu_access = extmem_export_end,
	.mmap = extmem_export_mmap,
	.release = extmem_export_release,
};

/* By the rules of dma-bufs, nobody uses it any more when the fences are signalled. */
static void revoke(struct extmem_exported *window)
{
	struct exported_window *export = container_of(window, struct exported_window, window);
	struct dma_buf *dmabuf = export->dmabuf;

	if (!get_file_active(&dmabuf->file))
		return;		/* going, and nobody has it */
	dma_resv_lock(dmabuf->resv, NULL);
	dma_buf_move_notify(dmabuf);
	dma_resv_wait_timeout(dmabuf->resv, DMA_RESV_USAGE_BOOKKEEP, false,
			      MAX_SCHEDULE_TIMEOUT);
	dma_resv_unlock(dmabuf->resv);
	dma_buf_put(dmabuf);
}

/**
 * extmem_export_as_end() - copy from and to a window
 * @dmabuf: a dma-buf; held by the caller for as long as he copies
 * @end: filled, if it is a window of a region
 *
 * Return: whether it is.
 */
bool extmem_export_as_end(struct dma_buf *dmabuf, struct extmem_end *end)
{
	struct exported_window *export = dmabuf->priv;

	if (dmabuf->ops != &extmem_export_ops)
		return false;
	*end = (struct extmem_end) {
		.region = export->region,
		.offset = export->offset,
		.size = export->size,
		.writable = export->writable,
	};
	return true;
}

static bool is_whole_pages(const struct extmem_region *region, u64 offset, u64 size)
{
	return PAGE_ALIGNED(region->base) && PAGE_ALIGNED(offset | size) && size &&
	       offset < region->size && size <= region->size - offset && size <= SIZE_MAX;
}

static struct dma_buf *make(struct exported_window *export, bool writable)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);

	/* What debugfs and fdinfo show of it. */
	info.exp_name = dev_name(&export->region->dev);
	info.ops = &extmem_export_ops;
	info.size = export->size;
	info.flags = writable ? O_RDWR : O_RDONLY;
	info.priv = export;
	return dma_buf_export(&info);
}

static struct dma_buf *hand_out(struct extmem_region *region, u64 offset, u64 size,
				bool writable)
{
	struct extmem_region *root = region->root;
	struct exported_window *export;
	struct dma_buf *dmabuf;
	int ret;

	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return ERR_PTR(-ENODEV);
	if (!extmem_has_memory(region))
		return ERR_PTR(-ENXIO);
	if (region->desc.type == EXTMEM_MMIO)
		return ERR_PTR(-EPERM);
	if (region->base == EXTMEM_NO_ADDRESS)
		return ERR_PTR(-EOPNOTSUPP);
	if (!is_whole_pages(region, offset, size))
		return ERR_PTR(-EINVAL);
	export = kzalloc(sizeof(*export), GFP_KERNEL_ACCOUNT);
	if (!export)
		return ERR_PTR(-ENOMEM);
	export->region = region;
	export->offset = offset;
	export->size = size;
	export->writable = writable && extmem_is_writable(region);
	export->has_pages = extmem_pages_prepare(region) != EXTMEM_NO_PAGES ||
			    root->desc.reservation == EXTMEM_REUSABLE_POOL;
	ret = extmem_power_get(region);
	if (ret) {
		kfree(export);
		return ERR_PTR(ret);
	}
	dmabuf = make(export, writable);
	if (IS_ERR(dmabuf)) {
		extmem_power_put(region);
		kfree(export);
		return dmabuf;
	}
	export->dmabuf = dmabuf;
	dmabuf->file->f_mapping = root->inode->i_mapping;
	get_device(&region->dev);
	export->window.revoke = revoke;
	guard(mutex)(&root->windows_lock);
	list_add(&export->window.sibling, &root->windows);
	return dmabuf;
}

/**
 * extmem_export() - hand out a window of a region
 * @region: the region; the caller is outside its gate
 * @offset: first byte
 * @size: bytes
 * @writable: who has it may write, and have devices write
 *
 * Return: the dma-buf, -EINVAL if the window is not whole pages of the region,
 * -EPERM for registers, -EOPNOTSUPP for memory that has no one address, -ENXIO for a
 * pool, -ENODEV, -ENOMEM, or as extmem_power_get().
 */
struct dma_buf *extmem_export(struct extmem_region *region, u64 offset, u64 size,
			      bool writable)
{
	struct dma_buf *dmabuf = hand_out(region, offset, size, writable);

	trace_extmem_export(region, offset, size, writable, PTR_ERR_OR_ZERO(dmabuf));
	return dmabuf;
}
