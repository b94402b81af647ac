// SPDX-License-Identifier: GPL-2.0
/*
 * Copies by a DMA engine: a region whose node has dma-names = "memcpy" lends a channel to
 * long copies from and to it.
 *
 * The user's pages are pinned before the gate is entered, a bounded number at a time. In
 * the gate, a copy ends when the engine has done it, or has taken too long: seconds, or an
 * instant once a signal has come or the region is to go. The engine is stopped then. What
 * it does not do, or not rightly, is left to the CPU.
 */
#include <linux/cleanup.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/wait.h>

#include "internal.h"

#define CHUNK		SZ_256K	/* what is pinned for one copy */
#define MAX_COPIES	4	/* that have pages pinned at a time */
#define TIMEOUT		(2 * HZ)
#define GRACE		(HZ / 10)	/* to end by itself what nobody waits for any more */
#define MAX_FAILURES	3	/* in a row, and it is used no more */

/* Below this, pinning, mapping and an interrupt cost more than the CPU's copy. */
#define LEAST		SZ_64K

/**
 * struct extmem_engine - the channel of a region
 * @chan: it; gone when the region is detached
 * @lock: who has the channel
 * @wait: for @pending to be 0, or for the region to go
 * @pending: descriptors that have not been reported, and one more while some are made
 * @failed: one of them was not done
 * @copies: that have pages pinned
 * @failures: in a row
 * @bytes: that it has moved
 */
struct extmem_engine {
	struct dma_chan *chan;
	struct mutex lock;	/* guards what follows, but for @copies and @bytes */
	wait_queue_head_t wait;
	atomic_t pending;
	bool failed;
	atomic_t copies;
	unsigned int failures;
	atomic64_t bytes;
};

static struct device *device_of(const struct extmem_engine *engine)
{
	return dmaengine_get_dma_device(engine->chan);
}

static int check_channel(struct extmem_region *region, const struct dma_chan *chan)
{
	const char *why = NULL;

	if (!dma_has_cap(DMA_MEMCPY, chan->device->cap_mask) ||
	    !chan->device->device_prep_dma_memcpy)
		why = "cannot copy memory";
	else if (!chan->device->device_terminate_all)
		why = "cannot be stopped";
	if (!why)
		return 0;
	dev_err(region->owner,
		"%s: dmas: the channel %s %s; use another controller, or remove dmas and dma-names\n",
		region->desc.node, dma_chan_name((struct dma_chan *)chan), why);
	return -EINVAL;
}

/**
 * extmem_engine_get() - have a region's channel, if it has one
 * @region: the region; no partition; nobody uses it yet
 *
 * Return: 0, -EPROBE_DEFER while its controller is not there, or another negative errno.
 */
int extmem_engine_get(struct extmem_region *region)
{
	struct extmem_engine *engine;
	struct dma_chan *chan;
	int ret;

	if (!region->desc.engine)
		return 0;
	engine = kzalloc(sizeof(*engine), GFP_KERNEL);
	if (!engine)
		return -ENOMEM;
	chan = dma_request_chan(region->owner, "memcpy");
	if (IS_ERR(chan)) {
		kfree(engine);
		return dev_err_probe(region->owner, PTR_ERR(chan),
				     "%s: dmas: no channel \"memcpy\"; enable the driver of its controller, or remove dmas and dma-names\n",
				     region->desc.node);
	}
	ret = check_channel(region, chan);
	if (ret) {
		dma_release_channel(chan);
		kfree(engine);
		return ret;
	}
	engine->chan = chan;
	mutex_init(&engine->lock);
	init_waitqueue_head(&engine->wait);
	region->engine = engine;
	return 0;
}

/**
 * extmem_engine_cancel() - have who waits for the engine look at the region
 * @root: the region, whose gate is closed, or which is off
 */
void extmem_engine_cancel(struct extmem_region *root)
{
	if (root->engine)
		wake_up_all(&root->engine->wait);
}

/**
 * extmem_engine_put() - give the channel back
 * @root: the region, whose gate is closed and has nobody inside
 */
void extmem_engine_put(struct extmem_region *root)
{
	if (!root->engine)
		return;
	dmaengine_terminate_sync(root->engine->chan);
	dma_release_channel(root->engine->chan);
	root->engine->chan = NULL;
}

/**
 * extmem_engine_free() - free what extmem_engine_get() made
 * @root: the region, which nobody holds
 */
void extmem_engine_free(struct extmem_region *root)
{
	if (root->engine)
		mutex_destroy(&root->engine->lock);
	kfree(root->engine);
}

/**
 * extmem_engine_name() - what the dmaengine calls the channel
 * @region: the region, whose gate the caller is inside
 *
 * Return: the name, or NULL.
 */
const char *extmem_engine_name(const struct extmem_region *region)
{
	const struct extmem_engine *engine = region->root->engine;

	return engine ? dma_chan_name(engine->chan) : NULL;
}

/**
 * extmem_engine_bytes() - how much the engine has moved
 * @region: the region
 *
 * Return: bytes.
 */
u64 extmem_engine_bytes(const struct extmem_region *region)
{
	const struct extmem_engine *engine = region->root->engine;

	return engine ? atomic64_read(&engine->bytes) : 0;
}

/* --- one copy: descriptors, and their end --- */

static void engine_done(void *data, const struct dmaengine_result *result)
{
	struct extmem_engine *engine = data;

	if (result && result->result != DMA_TRANS_NOERROR)
		WRITE_ONCE(engine->failed, true);
	if (atomic_dec_and_test(&engine->pending))
		wake_up_all(&engine->wait);
}

static void begin(struct extmem_engine *engine)
{
	atomic_set(&engine->pending, 1);
	engine->failed = false;
}

static int submit(struct extmem_engine *engine, dma_addr_t dst, dma_addr_t src, size_t size)
{
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_dma_memcpy(engine->chan, dst, src, size,
				       DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	if (!tx)
		return -EIO;
	tx->callback_result = engine_done;
	tx->callback_param = engine;
	atomic_inc(&engine->pending);
	if (!dma_submit_error(dmaengine_submit(tx)))
		return 0;
	atomic_dec(&engine->pending);
	return -EIO;
}

static bool is_over(struct extmem_engine *engine, const struct extmem_region *root)
{
	return !atomic_read(&engine->pending) || !READ_ONCE(root->open) ||
	       extmem_is_off(root);
}

/* Whether a copy may begin, and why not. */
static int check_region(const struct extmem_region *root)
{
	if (!READ_ONCE(root->open))
		return -ENODEV;
	return extmem_is_off(root) ? -EBUSY : 0;
}

/* Nothing is under way any more when it returns. */
static int finish(struct extmem_engine *engine, const struct extmem_region *root, int error)
{
	long left;

	if (error) {
		dmaengine_terminate_sync(engine->chan);
		return error;
	}
	dma_async_issue_pending(engine->chan);
	engine_done(engine, NULL);
	left = wait_event_interruptible_timeout(engine->wait, is_over(engine, root), TIMEOUT);
	if (left)
		wait_event_timeout(engine->wait, !atomic_read(&engine->pending), GRACE);
	if (!atomic_read(&engine->pending))
		return engine->failed ? -EIO : 0;
	dmaengine_terminate_sync(engine->chan);
	if (left < 0)
		return left;
	return check_region(root) ?: -ETIMEDOUT;
}

/* Who is to blame is told from who has to wait. */
static void judge(struct extmem_engine *engine, struct extmem_region *root, int ret,
		  size_t size)
{
	if (!ret) {
		engine->failures = 0;
		atomic64_add(size, &engine->bytes);
		return;
	}
	if (ret == -ERESTARTSYS || ret == -ENODEV || ret == -EBUSY)
		return;
	engine->failures++;
	if (engine->failures == 1)
		dev_warn_ratelimited(root->owner,
				     "%s: dmas: %s did not copy %zu bytes: %pe; the CPU does\n",
				     root->desc.node, dma_chan_name(engine->chan), size,
				     ERR_PTR(ret));
	if (engine->failures == MAX_FAILURES)
		dev_warn(root->owner,
			 "%s: dmas: %s failed %u times in a row; the CPU copies from now on; look at its controller and bind again\n",
			 root->desc.node, dma_chan_name(engine->chan), MAX_FAILURES);
}

/* --- memory that is no user's --- */

static struct extmem_piece piece_of(struct extmem_region *root, u64 offset)
{
	return (struct extmem_piece) {
		.root = root,
		.offset = offset,
		.base = root->base + offset,
		.has_pages = root->pages != EXTMEM_NO_PAGES,
		.cached = extmem_is_cached(&root->desc),
	};
}

/* Whether the CPU's caches have to be seen to by us; of pages, the DMA API does. */
static bool needs_sync(const struct extmem_engine *engine, const struct extmem_piece *piece)
{
	return piece->root && piece->cached && !piece->has_pages &&
	       !dev_is_dma_coherent(device_of(engine));
}

static int sync_piece(const struct extmem_piece *piece, size_t size, bool for_cpu)
{
	const struct extmem_backend_ops *ops = piece->root->backend->ops;
	size_t slack = offset_in_page(piece->offset);
	struct iosys_map map;
	int ret;

	if (!ops->sync)
		return -EOPNOTSUPP;
	ret = ops->map(piece->root, piece->offset - slack, size + slack, &map);
	if (ret)
		return ret;
	iosys_map_incr(&map, slack);
	ret = ops->sync(piece->root, &map, piece->offset, size, for_cpu);
	iosys_map_incr(&map, -slack);
	ops->unmap(piece->root, size + slack, &map);
	return ret;
}

/* What the CPU may write back while the engine writes is written back before, too. */
static int map_piece(struct extmem_engine *engine, const struct extmem_piece *piece,
		     size_t size, enum dma_data_direction dir, dma_addr_t *dma)
{
	struct device *dev = device_of(engine);
	int ret;

	if (needs_sync(engine, piece)) {
		ret = sync_piece(piece, size, dir == DMA_FROM_DEVICE);
		if (ret)
			return ret;
	}
	if (piece->has_pages)
		*dma = dma_map_page(dev, pfn_to_page(PHYS_PFN(piece->base)),
				    offset_in_page(piece->base), size, dir);
	else
		*dma = dma_map_resource(dev, piece->base, size, dir, 0);
	return dma_mapping_error(dev, *dma) ? -EIO : 0;
}

static int unmap_piece(struct extmem_engine *engine, const struct extmem_piece *piece,
		       size_t size, enum dma_data_direction dir, dma_addr_t dma)
{
	struct device *dev = device_of(engine);

	if (piece->has_pages)
		dma_unmap_page(dev, dma, size, dir);
	else
		dma_unmap_resource(dev, dma, size, dir, 0);
	if (dir == DMA_TO_DEVICE || !needs_sync(engine, piece))
		return 0;
	return sync_piece(piece, size, true);
}

/* --- the user's side --- */

/**
 * struct pinned - a user's memory that stays where it is
 * @pages: of it
 * @count: of those
 * @first: where it begins in the first of them
 * @size: bytes
 * @sgt: as the engine sees it
 */
struct pinned {
	struct page **pages;
	int count;
	unsigned int first;
	size_t size;
	struct sg_table sgt;
};

static int pin(struct pinned *pinned, const struct iov_iter *iter, size_t size)
{
	unsigned long addr = (unsigned long)iter_iov_addr(iter);
	bool to_user = iov_iter_rw(iter) == READ;

	pinned->first = offset_in_page(addr);
	pinned->size = size;
	pinned->count = DIV_ROUND_UP(pinned->first + size, PAGE_SIZE);
	pinned->pages = kmalloc_array(pinned->count, sizeof(*pinned->pages), GFP_KERNEL);
	if (!pinned->pages)
		return -ENOMEM;
	pinned->count = pin_user_pages_fast(addr & PAGE_MASK, pinned->count,
					    to_user ? FOLL_WRITE : 0, pinned->pages);
	if (pinned->count == DIV_ROUND_UP(pinned->first + size, PAGE_SIZE))
		return 0;
	/* The CPU finds out how far it gets. */
	if (pinned->count > 0)
		unpin_user_pages(pinned->pages, pinned->count);
	kfree(pinned->pages);
	return -EFAULT;
}

static void unpin(struct pinned *pinned, bool dirty)
{
	unpin_user_pages_dirty_lock(pinned->pages, pinned->count, dirty);
	kfree(pinned->pages);
}

static int move_pinned(struct extmem_engine *engine, const struct extmem_piece *piece,
		       struct pinned *pinned, bool to_user)
{
	enum dma_data_direction dir = to_user ? DMA_TO_DEVICE : DMA_FROM_DEVICE;
	struct scatterlist *sg;
	dma_addr_t start, dma;
	unsigned int i;
	int ret;

	ret = map_piece(engine, piece, pinned->size, dir, &start);
	if (ret)
		return ret;
	dma = start;
	begin(engine);
	for_each_sgtable_dma_sg(&pinned->sgt, sg, i) {
		ret = to_user ? submit(engine, sg_dma_address(sg), dma, sg_dma_len(sg)) :
				submit(engine, dma, sg_dma_address(sg), sg_dma_len(sg));
		if (ret)
			break;
		dma += sg_dma_len(sg);
	}
	ret = finish(engine, piece->root, ret);
	return unmap_piece(engine, piece, pinned->size, dir, start) ?: ret;
}

static int move_mapped(struct extmem_engine *engine, const struct extmem_piece *piece,
		       struct pinned *pinned, bool to_user)
{
	enum dma_data_direction dir = to_user ? DMA_FROM_DEVICE : DMA_TO_DEVICE;
	struct device *dev = device_of(engine);
	int ret;

	ret = sg_alloc_table_from_pages_segment(&pinned->sgt, pinned->pages, pinned->count,
						pinned->first, pinned->size,
						dma_get_max_seg_size(dev), GFP_KERNEL);
	if (ret)
		return ret;
	ret = dma_map_sgtable(dev, &pinned->sgt, dir, 0);
	if (!ret) {
		ret = move_pinned(engine, piece, pinned, to_user);
		dma_unmap_sgtable(dev, &pinned->sgt, dir, 0);
	}
	sg_free_table(&pinned->sgt);
	return ret;
}

static int move_in_gate(struct extmem_region *region, u64 pos, struct pinned *pinned,
			bool to_user)
{
	struct extmem_region *root = region->root;
	struct extmem_piece piece = piece_of(root, extmem_offset_in_root(region) + pos);
	struct extmem_engine *engine = root->engine;
	int ret;

	CLASS(extmem_gate, gate)(region);
	if (!gate.open)
		return -ENODEV;
	if (mutex_lock_interruptible(&engine->lock))
		return -ERESTARTSYS;
	ret = check_region(root);
	if (!ret)
		ret = move_mapped(engine, &piece, pinned, to_user);
	judge(engine, root, ret, pinned->size);
	mutex_unlock(&engine->lock);
	return ret;
}

/**
 * extmem_engine_move() - have the engine copy between a region and a user's memory
 * @region: the region; the caller is outside its gate
 * @pos: first byte
 * @iter: the user's memory; gone on with by what was copied
 * @size: bytes, as extmem_engine_part() says
 *
 * Return: the bytes copied, 0 if it is for the CPU to do, -ERESTARTSYS or -ENODEV.
 */
ssize_t extmem_engine_move(struct extmem_region *region, u64 pos, struct iov_iter *iter,
			   size_t size)
{
	struct extmem_engine *engine = region->root->engine;
	bool to_user = iov_iter_rw(iter) == READ;
	struct pinned pinned;
	int ret = -EBUSY;

	if (atomic_inc_return(&engine->copies) <= MAX_COPIES)
		ret = pin(&pinned, iter, size);
	if (!ret) {
		ret = move_in_gate(region, pos, &pinned, to_user);
		unpin(&pinned, to_user);
	}
	atomic_dec(&engine->copies);
	if (ret)
		return ret == -ERESTARTSYS || ret == -ENODEV ? ret : 0;
	iov_iter_advance(iter, size);
	return size;
}

/* Of the addresses on each side. Two users of a line of the caches cannot be told apart. */
static unsigned long alignment_of(const struct extmem_engine *engine, bool cached)
{
	unsigned long align = 1UL << engine->chan->device->copy_align;

	if (cached && !dev_is_dma_coherent(device_of(engine)))
		align = max_t(unsigned long, align, dma_get_cache_alignment());
	return align;
}

/**
 * extmem_engine_part() - what of a copy is for the engine
 * @region: the region; the caller is outside its gate
 * @pos: first byte
 * @iter: the user's memory
 * @head: set to the bytes before it, which are for the CPU
 *
 * Return: bytes; 0 if all is for the CPU.
 */
size_t extmem_engine_part(struct extmem_region *region, u64 pos, const struct iov_iter *iter,
			  size_t *head)
{
	struct extmem_region *root = region->root;
	struct extmem_engine *engine = root->engine;
	size_t size = min(iov_iter_single_seg_count(iter), iov_iter_count(iter));
	unsigned long of_user, of_region;
	u64 start;

	if (!engine || size < LEAST || !(iter_is_ubuf(iter) || iter_is_iovec(iter)) ||
	    root->base == EXTMEM_NO_ADDRESS)
		return 0;

	CLASS(extmem_gate, gate)(region);
	if (!gate.open || READ_ONCE(engine->failures) >= MAX_FAILURES)
		return 0;
	of_user = alignment_of(engine, true);
	of_region = alignment_of(engine, extmem_is_cached(&root->desc));
	*head = -(unsigned long)iter_iov_addr(iter) & (of_user - 1);
	start = root->base + extmem_offset_in_root(region) + pos + *head;
	if (start & (of_region - 1) || size < *head + LEAST)
		return 0;
	return round_down(min_t(size_t, size - *head, CHUNK), max(of_user, of_region));
}

/* --- between memory that is no user's --- */

static int copy_pieces(struct extmem_engine *engine, const struct extmem_region *root,
		       const struct extmem_piece *dst, const struct extmem_piece *src,
		       size_t size)
{
	dma_addr_t to, from;
	int ret, ret_dst;

	ret = map_piece(engine, src, size, DMA_TO_DEVICE, &from);
	if (ret)
		return ret;
	ret = map_piece(engine, dst, size, DMA_FROM_DEVICE, &to);
	if (!ret) {
		begin(engine);
		ret = finish(engine, root, submit(engine, to, from, size));
		ret_dst = unmap_piece(engine, dst, size, DMA_FROM_DEVICE, to);
		ret = ret ?: ret_dst;
	}
	unmap_piece(engine, src, size, DMA_TO_DEVICE, from);
	return ret;
}

/**
 * extmem_engine_copy() - have the engine copy between pieces of memory
 * @region: whose engine; the caller is inside the gates of all regions that it is about
 * @dst: where to
 * @src: where from
 * @size: bytes that are to be copied
 *
 * Return: the bytes that were, 0 if it is for the CPU to do.
 */
size_t extmem_engine_copy(struct extmem_region *region, const struct extmem_piece *dst,
			  const struct extmem_piece *src, size_t size)
{
	struct extmem_region *root = region->root;
	struct extmem_engine *engine = root->engine;
	unsigned long align;
	int ret;

	if (!engine || READ_ONCE(engine->failures) >= MAX_FAILURES)
		return 0;
	align = max(alignment_of(engine, dst->cached), alignment_of(engine, src->cached));
	size = round_down(min_t(size_t, size, CHUNK), align);
	if (size < LEAST || (dst->base | src->base) & (align - 1))
		return 0;
	if (mutex_lock_interruptible(&engine->lock))
		return 0;
	ret = check_region(root);
	if (!ret)
		ret = copy_pieces(engine, root, dst, src, size);
	judge(engine, root, ret, size);
	mutex_unlock(&engine->lock);
	return ret ? 0 : size;
}
