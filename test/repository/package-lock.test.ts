import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockedPackage {
  optionalDependencies?: Record<string, string>;
  resolved?: string;
}

interface Lock {
  packages: Record<string, LockedPackage>;
}

const lock = JSON.parse(readFileSync(join(__dirname, '..', '..', 'package-lock.json'), 'utf8')) as Lock;

describe('package-lock.json', () => {
  it('records no download addresses, so that it works behind every mirror', () => {
    const withAddress = Object.entries(lock.packages).filter(([, entry]) => entry.resolved !== undefined);
    expect(withAddress).toEqual([]);
  });

  it('has the native packages of every platform: `npm ci` refuses a lock that lacks one, on all platforms', () => {
    const missing = Object.entries(lock.packages).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter(
        (name) => !(`node_modules/${name}` in lock.packages || `${path}/node_modules/${name}` in lock.packages),
      ),
    );
    expect(missing).toEqual([]);
  });
});
