const place = { line1: '1 Canary Wharf', line2: null, city: 'London', postalCode: 'E14', region: null, country: 'GB' };

/**
 * A buyer whose name and e-mail address contain `canary`, in upper or lower case, so that a test can search for them in
 * a log.
 */
export const testBuyer = { name: 'Ada Canary', email: 'ada@canary.example', phone: null, ...place };
