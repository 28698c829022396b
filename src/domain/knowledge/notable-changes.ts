import { changesOf3 } from './changes-of-3';
import { changesOf4 } from './changes-of-4';
import type { NotableChange } from './notable-change';

export type { NotableChange } from './notable-change';

/** Oldest first. Client-only, Connect and Streams changes are left out: they do not concern a node's restart. */
export const notableChanges: readonly NotableChange[] = [...changesOf3, ...changesOf4];
