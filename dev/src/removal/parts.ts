import { bench } from './parts/bench';
import { chaos } from './parts/chaos';
import { helm } from './parts/helm';
import { operations } from './parts/operations';
import { stripe } from './parts/stripe';
import { telemetry } from './parts/telemetry';

/** The parts that `make remove` can remove, in any order. `docs/adapting.md` describes them. */
export const removableParts = { bench, chaos, stripe, telemetry, operations, helm };
