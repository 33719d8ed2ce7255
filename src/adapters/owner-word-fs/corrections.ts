// The owner's verdicts, a still's id and the verdict a line.

import { isStillId } from '../../domain/ids.ts';
import { CHANGE_VERDICTS, type ChangeVerdict } from '../../domain/still-change.ts';
import type { Corrections } from '../../ports/keeping.ts';
import { type OwnerListDisk, ownerList } from './owner-list.ts';

/** @param file its folder must exist */
export const fsCorrections = (file: string, disk?: OwnerListDisk): Corrections =>
  ownerList<ChangeVerdict>(
    file,
    {
      of: 'verdicts',
      read: (line) => {
        const [id = '', word] = line.split(' ');
        const verdict = CHANGE_VERDICTS.find((each) => each === word);
        return isStillId(id) && verdict ? [id, verdict] : undefined;
      },
      line: (id, verdict) => `${id} ${verdict}`,
    },
    disk,
  );
