import { z } from 'zod';
import {
  baseUrlVariable,
  booleanVariable,
  parseEnv,
  portVariable,
  postgresUrlVariable,
  webhookSecretVariable,
} from './environment';

const shape = {
  DATABASE_URL: postgresUrlVariable,
  DEMO: booleanVariable.default(false),
  PORT: portVariable.default(3000),
};

describe('parseEnv', () => {
  it('returns typed values and defaults', () => {
    expect(parseEnv({ DATABASE_URL: 'postgres://localhost/x', DEMO: 'true' }, shape)).toEqual({
      DATABASE_URL: 'postgres://localhost/x',
      DEMO: true,
      PORT: 3000,
    });
  });

  it('names every variable that is wrong or missing', () => {
    expect(() => parseEnv({ DEMO: 'yes', PORT: '99999' }, shape)).toThrow(
      /DATABASE_URL is not set[^]*DEMO is not valid[^]*PORT is not valid/,
    );
  });

  it('treats an empty variable as not set', () => {
    expect(parseEnv({ DATABASE_URL: 'postgres://localhost/x', PORT: '' }, shape).PORT).toBe(3000);
    expect(() => parseEnv({ DATABASE_URL: '' }, shape)).toThrow('DATABASE_URL is not set');
  });

  it('never quotes a value, because a value can be a secret', () => {
    const secret = 'mysql://root:hunter2@db/x';
    let message = '';
    try {
      parseEnv({ DATABASE_URL: secret, TOKEN: 'hunter2' }, { ...shape, TOKEN: z.string().min(32) });
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('TOKEN is not valid');
    expect(message).not.toContain('hunter2');
  });
});

describe('a base URL', () => {
  const read = (url: string) => baseUrlVariable.safeParse(url);

  it.each([
    ['https://shop.example', 'https://shop.example'],
    ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000'],
    ['https://shop.example/widgets//', 'https://shop.example/widgets'],
  ])('%s becomes %s', (given, base) => {
    expect(read(given).data).toBe(base);
  });

  it.each([
    'shop.example',
    'ftp://shop.example',
    'https://shop.example/?utm=1',
    'https://shop.example/#top',
    'https://shop.example?',
    'https://me:hunter2@shop.example',
  ])('cannot be %s', (given) => {
    expect(read(given).success).toBe(false);
  });
});

describe('a webhook secret', () => {
  const ofBytes = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;

  it.each([24, 32, 64])('may have %i bytes', (bytes) => {
    expect(webhookSecretVariable.safeParse(ofBytes(bytes)).success).toBe(true);
  });

  it.each([16, 100])('must not have %i bytes', (bytes) => {
    expect(webhookSecretVariable.safeParse(ofBytes(bytes)).success).toBe(false);
  });
});
