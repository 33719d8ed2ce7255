// Puts a changed configuration in force while the program runs: only what changed is touched.

import type { Log } from '../../../adapters/log/log.ts';
import type { ConfigFile } from '../../../config/config-file.ts';
import { problemText } from '../../../config/problems.ts';
import type { Settings } from '../../../config/settings.ts';
import { settingsDiff } from '../../../config/settings-diff.ts';
import type { KeepRules } from '../../../domain/retention.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { StatusFeed } from '../../../web/status-feed.ts';
import type { CaptureSupervisor } from '../../capture-children.ts';

export interface LiveSettingsParts {
  readonly config: ConfigFile;
  readonly capture: Pick<CaptureSupervisor, 'watch' | 'unwatch'>;
  readonly feed: Pick<StatusFeed, 'setCameras'>;
  readonly onNotifications: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** The keep rules of the moment, as one value for those who hold on to it. */
export const liveRules = (now: () => KeepRules): KeepRules =>
  new Proxy({} as KeepRules, { get: (_, key) => Reflect.get(now(), key) as unknown });

/** Tells what is wrong with the document, once for each state of it. */
const problemTeller = ({ config, log }: LiveSettingsParts, language: Settings['language']): (() => void) => {
  let told = '';
  return () => {
    const { problems, isInForce, revision } = config.read();
    const lines = problems.map((one) => `${one.code}: ${problemText(one, language)}`);
    const now = [revision, ...lines].join('\n');
    if (now === told) return;
    const hadProblems = told.includes('\n');
    told = now;
    for (const line of lines) log.error(line);
    if (!isInForce)
      log.error('until it is mended, what was last good is in force, or what is good of it: /system/config');
    else if (hadProblems && lines.length === 0) log.info('the configuration is in force again');
  };
};

/** Follows the document until `signal` aborts; SIGHUP reads it, and `.env`, at once. */
export const followSettings = (parts: LiveSettingsParts, signal: AbortSignal): void => {
  const { config, capture, feed, clock, log } = parts;
  const tellProblems = problemTeller(parts, config.settings.language);
  let restartsTold = '';
  tellProblems();
  config.follow((settings, before) => {
    const diff = settingsDiff(before, settings);
    for (const id of diff.removed) capture.unwatch(id);
    for (const camera of [...diff.added, ...diff.changed]) capture.watch(camera);
    if (diff.added.length + diff.removed.length + diff.changed.length + diff.renamed.length > 0) {
      feed.setCameras(settings.cameras, clock.now().wall);
      const ids = [...diff.added, ...diff.changed, ...diff.renamed].map(({ id }) => id);
      log.info(`configuration changed: ${[...ids, ...diff.removed.map((id) => `${id} (taken out)`)].join(', ')}`);
    }
    if (diff.isKeepChanged) log.info('configuration changed: keep rules');
    if (diff.areNotificationsChanged) {
      parts.onNotifications();
      log.info('configuration changed: notifications');
    }
    if (diff.isViewChanged) log.info('configuration changed: who may look');
    const awaits = config.read().awaitsRestart.join(', ');
    if (awaits !== restartsTold && awaits !== '') log.warn(`at the next start takes effect: ${awaits}`);
    restartsTold = awaits;
    tellProblems();
  }, signal);

  // A terminal that is closed sends it too, and then it means what it always meant.
  if (process.stdout.isTTY) return;
  const reload = (): void => {
    log.info('SIGHUP: the configuration is read again');
    config.reload();
  };
  process.on('SIGHUP', reload);
  signal.addEventListener('abort', () => process.off('SIGHUP', reload), { once: true });
};
