import { setWorkflowOptions } from '@temporalio/workflow';
import { checkout } from './checkout/checkout';
import { dispatch } from './dispatch';
import { reconcile } from './reconcile';
import { refund } from './refund';
import { settings } from './sandbox/settings';

export type { CheckoutResult } from './checkout/checkout';
export type { SandboxSettings } from './sandbox/settings';
export { checkout, dispatch, reconcile, refund };

// Without a build id none of this may be set: SDK 1.24 would send it all the same, and the server refuses such tasks.
if (settings.versioning) {
  // It ends within its payment window, and the build that began it is kept for that long.
  setWorkflowOptions({ versioningBehavior: 'PINNED' }, checkout);
  // It takes ten seconds more, on the build of its checkout.
  setWorkflowOptions({ versioningBehavior: 'PINNED' }, dispatch);
  // It may wait for the gateway for days, and no build is kept for it.
  setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, refund);
  // A pinned run starts its children on its own build, and repairs must start on the current one.
  setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, reconcile);
}
