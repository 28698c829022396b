import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { loadDefinition, loadDefinitions } from '../../src/config/load';
import { definitionJsonSchema } from '../../src/config/schema';
import { defaultPolicy } from '../../src/domain/policy/policy';

const root = join(__dirname, '..', '..');
const examples = join(root, 'examples');

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Every setting that a value holds, `nodes[].id` and the like. */
const settingsIn = (value: unknown, path: string): string[] => {
  if (Array.isArray(value)) return value.flatMap((entry) => settingsIn(entry, `${path}[]`));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [`${path}.${key}`, ...settingsIn(inner, `${path}.${key}`)]);
};

/** Every setting that the schema knows. */
const settingsOf = (schema: unknown, path: string): string[] => {
  if (!isRecord(schema)) return [];
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const variants = Array.isArray(schema['oneOf']) ? schema['oneOf'] : [];
  return [
    ...Object.entries(properties).flatMap(([key, inner]) => [`${path}.${key}`, ...settingsOf(inner, `${path}.${key}`)]),
    ...settingsOf(schema['items'], `${path}[]`),
    ...variants.flatMap((variant) => settingsOf(variant, path)),
  ];
};

describe('the examples', () => {
  it('are valid, every one', async () => {
    const definitions = await loadDefinitions(examples);
    expect(definitions).toHaveLength(readdirSync(examples).filter((name) => /\.ya?ml$/.test(name)).length);
    expect(definitions.map(({ cluster }) => cluster)).toEqual(expect.arrayContaining(['minimal', 'orders-prod']));
  });

  it('show with orders-prod every setting there is, except other kinds of service, gauges and credentials', () => {
    const shown: unknown = parse(readFileSync(join(examples, 'orders-prod.yaml'), 'utf8'));
    const known = new Set(settingsOf(definitionJsonSchema(), ''));
    const missing = [...known].filter((name) => !settingsIn(shown, '').includes(name));
    const ofAgents = missing.filter((name) => name.startsWith('.gauges.') || name === '.nodes[].gaugesUrl');
    const otherWays = ['.service.start', '.service.stop', '.alertSilence.basic.passwordFile', '.alertSilence.bearer'];
    expect(missing.filter((name) => !ofAgents.includes(name) && !name.startsWith('.alertSilence.bearer.'))).toEqual(
      otherWays,
    );
  });

  it('show with orders-prod the defaults of the policy', async () => {
    const { policy } = await loadDefinition(join(examples, 'orders-prod.yaml'));
    const consumerLag = { ...defaultPolicy.consumerLag, ignoredGroups: ['console-consumer-*'] };
    const { approvals, maintenance, ...rest } = policy;
    const { approvals: _, maintenance: __, ...defaults } = defaultPolicy;
    expect(rest).toEqual({ ...defaults, endToEndTopic: 'kafka-upgrade-end-to-end', consumerLag });
    expect(approvals).toMatchObject({ eachNode: false, gates: { protocol: { quorum: 2, ticketRequired: true } } });
    expect(maintenance).toMatchObject({ freezeUntilMs: Date.UTC(2027, 0, 4, 5) });
  });
});

describe('the JSON schema in docs', () => {
  it('is the one of this version (npx tsx scripts/generate-config-schema.ts)', () => {
    const written: unknown = JSON.parse(readFileSync(join(root, 'docs', 'cluster-definition.schema.json'), 'utf8'));
    expect(written).toEqual(JSON.parse(JSON.stringify(definitionJsonSchema())));
  });
});
