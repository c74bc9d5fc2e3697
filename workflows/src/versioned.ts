import { setWorkflowOptions } from '@temporalio/workflow';
import { checkout } from './checkout/checkout';
import { dispatch } from './dispatch';
import { reconcile } from './reconcile';
import { refund } from './refund';

export { checkout, dispatch, reconcile, refund };

/*
 * The workflows for a worker with a build id: which of them end on the build that began them. This cannot be set beside each
 * workflow, because SDK 1.24 would then send it from workers without a build id too, and the server would refuse their tasks.
 */

// It ends with its payment window, so its build's workers must be kept that long.
setWorkflowOptions({ versioningBehavior: 'PINNED' }, checkout);
// It takes ten seconds longer, on the build of its checkout.
setWorkflowOptions({ versioningBehavior: 'PINNED' }, dispatch);
// It waits for the gateway for as long as that is away, and no build is kept for it.
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, refund);
// The children of a pinned run start on its build, but repairs should start on the current one.
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, reconcile);
