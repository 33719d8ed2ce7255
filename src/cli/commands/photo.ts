import type { Command } from 'commander';
import { addressGuard } from '../../adapters/address-guard/address-guard.ts';
import { avPictureDecoder } from '../../adapters/av/picture-decoder.ts';
import { avPictureReader } from '../../adapters/av/picture-reader.ts';
import { sqlCatalog } from '../../adapters/catalog-sql/catalog-sql.ts';
import { httpStill } from '../../adapters/http-still/http-still.ts';
import { sqlLedger } from '../../adapters/ledger-sql/ledger-sql.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { loadSettings } from '../../config/config-file.ts';
import { StillwatchError, toStillwatchError } from '../../domain/errors.ts';
import { type LedgerEvent, ledgerFrom, stepLedger, triggerId } from '../../domain/ledger.ts';
import type { StoredStill } from '../../domain/still.ts';
import { withStillFacts } from '../../domain/still-facts.ts';
import { ms } from '../../domain/units.ts';
import { mainStreamStill } from '../../watch/main-stream-still.ts';
import { stillWays } from '../../watch/still-ways.ts';
import { archivePaths, openArchivePlace } from '../archive-place.ts';
import { cameraPackets } from '../camera-packets.ts';
import { photoByRunning } from '../control.ts';
import { manualDraft, shipNow } from '../manual-still.ts';

type Printed = Pick<StoredStill, 'width' | 'height' | 'source' | 'delay'> & { readonly path?: string };

/** undefined: safe in the spool, and what it is stands in the gallery in a moment. */
const print = (id: string, camera: string, photo: Printed | undefined, options: { readonly json?: true }): void => {
  const delay = photo?.delay ?? 0;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ id, camera, path: photo?.path ?? null, width: photo?.width, height: photo?.height, source: photo?.source, delayMs: Math.round(delay) })}\n`
      : `ok  ${photo?.path ?? 'in the spool'}  ${photo?.width ?? '?'}×${photo?.height ?? '?'}  ${photo?.source ?? '?'}  ${(delay / 1000).toFixed(1)} s\n`,
  );
};

/**
 * Takes one photo and brings it into the gallery. Works beside a running Stillwatch: the spool takes from several processes,
 * and shipping the same photo twice is harmless.
 */
const photograph = async (id: string, options: { readonly json?: true }): Promise<void> => {
  const settings = loadSettings(process.cwd(), process.env);
  const camera = settings.cameras.find((each) => each.id === id);
  if (!camera) {
    const known = settings.cameras.map((each) => each.id).join(', ');
    throw new StillwatchError('SW_CAMERA_UNKNOWN', { camera: id, known });
  }
  const running = await photoByRunning(archivePaths(settings.snapshotsDir).control, id);
  if (running) {
    print(running.id, camera.id, running.still, options);
    return;
  }
  const clock = systemClock();
  const random = Math.random;
  const place = await openArchivePlace(settings.snapshotsDir);
  const ledger = await sqlLedger({ file: place.paths.ledger });
  const catalog = await sqlCatalog({ file: place.paths.catalog });
  const guard = addressGuard({ allow: camera.stills?.allow ?? [] });
  const http = camera.stills?.snapshot && httpStill({ address: camera.stills.snapshot, clock, guard });
  const now = clock.now();
  const trigger = triggerId(camera.id, 'owner', now.wall);
  let state = ledgerFrom([]);
  const account = async (event: LedgerEvent): Promise<void> => {
    const { next, rows } = stepLedger(state, event, settings);
    state = next;
    await ledger.write(rows);
  };
  try {
    await account({
      type: 'trigger',
      id: trigger,
      camera: camera.id,
      origin: 'owner',
      at: now.wall,
      episode: undefined,
    });
    const ways = stillWays({
      where: camera.id,
      sources: [
        mainStreamStill({
          address: camera.streams.main,
          packets: cameraPackets(clock),
          decoder: avPictureDecoder(),
          clock,
        }),
        ...(http ? [http] : []),
      ],
      reader: avPictureReader(),
      // Whether another program holds the camera's last stream only the camera knows; it says so.
      link: () => ({ isCostly: camera.stills?.isLinkCostly ?? false, streamLimit: undefined, streamsOpen: 0 }),
      clock,
      random,
      cut: new AbortController().signal,
    });
    const moment = { at: now, keyWithin: ms(0), notAfter: false };
    const taken = await ways.take({ kind: 'manual', moment, seenSince: undefined, isSettled: true });
    if (!taken) throw new StillwatchError('SW_UNEXPECTED', { detail: 'no photo and no reason' });
    const { shot, choice } = taken;
    const draft = { ...manualDraft(camera, shot, settings.zone), choice };
    await place.spool.accept(draft, withStillFacts(shot.jpeg, draft, { cameraName: camera.name }));
    await account({ type: 'accepted', work: trigger, still: draft.id, kind: 'manual' });
    const stored = await shipNow({ place, catalog, rootCamera: settings.rootCamera, clock, random }, draft.id);
    print(draft.id, camera.id, stored ?? draft, options);
  } catch (thrown) {
    const { code } = toStillwatchError(thrown);
    await account({ type: 'missed', work: trigger, kind: 'manual', code }).catch(() => undefined);
    throw thrown;
  } finally {
    await http?.[Symbol.asyncDispose]();
    await catalog.close();
    await ledger.close();
  }
};

/** `stillwatch photo` */
export const photoCommand = (program: Command): void => {
  program
    .command('photo')
    .description('take a photo now')
    .argument('<camera>', 'the camera’s id')
    .option('--json', 'one JSON object')
    .action(photograph);
};
