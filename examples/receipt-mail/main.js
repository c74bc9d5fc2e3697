// Sends the shopper a mail when an order is paid or shipped, and when its shipment is corrected.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { createTransport } from 'nodemailer';
import { Webhook } from 'standardwebhooks';
import { mails } from './mails.js';

const { PORT = '4000', STORE_URL = 'http://127.0.0.1:3000', ADMIN_TOKEN = '', SENT_FILE = 'sent.txt' } = process.env;
const { EVENTS_WEBHOOK_SECRET = '', SMTP_URL = 'smtp://127.0.0.1:1025', MAIL_FROM = 'shop@example.com' } = process.env;

const webhook = new Webhook(EVENTS_WEBHOOK_SECRET);
const mailer = createTransport(SMTP_URL);
/**
 * The ids of the events that were handled. The store repeats an event until this program accepts it, so an event can
 * arrive again after its mail was sent.
 */
const handled = new Set(existsSync(SENT_FILE) ? readFileSync(SENT_FILE, 'utf8').split('\n') : []);

/** @returns the body as JSON; undefined if the store answers 404 */
async function askStore(path) {
  const answer = await fetch(STORE_URL + path, { headers: { Authorization: `Bearer ${ADMIN_TOKEN}` } });
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.json();
}

/**
 * How long after an event the store can still be without the buyer of its order. Within this time, `sendMail` fails if
 * the buyer is unknown, so that the store sends the event again.
 */
const buyerDelayMs = 60_000;

async function sendMail(eventId, { type, timestamp, data }) {
  if (handled.has(eventId)) return;
  const order = await askStore(`/order/${data.order_id}`);
  const buyer = await askStore(`/ops/orders/${data.order_id}/buyer`);
  if (!buyer && Date.now() < Date.parse(timestamp) + buyerDelayMs) throw new Error('the buyer is not known yet');
  // An erased buyer has no e-mail address, and gets no mail. If a mail is sent twice, its message id lets mail programs
  // hide the second one.
  if (order && buyer?.email) {
    const mail = mails.get(type)(order, buyer);
    const to = { name: buyer.name ?? '', address: buyer.email };
    await mailer.sendMail({ ...mail, from: MAIL_FROM, to, messageId: `<${eventId}@receipt-mail>` });
  }
  appendFileSync(SENT_FILE, `${eventId}\n`);
  handled.add(eventId);
}

/**
 * The sending of the last mail. Mails are sent one at a time, so that two copies of an event that arrive together cannot
 * cause two mails.
 */
let last = Promise.resolve();
function sendInTurn(eventId, event) {
  last = last.catch(() => {}).then(() => sendMail(eventId, event));
  return last;
}

async function receive(request, response) {
  const eventId = String(request.headers['webhook-id']);
  let event;
  try {
    event = webhook.verify(await text(request), request.headers);
  } catch {
    return response.writeHead(401).end();
  }
  try {
    if (mails.has(event.type)) await sendInTurn(eventId, event);
    return response.writeHead(204).end();
  } catch (error) {
    console.error(`${eventId}: ${error.message}`);
    return response.writeHead(503).end();
  }
}

const server = createServer((request, response) => void receive(request, response));
server.listen(Number(PORT), '127.0.0.1', () => console.log(`receipt-mail listens on ${PORT}`));
