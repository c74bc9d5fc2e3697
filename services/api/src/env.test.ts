import { readEnv } from './env';

const secrets = { ADMIN_TOKEN: '5f1c9a0e7b3d2468ace013579bdf2f4e' };
const read = (variables: Record<string, string>) =>
  readEnv({ DATABASE_URL: 'postgres://localhost/store', ...secrets, ...variables });

describe('the secrets that the operator makes', () => {
  it.each(['ADMIN_TOKEN', 'PAYMENT_WEBHOOK_SECRET'])('a weak %s is refused, with a hint at openssl', (name) => {
    const weak = `whsec_${'a'.repeat(32)}`;
    expect(() => read({ PAYMENT_WEBHOOK_SECRET: weak, ADMIN_TOKEN: 'a'.repeat(32) })).toThrow(
      new RegExp(`${name} is too weak: .*openssl rand`),
    );
  });
});

describe('PUBLIC_URL', () => {
  it.each(['https://shop.example/widgets', 'https://shop.example/a/b/', 'https://shop.example//a'])(
    '%s is refused, because the storefront would be blank below a path',
    (url) => {
      expect(() => read({ DEMO: 'true', PUBLIC_URL: url })).toThrow('PUBLIC_URL is not valid: expected no path');
    },
  );

  it.each(['https://shop.example', 'https://shop.example/', 'https://shop.example//', 'http://127.0.0.1:3000'])(
    '%s is accepted',
    (url) => {
      expect(read({ DEMO: 'true', PUBLIC_URL: url }).publicUrl).toBe(url.replace(/\/+$/, ''));
    },
  );
});

test('STOREFRONT_URL is by default the address of the store, and otherwise an origin that can call the api', () => {
  const demo = { DEMO: 'true', PUBLIC_URL: 'https://store.example', CORS_ORIGINS: 'https://admin.example' };
  expect(read(demo)).toMatchObject({ storefrontUrl: 'https://store.example', corsOrigins: ['https://admin.example'] });
  expect(read({ ...demo, STOREFRONT_URL: 'https://Shop.example:443/' })).toMatchObject({
    publicUrl: 'https://store.example',
    storefrontUrl: 'https://shop.example',
    corsOrigins: ['https://admin.example', 'https://shop.example'],
  });
});

test('the sandbox is linked if it is the payment gateway', () => {
  expect(read({ DEMO: 'true', GATEWAY_PUBLIC_URL: 'https://pay.example/' }).gatewayUrl).toBe('https://pay.example');
});

/** @returns the message of the error; empty if the environment is accepted */
function complaintOf(variables: Record<string, string>): string {
  try {
    read(variables);
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('the environment of the api', () => {
  const strong = { PAYMENT_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwHq3n7TZ0c1k=' };

  it('is accepted with strong secrets', () => {
    expect(complaintOf(strong)).toBe('');
  });

  it('requires an admin token and a webhook secret outside demo mode', () => {
    const complaint = complaintOf({ ADMIN_TOKEN: '' });
    for (const name of ['ADMIN_TOKEN', 'PAYMENT_WEBHOOK_SECRET']) expect(complaint).toContain(`${name} is not set`);
    expect(complaintOf({ ADMIN_TOKEN: '', DEMO: 'true' })).toBe('');
  });

  describe('ADMIN_TOKENS', () => {
    const token = (character: string) => `8d2e6c01f7a94b53${character.repeat(16)}`;

    it('adds named operators to the one of ADMIN_TOKEN', () => {
      const { operators } = read({ ...strong, ADMIN_TOKENS: `anna:${token('c')}, ben.2:${token('d')}:read` });
      expect(operators).toEqual([
        { name: 'operator', access: 'full', token: secrets.ADMIN_TOKEN },
        { name: 'anna', access: 'full', token: token('c') },
        { name: 'ben.2', access: 'read', token: token('d') },
      ]);
      expect(read({ DEMO: 'true', ADMIN_TOKENS: `anna:${token('c')}` }).operators).toBeUndefined();
    });

    it.each([
      ['an empty name', `:${token('c')}`, ' is not valid: expected name:token'],
      ['no name', token('c'), ' is not valid: expected name:token'],
      ['a name with a space', `an na:${token('c')}`, ' is not valid: expected name:token'],
      ['an empty token', 'anna:', ' is not valid: expected name:token'],
      ['a token with a space', `anna:two words ${token('c')}`, ' is not valid: expected name:token'],
      ['an unknown access', `anna:${token('c')}:write`, ' is not valid: expected name:token'],
      ['an empty entry', `anna:${token('c')},`, ' is not valid: expected name:token'],
      ['a name twice', `anna:${token('c')},anna:${token('d')}`, ': two operators have the name anna'],
      ['the name of ADMIN_TOKEN', `operator:${token('c')}`, ': two operators have the name operator'],
      ['a token twice', `anna:${token('c')},ben:${token('c')}:read`, ': ben has the same token as anna'],
      ['the token of ADMIN_TOKEN', `anna:${secrets.ADMIN_TOKEN}`, ': anna has the same token as operator'],
      ['a short token', 'anna:8d2e6c01f7a94b53', ': the token of anna is too weak: it is shorter than'],
      ['a placeholder', `anna:${'changeme'.repeat(4)}`, ': the token of anna is too weak: it is a placeholder'],
    ])('refuses %s, without the token in the error', (_what, list, complaint) => {
      const message = complaintOf({ ...strong, ADMIN_TOKENS: list });
      expect(message).toContain(`ADMIN_TOKENS${complaint}`);
      expect(message).not.toMatch(/8d2e6c01f7a94b53|5f1c9a0e|changemechangeme/);
    });
  });

  it.each([
    ['ADMIN_TOKEN', 'changeme'],
    ['ADMIN_TOKEN', 'changeme-changeme-changeme-changeme'],
    ['ADMIN_TOKEN', 'x'.repeat(48)],
    ['ADMIN_TOKEN', 'two words of a sufficient length'],
    ['STOREFRONT_TOKEN', 'changeme-changeme-changeme-changeme'],
    ['PAYMENT_WEBHOOK_SECRET', 'whsec_short'],
    ['PAYMENT_WEBHOOK_SECRET', `whsec_${'changeme'.repeat(5)}`],
    ['PAYMENT_WEBHOOK_SECRET', `whsec_${Buffer.alloc(32, 1).toString('base64')}`],
    ['PAYMENT_WEBHOOK_SECRET', `whsec_${Buffer.from('password'.repeat(4)).toString('base64')}`],
    ['PAYMENT_WEBHOOK_SECRET_PREVIOUS', `whsec_${Buffer.alloc(32, 1).toString('base64')}`],
  ])('refuses the %s %s, without the value in the error', (name, value) => {
    const complaint = complaintOf({ ...strong, [name]: value });
    expect(complaint).toMatch(new RegExp(`${name} is (not valid|too weak): `));
    expect(complaint).not.toContain(value);
  });

  it('refuses an admin token as the token of the front end', () => {
    const complaint = complaintOf({ ...strong, STOREFRONT_TOKEN: secrets.ADMIN_TOKEN });
    expect(complaint).toContain('STOREFRONT_TOKEN must differ from every admin token');
  });

  it.each([
    ['CORS_ORIGINS', '*'],
    ['IMAGE_ORIGINS', 'http://cdn.example'],
    ['IMAGE_ORIGINS', 'https://cdn.example/pictures'],
    ['CORS_ORIGINS', 'https://shop.example/path'],
    ['TRUSTED_PROXY_HOPS', '-1'],
    ['RATE_LIMIT_PER_MINUTE', '0'],
    ['PAYLOAD_ENCRYPTION_KEYS', 'hunter2'],
  ])('refuses %s=%s', (name, value) => {
    expect(complaintOf({ ...strong, [name]: value })).toContain(`${name} is not valid`);
  });

  it('names every invalid variable', () => {
    const complaint = complaintOf({ PORT: 'x', DEMO: 'yes', PAYMENT_WINDOW_MS: '-1' });
    for (const name of ['PORT', 'DEMO', 'PAYMENT_WINDOW_MS']) expect(complaint).toContain(`${name} is not valid`);
  });
});
