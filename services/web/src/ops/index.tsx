import { OpsOrderPage } from './opsOrderPage.js';
import { OpsPage } from './opsPage.js';
import './ops.css';

/**
 * The operations pages, in a separate bundle.
 *
 * @param orderId null for the page with the list of orders
 */
export function Ops({ orderId }: { orderId: string | null }) {
  return orderId === null ? <OpsPage /> : <OpsOrderPage key={orderId} orderId={orderId} />;
}
