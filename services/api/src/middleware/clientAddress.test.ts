import { clientAddress } from './clientAddress';

const socketAddress = '198.51.100.7';

test('without proxies, X-Forwarded-For changes nothing', () => {
  for (const forwardedFor of [undefined, '', '203.0.113.1', '203.0.113.1, 203.0.113.2', 'nonsense']) {
    expect(clientAddress({ socketAddress, forwardedFor, trustedProxyHops: 0 })).toBe(socketAddress);
  }
});

test.each([
  ['203.0.113.1', 1, '203.0.113.1'],
  ['10.9.9.9, 203.0.113.1', 1, '203.0.113.1'],
  ['10.9.9.9, 203.0.113.1, 192.0.2.1', 2, '203.0.113.1'],
  ['203.0.113.1', 2, socketAddress],
  ['203.0.113.1, nonsense', 1, socketAddress],
  [undefined, 1, socketAddress],
])('of %j behind %d proxies it is %s', (forwardedFor, trustedProxyHops, client) => {
  expect(clientAddress({ socketAddress, forwardedFor, trustedProxyHops })).toBe(client);
});

test.each([
  ['::ffff:203.0.113.1', '203.0.113.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  [undefined, 'unknown'],
])('the client at %s is %s', (address, client) => {
  expect(clientAddress({ socketAddress: address, forwardedFor: undefined, trustedProxyHops: 0 })).toBe(client);
});
