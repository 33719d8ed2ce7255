// RTCP (RFC 3550 section 6): the receiver reports that keep cameras sending, and the sender reports and BYE they send. Pure.

export interface SenderReport {
  readonly source: number;
  /** Middle 32 bits of the NTP timestamp, as a receiver report gives it back. */
  readonly compactNtp: number;
}

export interface RtcpNews {
  readonly senderReport: SenderReport | undefined;
  /** The camera ended the stream. */
  readonly isBye: boolean;
}

const SENDER_REPORT = 200;
const BYE = 203;

/** Reads a compound packet as far as it is whole. */
export const readRtcp = (bytes: Buffer, from: number, to: number): RtcpNews => {
  let senderReport: SenderReport | undefined;
  let isBye = false;
  let at = from;
  while (at + 4 <= to && bytes.readUInt8(at) >> 6 === 2) {
    const type = bytes.readUInt8(at + 1);
    const end = at + 4 * (bytes.readUInt16BE(at + 2) + 1);
    if (end > to) break;
    if (type === SENDER_REPORT && end - at >= 28) {
      senderReport = { source: bytes.readUInt32BE(at + 4), compactNtp: bytes.readUInt32BE(at + 10) };
    }
    if (type === BYE) isBye = true;
    at = end;
  }
  return { senderReport, isBye };
};

export interface ReceptionFacts {
  /** Our own synchronization source. */
  readonly receiver: number;
  readonly source: number;
  readonly highestSequence: number;
  readonly lost: number;
  /** Since the last report. */
  readonly receivedNow: number;
  readonly lostNow: number;
  readonly senderReport: SenderReport | undefined;
  /** Time since that sender report, in ms. */
  readonly sinceSenderReport: number;
}

/** A receiver report with its mandatory CNAME (sections 6.4.2, 6.5.1). Jitter is not measured: reads are coalesced. */
export const receiverReport = (facts: ReceptionFacts): Buffer => {
  const name = Buffer.from('stillwatch', 'ascii');
  const sdesLength = 4 + Math.ceil((4 + 2 + name.length + 1) / 4) * 4;
  const report = Buffer.alloc(32 + sdesLength);
  const expectedNow = facts.receivedNow + facts.lostNow;
  report.writeUInt8(0x81, 0);
  report.writeUInt8(201, 1);
  report.writeUInt16BE(7, 2);
  report.writeUInt32BE(facts.receiver >>> 0, 4);
  report.writeUInt32BE(facts.source >>> 0, 8);
  report.writeUInt8(expectedNow === 0 ? 0 : Math.min(255, Math.floor((256 * facts.lostNow) / expectedNow)), 12);
  report.writeUIntBE(Math.min(0x7f_ffff, facts.lost), 13, 3);
  report.writeUInt32BE(facts.highestSequence >>> 0, 16);
  report.writeUInt32BE(0, 20);
  report.writeUInt32BE(facts.senderReport?.compactNtp ?? 0, 24);
  // In units of 1/65536 s.
  const delay = facts.senderReport ? Math.round((facts.sinceSenderReport * 65_536) / 1000) : 0;
  report.writeUInt32BE(Math.min(0xffff_ffff, Math.max(0, delay)), 28);
  report.writeUInt8(0x81, 32);
  report.writeUInt8(202, 33);
  report.writeUInt16BE(sdesLength / 4 - 1, 34);
  report.writeUInt32BE(facts.receiver >>> 0, 36);
  report.writeUInt8(1, 40);
  report.writeUInt8(name.length, 41);
  name.copy(report, 42);
  return report;
};
