import { createLogFormat } from './logLine';

const format = createLogFormat({ colour: false });

test('a line of plain text is shown unchanged, after the name of its process', () => {
  expect(format('postgres', 'LOG:  ready')).toBe('postgres | LOG:  ready');
});

test('a line of pino is shown as its level, its message and its other fields', () => {
  const line = JSON.stringify({ level: 30, time: '2026-01-01', service: 'api', port: 3000, at: [1], msg: 'listening' });

  expect(format('api', line)).toBe('api      | info listening port=3000 at=[1]');
});

test('the stack of a logged error is shown', () => {
  const err = { type: 'Error', message: 'no', stack: 'Error: no\n    at main' };
  const line = JSON.stringify({ level: 50, service: 'worker', err, msg: 'failed' });

  expect(format('worker', line)).toBe('worker   | error failed\nworker   | Error: no\nworker   |     at main');
});

test('each process has its own colour', () => {
  const colourful = createLogFormat({ colour: true });

  expect(colourful('api', 'x')).not.toBe(colourful('worker', 'x').replace('worker', 'api   '));
});
