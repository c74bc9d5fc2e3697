/** The functions that write the mails, by the type of event. A mail has a subject, a text and HTML. */
export const mails = new Map([
  ['order.paid', receiptOf],
  ['order.shipped', shippingOf],
  ['order.shipment_corrected', correctionOf],
]);

function receiptOf(order, buyer) {
  const lines = order.items.map((item) => `${item.quantity} × ${item.product}, ${item.price} ${order.currency} each`);
  const adjustments = order.adjustments.map(({ label, amount }) => `${label}: ${amount} ${order.currency}`);
  const total = `Total: ${order.total} ${order.currency}`;
  return render(`Receipt for order ${order.order_number}`, [
    `Hello ${buyer.name ?? ''},`,
    `Thank you for order ${order.order_number}. We have received your payment.`,
    [...lines, ...adjustments, total].join('\n'),
    ['It goes to:', ...addressOf(buyer)].join('\n'),
    'This receipt is not a tax invoice.',
  ]);
}

function shippingOf(order, buyer) {
  return render(`Order ${order.order_number} is on its way`, [`Hello ${buyer.name ?? ''},`, ...parcelOf(order)]);
}

function correctionOf(order, buyer) {
  return render(`Correction: the parcel of order ${order.order_number}`, [
    `Hello ${buyer.name ?? ''},`,
    'We have corrected what our earlier mail said about your parcel.',
    ...parcelOf(order),
  ]);
}

function parcelOf(order) {
  const carrier = order.carrier ? ` with ${order.carrier}` : '';
  const sentence = `Your order ${order.order_number} is on its way${carrier}.`;
  return order.tracking_url ? [sentence, `Follow it: ${order.tracking_url}`] : [sentence];
}

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

function addressOf({ name, address }) {
  if (!address) return ['(no address)'];
  const { line1, line2, city, postal_code: postalCode, region, country } = address;
  const place = [postalCode, city].filter(Boolean).join(' ');
  return [name, line1, line2, place, region, countryNames.of(country)].filter(Boolean);
}

/** Renders both parts of a mail, the text and the HTML, from the same paragraphs. */
function render(subject, paragraphs) {
  const html = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`);
  const body = `<body style="font: 16px/1.5 sans-serif">${html.join('\n')}</body>`;
  return { subject, text: `${paragraphs.join('\n\n')}\n`, html: `<!doctype html><html lang="en">${body}</html>` };
}

function escapeHtml(text) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character]);
}
