import { maxCarrierLength, maxTrackingUrlLength } from '@widget-store/contract';
import type { ShipRequest } from './orderApi.js';
import { TextField } from './textField.js';
import { opsTexts } from './texts.js';

/** What an operator has entered about a parcel. */
export interface ParcelDraft {
  carrier: string;
  trackingUrl: string;
}

export const emptyParcel: ParcelDraft = { carrier: '', trackingUrl: '' };

export function isEmpty({ carrier, trackingUrl }: ParcelDraft): boolean {
  return carrier.trim() === '' && trackingUrl.trim() === '';
}

/** @returns null if the link is not https */
export function parcelRequest(draft: ParcelDraft): ShipRequest | null {
  const [carrier, trackingUrl] = [draft.carrier.trim(), draft.trackingUrl.trim()];
  if (!isLinkValid(draft)) return null;
  return { ...(carrier && { carrier }), ...(trackingUrl && { tracking_url: trackingUrl }) };
}

function isLinkValid({ trackingUrl }: ParcelDraft): boolean {
  return trackingUrl.trim() === '' || trackingUrl.trim().startsWith('https://');
}

interface ParcelFieldsProps {
  draft: ParcelDraft;
  onDraft: (draft: ParcelDraft) => void;
}

export function ParcelFields({ draft, onDraft }: ParcelFieldsProps) {
  return (
    <div className="ops-form">
      <TextField
        label={opsTexts.ship.carrier}
        value={draft.carrier}
        maxLength={maxCarrierLength}
        onEdit={(carrier) => onDraft({ ...draft, carrier })}
      />
      <TextField
        label={opsTexts.ship.trackingUrl}
        type="url"
        value={draft.trackingUrl}
        maxLength={maxTrackingUrlLength}
        error={isLinkValid(draft) ? null : opsTexts.ship.notHttps}
        onEdit={(trackingUrl) => onDraft({ ...draft, trackingUrl })}
      />
    </div>
  );
}
