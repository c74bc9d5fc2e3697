/** The maximum number of lines in a cart. */
export const maxCartLines = 50;

/** The maximum number of characters of a product's `image_url`. */
export const maxImageUrlLength = 2000;

/** The maximum numbers of characters of a parcel's carrier and tracking link. */
export const maxCarrierLength = 100;
export const maxTrackingUrlLength = 2000;
