import { lookup as lookupHost } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
// This library knows the reserved ranges of both IP versions and their special forms. A table in this file would miss
// some of these ranges and forms.
import ipaddr from 'ipaddr.js';

export interface AddressRules {
  /** Whether the receiver may listen on this machine. True in demo mode. */
  allowLoopback: boolean;
  /** The host names whose addresses are not checked. */
  privateHosts: string[];
}

/** RFC 4291: only the IPv6 addresses in this range are public. `::7f00:1`, for example, is an old form of 127.0.0.1. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Whether the store may connect to this IP address, which belongs to the host `hostname`. */
export function isAllowedAddress(address: string, hostname: string, rules: AddressRules): boolean {
  if (rules.privateHosts.includes(hostname)) return true;
  const ip = ipaddr.process(address);
  const range = ip.range();
  if (range === 'loopback') return rules.allowLoopback;
  return range === 'unicast' && (ip instanceof ipaddr.IPv4 || ip.match(globalUnicast));
}

/** @returns why events must not be sent to this URL; undefined if they may be sent */
export function receiverUrlIssue(url: string, rules: AddressRules): string | undefined {
  const { protocol, username, password, hostname: host } = new URL(url);
  // In a URL, an IPv6 address is in brackets.
  const hostname = host.replace(/^\[(.*)\]$/, '$1');
  const isIp = ipaddr.isValid(hostname);
  if (username !== '' || password !== '') return 'expected an address with neither a user name nor a password';
  if (protocol !== 'https:' && !(rules.allowLoopback && isLoopback(hostname))) {
    return 'expected https://…; http://localhost is possible in demo mode';
  }
  // If the host is an IP address, Node calls no `lookup`, so this is the only check of the address.
  if (isIp && !isAllowedAddress(hostname, hostname, rules)) {
    return 'it is not a public address, and EVENTS_WEBHOOK_ALLOW_PRIVATE does not name it';
  }
  return undefined;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || (ipaddr.isValid(hostname) && ipaddr.process(hostname).range() === 'loopback');
}

type Resolve = (hostname: string) => Promise<{ address: string; family: number }[]>;

/**
 * A `lookup` for Node's requests that returns only allowed addresses. The request connects to the address that was
 * checked, so a name server cannot replace the address between the check and the connection.
 */
export function createCheckedLookup(
  rules: AddressRules,
  resolve: Resolve = (hostname) => lookupHost(hostname, { all: true }),
): LookupFunction {
  // Only one lookup runs at a time, because a slow name server could otherwise occupy every thread of Node's pool.
  let resolving: ReturnType<Resolve> | undefined;
  const resolveOnce: Resolve = (hostname) => {
    resolving ??= resolve(hostname).finally(() => (resolving = undefined));
    return resolving;
  };
  const resolveAllowed = callbackify(async (hostname: string) => {
    const allowed = (await resolveOnce(hostname)).filter(({ address }) => isAllowedAddress(address, hostname, rules));
    if (allowed.length === 0) throw new Error('the host leads to no address that is allowed');
    return allowed;
  });
  return (hostname, options, callback) =>
    // After an error, `found` is undefined, although the types of Node say otherwise.
    resolveAllowed(hostname, (error, found?: Awaited<ReturnType<Resolve>>) => {
      const allowed = found ?? [];
      const [first] = allowed;
      if (first === undefined) callback(error, '');
      else if (options.all === true) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
}
