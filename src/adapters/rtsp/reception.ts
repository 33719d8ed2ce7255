// What is received of one stream: which packets are ours, in what order, how many never came, and the report about it.

import type { MonoMs } from '../../domain/units.ts';
import { between } from '../../domain/units.ts';
import { ReorderBuffer } from './reorder-buffer.ts';
import { readRtcp, receiverReport, type SenderReport } from './rtcp.ts';
import { type RtpPacket, readRtp, SequenceTracker } from './rtp.ts';

export interface ReceptionUser {
  packet(packet: RtpPacket): void;
  /** Packets between the last one and the next never came. */
  gap(): void;
}

export class Reception {
  readonly #user: ReceptionUser;
  readonly #receiver: number;
  readonly #sequence = new SequenceTracker();
  readonly #reorder: ReorderBuffer | undefined;
  #payloadType: number;
  #source = 0;
  #received = 0;
  #bytes = 0;
  #lost = 0;
  #senderReport: { readonly report: SenderReport; readonly at: MonoMs } | undefined;
  #reported = { received: 0, lost: 0 };

  /** @param receiver our own synchronization source. `mayReorder`: over UDP; then packets' bytes must stay as they are */
  constructor(payloadType: number, receiver: number, mayReorder: boolean, user: ReceptionUser) {
    this.#payloadType = payloadType;
    this.#receiver = receiver;
    this.#user = user;
    if (mayReorder) this.#reorder = new ReorderBuffer((packet) => this.#follow(packet));
  }

  get hasHeard(): boolean {
    return this.#received > 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get lost(): number {
    return this.#lost;
  }

  /** @returns whether it was a packet of our stream */
  takeRtp(bytes: Buffer, start: number, end: number, at: MonoMs): boolean {
    const packet = readRtp(bytes, start, end);
    if (!packet) return false;
    // Some cameras announce another payload type than they send: then the first that comes is meant.
    if (packet.payloadType !== this.#payloadType) {
      if (this.hasHeard) return false;
      this.#payloadType = packet.payloadType;
    }
    this.#received++;
    this.#bytes += end - start;
    this.#source = packet.source;
    if (this.#reorder) this.#reorder.push(packet, at);
    else this.#follow(packet);
    return true;
  }

  /** @returns whether the camera said that the stream is over */
  takeRtcp(bytes: Buffer, start: number, end: number, at: MonoMs): boolean {
    const news = readRtcp(bytes, start, end);
    if (news.senderReport) this.#senderReport = { report: news.senderReport, at };
    return news.isBye;
  }

  /** A receiver report about the time since the last one; undefined before anything was received. */
  report(at: MonoMs): Buffer | undefined {
    if (!this.hasHeard) return undefined;
    const report = receiverReport({
      receiver: this.#receiver,
      source: this.#source,
      highestSequence: this.#sequence.highest,
      lost: this.#lost,
      receivedNow: this.#received - this.#reported.received,
      lostNow: this.#lost - this.#reported.lost,
      senderReport: this.#senderReport?.report,
      sinceSenderReport: this.#senderReport ? between(this.#senderReport.at, at) : 0,
    });
    this.#reported = { received: this.#received, lost: this.#lost };
    return report;
  }

  #follow(packet: RtpPacket): void {
    const verdict = this.#sequence.follow(packet);
    if (verdict.type === 'late') return;
    if (verdict.type === 'gap') this.#lost += verdict.lost;
    if (verdict.type !== 'next') this.#user.gap();
    this.#user.packet(packet);
  }
}
