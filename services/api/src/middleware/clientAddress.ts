import { isIP, isIPv6 } from 'node:net';

export interface ClientAddressInput {
  /** Of the other end of the connection; undefined when it is closed already. */
  socketAddress: string | undefined;
  /** `X-Forwarded-For` as it came. */
  forwardedFor: string | undefined;
  /** How many proxies of ours a request comes through; each appends the address that it saw. */
  trustedProxyHops: number;
}

/**
 * Who sent a request, as far as nobody can pretend: without proxies the socket's address, behind N of them the Nth address
 * from the right, which the outermost one has written. A list that is shorter, or holds something else there, did not come
 * through all of them, and the socket's address counts.
 *
 * @returns an IPv4 address, or the first 64 bits of an IPv6 address: one client has a whole network of those
 */
export function clientAddress({ socketAddress, forwardedFor, trustedProxyHops }: ClientAddressInput): string {
  const forwarded = trustedProxyHops === 0 ? undefined : forwardedFor?.split(',').at(-trustedProxyHops)?.trim();
  const address = forwarded !== undefined && isIP(forwarded) !== 0 ? forwarded : (socketAddress ?? 'unknown');
  return networkOf(address);
}

/** The address of IPv4, however it is written. */
const mappedIPv4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

function networkOf(address: string): string {
  const [, inner] = mappedIPv4.exec(address) ?? [];
  if (inner !== undefined || !isIPv6(address)) return inner ?? address;
  const [head = '', tail] = address.toLowerCase().split('%', 1)[0]?.split('::') ?? [];
  const left = groupsOf(head);
  const right = groupsOf(tail ?? '');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = [...left, ...(tail === undefined ? [] : zeros), ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':').map((group) => group.replace(/^0+(?=.)/, ''));
}
