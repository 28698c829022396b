import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The configuration of the Prometheus JMX exporter that the documentation advises: its blocks of YAML, put together. */
export const documentedRules = (): string =>
  [...readFileSync(join(__dirname, '../../docs/gauges.md'), 'utf8').matchAll(/```yaml\n([^`]*)```/g)]
    .map(([, yaml = '']) => yaml)
    .filter((yaml) => /^(rules|includeObjectNames):/.test(yaml))
    .join('');
