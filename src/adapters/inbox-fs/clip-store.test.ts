import { clipStoreContract } from '../../testing/clip-store-contract.ts';
import { memoryFilms } from '../../testing/memory-clip-store.ts';
import { temporaryFolders } from '../../testing/temporary-folder.ts';
import { fsClipStore } from './inbox-fs.ts';

const folder = temporaryFolders();

clipStoreContract('a folder', async () => fsClipStore(folder()));
clipStoreContract('memory', async () => memoryFilms());
