// What the log says of each fact, once, for people.

import type { Log } from '../adapters/log/log.ts';
import { assertNever } from '../domain/assert-never.ts';
import { errorText, type Language } from '../domain/errors.ts';
import { CLOCK_TOLERANCE, doubtError } from '../domain/event-check.ts';
import type { StoredStill } from '../domain/still.ts';
import type { WatchFact } from '../ports/telemetry.ts';

const secondsText = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

export const logFact = (log: Log, fact: WatchFact, language: Language): void => {
  const camera = fact.camera;
  switch (fact.type) {
    case 'seeing':
      log.info(`${camera} sees (${fact.codec})`, fact);
      return;
    case 'blind': {
      const wait = fact.retryAt === undefined ? '' : ` [${secondsText(fact.retryAt - fact.at)}]`;
      log.warn(`${camera} BLIND ${fact.code}: ${errorText(fact.code, fact.facts, language)}${wait}`, fact);
      return;
    }
    case 'episode-opened':
      log.info(`${camera} something moves`, fact);
      return;
    case 'moving':
      log.debug(`${camera} still moves, ${fact.score.toFixed(2)}`, fact);
      return;
    case 'trigger':
      log.debug(`${camera} trigger`, fact);
      return;
    case 'episode-ended':
      log.info(`${camera} ${fact.end === 'calm' ? 'calm again' : 'still moving after the longest time'}`, fact);
      return;
    case 'still-accepted':
      log.info(`${camera} photo taken, ${fact.width}×${fact.height} ${fact.kind}, ${secondsText(fact.delay)}`, fact);
      return;
    case 'still-missed':
      if (fact.kind === 'before' || fact.kind === 'peak') {
        // The set goes on without it; the photo that was promised is the calm one.
        log.warn(`${camera} no ${fact.kind} picture ${fact.code}: ${errorText(fact.code, fact.facts, language)}`, fact);
        return;
      }
      log.error(`${camera} PHOTO MISSED ${fact.code}: ${errorText(fact.code, fact.facts, language)}`, fact);
      return;
    case 'events-heard':
      log.info(`${camera} its own events are heard, by ${fact.channel}`, fact);
      return;
    case 'events-lost': {
      const text = `${camera} EVENTS LOST ${fact.code}: ${errorText(fact.code, fact.facts, language)}`;
      if (fact.isGuessed) log.debug(text, fact);
      else log.warn(`${text} [${secondsText(fact.retryAt - fact.at)}]`, fact);
      return;
    }
    case 'events-counted':
      log.debug(`${camera} event subscriptions counted`, fact);
      return;
    case 'events-checked':
      log.debug(`${camera} camera and pixels compared`, fact);
      return;
    case 'events-doubted':
      if (fact.doubt !== undefined) {
        const { code, facts } = doubtError(fact.doubt, fact);
        log.warn(`${camera} ${code}: ${errorText(code, facts, language)}`, fact);
      } else log.info(`${camera} its own events agree with what is seen again`, fact);
      return;
    case 'identified': {
      const { make, model, firmware, mac } = fact.identity;
      log.info(
        `${camera} is ${[make, model, firmware, mac].filter(Boolean).join(' · ') || 'a camera without a name'}`,
        fact,
      );
      return;
    }
    case 'moved':
      log.warn(`${camera} answers at ${fact.to} now, not at ${fact.from}: it was recognised and is followed`, fact);
      return;
    case 'clock-read':
      if (Math.abs(fact.offset) > CLOCK_TOLERANCE) {
        const facts = { seconds: Math.round(fact.offset / 1000), camera };
        log.warn(`${camera} SW_CAM_CLOCK: ${errorText('SW_CAM_CLOCK', facts, language)}`, fact);
      } else log.debug(`${camera} clock read`, fact);
      return;
    case 'audited':
      log.debug(`${camera} ${fact.audit.missed} of ${fact.audit.looked} skipped groups of pictures held motion`, fact);
      return;
    case 'keys-measured':
      log.debug(`${camera} a key frame every ${secondsText(fact.every)}`, fact);
      return;
    case 'packets-lost':
      log.warn(`${camera} ${fact.lost} packets lost in ${fact.seconds} s`, fact);
      return;
    default:
      assertNever(fact);
  }
};

export const logStored = (log: Log, still: StoredStill): void =>
  log.info(`${still.camera} photo kept: ${still.path}`, { camera: still.camera, still: still.id, path: still.path });
