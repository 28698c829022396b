import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory, ensureCached, type CachedDirectory } from '../../../src/lab/provision/cache';
import { manifestProblems } from '../../../src/lab/provision/manifest';
import { useCacheIn, useTemporaryDirectory } from '../../support/temporary-directory';

const directory = useTemporaryDirectory();
useCacheIn(directory);

let builds = 0;
beforeEach(() => {
  builds = 0;
});

const thing = (overrides: Partial<CachedDirectory> = {}): CachedDirectory => ({
  title: 'Thing 1.0',
  location: 'things/one',
  revision: 1,
  log: () => undefined,
  build: async (target) => {
    builds += 1;
    await writeFile(join(target, 'content'), `build ${builds}`);
  },
  ...overrides,
});

describe('cacheDirectory', () => {
  it('is the one that KAFKA_UPGRADE_CACHE names', () => {
    expect(cacheDirectory({ KAFKA_UPGRADE_CACHE: '/big/disk' })).toBe('/big/disk');
  });

  it('follows the XDG convention otherwise, which ignores relative paths', () => {
    expect(cacheDirectory({ XDG_CACHE_HOME: '/x' })).toBe('/x/kafka-upgrade');
    expect(cacheDirectory({ XDG_CACHE_HOME: 'x' })).toMatch(/^\/.*\/\.cache\/kafka-upgrade$/);
  });
});

describe('ensureCached', () => {
  it('builds once for callers at the same time and for later ones', async () => {
    const [first, second] = await Promise.all([ensureCached(thing()), ensureCached(thing())]);
    await ensureCached(thing());
    expect(builds).toBe(1);
    expect(first).toBe(second);
    expect(readFileSync(join(first, 'content'), 'utf8')).toBe('build 1');
  });

  it('leaves nothing of a build that failed, and builds again the next time', async () => {
    const failing = thing({
      build: async (target) => {
        await writeFile(join(target, 'content'), 'half');
        throw new Error('the mirror is down');
      },
    });
    await expect(ensureCached(failing)).rejects.toThrow('the mirror is down');
    expect(readdirSync(join(directory(), 'tmp'))).toEqual([]);
    await ensureCached(thing());
    expect(builds).toBe(1);
  });

  it('builds again when a file was cut off', async () => {
    const target = await ensureCached(thing());
    writeFileSync(join(target, 'content'), 'bui');
    await ensureCached(thing());
    expect(readFileSync(join(target, 'content'), 'utf8')).toBe('build 2');
  });

  it('builds again when the recipe has changed', async () => {
    await ensureCached(thing());
    const target = await ensureCached(thing({ revision: 2 }));
    expect(readFileSync(join(target, 'content'), 'utf8')).toBe('build 2');
  });

  it('clears away what a killed process left half-built', async () => {
    mkdirSync(join(directory(), 'tmp', '4999999-1-Thing-abc'), { recursive: true });
    await ensureCached(thing());
    expect(readdirSync(join(directory(), 'tmp'))).toEqual([]);
  });
});

describe('manifestProblems', () => {
  it('finds another content of the same size only when everything is read', async () => {
    const target = await ensureCached(thing());
    writeFileSync(join(target, 'content'), 'BUILD 1');
    await expect(manifestProblems(target, 1)).resolves.toEqual([]);
    await expect(manifestProblems(target, 1, 'sha256')).resolves.toEqual([`${target}/content has another SHA-256`]);
  });

  it('says that a directory without a manifest is not usable', async () => {
    await expect(manifestProblems(directory(), 1)).resolves.toEqual([`${directory()} has no readable .manifest.json`]);
  });
});
