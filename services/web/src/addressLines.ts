import type { OrderBody } from '@widget-store/api';

type Address = NonNullable<OrderBody['ship_to']>['address'];

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

/** The lines of an address in the order in which they stand on a parcel, without the recipient's name. */
export function addressLines({ line1, line2, city, postal_code: postalCode, region, country }: Address): string[] {
  const place = [postalCode, city, region].filter((part) => part !== null && part !== '').join(' ');
  return [line1, line2, place, countryNames.of(country) ?? country].filter(
    (line): line is string => line !== null && line !== '',
  );
}
