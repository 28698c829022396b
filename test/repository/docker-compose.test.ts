import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { searchAttributeNames } from '../../src/domain/upgrade/search-attributes';

interface Service {
  image: string;
  build?: string;
  ports?: string[];
  volumes?: string[];
  healthcheck?: unknown;
  restart?: string;
  command?: string[];
}

const file = readFileSync(join(__dirname, '..', '..', 'docker-compose.yml'), 'utf8');
const { services } = parse(file) as { services: Record<string, Service> };

describe('docker-compose.yml', () => {
  it('pins every image that it downloads to a version', () => {
    const downloaded = Object.values(services).filter((service) => service.build === undefined);
    for (const { image } of downloaded) expect(image).toMatch(/:\d+(\.\d+)*(-|$)/);
  });

  it('publishes ports on the loopback address only', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(ports.length).toBeGreaterThan(0);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('has a health check for every service that keeps running', () => {
    const unchecked = Object.entries(services)
      .filter(([, service]) => service.restart === 'unless-stopped' && service.healthcheck === undefined)
      .map(([name]) => name);
    expect(unchecked).toEqual([]);
  });

  it('lets the worker read the cluster definitions and the keys, but not change them', () => {
    const volumes = services['worker']?.volumes ?? [];
    expect(volumes).toHaveLength(2);
    for (const volume of volumes) expect(volume).toMatch(/:ro$/);
  });

  it('registers every search attribute that the workflow publishes', () => {
    const script = services['search-attributes']?.command?.join('\n') ?? '';
    for (const name of searchAttributeNames) expect(script).toMatch(new RegExp(`register ${name} (Keyword|Bool)`));
  });
});
