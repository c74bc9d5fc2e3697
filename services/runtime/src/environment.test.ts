import { z } from 'zod';
import { booleanVariable, parseEnv, portVariable, postgresUrlVariable } from './environment';

const shape = {
  DATABASE_URL: postgresUrlVariable,
  DEMO: booleanVariable.default(false),
  PORT: portVariable.default(3000),
};

describe('parseEnv', () => {
  it('gives typed values and defaults', () => {
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

  it('takes an empty variable as not set', () => {
    expect(parseEnv({ DATABASE_URL: 'postgres://localhost/x', PORT: '' }, shape).PORT).toBe(3000);
    expect(() => parseEnv({ DATABASE_URL: '' }, shape)).toThrow('DATABASE_URL is not set');
  });

  it('never repeats a value, because it may be a secret', () => {
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
