// A mail server that somebody else wrote, with one mailbox, on a port of its own.

import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from './program.ts';

export interface Mailbox extends AsyncDisposable {
  readonly port: number;
  /** Maildir of the one user. */
  readonly folder: string;
  put(name: string, message: string | Uint8Array): Promise<void>;
}

const NOBODY = 65_534;

export const startDovecot = async (password: string): Promise<Mailbox> => {
  const root = await mkdtemp(join(tmpdir(), 'stillwatch-dovecot-'));
  await chmod(root, 0o755);
  const port = await freePort();
  const folder = join(root, 'mail');
  for (const name of ['new', 'cur', 'tmp']) await mkdir(join(folder, name), { recursive: true });
  for (const name of ['', 'new', 'cur', 'tmp']) await chown(join(folder, name), NOBODY, NOBODY);
  const settings = `
base_dir = ${root}/run
state_dir = ${root}/state
log_path = ${root}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${folder}
first_valid_uid = ${NOBODY}
first_valid_gid = ${NOBODY}
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${root}/mail
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`;
  const file = join(root, 'dovecot.conf');
  await writeFile(file, settings);
  const child = spawn('dovecot', ['-F', '-c', file], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await eventually('the mail server answers', async () => {
    const { connect } = await import('node:net');
    return new Promise<true | undefined>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('data', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(undefined));
    });
  });
  return {
    port,
    folder,
    async put(name, message) {
      const draft = join(folder, 'tmp', name);
      await writeFile(draft, message);
      await chown(draft, NOBODY, NOBODY);
      const { rename } = await import('node:fs/promises');
      await rename(draft, join(folder, 'new', name));
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
      await rm(root, { recursive: true, force: true });
    },
  };
};
