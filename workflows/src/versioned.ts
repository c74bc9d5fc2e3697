import { setWorkflowOptions } from '@temporalio/workflow';
import { checkout } from './checkout';
import { dispatch } from './dispatch';
import { reconcile } from './reconcile';
import { refund } from './refund';

export { checkout, dispatch, reconcile, refund };

/*
 * The workflows for a worker with a build id: which of them end on the build that began them. They are not said beside each
 * story, because a worker without a build id must not say it (SDK 1.24 would, and the server then refuses its tasks).
 */

// It ends within its payment window, so the build that began it is kept for as long as that.
setWorkflowOptions({ versioningBehavior: 'PINNED' }, checkout);
// It takes ten seconds more, on the build of its checkout.
setWorkflowOptions({ versioningBehavior: 'PINNED' }, dispatch);
// It waits for a gateway that is away for as long as that takes, and no build is kept for it.
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, refund);
// What a pinned run starts begins on its build; what is started to repair an order is to begin on the current one.
setWorkflowOptions({ versioningBehavior: 'AUTO_UPGRADE' }, reconcile);
