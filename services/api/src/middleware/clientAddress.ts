import { isIP, isIPv6 } from 'node:net';

interface ClientAddressInput {
  /** The remote address of the connection. Undefined if the connection is already closed. */
  socketAddress: string | undefined;
  /** The header `X-Forwarded-For`. */
  forwardedFor: string | undefined;
  /** How many trusted proxies a request passes. Each proxy appends the address from which it got the request. */
  trustedProxyHops: number;
}

/**
 * Finds the address of the client that the client cannot forge. Without proxies, this is the address of the socket.
 * Behind N proxies, it is the Nth address from the right in `X-Forwarded-For`, which the outermost proxy wrote. If that
 * address is missing or invalid, the request did not pass all proxies, and the address of the socket is used.
 *
 * @returns an IPv4 address, or the first 64 bits of an IPv6 address, because one client usually has a whole /64 network
 */
export function clientAddress({ socketAddress, forwardedFor, trustedProxyHops }: ClientAddressInput): string {
  const forwarded = trustedProxyHops === 0 ? undefined : forwardedFor?.split(',').at(-trustedProxyHops)?.trim();
  const address = forwarded !== undefined && isIP(forwarded) !== 0 ? forwarded : (socketAddress ?? 'unknown');
  return networkOf(address);
}

/** An IPv4 address that is written as an IPv6 address. */
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
