import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An empty directory for each test of the file, removed after it; call the answer inside a test to get its path. */
export function useTemporaryDirectory(): () => string {
  let directory = '';
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'kafka-upgrade-test-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
  });
  return () => directory;
}

/** Points the cache to a directory for each test of the file. */
export function useCacheIn(directory: () => string): void {
  const before = process.env['KAFKA_UPGRADE_CACHE'];
  beforeEach(() => {
    process.env['KAFKA_UPGRADE_CACHE'] = directory();
  });
  afterEach(() => {
    if (before === undefined) delete process.env['KAFKA_UPGRADE_CACHE'];
    else process.env['KAFKA_UPGRADE_CACHE'] = before;
  });
}
