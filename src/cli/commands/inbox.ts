import { join } from 'node:path';
import type { Command } from 'commander';
import { fsContactBook } from '../../adapters/inbox-fs/inbox-fs.ts';
import { systemClock } from '../../adapters/system/clock.ts';
import { loadSettings } from '../../config/config-file.ts';
import type { Settings } from '../../config/settings.ts';
import { isoText } from '../../domain/civil-time.ts';
import { type Contact, contactState, habit, newContact } from '../../domain/contact.ts';
import { StillwatchError } from '../../domain/errors.ts';
import type { InboxCamera, InboxSettings } from '../../domain/inbox.ts';
import { doorSetups } from '../../domain/inbox-setup.ts';
import { seconds } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { INBOX_EN } from '../../web/texts/inbox-en.ts';
import { newDeliveryKey } from '../../web/uploads/delivery-key.ts';
import { archivePaths } from '../archive-place.ts';

interface InboxOptions {
  readonly newKey?: true;
  readonly wait?: true;
  readonly json?: true;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const contactOf = async (settings: Settings, camera: InboxCamera): Promise<Contact> => {
  const book = fsContactBook(join(archivePaths(settings.snapshotsDir).data, 'inbox.json'));
  return (await book.load()).find((contact) => contact.camera === camera.id) ?? newContact(camera.id);
};

const contactLine = (contact: Contact, camera: InboxCamera, { zone }: Settings, clock: Clock): string => {
  const usual = habit(contact);
  const at = contact.lastAt === undefined ? 'never' : isoText(contact.lastAt, zone).slice(0, 16);
  const next = usual ? `, expected ${isoText(usual.expectedAt, zone).slice(0, 16)}` : '';
  const battery = contact.report.battery === undefined ? '' : `, battery ${contact.report.battery} %`;
  const state = contactState(contact, clock.now().wall);
  return `${camera.id.padEnd(16)} ${state.padEnd(8)} last ${at}, ${contact.pictures} pictures${battery}${next}`;
};

/** Until the running program has taken a picture of this camera. */
const waitForPicture = async (settings: Settings, camera: InboxCamera, clock: Clock): Promise<void> => {
  const before = (await contactOf(settings, camera)).lastPictureAt;
  process.stderr.write('Waiting for the next picture; stop with Ctrl-C.\n');
  for (;;) {
    const { lastPictureAt, refusal } = await contactOf(settings, camera);
    if (lastPictureAt !== before)
      return say(`A picture has come, ${isoText(lastPictureAt ?? clock.now().wall, settings.zone)}.`);
    if (refusal && before === undefined) process.stderr.write(`Refused: ${refusal.code} (${refusal.detail})\n`);
    await clock.sleep(seconds(2));
  }
};

const printSetup = (inbox: InboxSettings, camera: InboxCamera): void => {
  const { terms, choices, doors } = INBOX_EN.setUp;
  for (const { door, fields } of doorSetups(inbox, camera, (key) => key.reveal())) {
    say(`\n${doors[door]}`);
    for (const field of fields) {
      say(`  ${terms[field.term].padEnd(9)} ${'value' in field ? field.value : choices[field.choice]}`);
    }
  }
};

const show = async (id: string | undefined, options: InboxOptions): Promise<void> => {
  if (options.newKey) {
    say(newDeliveryKey());
    process.stderr.write(
      'Write it into a file of its own and name that file in stillwatch.yml: key: {file: secrets/…}\n',
    );
    return;
  }
  const settings = loadSettings(process.cwd(), process.env);
  const cameras = settings.inbox?.cameras ?? [];
  const clock = systemClock();
  if (id === undefined) {
    for (const camera of cameras) {
      const contact = await contactOf(settings, camera);
      say(
        options.json
          ? JSON.stringify({ ...contact, name: camera.name })
          : contactLine(contact, camera, settings, clock),
      );
    }
    return;
  }
  const camera = cameras.find((each) => each.id === id);
  if (!camera || !settings.inbox) {
    throw new StillwatchError('SW_CAMERA_UNKNOWN', {
      camera: id,
      known: cameras.map((each) => each.id).join(', ') || '–',
    });
  }
  const contact = await contactOf(settings, camera);
  if (options.json)
    say(JSON.stringify({ ...contact, name: camera.name, doors: doorSetups(settings.inbox, camera, String) }));
  else {
    say(contactLine(contact, camera, settings, clock));
    printSetup(settings.inbox, camera);
  }
  if (options.wait) await waitForPicture(settings, camera, clock);
};

/** `stillwatch inbox` */
export const inboxCommand = (program: Command): void => {
  program
    .command('inbox')
    .description('cameras that send by themselves: when they were heard of, and what to type into them')
    .argument('[camera]', 'one camera: with host, port, user, password and folder, for your eyes only')
    .option('--wait', 'wait until a picture of it has come')
    .option('--new-key', 'make a key for a camera, and nothing else')
    .option('--json', 'JSON; without the key')
    .action(show);
};
