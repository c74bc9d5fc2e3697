import type { Random } from '@widget-store/dev';
import type { Clock } from './clock';

/** Time until something happens that happens at random, at the same rate at all times: what many shoppers make together. */
export function exponentialMs(random: Random, meanMs: number): number {
  return -meanMs * Math.log(1 - random.next());
}

/** Lets something arrive at random, so many times a second on average. */
export function arrive(
  clock: Clock,
  { random, perSecond }: { random: Random; perSecond: number },
  happen: () => void,
): void {
  const next = (): void => {
    happen();
    clock.after(exponentialMs(random, 1000 / perSecond), next);
  };
  clock.after(exponentialMs(random, 1000 / perSecond), next);
}
