// SPDX-License-Identifier: GPL-2.0
/*
 * An interrupt controller without hardware: see the header. (The kernel's own irq_sim has
 * edges only, and nothing that stays up.)
 */
#include <kunit/test.h>

#include <linux/irq.h>
#include <linux/irqflags.h>
#include <linux/of.h>

#include "fake_irq.h"

static struct fake_irq_line *line_of(struct irq_data *data)
{
	struct fake_irq *fake = irq_data_get_irq_chip_data(data);

	return &fake->lines[irqd_to_hwirq(data)];
}

static void fake_mask(struct irq_data *data)
{
	line_of(data)->masked = true;
}

static void fake_unmask(struct irq_data *data)
{
	line_of(data)->masked = false;
}

static void fake_ack(struct irq_data *data)
{
	line_of(data)->latched = false;
}

static int fake_set_type(struct irq_data *data, unsigned int type)
{
	struct fake_irq *fake = irq_data_get_irq_chip_data(data);

	if (fake->no_type)
		return -EINVAL;
	irq_set_handler_locked(data, type & IRQ_TYPE_LEVEL_MASK ? handle_level_irq :
								  handle_edge_irq);
	return 0;
}

static int fake_set_wake(struct irq_data *data, unsigned int on)
{
	struct fake_irq *fake = irq_data_get_irq_chip_data(data);

	if (fake->no_wake)
		return -EOPNOTSUPP;
	line_of(data)->wakes = on;
	return 0;
}

/* Where Linux has no lock of the interrupt any more, and it would come if it were real. */
static void fake_sync_unlock(struct irq_data *data)
{
	if (line_of(data)->comes_at_once)
		fake_irq_run(irq_data_get_irq_chip_data(data), irqd_to_hwirq(data));
}

static struct irq_chip fake_chip = {
	.name = "extmem-test",
	.irq_mask = fake_mask,
	.irq_unmask = fake_unmask,
	.irq_ack = fake_ack,
	.irq_set_type = fake_set_type,
	.irq_set_wake = fake_set_wake,
	.irq_bus_sync_unlock = fake_sync_unlock,
};

static int fake_map(struct irq_domain *domain, unsigned int number, irq_hw_number_t line)
{
	struct fake_irq *fake = domain->host_data;

	if (line >= FAKE_IRQ_LINES || fake->no_line)
		return -EINVAL;
	fake->lines[line].masked = true;
	irq_set_chip_data(number, fake);
	irq_set_chip_and_handler(number, &fake_chip, handle_level_irq);
	irq_set_noprobe(number);
	return 0;
}

static const struct irq_domain_ops fake_domain_ops = {
	.map = fake_map,
	.xlate = irq_domain_xlate_twocell,
};

static void fake_irq_end(void *data)
{
	struct fake_irq *fake = data;
	unsigned int i;

	for (i = 0; i < FAKE_IRQ_LINES; i++)
		irq_dispose_mapping(irq_find_mapping(fake->domain, i));
	irq_domain_remove(fake->domain);
}

/**
 * fake_irq_new() - a controller that goes with the test
 * @test: the test, which must bind its regions afterwards
 * @node: the name of its node
 *
 * Return: the controller.
 */
struct fake_irq *fake_irq_new(struct kunit *test, const char *node)
{
	struct fake_irq *fake = kunit_kzalloc(test, sizeof(*fake), GFP_KERNEL);
	struct device_node *np = of_find_node_by_name(NULL, node);

	KUNIT_ASSERT_NOT_NULL(test, fake);
	KUNIT_ASSERT_NOT_NULL(test, np);
	fake->domain = irq_domain_add_linear(np, FAKE_IRQ_LINES, &fake_domain_ops, fake);
	of_node_put(np);
	KUNIT_ASSERT_NOT_NULL(test, fake->domain);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, fake_irq_end, fake));
	return fake;
}

/* Before its test ends: as a controller whose driver has not come yet. */
void fake_irq_remove(struct kunit *test, struct fake_irq *fake)
{
	kunit_release_action(test, fake_irq_end, fake);
}

static bool is_due(const struct fake_irq_line *line)
{
	return (line->up || line->latched) && !line->masked;
}

/**
 * fake_irq_run() - let a line come as often as it would
 * @fake: the controller
 * @line: the line
 *
 * Return: how often it came; FAKE_IRQ_STORM if it would go on.
 */
unsigned int fake_irq_run(struct fake_irq *fake, unsigned int line)
{
	unsigned int count = 0;
	unsigned long flags;

	for (; count < FAKE_IRQ_STORM && is_due(&fake->lines[line]); count++) {
		local_irq_save(flags);
		generic_handle_domain_irq(fake->domain, line);
		local_irq_restore(flags);
	}
	return count;
}

/**
 * fake_irq_pulse() - a rising edge
 * @fake: the controller
 * @line: the line
 *
 * Return: as fake_irq_run().
 */
unsigned int fake_irq_pulse(struct fake_irq *fake, unsigned int line)
{
	fake->lines[line].latched = true;
	return fake_irq_run(fake, line);
}

/**
 * fake_irq_number() - a line as Linux numbers it
 * @fake: the controller
 * @line: the line
 * @type: the trigger, as an overlay says it
 *
 * Return: the number, or 0.
 */
unsigned int fake_irq_number(struct fake_irq *fake, unsigned int line, unsigned int type)
{
	struct irq_fwspec spec = {
		.fwnode = fake->domain->fwnode,
		.param_count = 2,
		.param = { line, type },
	};

	return irq_create_fwspec_mapping(&spec);
}
