// Makes the requirement report of one camera: asks everything, tries what can be tried, judges.

import type { OnvifClient } from '../adapters/onvif/client.ts';
import { type EvidenceParts, type GatheredEvidence, gatherEvidence } from '../adapters/onvif/evidence.ts';
import type { ClaimKind } from '../domain/camera-message.ts';
import type { Asked, CameraReport, EventFinding, RequirementLine } from '../domain/requirement.ts';
import { judgeRequirements } from '../domain/requirement-judge.ts';
import type { Ms } from '../domain/units.ts';
import { isMotionKind, meaningOf } from '../motion/onvif-topics.ts';
import type { Clock } from '../ports/clock.ts';
import { reportTrials } from './report-trials.ts';

/** What the events that were heard mean for the report. */
const eventFinding = (heard: GatheredEvidence['heard']): Asked<EventFinding> => {
  if (heard.type !== 'answered') return heard;
  const { topics, messages, listened } = heard.value;
  const offered = new Set<ClaimKind>();
  const motionTopics = topics.filter((topic) => {
    const { claims } = meaningOf({ topic, operation: 'Initialized', utcTime: '', source: {}, key: {}, data: {} });
    for (const { kind } of claims) if (isMotionKind(kind)) offered.add(kind);
    return claims.some(({ kind }) => isMotionKind(kind));
  });
  const read = messages.map((message) => ({ message, meaning: meaningOf(message) }));
  // An item name may name a class that its topic does not (Tapo): a repeated state offers it.
  for (const { meaning } of read) for (const { kind } of meaning.claims) if (isMotionKind(kind)) offered.add(kind);
  const changed = read.filter(({ message }) => message.operation === 'Changed');
  const seen = new Set(
    changed.flatMap(({ meaning }) => meaning.claims.filter(({ active }) => active !== false).map(({ kind }) => kind)),
  );
  return {
    type: 'answered',
    call: heard.call,
    value: {
      motionTopics,
      hasState: read.some(({ message, meaning }) => message.operation === 'Initialized' && meaning.motion !== null),
      sawBegin: changed.some(({ meaning }) => meaning.motion === true || meaning.motion === 'pulse'),
      sawEnd: changed.some(({ meaning }) => meaning.motion === false),
      seen: [...seen].filter(isMotionKind),
      offered: [...offered],
      listened,
    },
  };
};

/** All lines of the report from what was gathered. */
export const reportLines = ({ heard, ...rest }: GatheredEvidence): readonly RequirementLine[] =>
  judgeRequirements({ ...rest, events: eventFinding(heard) });

export interface ReportParts {
  readonly client: OnvifClient;
  readonly clock: Clock;
  readonly listen: Ms;
  readonly progress: EvidenceParts['progress'];
  /** The owner's name for the camera, when it does not name itself. */
  readonly name: string;
}

/** Half a minute and the time to listen. @throws StillwatchError when the camera cannot be asked at all */
export const makeReport = async (parts: ReportParts, signal: AbortSignal): Promise<CameraReport> => {
  const { client, clock } = parts;
  const gathered = await gatherEvidence({ ...parts, ...reportTrials(client.credentials, clock) }, signal);
  const { identity } = gathered;
  const model = identity.type === 'answered' ? [identity.value.make, identity.value.model] : [];
  return {
    camera: model.filter(Boolean).join(' ') || parts.name,
    at: new Date(clock.now().wall).toISOString(),
    lines: reportLines(gathered),
  };
};
