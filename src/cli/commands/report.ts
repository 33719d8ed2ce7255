import type { Command } from 'commander';
import { avPictureDecoder } from '../../adapters/av/picture-decoder.ts';
import { type GatheredEvidence, gatherEvidence } from '../../adapters/onvif/evidence.ts';
import { rtspPacketSource } from '../../adapters/rtsp/packet-source.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import type { ClaimKind } from '../../domain/camera-message.ts';
import {
  type Asked,
  type CameraEvidence,
  type EventFinding,
  judgeRequirements,
  type RequirementLine,
} from '../../domain/requirement.ts';
import type { Credentials } from '../../domain/secret.ts';
import { seconds } from '../../domain/units.ts';
import { isMotionKind, meaningOf } from '../../motion/onvif-topics.ts';
import { mainStreamStill } from '../../watch/main-stream-still.ts';
import { languageOfEnvironment } from '../trouble.ts';
import { openOnvifCamera } from './onvif-camera.ts';
import { reportPage, reportText } from './report-page.ts';

/** What the events that were heard mean for the report. */
export const eventFinding = (heard: GatheredEvidence['heard']): Asked<EventFinding> => {
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
export const reportLines = ({ heard, ...rest }: GatheredEvidence): readonly RequirementLine[] => {
  const evidence: CameraEvidence = { ...rest, events: eventFinding(heard) };
  return judgeRequirements(evidence);
};

/** Decodes one frame of a stream for its real size. */
export const frameSize =
  (credentials: Credentials | undefined) =>
  async (url: string, signal: AbortSignal): Promise<{ readonly width: number; readonly height: number }> => {
    const clock = systemClock();
    const still = mainStreamStill({
      address: { url, ...(credentials ? { credentials } : {}) },
      packets: rtspPacketSource({ clock }),
      decoder: avPictureDecoder(),
      clock,
    });
    const within = AbortSignal.timeout(15_000);
    const { width, height } = await still.take({ signal: AbortSignal.any([signal, within]) });
    return { width, height };
  };

interface ReportOptions {
  readonly json?: boolean;
  readonly html?: boolean;
  readonly listen: string;
}

export const reportCommand = (program: Command): void => {
  program
    .command('report')
    .description('ask a camera for everything an owner may require of it, and say what is proven')
    .argument('[camera]', 'name of a configured camera, or an address (STILLWATCH_USER and STILLWATCH_PASSWORD log in)')
    .option('--json', 'print JSON')
    .option('--html', 'print one page for a browser or a printer')
    .option('--listen <seconds>', 'how long to listen for events; walk through the picture meanwhile', '10')
    .action(async (camera: string | undefined, options: ReportOptions) => {
      const { signal } = new AbortController();
      const listen = seconds(Math.min(600, Math.max(1, Number(options.listen) || 10)));
      await using client = await openOnvifCamera(camera, signal);
      const gathered = await gatherEvidence(
        {
          client,
          clock: systemClock(),
          frame: frameSize(client.credentials),
          listen,
          progress: (what) => process.stderr.write(`asking: ${what}\n`),
        },
        signal,
      );
      const model =
        gathered.identity.type === 'answered' ? [gathered.identity.value.make, gathered.identity.value.model] : [];
      const name = model.filter(Boolean).join(' ') || camera || client.address.hostname;
      const report = { camera: name, at: new Date().toISOString(), lines: reportLines(gathered) };
      const language = languageOfEnvironment(process.env);
      const text = options.json
        ? `${JSON.stringify(report, undefined, 2)}\n`
        : options.html
          ? reportPage(report, language)
          : reportText(report, language);
      process.stdout.write(text);
    });
};
