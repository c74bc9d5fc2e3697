import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A private key and its certificate, in PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/** Signs certificates. A client that trusts `cert` accepts each certificate that `issue` returns. */
export interface CertificateAuthority {
  cert: string;
  /** @param dnsName the name in the certificate. For a server it is the host name. */
  issue(dnsName: string): Certificate;
}

/*
 * This file generates certificates, so that the repository contains no private key and the tests need no tool such as
 * openssl. RFC 5280 defines the format.
 */

/** Returns a self-signed certificate, for clients that do not verify certificates. */
export function selfSignedCertificate(): Certificate {
  return certificateOf({ name: 'test', extensions: [] });
}

export function certificateAuthority(): CertificateAuthority {
  const name = `authority ${generation++}`;
  const authority = { name, ...newKeys() };
  const isAuthority = extension('0603551d13', der(0x30, Buffer.from('0101ff', 'hex')));
  return {
    cert: certificateOf({ name, extensions: [isAuthority], keys: authority }).cert,
    issue: (dnsName) => {
      const names = extension('0603551d11', der(0x30, der(0x82, Buffer.from(dnsName))));
      return certificateOf({ name: dnsName, extensions: [names], issuer: authority });
    },
  };
}

/** A number that makes the names of authorities unique, because clients find the issuer of a certificate by name. */
let generation = 1;

interface Keys {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

interface CertificateOptions {
  name: string;
  extensions: Buffer[];
  keys?: Keys;
  /** By default the certificate is self-signed. */
  issuer?: Keys & { name: string };
}

function newKeys(): Keys {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function certificateOf({ name, extensions, keys = newKeys(), issuer }: CertificateOptions): Certificate {
  const { privateKey, publicKey } = keys;
  const publicKeyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const serial = createHash('sha256').update(publicKeyInfo).digest().subarray(0, 8);
  serial.writeUInt8(1);
  const ecdsaWithSha256 = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'));
  const validity = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z')));
  const content = der(
    0x30,
    ...(extensions.length > 0 ? [der(0xa0, der(0x02, Buffer.from([2])))] : []),
    der(0x02, serial),
    ecdsaWithSha256,
    nameOf(issuer?.name ?? name),
    validity,
    nameOf(name),
    publicKeyInfo,
    ...(extensions.length > 0 ? [der(0xa3, der(0x30, ...extensions))] : []),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, issuer?.privateKey ?? privateKey));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: pem(der(0x30, content, ecdsaWithSha256, signature)),
  };
}

function nameOf(commonName: string): Buffer {
  return der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(commonName)))));
}

function extension(oid: string, value: Buffer): Buffer {
  return der(0x30, Buffer.from(oid, 'hex'), der(0x04, value));
}

/** Encodes one ASN.1 value in DER: its tag, its length and its parts. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  if (body.length < 0x100) return Buffer.concat([Buffer.from([tag, 0x81, body.length]), body]);
  return Buffer.concat([Buffer.from([tag, 0x82, body.length >> 8, body.length & 0xff]), body]);
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
