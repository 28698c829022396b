import type { AlertSilenceDefinition, ChannelDefinition, SecretValue } from './definition';
import { noticeKinds } from '../domain/policy/planned-channel';
import type { WrittenDefinition } from './schema';

type OnWorker = (path: string) => string;

interface Written {
  value?: string | undefined;
  environment?: string | undefined;
  file?: string | undefined;
}

/** Where a secret is, its file absolute; the schema has seen to it that one of them is written. */
const resolveSecret = ({ value, environment, file }: Written, onWorker: OnWorker): SecretValue => {
  if (environment !== undefined) return { environment };
  return file === undefined ? { value: value ?? '' } : { file: onWorker(file) };
};

/** The channels, with every default. */
export const resolveChannels = (written: WrittenDefinition['notifications'], onWorker: OnWorker): ChannelDefinition[] =>
  written.map(({ name, type, on, title, text, headers, ...address }) => ({
    name,
    type,
    url: resolveSecret({ value: address.url, environment: address.urlEnvironment, file: address.urlFile }, onWorker),
    on: on ?? [...noticeKinds],
    title: title ?? null,
    text: text ?? null,
    headers: headers.map(({ name: header, value, valueEnvironment, valueFile }) => ({
      name: header,
      value: resolveSecret({ value, environment: valueEnvironment, file: valueFile }, onWorker),
    })),
  }));

/** The silence, with the paths of its secrets. */
export const resolveSilence = (
  { alertmanager, matchers, basic, bearer }: NonNullable<WrittenDefinition['alertSilence']>,
  onWorker: OnWorker,
): AlertSilenceDefinition => ({
  alertmanager: alertmanager.replace(/\/+$/, ''),
  matchers,
  basic:
    basic === undefined
      ? null
      : {
          user: basic.user,
          password: resolveSecret({ environment: basic.passwordEnvironment, file: basic.passwordFile }, onWorker),
        },
  bearer:
    bearer === undefined
      ? null
      : resolveSecret({ environment: bearer.tokenEnvironment, file: bearer.tokenFile }, onWorker),
});
