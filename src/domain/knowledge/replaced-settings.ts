/**
 * What takes the place of a broker setting that a release took out, where there is something.
 * Source: Kafka documentation, "Upgrading" (3.0 and 4.0: notable changes).
 */
const replacements = new Map(
  Object.entries({
    port: '`listeners`',
    'host.name': '`listeners`',
    'advertised.port': '`advertised.listeners`',
    'advertised.host.name': '`advertised.listeners`',
    'quota.producer.default': 'a default client quota (kafka-configs.sh --entity-type clients --entity-default)',
    'quota.consumer.default': 'a default client quota (kafka-configs.sh --entity-type clients --entity-default)',
    'delegation.token.master.key': '`delegation.token.secret.key`',
    'log.message.timestamp.difference.max.ms':
      '`log.message.timestamp.before.max.ms` and `log.message.timestamp.after.max.ms`',
  }),
);

/** What to use in the place of this setting; null when nothing takes its place. */
export const replacementOf = (name: string): string | null => replacements.get(name) ?? null;
