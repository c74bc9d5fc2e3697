import type { OrderBody } from '@widget-store/api';

interface TrackingLinkProps {
  order: Pick<OrderBody, 'carrier' | 'tracking_url'>;
  /** What the link does. The field `carrier` follows this text. */
  text: string;
}

/** The link to track a shipped parcel. Checks again that the link is https, although the api accepts no other link. */
export function TrackingLink({ order: { carrier, tracking_url: url }, text }: TrackingLinkProps) {
  if (url === null || !url.startsWith('https://')) return null;
  return (
    <p>
      <a href={url} rel="noopener noreferrer" target="_blank">
        {carrier === null ? text : `${text}: ${carrier}`}
      </a>
    </p>
  );
}
