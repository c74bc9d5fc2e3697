/** @returns the subject, text and HTML of the mail about an event; undefined if there is no mail about it */
export function mailOf(type, order, buyer) {
  const number = order.order_number;
  const greeting = `Hello ${buyer?.name ?? ''},`;
  if (type === 'order.paid') {
    const lines = order.items.map((item) => `${item.quantity} × ${item.product}, ${item.price} ${order.currency} each`);
    const total = `Total: ${order.total} ${order.currency}`;
    return render(`Receipt for order ${number}`, [
      greeting,
      `Thank you for order ${number}. We have received your payment.`,
      [...lines, total].join('\n'),
      ['It goes to:', ...addressOf(buyer)].join('\n'),
    ]);
  }
  if (type === 'order.shipped') {
    const carrier = order.carrier ? ` with ${order.carrier}` : '';
    return render(`Order ${number} is on its way`, [
      greeting,
      `Your order ${number} is on its way${carrier}.`,
      ...(order.tracking_url ? [`Follow it: ${order.tracking_url}`] : []),
    ]);
  }
  return undefined;
}

function addressOf({ name, address } = {}) {
  if (!address) return ['(no address)'];
  const { line1, line2, city, postal_code: postalCode, region, country } = address;
  return [name, line1, line2, [postalCode, city].filter(Boolean).join(' '), region, country].filter(Boolean);
}

/** Renders both parts of a mail, the text and the HTML, from the same paragraphs. */
function render(subject, paragraphs) {
  const html = paragraphs.map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`);
  return { subject, text: `${paragraphs.join('\n\n')}\n`, html: html.join('\n') };
}

function escapeHtml(text) {
  const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character]);
}
