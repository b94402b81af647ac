// SPDX-License-Identifier: GPL-2.0
/*
 * A buffer of a pool as a dma-buf: for the user who asked for it, for whatever device
 * he gives it to, and for as long as one of them keeps it.
 */
#include <linux/cleanup.h>
#include <linux/dma-buf.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include <asm/barrier.h>

#include "internal.h"

/* Who takes a buffer uses all of it. */
#define FAULT_AROUND SZ_256K

/**
 * struct extmem_dmabuf - what a dma-buf is of
 * @buffer: from the pool
 * @lock: guards @attachments, and how each is mapped
 * @attachments: who is to have it
 */
struct extmem_dmabuf {
	struct extmem_buffer buffer;
	struct mutex lock;	/* guards what follows */
	struct list_head attachments;
};

/**
 * struct extmem_attachment - a device that is to have it
 * @sibling: in extmem_dmabuf.attachments
 * @dev: the device
 * @table: the buffer as it sees it
 */
struct extmem_attachment {
	struct list_head sibling;
	struct device *dev;
	struct extmem_dmatable table;
};

static bool is_cached(const struct extmem_buffer *buffer)
{
	return buffer->region->desc.policy == EXTMEM_WRITE_BACK;
}

static int extmem_dmabuf_attach(struct dma_buf *dmabuf,
				struct dma_buf_attachment *attachment)
{
	struct extmem_dmabuf *edb = dmabuf->priv;
	struct extmem_attachment *ea;
	int ret;

	if (!edb->buffer.has_pages && !attachment->peer2peer) {
		dev_dbg(attachment->dev,
			"cannot have a buffer of %s, a pool with no-map: it has no pages; use a reusable pool\n",
			dev_name(&edb->buffer.region->dev));
		return -EOPNOTSUPP;
	}
	ea = kzalloc(sizeof(*ea), GFP_KERNEL_ACCOUNT);
	if (!ea)
		return -ENOMEM;
	ret = extmem_dmatable_make(&ea->table, edb->buffer.base, edb->buffer.size,
				   edb->buffer.has_pages);
	if (ret) {
		kfree(ea);
		return ret;
	}
	ea->dev = attachment->dev;
	attachment->priv = ea;
	guard(mutex)(&edb->lock);
	list_add(&ea->sibling, &edb->attachments);
	return 0;
}

static void extmem_dmabuf_detach(struct dma_buf *dmabuf,
				 struct dma_buf_attachment *attachment)
{
	struct extmem_dmabuf *edb = dmabuf->priv;
	struct extmem_attachment *ea = attachment->priv;

	scoped_guard(mutex, &edb->lock)
		list_del(&ea->sibling);
	extmem_dmatable_free(&ea->table);
	kfree(ea);
}

static struct sg_table *extmem_dmabuf_map(struct dma_buf_attachment *attachment,
					  enum dma_data_direction direction)
{
	struct extmem_dmabuf *edb = attachment->dmabuf->priv;
	struct extmem_attachment *ea = attachment->priv;
	int ret;

	guard(mutex)(&edb->lock);
	ret = extmem_dmatable_map(ea->dev, &ea->table, direction, is_cached(&edb->buffer));
	return ret ? ERR_PTR(ret) : &ea->table.sgt;
}

static void extmem_dmabuf_unmap(struct dma_buf_attachment *attachment,
				struct sg_table *sgt, enum dma_data_direction direction)
{
	struct extmem_dmabuf *edb = attachment->dmabuf->priv;
	struct extmem_attachment *ea = attachment->priv;

	guard(mutex)(&edb->lock);
	extmem_dmatable_unmap(ea->dev, &ea->table);
}

/*
 * The device of the pool is that of the node, which may well be what uses the buffer:
 * an FPGA that was told the address. The devices it was given to may look at the memory
 * in other ways.
 */
static int extmem_dmabuf_begin(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	struct extmem_dmabuf *edb = dmabuf->priv;
	struct extmem_buffer *buffer = &edb->buffer;
	struct extmem_attachment *ea;

	if (!is_cached(buffer)) {
		mb();	/* the CPU reads what was written before it was told to */
		return 0;
	}
	guard(mutex)(&edb->lock);
	list_for_each_entry(ea, &edb->attachments, sibling)
		if (ea->table.direction != DMA_NONE)
			dma_sync_sgtable_for_cpu(ea->dev, &ea->table.sgt,
						 ea->table.direction);
	dma_sync_single_for_cpu(buffer->dev, buffer->dma, buffer->size, direction);
	return 0;
}

static int extmem_dmabuf_end(struct dma_buf *dmabuf, enum dma_data_direction direction)
{
	struct extmem_dmabuf *edb = dmabuf->priv;
	struct extmem_buffer *buffer = &edb->buffer;
	struct extmem_attachment *ea;

	if (!is_cached(buffer)) {
		mb();	/* what the CPU wrote is there before a device is told to read */
		return 0;
	}
	guard(mutex)(&edb->lock);
	dma_sync_single_for_device(buffer->dev, buffer->dma, buffer->size, direction);
	list_for_each_entry(ea, &edb->attachments, sibling)
		if (ea->table.direction != DMA_NONE)
			dma_sync_sgtable_for_device(ea->dev, &ea->table.sgt,
						    ea->table.direction);
	return 0;
}

static struct extmem_dmabuf *dmabuf_of(const struct vm_area_struct *vma)
{
	return vma->vm_private_data;
}

static vm_fault_t extmem_dmabuf_fault(struct vm_fault *vmf)
{
	return extmem_fault_around(vmf, dmabuf_of(vmf->vma)->buffer.base, FAULT_AROUND,
				   EXTMEM_NO_PAGES);
}

#ifdef EXTMEM_HAS_HUGE_FAULTS
static vm_fault_t extmem_dmabuf_huge_fault(struct vm_fault *vmf, unsigned int order)
{
	return extmem_fault_huge(vmf, order, dmabuf_of(vmf->vma)->buffer.base,
				 EXTMEM_NO_PAGES);
}
#endif

static const struct vm_operations_struct extmem_dmabuf_vm_ops = {
	.fault = extmem_dmabuf_fault,
#ifdef EXTMEM_HAS_HUGE_FAULTS
	.huge_fault = extmem_dmabuf_huge_fault,
#endif
};

/* The mapping holds the file, and the file the buffer. */
static int extmem_dmabuf_mmap(struct dma_buf *dmabuf, struct vm_area_struct *vma)
{
	struct extmem_dmabuf *edb = dmabuf->priv;
	const struct extmem_backend_ops *ops = edb->buffer.region->backend->ops;

	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (extmem_asks_to_execute(vma))
		return -EPERM;
	vm_flags_clear(vma, VM_EXEC | VM_MAYEXEC);
	vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP | VM_HUGEPAGE);
	vma->vm_page_prot = ops->buffer_pgprot(&edb->buffer, vma->vm_page_prot);
	vma->vm_private_data = edb;
	vma->vm_ops = &extmem_dmabuf_vm_ops;
	return 0;
}

static int extmem_dmabuf_vmap(struct dma_buf *dmabuf, struct iosys_map *map)
{
	struct extmem_dmabuf *edb = dmabuf->priv;

	iosys_map_set_vaddr(map, edb->buffer.vaddr);
	return 0;
}

static void extmem_dmabuf_release(struct dma_buf *dmabuf)
{
	struct extmem_dmabuf *edb = dmabuf->priv;

	extmem_pool_give_back(&edb->buffer);
	mutex_destroy(&edb->lock);
	kfree(edb);
}

static const struct dma_buf_ops extmem_dmabuf_ops = {
	.cache_sgt_mapping = true,
	.attach = extmem_dmabuf_attach,
	.detach = extmem_dmabuf_detach,
	.map_dma_buf = extmem_dmabuf_map,
	.unmap_dma_buf = extmem_dmabuf_unmap,
	.begin_cpu_access = extmem_dmabuf_begin,
	.end_cpu_access = extmem_dmabuf_end,
	.mmap = extmem_dmabuf_mmap,
	.vmap = extmem_dmabuf_vmap,
	.release = extmem_dmabuf_release,
};

/**
 * extmem_dmabuf_as_end() - copy from and to a buffer
 * @dmabuf: a dma-buf; held by the caller for as long as he copies
 * @end: filled, if it is a buffer of a pool
 *
 * Return: whether it is.
 */
bool extmem_dmabuf_as_end(struct dma_buf *dmabuf, struct extmem_end *end)
{
	struct extmem_dmabuf *edb = dmabuf->priv;

	if (dmabuf->ops != &extmem_dmabuf_ops)
		return false;
	*end = (struct extmem_end) {
		.buffer = &edb->buffer,
		.size = edb->buffer.size,
		.writable = true,
	};
	return true;
}

static struct dma_buf *export(struct extmem_dmabuf *edb)
{
	DEFINE_DMA_BUF_EXPORT_INFO(info);

	/* What debugfs and fdinfo show of it. */
	info.exp_name = dev_name(&edb->buffer.region->dev);
	info.ops = &extmem_dmabuf_ops;
	info.size = edb->buffer.size;
	info.flags = O_RDWR;
	info.priv = edb;
	return dma_buf_export(&info);
}

/**
 * extmem_dmabuf_alloc() - take a buffer from a pool
 * @region: the pool; the caller is outside its gate
 * @size: bytes, not 0
 * @dma: set to its address for the pool's device
 *
 * Return: the dma-buf, -ENODEV, or as extmem_pool_take().
 */
struct dma_buf *extmem_dmabuf_alloc(struct extmem_region *region, u64 size,
				    dma_addr_t *dma)
{
	struct extmem_dmabuf *edb;
	struct dma_buf *dmabuf;
	int ret;

	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return ERR_PTR(-ENODEV);
	edb = kzalloc(sizeof(*edb), GFP_KERNEL_ACCOUNT);
	if (!edb)
		return ERR_PTR(-ENOMEM);
	mutex_init(&edb->lock);
	INIT_LIST_HEAD(&edb->attachments);
	ret = extmem_pool_take(region, size, &edb->buffer);
	if (ret)
		goto err_free;
	dmabuf = export(edb);
	if (IS_ERR(dmabuf)) {
		ret = PTR_ERR(dmabuf);
		goto err_buffer;
	}
	*dma = edb->buffer.dma;
	return dmabuf;

err_buffer:
	extmem_pool_give_back(&edb->buffer);
err_free:
	mutex_destroy(&edb->lock);
	kfree(edb);
	return ERR_PTR(ret);
}

MODULE_IMPORT_NS(DMA_BUF);
