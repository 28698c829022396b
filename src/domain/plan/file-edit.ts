import { editProperties, maskSecrets } from '../settings/server-properties';
import type { PropertyChange } from '../settings/server-properties';
import { unifiedDiff } from '../settings/unified-diff';
import type { FileEdit } from './upgrade-plan';

/** A cryptographic digest, given by the caller: pure code has none. */
export type Sha256 = (text: string) => string;

/** Makes the edit of one file, with its text afterwards. */
export type FileEditor = (before: string, changes: PropertyChange[]) => FileEdit & { after: string };

/** Plans edits of server.properties; `label` is its path, for the diff. */
export const fileEditor =
  (tools: { sha256: Sha256; label: string }): FileEditor =>
  (before, changes) => {
    const after = editProperties(before, changes);
    const diff = unifiedDiff(maskSecrets(before), maskSecrets(after), tools.label);
    return { changes, fromSha256: tools.sha256(before), toSha256: tools.sha256(after), diff, after };
  };
