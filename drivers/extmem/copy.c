// SPDX-License-Identifier: GPL-2.0
/*
 * Copies between regions and buffers, none of which is in a user's memory: by an engine
 * where a region has one, else by the CPU.
 */
#include <linux/cleanup.h>
#include <linux/iosys-map.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/uio.h>

#include "internal.h"

/* Between two looks at the gates, at signals and at who else wants the CPU. */
#define CHUNK SZ_256K

static bool overlap(u64 one, u64 other, u64 length)
{
	return one < other + length && other < one + length;
}

static bool is_itself(const struct extmem_end *dst, u64 dst_offset,
		      const struct extmem_end *src, u64 src_offset, u64 length)
{
	if (dst->buffer != src->buffer)
		return false;
	if (dst->buffer)
		return overlap(dst_offset, src_offset, length);
	return dst->region->root == src->region->root &&
	       overlap(extmem_offset_in_root(dst->region) + dst_offset,
		       extmem_offset_in_root(src->region) + src_offset, length);
}

static bool is_mmio(const struct extmem_end *end)
{
	return end->region && end->region->desc.type == EXTMEM_MMIO;
}

/* --- by the CPU --- */

static ssize_t read_to(struct extmem_region *region, u64 offset, void *to, size_t size)
{
	struct kvec kvec = { .iov_base = to, .iov_len = size };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_DEST, &kvec, 1, size);
	return extmem_io_read(region, offset, &iter);
}

static ssize_t write_from(struct extmem_region *region, u64 offset, void *from, size_t size)
{
	struct kvec kvec = { .iov_base = from, .iov_len = size };
	struct iov_iter iter;

	iov_iter_kvec(&iter, ITER_SOURCE, &kvec, 1, size);
	return extmem_io_write(region, offset, &iter);
}

/* Memory that the CPU can access in any way. */
static bool is_plain(const struct extmem_region *region)
{
	return region->root->desc.policy != EXTMEM_UNCACHED;
}

/* With one side mapped, the other is read or written as by a user. */
static ssize_t by_window(struct extmem_region *dst, u64 dst_offset,
			 struct extmem_region *src, u64 src_offset, size_t size)
{
	bool of_src = is_plain(src);
	struct extmem_region *mapped = of_src ? src : dst;
	struct extmem_window window;
	ssize_t ret;

	CLASS(extmem_gate, gate)(mapped);
	if (!gate.open)
		return -ENODEV;
	ret = extmem_window_open(mapped, of_src ? src_offset : dst_offset, size, &window);
	if (ret)
		return ret;
	ret = of_src ? write_from(dst, dst_offset, window.map.vaddr, size) :
		       read_to(src, src_offset, window.map.vaddr, size);
	extmem_window_close(mapped, &window);
	if (ret > 0)
		extmem_count(mapped, of_src ? EXTMEM_BYTES_READ : EXTMEM_BYTES_WRITTEN, ret);
	return ret;
}

static ssize_t by_bounce(struct extmem_region *dst, u64 dst_offset,
			 struct extmem_region *src, u64 src_offset, size_t size)
{
	void *bounce __free(kfree) = kmalloc(PAGE_SIZE, GFP_KERNEL);
	ssize_t ret;

	if (!bounce)
		return -ENOMEM;
	ret = read_to(src, src_offset, bounce, min(size, PAGE_SIZE));
	return ret > 0 ? write_from(dst, dst_offset, bounce, ret) : ret;
}

static ssize_t by_cpu(const struct extmem_end *dst, u64 dst_offset,
		      const struct extmem_end *src, u64 src_offset, size_t size)
{
	if (src->buffer && dst->buffer) {
		memcpy(dst->buffer->vaddr + dst_offset, src->buffer->vaddr + src_offset, size);
		return size;
	}
	if (src->buffer)
		return write_from(dst->region, dst_offset, src->buffer->vaddr + src_offset,
				  size);
	if (dst->buffer)
		return read_to(src->region, src_offset, dst->buffer->vaddr + dst_offset, size);
	if (is_plain(src->region) || is_plain(dst->region))
		return by_window(dst->region, dst_offset, src->region, src_offset, size);
	return by_bounce(dst->region, dst_offset, src->region, src_offset, size);
}

/* --- by an engine --- */

static struct extmem_piece piece_of(const struct extmem_end *end, u64 offset)
{
	const struct extmem_buffer *buffer = end->buffer;
	struct extmem_region *root;

	if (buffer)
		return (struct extmem_piece) {
			.base = buffer->base + offset,
			.has_pages = buffer->has_pages,
			.cached = buffer->region->desc.policy == EXTMEM_WRITE_BACK,
		};
	root = end->region->root;
	return (struct extmem_piece) {
		.root = root,
		.offset = extmem_offset_in_root(end->region) + offset,
		.base = end->region->base + offset,
		.has_pages = root->pages != EXTMEM_NO_PAGES,
		.cached = extmem_is_cached(&root->desc),
	};
}

static bool has_address(const struct extmem_end *end)
{
	return end->buffer || end->region->base != EXTMEM_NO_ADDRESS;
}

/* A region that is there, and on: inside its gate, it stays so. Or a buffer. */
static bool can_be_used(const struct extmem_end *end)
{
	return end->buffer ||
	       (READ_ONCE(end->region->open) && !extmem_is_off(end->region));
}

static struct extmem_region *lender_of(const struct extmem_end *dst,
				       const struct extmem_end *src)
{
	if (!has_address(dst) || !has_address(src))
		return NULL;
	if (dst->region && dst->region->root->engine)
		return dst->region;
	return src->region && src->region->root->engine ? src->region : NULL;
}

static void count_moved(const struct extmem_end *end, enum extmem_counter which, size_t size)
{
	if (end->region && size)
		extmem_count(end->region, which, size);
}

/* Inside the gates of both; that of a buffer is always open, and is the lender's. */
static size_t by_engine(const struct extmem_end *dst, u64 dst_offset,
			const struct extmem_end *src, u64 src_offset, size_t size)
{
	struct extmem_region *lender = lender_of(dst, src);
	struct extmem_piece to, from;
	size_t done;

	if (!lender)
		return 0;
	CLASS(extmem_gate, of_dst)(dst->region ?: lender);
	CLASS(extmem_gate, of_src)(src->region ?: lender);
	if (!of_dst.open || !of_src.open || !can_be_used(dst) || !can_be_used(src))
		return 0;
	to = piece_of(dst, dst_offset);
	from = piece_of(src, src_offset);
	done = extmem_engine_copy(lender, &to, &from, size);
	count_moved(dst, EXTMEM_BYTES_WRITTEN, done);
	count_moved(src, EXTMEM_BYTES_READ, done);
	return done;
}

/**
 * extmem_copy() - copy between regions and buffers
 * @dst: where to; the caller is outside the gates
 * @dst_offset: first byte there
 * @src: where from
 * @src_offset: first byte there
 * @length: bytes, not 0; both ranges are in what they are of
 *
 * Return: the bytes copied, or a negative errno if there were none: -EPERM for
 * registers, -EINVAL if the ranges overlap, -ERESTARTSYS, -ENODEV, -ENOMEM.
 */
ssize_t extmem_copy(const struct extmem_end *dst, u64 dst_offset,
		    const struct extmem_end *src, u64 src_offset, u64 length)
{
	u64 done = 0;
	ssize_t ret;

	if (is_mmio(dst) || is_mmio(src))
		return -EPERM;
	if (is_itself(dst, dst_offset, src, src_offset, length))
		return -EINVAL;
	length = min_t(u64, length, MAX_RW_COUNT);
	do {
		size_t size = min_t(u64, length - done, CHUNK);

		ret = by_engine(dst, dst_offset + done, src, src_offset + done, size);
		if (!ret && signal_pending(current))
			ret = -ERESTARTSYS;
		if (!ret)
			ret = by_cpu(dst, dst_offset + done, src, src_offset + done, size);
		if (ret <= 0)
			return done ?: ret;
		done += ret;
		cond_resched();
	} while (done < length && !signal_pending(current));
	return done;
}
