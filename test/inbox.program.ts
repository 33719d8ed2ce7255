// The standalone role with an inbox, as a process that the tests may kill. Says on stdout, as JSON, when its doors are open.

import { openLog } from '../src/adapters/log/log.ts';
import { stopSignal } from '../src/cli/roles/standalone/process.ts';
import { runStandalone } from '../src/cli/roles/standalone.ts';
import { ACCOUNT_POLICY } from '../src/domain/account.ts';
import { cameraId } from '../src/domain/ids.ts';
import { INBOX_LIMITS, type InboxCamera, type InboxSettings } from '../src/domain/inbox.ts';
import { Secret } from '../src/domain/secret.ts';
import { ms } from '../src/domain/units.ts';

const [snapshotsDir = '', portsText = '[]', cameras = '2', burstWait = '1000'] = process.argv.slice(2);
const [web = 0, http = 0, ftp = 0, ftps = 0, mail = 0, smtps = 0, passive = 0, imap = 0, fetched = 0] = JSON.parse(
  portsText,
) as number[];

const ids = Array.from({ length: Number(cameras) }, (_, at) => `cam-${at}`);
/** Sends through the first camera's account, as the cameras of a recorder do. */
const through: InboxCamera = {
  id: cameraId('yard'),
  name: 'Yard',
  limits: INBOX_LIMITS,
  recognise: { through: cameraId('cam-0'), path: 'yard', mail: 'yard@cameras.example', exif: 'SN-YARD-1' },
};
const own = ids.map(
  (id, at): InboxCamera => ({
    id: cameraId(id),
    name: `Camera ${at}`,
    key: new Secret(`key-of-${id}-0123456789`),
    limits: INBOX_LIMITS,
    ...(fetched > 0 && at === 1
      ? { fetch: { url: `http://127.0.0.1:${fetched}/snapshot.jpg`, every: ms(300), allow: ['127.0.0.1'] } }
      : {}),
  }),
);
const inbox: InboxSettings = {
  cameras: [...own, through],
  bind: '127.0.0.1',
  host: 'localhost',
  http: { port: http, plain: 'private' },
  ftp: { port: ftp, tlsPort: ftps, passivePorts: [passive, passive + 63], allowsActive: true, plain: 'private' },
  mail: { port: mail, tlsPort: smtps, plain: 'private' },
  ...(imap > 0
    ? {
        imap: {
          host: '127.0.0.1',
          port: imap,
          tls: false,
          credentials: { user: 'photos', password: new Secret('mailbox-password') },
          folder: 'INBOX',
          every: ms(500),
        },
      }
    : {}),
  burstGap: ms(60_000),
  burstWait: ms(Number(burstWait)),
};

await runStandalone({
  settings: {
    cameras: [],
    inbox,
    rootCamera: undefined,
    snapshotsDir,
    zone: 'UTC',
    language: 'en',
    keep: { each: {}, cameras: {}, free: 0, includesFound: false },
    accounts: ACCOUNT_POLICY,
    web: { port: web, bind: '127.0.0.1', isPublic: false },
  },
  log: openLog('json', process.stdout, 'info'),
  signal: stopSignal(),
  onListening: () => undefined,
});
