import { UpgradeError } from '../domain/common/failure';
import { isRecord } from '../domain/common/is-record';
import type { ConnectedClients } from '../domain/checks/risk-facts';
import { addUpClients, beanKey, clientOfBean, clientSoftwarePattern } from './client-software';
import { deprecatedRequestsPattern, requestsOfBean } from './deprecated-requests';
import { asCount, type AgentNode, type GaugeAgent, type GaugeReading } from './gauge-agent';
import { excerptOf } from '../http/ask';
import { askAgent } from './http-exchange';
import { countBeans, countsOf, migrationBean, type CountGauge } from './jmx-beans';

/** The bean of whatever node this JVM is. */
const anyAppInfo = 'kafka.server:type=app-info,id=*';

interface Read {
  mbean: string;
  attribute: string;
}

/** What came back for one read; a bean that is not there has status 404. */
interface Answer {
  status: number;
  value: unknown;
  error: string;
}

const answerOf = (entry: unknown): Answer => {
  const { status, value, error } = isRecord(entry) ? entry : {};
  return {
    status: typeof status === 'number' ? status : 0,
    value,
    error: typeof error === 'string' ? error : `status ${String(status)}`,
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
};

/** Reads many attributes with one POST; the answers are in the order of the reads. */
const readBulk = async (url: string, reads: readonly Read[], signal?: AbortSignal): Promise<Answer[]> => {
  const json = reads.map((read) => ({ type: 'read', ...read }));
  const text = await askAgent({ url, json, signal });
  const body = parsed(text);
  if (!Array.isArray(body) || body.length !== reads.length) {
    const words = `${url} did not answer as Jolokia does, but with ${excerptOf(text)}`;
    throw new UpgradeError('BrokerUnreachable', words);
  }
  return body.map(answerOf);
};

/** Attribute by bean, of the answer to a pattern; a pattern that nothing matches has status 404. */
const attributes = (answer: Answer | null, attribute: string): [bean: string, value: unknown][] =>
  isRecord(answer?.value)
    ? Object.entries(answer.value).map(([bean, found]) => [bean, isRecord(found) ? found[attribute] : undefined])
    : [];

/** The version of this node; null while it boots. Another node's answer must not be taken for this one's. */
const versionOf = ({ url, nodeId }: AgentNode, answer: Answer): string | null => {
  const versions = attributes(answer, 'Version');
  const own = versions.find(([bean]) => beanKey(bean, 'id') === String(nodeId));
  if (own !== undefined) return typeof own[1] === 'string' ? own[1] : null;
  const [other] = versions;
  if (other === undefined) return null;
  throw new UpgradeError(
    'WrongNodeOnHost',
    `${url} is the agent of node ${beanKey(other[0], 'id') ?? '?'}, not of node ${nodeId}`,
  );
};

type Found = readonly [name: string, there: boolean, answer: Answer];

const missingOf = (url: string, found: readonly Found[]): string | null => {
  const gone = found.filter(([, there]) => !there);
  if (gone.length === 0) return null;
  const words = gone.map(([name, , { status, value, error }]) => {
    if (status === 404) return `${name} (no such bean: is the node still starting?)`;
    return `${name} (${status === 200 ? `value ${JSON.stringify(value)}` : error})`;
  });
  return `${url} does not tell ${words.join(', ')}`.slice(0, 500);
};

const readGauges = async (node: AgentNode, signal?: AbortSignal): Promise<GaugeReading> => {
  const sampledAtMs = Date.now();
  const wanted = countsOf(node);
  const reads = wanted.map((gauge) => ({ mbean: countBeans[gauge], attribute: 'Value' }));
  const answers = await readBulk(node.url, [{ mbean: anyAppInfo, attribute: 'Version' }, ...reads], signal);
  const [appInfo = answerOf(null), ...counts] = answers;
  const version = versionOf(node, appInfo);
  const values = new Map<CountGauge, number | null>();
  const found = wanted.map((gauge, index) => {
    const answer = counts[index] ?? answerOf(null);
    values.set(gauge, answer.status === 200 ? asCount(answer.value) : null);
    return [gauge, values.get(gauge) !== null, answer] as const;
  });
  const gauges = {
    sampledAtMs,
    underReplicatedPartitions: values.get('underReplicatedPartitions') ?? null,
    offlinePartitions: values.get('offlinePartitions') ?? null,
    activeControllers: values.get('activeControllers') ?? null,
    brokerState: values.get('brokerState') ?? null,
    version,
  };
  return { gauges, missing: missingOf(node.url, [...found, ['version', version !== null, appInfo]]) };
};

/** The answers to a one-time look; null for a bean that is not there. */
const lookOnce = async (url: string, reads: readonly Read[], signal?: AbortSignal): Promise<(Answer | null)[]> => {
  const answers = await readBulk(url, reads, signal);
  return answers.map((answer, index) => {
    if (answer.status === 200) return answer;
    if (answer.status === 404) return null;
    const bean = reads[index]?.mbean ?? 'a bean';
    throw new UpgradeError('BrokerUnreachable', `${url} refused to read ${bean}: ${answer.error.slice(0, 300)}`);
  });
};

const readClients = async ({ nodeId, url }: AgentNode, signal?: AbortSignal): Promise<ConnectedClients> => {
  const reads = [
    { mbean: clientSoftwarePattern, attribute: 'connections' },
    { mbean: deprecatedRequestsPattern, attribute: 'Count' },
  ];
  const [software = null, deprecated = null] = await lookOnce(url, reads, signal);
  return {
    software: addUpClients(
      attributes(software, 'connections').map(([bean, count]) => clientOfBean(nodeId, bean, Number(count))),
    ),
    deprecated: attributes(deprecated, 'Count').flatMap(
      ([bean, count]) => requestsOfBean(nodeId, bean, Number(count)) ?? [],
    ),
  };
};

/** Jolokia's JVM agent: all beans of a node with one POST. */
export const jolokiaAgent: GaugeAgent = {
  intervalMs: 150,
  gauges: readGauges,
  clients: readClients,
  zkMigrationState: async ({ url }, signal) => {
    const [answer] = await lookOnce(url, [{ mbean: migrationBean, attribute: 'Value' }], signal);
    return typeof answer?.value === 'number' ? answer.value : null;
  },
};
