import { withLogFields } from './logContext';
import { createLogger } from './logger';

function openLog() {
  const lines: string[] = [];
  const log = createLogger({ service: 'test', destination: { write: (line: string) => void lines.push(line) } });
  return { log, lines };
}

describe('createLogger', () => {
  it('writes no secret, wherever it is in the line', () => {
    const { log, lines } = openLog();
    const secret = 'c2VjcmV0LXRoYXQtbXVzdC1ub3QtYmUtc2Vlbg';
    log.info({ authorization: secret, apiKey: secret, adminToken: secret }, 'by name');
    log.info({ headers: { authorization: `Bearer ${secret}`, 'webhook-signature': `v1,${secret}=` } }, 'below');
    log.info({ meta: { headers: { authorization: secret, 'webhook-signature': secret } } }, 'further below');
    log.error({ err: new Error(`cannot connect to postgres://store:${secret}@db/store`) }, 'in an error');
    log.error({ err: new Error('outer', { cause: new Error(`Authorization: Bearer ${secret}`) }) }, 'in a cause');
    log.warn(`the secret whsec_${secret} signed v1,${secret}=`);
    log.warn(`the key sk_test_${secret} of rk_live_${secret}`);
    const signature = `t=1,v1=${'0123456789abcdef'.repeat(4)}`;
    log.info({ headers: { 'example-signature': signature } }, signature);
    expect(lines).toHaveLength(8);
    expect(lines[7]).not.toContain('0123456789abcdef');
    for (const line of lines) {
      expect(line).not.toContain(secret);
      expect(line).toContain('[redacted]');
      expect(() => JSON.parse(line) as unknown).not.toThrow();
    }
  });

  it('writes everything else unchanged', () => {
    const { log, lines } = openLog();
    log.info({ orderId: 'ord_1', url: 'http://127.0.0.1:3000/a@b' }, 'the bearer of news');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ orderId: 'ord_1', url: 'http://127.0.0.1:3000/a@b' });
  });

  it('adds the ids of the current work, and of no other', async () => {
    const { log, lines } = openLog();
    await Promise.all(
      ['1', '2'].map((requestId) =>
        withLogFields({ requestId }, () =>
          withLogFields({ orderId: `ord_${requestId}` }, async () => {
            await Promise.resolve();
            log.info('inside');
          }),
        ),
      ),
    );
    log.info('outside');
    const seen = lines.map((line) => JSON.parse(line) as { requestId?: string; orderId?: string });
    expect(seen.map(({ requestId, orderId }) => [requestId, orderId])).toEqual([
      ['1', 'ord_1'],
      ['2', 'ord_2'],
      [undefined, undefined],
    ]);
  });
});
