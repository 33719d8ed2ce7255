// NAL units into access units, one per picture, in Annex B form, such that a decoder never sees a missing reference: after
// any loss nothing is delivered until the next whole key picture. Owns the one place where video bytes are copied.

import type { Codec } from '../../domain/camera.ts';
import { Depacketizer, type NalSink } from './depacketizer.ts';
import { type NalUnit, type ParameterSetKind, readNalUnit } from './nal-unit.ts';
import type { ParameterSets } from './parameter-sets.ts';
import { ProtocolViolation } from './protocol-violation.ts';
import type { RtpPacket } from './rtp.ts';

export interface AccessUnit {
  readonly timestamp: number;
  /** Decoding can start here: parameter sets are in `bytes`. */
  readonly isKey: boolean;
  readonly bytes: Uint8Array;
}

// A 4K key picture is about 1 MB; 8 MiB holds one at eight times the usual rate.
export const MAX_ACCESS_UNIT: number = 8 * 1024 * 1024;
const START_CODE_LENGTH = 4;
// Pictures of which only the last packet was marked, before the marker is believed. Some cameras mark every slice.
const MARKERS_TO_LEARN = 8;

/** Whether the marker bit ends a picture (RFC 6184 section 5.1), or only a new timestamp does. */
type MarkerMeaning = 'learning' | 'ends-picture' | 'nothing';

interface FoundSet {
  readonly kind: ParameterSetKind;
  readonly start: number;
  readonly end: number;
}

/** Units after a slice that may only stand before one (H.264 section 7.4.1.2.3, H.265 section 7.4.2.4.4). */
interface Tail {
  at: number | undefined;
  readonly sets: FoundSet[];
  delimiterEnd: number;
}

const noTail = (): Tail => ({ at: undefined, sets: [], delimiterEnd: 0 });

export class AccessUnitAssembler implements NalSink {
  readonly #codec: Codec;
  readonly #sets: ParameterSets;
  readonly #deliver: (unit: AccessUnit) => void;
  readonly #depacketizer: Depacketizer;

  #staging = new Uint8Array(64 * 1024);
  #length = 0;
  /** Where the unit being written starts, its start code included. */
  #nalAt = 0;
  #timestamp = 0;
  #hasTimestamp = false;

  #hasSlice = false;
  #isDamaged = false;
  #isRandomAccess = false;
  #isIntra = true;
  #setsInUnit = 0;
  #delimiterEnd = 0;
  /** What may belong to the next picture: the next slice will tell. */
  #tail: Tail = noTail();

  #awaitsKey = true;
  #dropped = 0;

  #marker: MarkerMeaning = 'learning';
  #learned = 0;
  #wasMarked = false;
  /** Timestamp of the picture that a marker ended, to notice if more of it comes. */
  #endedByMarker: number | undefined;

  constructor(codec: Codec, sets: ParameterSets, deliver: (unit: AccessUnit) => void) {
    this.#codec = codec;
    this.#sets = sets;
    this.#deliver = deliver;
    this.#depacketizer = new Depacketizer(codec, this);
  }

  /** Pictures left out because a packet of them, or one they refer to, never came. */
  get dropped(): number {
    return this.#dropped;
  }

  get awaitsKey(): boolean {
    return this.#awaitsKey;
  }

  /** Packets never came between the last and the next one. */
  gap(): void {
    this.#depacketizer.interrupt();
    if (this.#length > 0) this.#isDamaged = true;
    this.#awaitsKey = true;
  }

  /** @throws ProtocolViolation if a picture grows beyond all bounds */
  push(packet: RtpPacket): void {
    if (this.#hasTimestamp && packet.timestamp !== this.#timestamp) {
      if (this.#marker === 'learning' && this.#wasMarked && ++this.#learned >= MARKERS_TO_LEARN) {
        this.#marker = 'ends-picture';
      }
      this.#finish();
      this.#endedByMarker = undefined;
    }
    this.#timestamp = packet.timestamp;
    this.#hasTimestamp = true;
    this.#depacketizer.push(packet.bytes, packet.start, packet.end);
    if (!packet.isMarked || !this.#hasSlice) return;
    this.#wasMarked = true;
    if (this.#marker === 'ends-picture') {
      this.#finish();
      this.#endedByMarker = packet.timestamp;
    }
  }

  begin(): void {
    this.#nalAt = this.#length;
    this.#reserve(START_CODE_LENGTH);
    this.#staging.set([0, 0, 0, 1], this.#length);
    this.#length += START_CODE_LENGTH;
  }

  append(bytes: Uint8Array, start: number, end: number): void {
    const count = end - start;
    this.#reserve(count);
    // A fragment of a few bytes is cheaper by hand than through a view.
    if (count <= 16) for (let i = 0; i < count; i++) this.#staging[this.#length + i] = bytes[start + i] ?? 0;
    else this.#staging.set(bytes.subarray(start, end), this.#length);
    this.#length += count;
  }

  end(): void {
    const unit = readNalUnit(this.#codec, this.#staging, this.#nalAt + START_CODE_LENGTH, this.#length);
    if (unit.isSlice) this.#endSlice(unit);
    else if (this.#hasSlice && unit.startsAccessUnit) this.#tail.at ??= this.#nalAt;
    const isTail = this.#tail.at !== undefined;
    if (unit.parameterSet) {
      const set = { kind: unit.parameterSet, start: this.#nalAt + START_CODE_LENGTH, end: this.#length };
      if (isTail) this.#tail.sets.push(set);
      else this.#learn(set);
    }
    if (!unit.isDelimiter) return;
    if (this.#nalAt === 0) this.#delimiterEnd = this.#length;
    else if (this.#nalAt === this.#tail.at) this.#tail.delimiterEnd = this.#length;
  }

  damaged(): void {
    this.#isDamaged = true;
  }

  #endSlice(unit: NalUnit): void {
    // H.264 fields of one picture share a timestamp, and a decoder wants them together; H.265 has no such pairs.
    const isNextPicture = unit.isFirstSlice && (this.#tail.at !== undefined || this.#codec === 'h265');
    if (this.#hasSlice && isNextPicture) this.#split(this.#tail.at ?? this.#nalAt);
    else this.#joinTail();
    if (!this.#hasSlice && !unit.isFirstSlice) this.#isDamaged = true;
    if (this.#wasMarked) this.#distrustMarker(unit);
    this.#hasSlice = true;
    this.#isRandomAccess ||= unit.isRandomAccess;
    this.#isIntra &&= unit.isIntra;
  }

  /** GStreamer repeats the parameter sets before every slice of a picture: what looked like the next one is this one. */
  #joinTail(): void {
    for (const set of this.#tail.sets) this.#learn(set);
    this.#tail = noTail();
  }

  #learn({ kind, start, end }: FoundSet): void {
    this.#setsInUnit |= SET_BITS[kind];
    this.#sets.put(kind, this.#staging.subarray(start, end));
  }

  /** A slice of a picture whose last packet was marked already. */
  #distrustMarker(unit: NalUnit): void {
    this.#marker = 'nothing';
    // If the first part of it has been delivered, the rest is not a picture; a second field is.
    if (this.#endedByMarker === this.#timestamp && !unit.isFirstSlice) this.#isDamaged = true;
  }

  /** What lies from `at` on belongs to the next picture. */
  #split(at: number): void {
    const end = this.#length;
    const sets = this.#tail.sets.map((set) => ({ ...set, start: set.start - at, end: set.end - at }));
    const delimiterEnd = Math.max(0, this.#tail.delimiterEnd - at);
    this.#tail = { ...noTail(), at };
    this.#finish();
    this.#staging.copyWithin(0, at, end);
    this.#length = end - at;
    this.#nalAt -= at;
    this.#delimiterEnd = delimiterEnd;
    for (const set of sets) this.#learn(set);
  }

  #finish(): void {
    this.#depacketizer.interrupt();
    const { at: end, sets } = this.#tail;
    if (end !== undefined) this.#length = end;
    if (this.#isDamaged) {
      this.#awaitsKey = true;
      this.#dropped++;
    } else if (this.#hasSlice) this.#complete();
    // Cameras that send the parameter sets with the timestamp of the picture before mean them for the next.
    for (const { kind, start, end } of sets) this.#sets.put(kind, this.#staging.subarray(start, end));
    this.#tail = noTail();
    this.#length = 0;
    this.#hasSlice = false;
    this.#isDamaged = false;
    this.#isRandomAccess = false;
    this.#isIntra = true;
    this.#setsInUnit = 0;
    this.#delimiterEnd = 0;
    this.#wasMarked = false;
  }

  #complete(): void {
    // Cameras without IDR pictures repeat the SPS before an I picture: decoding starts there just as well.
    const mayStart = this.#isRandomAccess || (this.#isIntra && (this.#setsInUnit & SET_BITS.sps) !== 0);
    const isKey = mayStart && this.#sets.isComplete;
    if (!isKey && this.#awaitsKey) {
      this.#dropped++;
      return;
    }
    this.#awaitsKey = false;
    const needed = this.#codec === 'h264' ? SET_BITS.sps | SET_BITS.pps : SET_BITS.vps | SET_BITS.sps | SET_BITS.pps;
    const isSelfContained = (this.#setsInUnit & needed) === needed;
    const bytes = isKey && !isSelfContained ? this.#withSets() : this.#staging.slice(0, this.#length);
    this.#deliver({ timestamp: this.#timestamp, isKey, bytes });
  }

  /** The unit with all known sets before it, but after its delimiter, which must come first. */
  #withSets(): Uint8Array {
    const sets = this.#sets.annexB();
    const bytes = new Uint8Array(this.#length + sets.length);
    bytes.set(this.#staging.subarray(0, this.#delimiterEnd), 0);
    bytes.set(sets, this.#delimiterEnd);
    bytes.set(this.#staging.subarray(this.#delimiterEnd, this.#length), this.#delimiterEnd + sets.length);
    return bytes;
  }

  #reserve(count: number): void {
    const length = this.#length + count;
    if (length <= this.#staging.length) return;
    if (length > MAX_ACCESS_UNIT) throw new ProtocolViolation(`a picture larger than ${MAX_ACCESS_UNIT} bytes`);
    const grown = new Uint8Array(Math.min(MAX_ACCESS_UNIT, 2 * length));
    grown.set(this.#staging.subarray(0, this.#length));
    this.#staging = grown;
  }
}

const SET_BITS = { vps: 1, sps: 2, pps: 4 } as const;
