import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { verifyWebhook } from './webhookSignature';

const byteOrderMark = '\ufeff';

describe('the Standard Webhooks signature of a body', () => {
  it('covers its UTF-8 byte order mark', () => {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const [id, at, rawBody] = ['evt_1', new Date(), `${byteOrderMark}{}`];
    const headers = new Headers({
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, rawBody),
    });
    expect(() => verifyWebhook([secret], { rawBody, headers })).not.toThrow();
    expect(() => verifyWebhook([secret], { rawBody: '{}', headers })).toThrow('not signed');
  });
});
