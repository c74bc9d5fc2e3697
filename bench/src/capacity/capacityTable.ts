import { assumptions } from './assumptions';
import type { Resource } from './resources';

/**
 * Returns the model as a Markdown table. The columns are what an order uses, what each rate of orders needs, and the
 * rate of orders at which one lock, server or quota is exhausted.
 */
export function capacityTable(resources: Resource[], ordersPerSecond: number[]): string {
  const { paidShare } = assumptions;
  const head = [
    `${paidShare * 100} % of orders paid`,
    'a declined order',
    'a paid order',
    ...ordersPerSecond.map((rate) => `${number(rate)}/s`),
    'full at orders/s',
  ];
  const rows = resources.map(({ name, perOrder: { declined, paid }, needed, capacityPerSecond }) => {
    const mean = paidShare * paid + (1 - paidShare) * declined;
    return [
      name,
      number(declined),
      number(paid),
      ...ordersPerSecond.map((rate) => number(needed(rate * mean))),
      capacityPerSecond === undefined ? '' : number(capacityPerSecond / mean),
    ];
  });
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function number(value: number): string {
  const rounded = value >= 100 ? Math.round(value) : Number(value.toFixed(1));
  return rounded.toLocaleString('en-US');
}
