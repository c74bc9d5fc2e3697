import type { LookupAddress, LookupOptions } from 'node:dns';
import { createCheckedLookup, isAllowedAddress, receiverUrlIssue } from './addresses';

const rules = { allowLoopback: false, privateHosts: ['mail.internal'] };
const demo = { allowLoopback: true, privateHosts: [] };

test.each([
  ['93.184.215.14', true],
  ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', true],
  ['127.0.0.1', false],
  ['127.8.8.8', false],
  ['::1', false],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.7', false],
  ['172.16.0.1', false],
  ['172.31.255.255', false],
  ['192.168.1.1', false],
  ['100.64.0.1', false],
  ['169.254.169.254', false],
  ['fe80::1', false],
  ['fd00:ec2::254', false],
  ['::ffff:169.254.169.254', false],
  ['::ffff:10.0.0.7', false],
  ['::ffff:93.184.215.14', true],
  ['::7f00:1', false],
  ['::a00:1', false],
  ['::ffff:7f00:1', false],
  ['::ffff:0:7f00:1', false],
  ['64:ff9b::7f00:1', false],
  ['64:ff9b::a00:1', false],
  ['64:ff9b:1::a00:1', false],
  ['fec0::1', false],
  ['4000::1', false],
  ['2002:a00:1::', false],
  ['2001::1', false],
  ['192.0.2.1', false],
  ['198.18.0.1', false],
  ['224.0.0.1', false],
  ['ff02::1', false],
  ['240.0.0.1', false],
  ['255.255.255.255', false],
])('the address %s of a host without an exemption is allowed: %p', (address, expected) => {
  expect(isAllowedAddress(address, 'shop.example', rules)).toBe(expected);
  expect(isAllowedAddress(address, 'mail.internal', rules)).toBe(true);
});

test.each([
  ['https://shop.example/events?key=1', true, true],
  ['http://shop.example/events', false, false],
  ['https://user:secret@shop.example/', false, false],
  ['http://localhost:4000/', false, true],
  ['http://127.0.0.1:4000/', false, true],
  ['http://[::1]:4000/', false, true],
  ['https://127.0.0.1/', false, true],
  ['https://0x7f.1/', false, true],
  ['https://2130706433/', false, true],
  ['https://0177.0.0.1/', false, true],
  ['https://127.1/', false, true],
  ['https://[::ffff:127.0.0.1]/', false, true],
  ['https://[::ffff:7f00:1]/', false, true],
  ['https://[::7f00:1]/', false, false],
  ['http://[::7f00:1]/', false, false],
  ['https://[64:ff9b::7f00:1]/', false, false],
  ['https://0.0.0.0/', false, false],
  ['https://0/', false, false],
  ['https://[::]/', false, false],
  ['https://167772167/', false, false],
  ['https://012.0.0.7/', false, false],
  ['https://10.0.0.7/', false, false],
  ['https://169.254.169.254/latest/meta-data', false, false],
  ['https://[fd00::1]/', false, false],
  ['http://mail.internal/', false, false],
  ['https://mail.internal/', true, true],
])('events may go to %s: %p, in demo mode %p', (url, expected, expectedInDemo) => {
  expect(receiverUrlIssue(url, rules) === undefined).toBe(expected);
  expect(receiverUrlIssue(url, demo) === undefined).toBe(expectedInDemo);
});

describe('the lookup', () => {
  const lookUp = (addresses: LookupAddress[], options: LookupOptions, hostname = 'shop.example') =>
    new Promise((resolve) => {
      const lookup = createCheckedLookup(rules, async () => addresses);
      lookup(hostname, options, (error, found, family) => resolve(error?.message ?? [found, family]));
    });
  const secret = { address: '10.0.0.7', family: 4 };
  const open = { address: '93.184.215.14', family: 4 };

  it('gives a request only the allowed addresses', async () => {
    expect(await lookUp([secret, open], { all: true })).toEqual([[open], undefined]);
    expect(await lookUp([secret, open], {})).toEqual([open.address, 4]);
    expect(await lookUp([secret], { all: true })).toBe('the host leads to no address that is allowed');
    expect(await lookUp([secret], { all: true }, 'mail.internal')).toEqual([[secret], undefined]);
  });

  it('asks the name server one question at a time', async () => {
    let questions = 0;
    const lookup = createCheckedLookup(rules, async () => {
      questions += 1;
      return [open];
    });
    const ask = () =>
      new Promise((resolve) => lookup('shop.example', { all: true }, (_error, found) => resolve(found)));
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([[open], [open], [open]]);
    expect(questions).toBe(1);
    await ask();
    expect(questions).toBe(2);
  });
});
