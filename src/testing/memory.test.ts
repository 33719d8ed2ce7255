// The fakes keep the contracts that the real ones keep.

import { blobStoreContract } from './blob-store-contract.ts';
import { catalogContract } from './catalog-contract.ts';
import { memoryCatalog } from './memory-catalog.ts';
import { memoryOutbox } from './memory-outbox.ts';
import { memoryReadings } from './memory-readings.ts';
import { memorySpool } from './memory-spool.ts';
import { memoryStore } from './memory-store.ts';
import { outboxContract } from './outbox-contract.ts';
import { readingArchiveContract } from './reading-archive-contract.ts';
import { spoolContract } from './spool-contract.ts';

spoolContract('memory', async () => {
  const spool = memorySpool();
  return { open: async () => spool, read: spool.read, survives: false };
});

blobStoreContract('memory', async () => {
  const files = new Map<string, Uint8Array>();
  return {
    store: memoryStore(async (file) => files.get(file) ?? new Uint8Array()),
    file: async (bytes) => {
      files.set(String(files.size), bytes);
      return String(files.size - 1);
    },
    rewrite: async (file, bytes) => void files.set(file, bytes),
  };
});

catalogContract('memory', async () => memoryCatalog());

readingArchiveContract(async () => memoryReadings());

outboxContract('memory', async () => {
  const outbox = memoryOutbox();
  return { open: async () => outbox, done: async () => undefined };
});
