/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a driver includes that uses regions of extmem, and all that it includes of it.
 *
 * The node of its device names them:
 *
 *	extmem = <&frame_ram>, <&regs>;
 *	extmem-names = "frames", "regs";
 *
 * It gets them when it is probed, and has them until it is unbound. A region that is
 * unbound has its drivers unbound first, so that no access needs a lock or a check.
 */
#ifndef _LINUX_EXTMEM_H
#define _LINUX_EXTMEM_H

#include <linux/compiler.h>
#include <linux/extmem-desc.h>
#include <linux/io.h>
#include <linux/iosys-map.h>
#include <linux/list.h>
#include <linux/types.h>

struct device;
struct dma_buf;
struct extmem_region;

/**
 * struct extmem - a region or a partition, as a driver has it
 * @name: what it is called in /sys/class/extmem
 * @base: CPU address of the first byte, EXTMEM_NO_ADDRESS if it has no one address
 * @size: bytes
 * @type: what the memory is
 * @policy: how it is mapped
 * @io_width: the one width in bytes that accesses have, 0 for any
 * @big_endian: numbers in registers are big-endian
 * @read_only: never written
 *
 * All of it is constant. Whatever comes after these belongs to extmem.
 */
struct extmem {
	const char *name;
	phys_addr_t base;
	u64 size;
	enum extmem_type type;
	enum extmem_policy policy;
	u8 io_width;
	bool big_endian;
	bool read_only;

	/* private: */
	struct extmem_region *region;
	struct list_head sibling;	/* in extmem_region.consumers */
	struct device *dev;		/* whose it is */
	struct list_head claims;	/* not for two at a time, as the others */
};

struct extmem *extmem_get(struct device *dev, const char *name);
struct extmem *extmem_get_optional(struct device *dev, const char *name);
struct extmem *extmem_get_index(struct device *dev, unsigned int index);
struct extmem *extmem_get_index_optional(struct device *dev, unsigned int index);
void extmem_put(struct extmem *mem);

struct extmem *devm_extmem_get(struct device *dev, const char *name);
struct extmem *devm_extmem_get_optional(struct device *dev, const char *name);
struct extmem *devm_extmem_get_index(struct device *dev, unsigned int index);
struct extmem *devm_extmem_get_index_optional(struct device *dev, unsigned int index);

int extmem_claim_range(struct extmem *mem, u64 offset, u64 size);
void extmem_release_range(struct extmem *mem, u64 offset, u64 size);

int extmem_map(struct extmem *mem, struct iosys_map *map);
int extmem_read(struct extmem *mem, u64 offset, void *to, size_t size);
int extmem_write(struct extmem *mem, u64 offset, const void *from, size_t size);
int extmem_fill(struct extmem *mem, u64 offset, u8 value, size_t size);

struct dma_buf *extmem_dma_buf_get(struct extmem *mem, u64 offset, u64 size,
				   dma_addr_t *addr);

/*
 * Accesses to what extmem_map() has mapped, at the cost of one readl() or one load: no
 * width, no byte order and no bound is looked at. Of a board that is simulated, registers
 * are memory. Only where readl() is a function does that need a second look.
 */
#define extmem_is_real_io(map)	(!IS_ENABLED(CONFIG_INDIRECT_IOMEM) || (map)->is_iomem)

/**
 * extmem_readl() - read a register of 32 bits, little-endian as readl()
 * @map: of a region of type mmio
 * @offset: of the register; a multiple of 4
 *
 * Return: what is in it.
 */
static inline u32 extmem_readl(const struct iosys_map *map, size_t offset)
{
	if (extmem_is_real_io(map))
		return readl(map->vaddr_iomem + offset);
	return le32_to_cpu(READ_ONCE(*(__le32 *)(map->vaddr + offset)));
}

/**
 * extmem_writel() - write a register of 32 bits, little-endian as writel()
 * @map: of a region of type mmio
 * @offset: of the register; a multiple of 4
 * @value: what is to be in it
 */
static inline void extmem_writel(const struct iosys_map *map, size_t offset, u32 value)
{
	if (extmem_is_real_io(map))
		writel(value, map->vaddr_iomem + offset);
	else
		WRITE_ONCE(*(__le32 *)(map->vaddr + offset), cpu_to_le32(value));
}

/**
 * extmem_readw() - read a register of 16 bits, little-endian as readw()
 * @map: of a region of type mmio
 * @offset: of the register; even
 *
 * Return: what is in it.
 */
static inline u16 extmem_readw(const struct iosys_map *map, size_t offset)
{
	if (extmem_is_real_io(map))
		return readw(map->vaddr_iomem + offset);
	return le16_to_cpu(READ_ONCE(*(__le16 *)(map->vaddr + offset)));
}

/**
 * extmem_writew() - write a register of 16 bits, little-endian as writew()
 * @map: of a region of type mmio
 * @offset: of the register; even
 * @value: what is to be in it
 */
static inline void extmem_writew(const struct iosys_map *map, size_t offset, u16 value)
{
	if (extmem_is_real_io(map))
		writew(value, map->vaddr_iomem + offset);
	else
		WRITE_ONCE(*(__le16 *)(map->vaddr + offset), cpu_to_le16(value));
}

/**
 * extmem_readb() - read a register of 8 bits
 * @map: of a region of type mmio
 * @offset: of the register
 *
 * Return: what is in it.
 */
static inline u8 extmem_readb(const struct iosys_map *map, size_t offset)
{
	if (extmem_is_real_io(map))
		return readb(map->vaddr_iomem + offset);
	return READ_ONCE(*(u8 *)(map->vaddr + offset));
}

/**
 * extmem_writeb() - write a register of 8 bits
 * @map: of a region of type mmio
 * @offset: of the register
 * @value: what is to be in it
 */
static inline void extmem_writeb(const struct iosys_map *map, size_t offset, u8 value)
{
	if (extmem_is_real_io(map))
		writeb(value, map->vaddr_iomem + offset);
	else
		WRITE_ONCE(*(u8 *)(map->vaddr + offset), value);
}

/**
 * extmem_load() - load a variable
 * @map: of memory; its is_iomem is false
 * @offset: of the variable, which is aligned as its type
 * @type: of the variable
 */
#define extmem_load(map, offset, type) \
	READ_ONCE(*(type *)((map)->vaddr + (offset)))

/**
 * extmem_store() - store a variable
 * @map: of memory; its is_iomem is false
 * @offset: of the variable, which is aligned as its type
 * @type: of the variable
 * @value: what is to be in it
 */
#define extmem_store(map, offset, type, value) \
	WRITE_ONCE(*(type *)((map)->vaddr + (offset)), (value))

#endif /* _LINUX_EXTMEM_H */
