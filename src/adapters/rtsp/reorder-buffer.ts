// Puts RTP packets that came over UDP back in order: a packet that is early waits a little for those before it. Pure.

import type { MonoMs } from '../../domain/units.ts';
import type { RtpPacket } from './rtp.ts';

// On a home network a packet is overtaken by a few others, within milliseconds; on Wi-Fi by tens of milliseconds. Waiting
// longer only delays the news that it is lost.
const MAX_HELD = 32;
const MAX_WAIT = 100;

export class ReorderBuffer {
  readonly #deliver: (packet: RtpPacket) => void;
  /** Early ones, in order; `bytes` of each must stay as they are. */
  #held: { readonly packet: RtpPacket; readonly at: MonoMs }[] = [];
  #source: number | undefined;
  #next = 0;

  constructor(deliver: (packet: RtpPacket) => void) {
    this.#deliver = deliver;
  }

  get held(): number {
    return this.#held.length;
  }

  push(packet: RtpPacket, at: MonoMs): void {
    if (packet.source !== this.#source) {
      this.#releaseAll();
      this.#source = packet.source;
      this.#next = packet.sequence;
    }
    const ahead = (packet.sequence - this.#next) & 0xffff;
    if (ahead === 0) this.#pass(packet);
    // Behind, or far ahead: a duplicate, a straggler or a restart, which the sequence tracker tells apart.
    else if (ahead >= MAX_HELD) {
      if (ahead < 0x8000) this.#releaseAll();
      this.#deliver(packet);
      if (ahead < 0x8000) this.#next = (packet.sequence + 1) & 0xffff;
      else this.#noteRestart(packet);
    } else this.#hold(packet, at);
    this.#releaseReady();
    while (this.#held[0] && at - this.#held[0].at > MAX_WAIT) this.#releaseFirst();
  }

  /** The number went back further than any straggler: the camera counts anew. */
  #noteRestart(packet: RtpPacket): void {
    const behind = (this.#next - packet.sequence) & 0xffff;
    if (behind <= 100) return;
    this.#releaseAll();
    this.#next = (packet.sequence + 1) & 0xffff;
  }

  #hold(packet: RtpPacket, at: MonoMs): void {
    const ahead = (one: RtpPacket): number => (one.sequence - this.#next) & 0xffff;
    const place = this.#held.findIndex((one) => ahead(one.packet) >= ahead(packet));
    const there = this.#held[place];
    if (there?.packet.sequence === packet.sequence) return;
    if (place < 0) this.#held.push({ packet, at });
    else this.#held.splice(place, 0, { packet, at });
  }

  #pass(packet: RtpPacket): void {
    this.#next = (packet.sequence + 1) & 0xffff;
    this.#deliver(packet);
  }

  #releaseReady(): void {
    while (this.#held[0]?.packet.sequence === this.#next) this.#releaseFirst();
  }

  /** Gives up what is missing before the first held packet. */
  #releaseFirst(): void {
    const first = this.#held.shift();
    if (!first) return;
    this.#pass(first.packet);
    this.#releaseReady();
  }

  #releaseAll(): void {
    while (this.#held.length > 0) this.#releaseFirst();
  }
}
