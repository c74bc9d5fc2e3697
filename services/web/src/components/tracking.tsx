import type { OrderBody } from '@widget-store/api';
import { texts } from '../texts.js';

/** The link to track a shipped parcel. Checks again that the link is https, although the api accepts no other link. */
export function TrackingLink({ order }: { order: Pick<OrderBody, 'tracking_url'> }) {
  const { tracking_url: url } = order;
  if (url === null || !url.startsWith('https://')) return null;
  return (
    <p>
      <a href={url} rel="noopener noreferrer" target="_blank">
        {texts.order.track}
      </a>
    </p>
  );
}
