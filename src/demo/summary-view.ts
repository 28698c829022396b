import { columns } from '../render/columns';
import { count, duration } from '../render/format';
import type { Style } from '../render/style';
import { succeeded } from './demo-result';
import type { DemoResult, SecondsPerPhase } from './demo-result';

const heading = (words: string, style: Style): string[] => ['', style.strong(words)];

const change = (before: string, after: string, style: Style): string =>
  before === after ? after : `${before} → ${style.good(after)}`;

const brokerLines = ({ brokers, mode }: DemoResult, style: Style): string[] => [
  ...heading(mode === 'zookeeper' ? 'Brokers, as they report themselves' : 'Nodes, as they report themselves', style),
  ...columns([
    (mode === 'zookeeper'
      ? ['broker', 'version', 'inter.broker.protocol.version']
      : ['node', 'version', 'metadata.version']
    ).map(style.quiet),
    ...brokers.map(({ id, version, protocol, before }) => [
      String(id),
      change(before.version, version, style),
      change(before.protocol, protocol, style),
    ]),
  ]),
];

const recordLines = ({ records, maxProduceGapMs, producerErrors }: DemoResult, style: Style): string[] => [
  ...heading('Traffic during the upgrade', style),
  ...columns([
    ['acknowledged', count(records.acknowledged)],
    ['consumed', count(records.consumed)],
    ['lost', records.lost === 0 ? style.good('0') : style.bad(count(records.lost))],
    ['duplicated', count(records.duplicated)],
    ['redelivered', count(records.redelivered)],
    ['longest time without an acknowledgement', duration(maxProduceGapMs)],
    ...producerErrors.map(({ message, count: times }) => [`given up: ${message}`, count(times)]),
  ]),
];

const seconds = (value: number | null): string => (value === null ? '–' : `${value.toFixed(2)} s`);

const timeLines = (result: DemoResult, style: Style): string[] => {
  const row = (words: string, figures: SecondsPerPhase): string[] => [
    words,
    seconds(figures.binaries),
    seconds(figures.protocol),
  ];
  return [
    ...heading('Time per broker, on average', style),
    ...columns([
      ['', 'new binaries', 'new protocol'].map(style.quiet),
      row("Kafka's own: stop to exit, start to listening", result.floorSecondsPerBroker),
      row('waits that the policy asks for', result.policyWaitSecondsPerBroker),
      row('overhead: everything else', result.overheadSecondsPerBroker),
    ]),
  ];
};

const commandLines = ({ commands }: DemoResult, style: Style): string[] =>
  commands.flatMap(({ command, host, exitCode, output, remarks }) => [
    '',
    `${style.quiet(`${host} $`)} ${command}`,
    ...(output === '' ? [style.quiet('  (nothing: there are none)')] : output.split('\n').map((line) => `  ${line}`)),
    ...(remarks === '' ? [] : remarks.split('\n').map((line) => style.quiet(`  ${line}`))),
    ...(exitCode === 0 || output === '0' ? [] : [style.bad(`  exit code ${exitCode}`)]),
  ]);

const verdictLines = (result: DemoResult, style: Style): string[] => {
  const { outcome, message, from, to, upgradeSeconds } = result;
  const words = `${outcome}: ${from} → ${to} in ${duration(upgradeSeconds * 1_000)}`;
  return ['', style.strong(succeeded(result) ? style.good(words) : style.bad(words)), message];
};

/** The end of the demo on one screen. */
export const summaryView = (result: DemoResult, style: Style): string =>
  [
    ...verdictLines(result, style),
    ...brokerLines(result, style),
    ...recordLines(result, style),
    ...timeLines(result, style),
    ...heading("The procedure's own checks, on a broker's host", style),
    ...commandLines(result, style),
  ].join('\n');
