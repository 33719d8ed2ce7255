// The photos a person has picked, and what is done to all of them: downloaded as a zip, made favourites, deleted, brought back.

import type { FindingTexts } from '../../src/web/texts/finding-type.ts';
import type { SelectionView } from '../../src/web/wire-api.ts';
import { ask } from '../api.ts';

/** The same as the API takes (`MOST_SELECTED` in schemas.ts). */
const MOST = 5000;

interface SelectionOptions {
  readonly texts: () => FindingTexts['timeline'];
  /** Photos of these days are other ones now. */
  readonly onChanged: (days: readonly string[]) => void;
}

export class Selection {
  /** Path to day. Replaced whole, so that what is drawn from it follows. */
  #picked: ReadonlyMap<string, string> = $state.raw(new Map());
  #deleted: readonly string[] = $state.raw([]);
  #deletedDays: readonly string[] = [];
  /** Photos are picked by a tap, though none is yet. */
  isOn: boolean = $state(false);
  isBusy: boolean = $state(false);
  /** What became of the last wish. */
  said: string = $state('');
  isTrouble: boolean = $state(false);
  readonly #options: SelectionOptions;

  constructor(options: SelectionOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#picked.size;
  }

  /** How many more can be picked. */
  get room(): number {
    return MOST - this.#picked.size;
  }

  get canUndo(): boolean {
    return this.#deleted.length > 0;
  }

  has(path: string): boolean {
    return this.#picked.has(path);
  }

  /** Path to day. All at once: what is drawn follows once. Those for which there is no room are left out, and it is said. */
  add(photos: ReadonlyMap<string, string>): void {
    const fresh = [...photos].filter(([path]) => !this.#picked.has(path));
    const isTooMany = fresh.length > this.room;
    this.#picked = new Map([...this.#picked, ...fresh.slice(0, this.room)]);
    if (isTooMany) this.#say(this.#options.texts().tooMany(MOST), true);
    else this.#say('');
  }

  toggle(path: string, day: string): void {
    if (!this.#picked.has(path)) {
      this.add(new Map([[path, day]]));
      return;
    }
    this.#picked = new Map([...this.#picked].filter(([one]) => one !== path));
  }

  clear(): void {
    this.#picked = new Map();
    this.isOn = false;
    this.#say('');
  }

  #say(text: string, isTrouble = false): void {
    this.said = text;
    this.isTrouble = isTrouble;
  }

  /** Names the picked photos to the server and does something with the name. */
  async #with(work: (named: SelectionView) => Promise<string | undefined>): Promise<void> {
    if (this.isBusy || this.#picked.size === 0) return;
    this.isBusy = true;
    this.#say('');
    const named = await ask('POST', '/selections', {
      body: { paths: [...this.#picked.keys()] },
    });
    const trouble = named.value ? await work(named.value) : named.trouble;
    if (trouble !== undefined) this.#say(trouble, true);
    this.isBusy = false;
  }

  download(): Promise<void> {
    return this.#with(async ({ selection }) => {
      // A link that is followed: the browser streams it to the disk, and the page stays.
      const link = document.createElement('a');
      link.href = `/api/v1/photos.zip?selection=${selection}`;
      link.download = '';
      link.click();
      return undefined;
    });
  }

  favourite(): Promise<void> {
    return this.#with(async ({ selection }) => {
      const { value, trouble } = await ask('PUT', `/selections/${selection}/favourite`);
      if (!value) return trouble;
      const days = [...new Set(this.#picked.values())];
      this.clear();
      this.#say(this.#options.texts().kept(value.photos));
      this.#options.onChanged(days);
      return undefined;
    });
  }

  remove(): Promise<void> {
    return this.#with(async ({ selection }) => {
      const { value, trouble } = await ask('DELETE', `/selections/${selection}/stills`);
      if (!value) return trouble;
      const photos = this.#picked.size;
      this.#deleted = value.items.map(({ id }) => id);
      this.#deletedDays = [...new Set(this.#picked.values())];
      this.clear();
      this.#say(this.#options.texts().removed(photos));
      this.#options.onChanged(this.#deletedDays);
      return undefined;
    });
  }

  async undo(): Promise<void> {
    if (this.isBusy || this.#deleted.length === 0) return;
    this.isBusy = true;
    const { value, trouble } = await ask('POST', '/deleted/restore', {
      body: { stills: this.#deleted },
    });
    if (value) {
      this.#deleted = [];
      this.#say(this.#options.texts().restored);
      this.#options.onChanged(this.#deletedDays);
    } else this.#say(trouble ?? '', true);
    this.isBusy = false;
  }
}
