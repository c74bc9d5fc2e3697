import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { freePorts, repositoryRoot, supervise, type SupervisedProcess } from '@widget-store/dev';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { eventually } from '../support/eventually';
import { screenshotsDir } from '../support/env';
import { shopperOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';
import { openBrowser } from '../storefront/browser';

const buyer = {
  name: 'Ada <b> Lovelace',
  email: 'ada@example.com',
  phone: null,
  line1: '12 St James Square',
  line2: null,
  city: 'London',
  postalCode: 'SW1Y 4JH',
  region: null,
  country: 'GB',
};

/** In `make screenshots`, takes a picture of a mail for the documentation. */
async function takePicture(html: string): Promise<void> {
  const directory = screenshotsDir();
  if (directory === undefined) return;
  const browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 640, height: 300 } });
  await page.setContent(html);
  await page.screenshot({ path: join(directory, 'receipt-mail.png') });
  await browser.close();
}

describe('the example receipt-mail', () => {
  const mails: ParsedMail[] = [];
  const arrivals: { id: string; type: string }[] = [];
  let onMail = (): void => {};
  let store: TestStore;
  let program: SupervisedProcess;
  let front: Server;
  let smtp: SMTPServer;
  let sentFile: string;

  beforeAll(async () => {
    const ports = await freePorts('front', 'program', 'smtp');
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    smtp = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) =>
        simpleParser(stream, (error, mail) => {
          if (error === null) mails.push(mail);
          onMail();
          done(error);
        }),
    });
    await new Promise<void>((resolve) => smtp.listen(ports.smtp, '127.0.0.1', resolve));
    store = await startTestStore({
      worker: { tickMs: 50 },
      extraEnvironment: {
        worker: { EVENTS_WEBHOOK_URL: `http://127.0.0.1:${ports.front}/events`, EVENTS_WEBHOOK_SECRET: secret },
      },
    });
    front = await startFront(ports.front, { storeUrl: store.apiUrl, programUrl: `http://127.0.0.1:${ports.program}` });
    sentFile = join(store.dataDir, 'sent.txt');
    program = supervise({
      name: 'receipt-mail',
      command: process.execPath,
      args: [join(repositoryRoot, 'examples/receipt-mail/main.js')],
      env: {
        PORT: String(ports.program),
        STORE_URL: `http://127.0.0.1:${ports.front}`,
        EVENTS_WEBHOOK_SECRET: secret,
        SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
        SENT_FILE: sentFile,
      },
      isReady: async () => (await fetch(`http://127.0.0.1:${ports.program}`, { method: 'POST' })).status === 401,
      onLine: (line) => store.lines.push(`receipt-mail | ${line}`),
    });
    await program.whenReady({ deadlineMs: 60_000 });
  });
  afterAll(async () => {
    await store?.close();
    await program?.stop();
    front?.close();
    await new Promise<void>((resolve) => smtp.close(resolve));
  });

  /** Starts a server that forwards events to the example program, and all other requests to the store. */
  async function startFront(
    port: number,
    { storeUrl, programUrl }: Record<'storeUrl' | 'programUrl', string>,
  ): Promise<Server> {
    const server = createServer((request, response) => {
      const answer = async (): Promise<void> => {
        const { url = '', method = '', headers } = request;
        const content = await buffer(request);
        if (url === '/events') {
          const { type } = JSON.parse(content.toString()) as { type: string };
          arrivals.push({ id: String(headers['webhook-id']), type });
        }
        const body = method === 'POST' ? { body: new Uint8Array(content) } : {};
        const { host: _host, connection: _connection, ...rest } = headers as Record<string, string>;
        const passed = await fetch((url === '/events' ? programUrl : storeUrl) + url, {
          method,
          headers: rest,
          ...body,
        });
        response.writeHead(passed.status, { 'content-type': passed.headers.get('content-type') ?? 'text/plain' });
        response.end(await passed.text());
      };
      answer().catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return server;
  }

  it('sends one receipt and one shipping mail, even if the worker is killed before it records the delivery', async () => {
    const worker = store.processes.worker;
    onMail = () => {
      onMail = () => {};
      worker.kill('SIGKILL');
    };
    const shopper = shopperOf(store.apiUrl);
    const paymentId = await shopper.reserve();
    const orderId = await store.orderIdOf(paymentId);
    // The example program sends no mail for order.placed, so it accepts this event before the store knows the buyer.
    await eventually(
      () => store.sql`select 1 from outgoing_events`,
      (waiting) => waiting.length === 0,
    );
    await store.store.recordBuyer({ orderId, ...buyer });
    const { order_number: number } = await shopper.order(orderId);
    expect((await shopper.webhook(paymentId, 'paid')).status).toBe(200);
    await eventually(
      async () => {
        // Ends the lease that the killed worker has on the event.
        await store.sql`update outgoing_events set due_at = now() where order_id = ${orderId}`;
        return [await shopper.order(orderId), await store.sql`select 1 from outgoing_events`] as const;
      },
      ([order, waiting]) => order.status === 'DISPATCHED' && waiting.length === 0,
      { deadlineMs: 60_000 },
    );

    expect(mails.map(({ subject }) => subject)).toEqual([
      `Receipt for order ${number}`,
      `Order ${number} is on its way`,
    ]);
    const [receipt, shipping] = mails;
    expect(receipt?.to).toMatchObject({ value: [{ address: buyer.email, name: buyer.name }] });
    const paragraphs = [
      'Hello Ada <b> Lovelace,',
      `Thank you for order ${number}. We have received your payment.`,
      '1 × Premium Quality Widget, 99.99 USD each\nTotal: 99.99 USD',
      'It goes to:\nAda <b> Lovelace\n12 St James Square\nSW1Y 4JH London\nUnited Kingdom',
      'This receipt is not a tax invoice.',
    ];
    expect(receipt?.text).toBe(`${paragraphs.join('\n\n')}\n`);
    expect(receipt?.html).toContain('<p>Hello Ada &lt;b&gt; Lovelace,</p>');
    expect(receipt?.html).toContain('1 × Premium Quality Widget, 99.99 USD each<br>Total: 99.99 USD</p>');
    await takePicture(String(receipt?.html).replaceAll('&lt;b&gt; ', ''));
    expect(shipping?.text).toBe(`Hello Ada <b> Lovelace,\n\nYour order ${number} is on its way.\n`);

    const handled = readFileSync(sentFile, 'utf8').trim().split('\n');
    const mailed = arrivals.filter(({ type }) => type === 'order.paid' || type === 'order.shipped');
    expect(handled).toHaveLength(2);
    expect(new Set(handled)).toEqual(new Set(mailed.map(({ id }) => id)));
    expect(mailed.length).toBeGreaterThan(2);
  });

  it('sends no mail to a buyer who was erased', async () => {
    const shopper = shopperOf(store.apiUrl);
    const paymentId = await shopper.reserve();
    const orderId = await store.orderIdOf(paymentId);
    await store.store.recordBuyer({ orderId, ...buyer });
    await store.store.eraseBuyer({ orderId, operator: 'anna' });
    expect((await shopper.webhook(paymentId, 'paid')).status).toBe(200);
    await eventually(
      async () => [await shopper.order(orderId), await store.sql`select 1 from outgoing_events`] as const,
      ([order, waiting]) => order.status === 'DISPATCHED' && waiting.length === 0,
    );
    expect(mails).toHaveLength(2);
  });

  it('refuses events without a correct signature', async () => {
    const body = JSON.stringify({
      type: 'order.paid',
      timestamp: new Date().toISOString(),
      data: { order_id: 'ord_1' },
    });
    const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': '1', 'webhook-signature': 'v1,AAAA' };
    const { port } = front.address() as { port: number };
    expect((await fetch(`http://127.0.0.1:${port}/events`, { method: 'POST', headers, body })).status).toBe(401);
    expect(mails).toHaveLength(2);
  });
});
