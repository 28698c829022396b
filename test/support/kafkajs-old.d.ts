/** kafkajs of 2018, a client that Kafka 4.0 no longer serves (KIP-896); only what the tests use of it. */
declare module 'kafkajs-old' {
  interface OldProducer {
    connect(): Promise<void>;
    send(input: { topic: string; messages: { key: string; value: string }[] }): Promise<unknown>;
    disconnect(): Promise<void>;
  }

  export class Kafka {
    constructor(options: { clientId: string; brokers: string[]; logLevel?: number });
    producer(): OldProducer;
  }
}
