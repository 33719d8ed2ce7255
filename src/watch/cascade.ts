// The economy engine: packet sizes and key frames are watched always, pictures between key frames are decoded only while
// something is suspected, from the group of pictures that is kept for it. Falls back to decoding everything where that is surer.

import { aged, folded, halved, NO_AUDIT } from '../domain/audit.ts';
import type { Luma, Packet } from '../domain/camera.ts';
import type { Area } from '../domain/geometry.ts';
import type { Reading } from '../domain/signal.ts';
import { type Ms, ms } from '../domain/units.ts';
import { auditVerdict } from '../motion/audit.ts';
import { KEY_RULES } from '../motion/detector-rules.ts';
import { type Calibration, lumaDetector } from '../motion/luma-detector.ts';
import { packetGate } from '../motion/packet-gate.ts';
import { LUMA_SIZE } from '../motion/plane-layout.ts';
import { type Sampler, sampler } from '../motion/sampler.ts';
import type { Random } from '../ports/clock.ts';
import type { LumaDecoder } from '../ports/luma-decoder.ts';
import { gopClock } from './cascade-gop.ts';
import type { LearningEngineFactory } from './motion-engine.ts';

export interface CascadeParts {
  readonly decoder: LumaDecoder;
  readonly areas?: readonly Area[];
  /** What is known of the scene already: with it there is no warm-up. */
  readonly prior?: Calibration;
  /** Picks what is audited; without it nothing is. */
  readonly random?: Random;
  /** Asked at each packet: true while there is CPU to spare for decoding every picture of this camera. */
  readonly isRaised?: () => boolean;
  /** False: the audit's misses widen the gate, but never have every picture decoded. Default true. */
  readonly mayBeCareful?: boolean;
}

/** Everything is decoded for this long at first, so that both detectors know the scene. */
const WARM_UP: Ms = ms(20_000);
/** Decoding goes on for this long after the last confirmed motion. */
const HOLD: Ms = ms(3_000);
/** … and for this long after a suspicion that was not confirmed. */
const DOUBT: Ms = ms(1_500);
/** A gate that stays open without motion to be seen is shut after this long, until it closes by itself. */
const HABITUATE_AFTER: Ms = ms(8_000);
/** What a fruitful opening of the gate takes off its threshold, and a fruitless one adds; and the most that may be added. */
const TRUST = 0.8;
const MOST_DISTRUST = 2.5;
/** A camera that is decoded fully because of its misses is tried again economically after this long. */
const FORGIVE_AFTER: Ms = ms(3_600_000);
/** Key frames nearer than this to the first of their group are not looked at, and begin none. */
const KEY_INTERVAL: Ms = ms(900);

const CALM: Pick<Reading, 'score' | 'cell'> = { score: 0 };

/** One group of pictures: its key frame first; others that followed at once may be in it. */
interface Gop {
  readonly packets: Packet[];
  /** Packets of it that the detector has seen decoded. */
  decoded: number;
}

export const cascadeEngine =
  (parts: CascadeParts): LearningEngineFactory =>
  (format, memory) => {
    const { decoder, areas = [], random = () => 1, isRaised = () => false, mayBeCareful = true } = parts;
    const prior = memory?.scene ?? parts.prior;
    const run = decoder.open(format, LUMA_SIZE);
    const sampled = lumaDetector({ areas, prior });
    const keyed = lumaDetector({
      areas,
      prior: prior && { ...prior, within: prior.keys, across: prior.keys, floor: new Float32Array(0) },
      rules: KEY_RULES,
    });
    const gate = packetGate(format);
    const gops = gopClock();
    const ignored: Reading[] = [];
    let keySight: Pick<Reading, 'score' | 'cell'> = CALM;
    let isSample: Sampler = sampler();
    let previous: Gop | undefined;
    let current: Gop | undefined;
    let startedAt: Ms | undefined;
    let saidUntil = Number.NEGATIVE_INFINITY;
    let lookedAtKey = Number.NEGATIVE_INFINITY;
    /** Time until which everything is decoded; raised by suspicion and by motion. */
    let decodeUntil = Number.NEGATIVE_INFINITY;
    let isFollowing = false;
    let gateOpenSince: Ms | undefined;
    let gateOpenedAt = Number.NEGATIVE_INFINITY;
    let motionAt = Number.NEGATIVE_INFINITY;
    /** Grows with each opening of the gate that showed nothing, shrinks with each that did: leaves cost less then. */
    let distrust = 1;
    let followedFrom: Ms | undefined;
    let audit = memory?.audit ?? NO_AUDIT;
    let verdict = auditVerdict(audit);
    gate.widen(verdict.gate);
    let hopelessSince: Ms | undefined;
    let packets = 0;
    let decodedPackets = 0;

    const decode = (packet: Packet): Luma | undefined => {
      decodedPackets += 1;
      return run.decode(packet);
    };

    /** Readings leave in order of time, each picture's once. */
    const say = (readings: readonly Reading[], into: Reading[]): void => {
      for (const reading of readings) {
        if (reading.isMotion) {
          motionAt = reading.pts;
          decodeUntil = Math.max(decodeUntil, reading.pts + HOLD);
        }
        if (reading.pts <= saidUntil) continue;
        saidUntil = reading.pts;
        into.push(reading);
      }
    };

    const lookAtKey = (luma: Luma): boolean => {
      ignored.length = 0;
      lookedAtKey = luma.pts;
      const { isSuspicious, faint, cell } = keyed.fold(luma, ignored);
      keySight = faint > 0 ? { score: faint, cell } : CALM;
      return isSuspicious;
    };

    /** Decodes what of `gop` was not, and shows it to the sampled detector. @returns true when it saw motion */
    const follow = (gop: Gop, into: Reading[]): boolean => {
      const readings: Reading[] = [];
      for (; gop.decoded < gop.packets.length; gop.decoded++) {
        const packet = gop.packets[gop.decoded];
        const luma = packet && decode(packet);
        if (!luma) continue;
        if (luma.isKey && luma.pts > lookedAtKey) lookAtKey(luma);
        if (isSample.wants(luma.pts)) sampled.fold(luma, readings);
      }
      say(readings, into);
      return readings.some((reading) => reading.isMotion);
    };

    const beginFollowing = (gop: Gop, into: Reading[]): void => {
      gop.decoded = 0;
      isSample = sampler();
      isFollowing = true;
      followedFrom = gop.packets[0]?.pts;
      follow(gop, into);
    };

    const endFollowing = (into: Reading[]): boolean => {
      run.reset();
      const rest: Reading[] = [];
      sampled.interrupt(rest);
      say(rest, into);
      keyed.maskClock(sampled.clockCells);
      if (isFollowing && gateOpenedAt >= (followedFrom ?? 0)) {
        distrust =
          motionAt >= (followedFrom ?? 0) ? Math.max(1, distrust * TRUST) : Math.min(MOST_DISTRUST, distrust / TRUST);
        gate.widen(verdict.gate * distrust);
      }
      isFollowing = false;
      return rest.some((reading) => reading.isMotion);
    };

    /** Decodes a skipped group of pictures after all, to learn whether skipping it was right. */
    const auditGop = (gop: Gop, into: Reading[]): void => {
      gop.decoded = 0;
      isSample = sampler();
      const hasSeen = follow(gop, into);
      const hasEnded = endFollowing(into);
      audit = aged(folded(audit, hasSeen || hasEnded));
      verdict = auditVerdict(audit);
      gate.widen(verdict.gate * distrust);
    };

    const isWarmingUp = (at: Ms): boolean => prior === undefined && at - (startedAt ?? at) < WARM_UP;
    const isHopeless = (): boolean => mayBeCareful && verdict.wantsCareful;
    const isCareful = (at: Ms): boolean => gops.isLong || isHopeless() || isRaised() || isWarmingUp(at);

    /** Nothing is skipped while all is decoded, so nothing new would ever be learned of the gate. */
    const forgive = (at: Ms): void => {
      if (!isHopeless()) hopelessSince = undefined;
      else if (at - (hopelessSince ??= at) >= FORGIVE_AFTER) {
        hopelessSince = at;
        audit = halved(audit);
        verdict = auditVerdict(audit);
      }
    };

    /** The gate's word, unless it has cried wolf for too long. */
    const gateSays = (packet: Packet): boolean => {
      if (!gate.fold(packet)) {
        if (!packet.isKey) gateOpenSince = undefined;
        return false;
      }
      gateOpenSince ??= packet.pts;
      gateOpenedAt = packet.pts;
      return packet.pts - Math.max(gateOpenSince, motionAt) < HABITUATE_AFTER;
    };

    /** A key frame while all is calm. */
    const auditKey = (packet: Packet, gop: Gop, into: Reading[]): void => {
      const isDue = packet.pts - lookedAtKey >= KEY_INTERVAL;
      const luma = isDue ? (decode(packet) ?? run.drain()) : undefined;
      run.reset();
      if (!luma || !lookAtKey(luma)) {
        // Only now is it certain that the group before was skipped: a suspicious key frame would have had it read.
        if (previous && previous.decoded < previous.packets.length && random() < verdict.share)
          auditGop(previous, into);
        if (luma) say([{ pts: luma.pts, isMotion: false, ...keySight }], into);
        return;
      }
      decodeUntil = packet.pts + DOUBT;
      if (!previous || previous.decoded >= previous.packets.length) return beginFollowing(gop, into);
      // What the key frame shows happened since the one before it: that group of pictures is read first.
      beginFollowing(previous, into);
      return void follow(gop, into);
    };

    const take = (packet: Packet, into: Reading[]): void => {
      packets += 1;
      startedAt ??= packet.pts;
      gops.fold(packet);
      // A key frame that follows at once is an encoder's answer to a changed picture: what led to it must stay at hand.
      const beginsGop =
        packet.isKey && packet.pts - (current?.packets[0]?.pts ?? Number.NEGATIVE_INFINITY) >= KEY_INTERVAL;
      if (packet.isKey) forgive(packet.pts);
      if (beginsGop) {
        previous = current;
        current = { packets: [], decoded: 0 };
      }
      const gop = current;
      if (!gop) return;
      gop.packets.push(packet);
      if (gateSays(packet)) decodeUntil = Math.max(decodeUntil, packet.pts + DOUBT);
      const isWanted = isCareful(packet.pts) || packet.pts < decodeUntil;
      if (isFollowing) follow(gop, into);
      else if (isWanted) beginFollowing(gop, into);
      else if (beginsGop) auditKey(packet, gop, into);
      if (isFollowing && !isCareful(packet.pts) && packet.pts >= decodeUntil) endFollowing(into);
    };

    return {
      feed(batch) {
        const readings: Reading[] = [];
        for (const packet of batch) take(packet, readings);
        return readings;
      },
      finish() {
        const readings: Reading[] = [];
        endFollowing(readings);
        return readings;
      },
      get pace() {
        return isFollowing ? 'eager' : 'coalesced';
      },
      get decodedShare() {
        return packets === 0 ? 0 : Math.min(1, decodedPackets / packets);
      },
      get audit() {
        return audit;
      },
      get isCareful() {
        return startedAt === undefined || isCareful(ms(saidUntil));
      },
      remember: () => ({
        audit,
        scene:
          startedAt === undefined || isWarmingUp(ms(saidUntil))
            ? undefined
            : { ...sampled.calibration(), keys: keyed.calibration().keys },
      }),
      [Symbol.dispose]() {
        run[Symbol.dispose]();
      },
    };
  };
