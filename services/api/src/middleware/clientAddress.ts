import { isIP, isIPv6 } from 'node:net';

interface ClientAddressInput {
  /** Remote address of the connection; undefined when it is already closed. */
  socketAddress: string | undefined;
  /** The header `X-Forwarded-For`. */
  forwardedFor: string | undefined;
  /** How many trusted proxies a request passes; each appends the address that it saw. */
  trustedProxyHops: number;
}

/**
 * The client's address that cannot be forged: without proxies the socket's address; behind N proxies the Nth from the
 * right in `X-Forwarded-For`, which the outermost proxy wrote. If that is missing or no address, the request did not
 * pass all proxies, and the socket's address counts.
 *
 * @returns an IPv4 address, or the first 64 bits of an IPv6 address, because one client usually has a whole /64 network
 */
export function clientAddress({ socketAddress, forwardedFor, trustedProxyHops }: ClientAddressInput): string {
  const forwarded = trustedProxyHops === 0 ? undefined : forwardedFor?.split(',').at(-trustedProxyHops)?.trim();
  const address = forwarded !== undefined && isIP(forwarded) !== 0 ? forwarded : (socketAddress ?? 'unknown');
  return networkOf(address);
}

/** An IPv4 address in the form of IPv6. */
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
