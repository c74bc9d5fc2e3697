import { setWorkflowOptions } from '@temporalio/workflow';
import { checkout } from './checkout/checkout';
import { dispatch } from './dispatch';
import { reconcile } from './reconcile';
import { refund } from './refund';
import { settings } from './sandbox/settings';
import { syncPayment } from './syncPayment';

export type { CheckoutResult } from './checkout/checkout';
export type { SandboxSettings } from './sandbox/settings';
export { checkout, dispatch, reconcile, refund, syncPayment };

// A worker without a build id must not set these options. SDK 1.24 would send them with each workflow task that it
// completes, and the server would refuse the completion.
if (settings.versioning) {
  // A checkout ends soon after its payment window. After that, it needs no workers of the build that started it.
  setWorkflowOptions({ versioningBehavior: 'PINNED' }, checkout);
  // A dispatch usually takes only ten seconds, so it can stay on the build that started it.
  setWorkflowOptions({ versioningBehavior: 'PINNED' }, dispatch);
  // A refund can wait for the gateway for days. The workers of an old build do not run for that long.
  setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, refund);
  // A run that reads a payment can wait for the gateway for days too.
  setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, syncPayment);
  // The reconciler must start its repairs on the current build. A pinned run would start its children on its own build.
  setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, reconcile);
}
