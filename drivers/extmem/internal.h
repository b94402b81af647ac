/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of the core share. What is below a file in this list is never
 * called by what is above it: driver, of, sysfs and chardev, region, index,
 * backend, attr.
 */
#ifndef _EXTMEM_INTERNAL_H
#define _EXTMEM_INTERNAL_H

#include <linux/cleanup.h>
#include <linux/extmem-backend.h>

#include "rules.h"

struct device_node;
struct platform_device;

#define EXTMEM_COMPATIBLE "extmem-region"

/* attr-<arch>.c: sees a mapping, and neither a desc nor a policy */


enum extmem_effective extmem_attr_read(const void *vaddr);
unsigned int extmem_attr_policies(void);
bool extmem_attr_nonposted(void);

/* backend.c: who can serve */
struct extmem_backend *extmem_backend_get(struct device *dev, const char *name,
					  const char *compatible);
void extmem_backend_put(struct extmem_backend *backend);
void extmem_backend_start_loading(void);
void extmem_backend_set_retry(void (*retry)(void));

/* index.c: the regions that are there, by name and by address */
int extmem_index_add(struct extmem_region *region,
		     const struct extmem_machine *machine,
		     struct extmem_verdict *verdict);
void extmem_index_remove(struct extmem_region *region);

/* region.c */
extern struct class extmem_class;

struct extmem_region *extmem_region_add(struct device *owner,
					const struct extmem_desc *desc,
					const struct extmem_machine *machine,
					struct extmem_backend *backend,
					struct extmem_verdict *verdict);
int extmem_partition_add(struct extmem_region *root,
			 const struct extmem_desc *desc,
			 const struct extmem_machine *machine,
			 struct extmem_verdict *verdict);
void extmem_region_remove(struct extmem_region *root);
int extmem_region_view(struct extmem_region *region, struct iosys_map *view);
enum extmem_effective extmem_region_attr(struct extmem_region *region);

static inline struct extmem_region *to_extmem_region(struct device *dev)
{
	return container_of(dev, struct extmem_region, dev);
}

static inline bool extmem_is_partition(const struct extmem_region *region)
{
	return region->root != region;
}

/*
 * The gate: who touches a region's memory is inside, and unbind waits for him.
 *
 *	CLASS(extmem_gate, gate)(region);
 *	if (!gate.open)
 *		return -ENODEV;
 *
 * The region's partitions share the gate of their root.
 */
struct extmem_gate {
	struct srcu_struct *srcu;
	int idx;
	bool open;
};

static inline struct extmem_gate extmem_gate_enter(struct extmem_region *region)
{
	struct extmem_region *root = region->root;
	struct extmem_gate gate = { .srcu = &root->gate };

	gate.idx = srcu_read_lock(gate.srcu);
	__release(gate.srcu);	/* for sparse, which sees no cleanup */
	gate.open = READ_ONCE(root->open);
	return gate;
}

static inline void extmem_gate_leave(struct extmem_gate *gate)
{
	__acquire(gate->srcu);
	srcu_read_unlock(gate->srcu, gate->idx);
}

DEFINE_CLASS(extmem_gate, struct extmem_gate, extmem_gate_leave(&_T),
	     extmem_gate_enter(region), struct extmem_region *region)

/* sysfs.c */
extern const struct attribute_group *extmem_region_groups[];

/* chardev.c */
int extmem_chardev_init(void);
void extmem_chardev_exit(void);
int extmem_chardev_add(struct extmem_region *region);
void extmem_chardev_remove(struct extmem_region *region);

/* of.c: reads the DT, and is the only one that does */
int extmem_of_read(struct device_node *np, bool simulated,
		   struct extmem_node *node);
int extmem_of_read_partition(struct device_node *np, struct extmem_node *node);
void extmem_of_free(struct extmem_node *node);
bool extmem_of_is_partition(struct device_node *np);
const char *extmem_of_compatible(struct device_node *np);

#endif /* _EXTMEM_INTERNAL_H */
