// The little of DER (X.690) and X.509 (RFC 5280, 4.1) that one self-signed P-256 certificate needs.

import { createHash, type KeyObject, sign } from 'node:crypto';
import { parseIp } from '../../domain/address-policy.ts';

const tlv = (tag: number, ...contents: readonly Uint8Array[]): Buffer => {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
};

const sequence = (...contents: readonly Uint8Array[]): Buffer => tlv(0x30, ...contents);
const oid = (...bytes: readonly number[]): Buffer => tlv(0x06, Buffer.from(bytes));
const octets = (content: Uint8Array): Buffer => tlv(0x04, content);

/** 1.2.840.10045.4.3.2, ecdsa-with-SHA256 (RFC 5758, 3.2). */
const SIGNATURE = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
/** 2.5.4.3, common name; 2.5.29.17, subject alternative name; 2.5.29.19, basic constraints. */
const COMMON_NAME = oid(0x55, 0x04, 0x03);
const ALTERNATIVE_NAME = oid(0x55, 0x1d, 0x11);
const CONSTRAINTS = oid(0x55, 0x1d, 0x13);

const name = (text: string): Buffer => sequence(tlv(0x31, sequence(COMMON_NAME, tlv(0x0c, Buffer.from(text)))));

/** UTCTime until 2049, GeneralizedTime after (4.1.2.5). */
const time = (at: Date): Buffer => {
  const text = at.toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return at.getUTCFullYear() < 2050 ? tlv(0x17, Buffer.from(`${text.slice(2)}Z`)) : tlv(0x18, Buffer.from(`${text}Z`));
};

/** A general name (4.2.1.6): dNSName, or iPAddress in network order. */
const alternative = (host: string): Buffer => {
  const ip = parseIp(host);
  return ip
    ? tlv(0x87, Buffer.from(ip.value.toString(16).padStart(ip.bits / 4, '0'), 'hex'))
    : tlv(0x82, Buffer.from(host));
};

export interface CertificateWish {
  /** Names and addresses it stands for; the first is whose it is. */
  readonly hosts: readonly [string, ...string[]];
  readonly from: Date;
  readonly until: Date;
}

/** The certificate as DER, signed with its own key. */
export const selfSigned = (
  keys: { readonly publicKey: KeyObject; readonly privateKey: KeyObject },
  wish: CertificateWish,
): Buffer => {
  const { hosts, from, until } = wish;
  const spki = keys.publicKey.export({ type: 'spki', format: 'der' });
  // Positive, and the same for the same key: nobody else signs with it (4.1.2.2).
  const serial = createHash('sha256').update(spki).digest().subarray(0, 16);
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0);
  const who = name(hosts[0].replace(/[^\w.:-]/g, '').slice(0, 64));
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, serial),
    SIGNATURE,
    who,
    sequence(time(from), time(until)),
    who,
    spki,
    tlv(
      0xa3,
      sequence(
        sequence(ALTERNATIVE_NAME, octets(sequence(...hosts.map(alternative)))),
        sequence(CONSTRAINTS, tlv(0x01, Buffer.from([0xff])), octets(sequence())),
      ),
    ),
  );
  const signature = sign('sha256', body, keys.privateKey);
  return sequence(body, SIGNATURE, tlv(0x03, Buffer.from([0]), signature));
};
