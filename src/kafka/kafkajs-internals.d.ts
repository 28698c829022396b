/**
 * The few parts of kafkajs 2.2.4 below its public API that this product uses: the transport (TLS, SASL, framing) and the
 * primitive codecs. kafkajs is no longer released, so these paths do not move; its version is pinned in package.json.
 */
declare module 'kafkajs/src/protocol/encoder' {
  class Encoder {
    readonly buffer: Buffer;
    writeInt8(value: number): this;
    writeInt16(value: number): this;
    writeInt32(value: number): this;
    writeInt64(value: number | bigint): this;
    writeBoolean(value: boolean): this;
    /** With its length first. */
    writeBytes(value: Buffer): this;
    /** As it is. */
    writeBuffer(value: Buffer): this;
    writeString(value: string | null): this;
    writeUVarInt(value: number): this;
    writeUVarIntString(value: string | null): this;
  }
  export = Encoder;
}

declare module 'kafkajs/src/protocol/decoder' {
  class Decoder {
    constructor(buffer: Buffer);
    offset: number;
    readonly buffer: Buffer;
    readInt8(): number;
    readInt16(): number;
    readInt32(): number;
    readInt64(): bigint;
    readBoolean(): boolean;
    readBytes(): Buffer | null;
    readString(): string | null;
    readUVarInt(): number;
    readUVarIntString(): string | null;
    readUVarIntArray<T>(reader: (decoder: Decoder) => T): T[] | null;
    readTaggedFields(): unknown;
    readArray<T>(reader: (decoder: Decoder) => T): T[];
  }
  export = Decoder;
}

declare module 'kafkajs/src/protocol/recordBatch/record/v0' {
  import type Encoder from 'kafkajs/src/protocol/encoder';

  function encodeRecord(record: { key: Buffer | null; value: Buffer }): Encoder;
  export = encodeRecord;
}

declare module 'kafkajs/src/protocol/recordBatch/v0' {
  import type Encoder from 'kafkajs/src/protocol/encoder';

  export function RecordBatch(batch: { records: Encoder[] }): Promise<Encoder>;
}

declare module 'kafkajs/src/protocol/recordBatch/v0/decoder' {
  import type Decoder from 'kafkajs/src/protocol/decoder';

  function decodeBatch(decoder: Decoder): Promise<{ records: { offset: string; value: Buffer | null }[] }>;
  export = decodeBatch;
}

declare module 'kafkajs/src/protocol/error' {
  export function createErrorFromCode(code: number): Error & { type: string };
}

declare module 'kafkajs/src/network/connectionPool' {
  import type { Socket } from 'node:net';
  import type { ConnectionOptions } from 'node:tls';
  import type { SASLOptions } from 'kafkajs';
  import type Encoder from 'kafkajs/src/protocol/encoder';

  class ConnectionPool {
    constructor(options: ConnectionPool.Options);
    readonly pool: ConnectionPool.Connection[];
    send<T>(message: ConnectionPool.Message<T>): Promise<T>;
  }
  namespace ConnectionPool {
    interface Logger {
      namespace(name: string): Logger;
      debug(): void;
      info(): void;
      warn(): void;
      error(): void;
    }
    interface SocketRequest {
      host: string;
      port: number;
      ssl: ConnectionOptions | null | undefined;
      onConnect: () => void;
    }
    interface Options {
      host: string;
      port: number;
      logger: Logger;
      clientId: string;
      connectionTimeout: number;
      requestTimeout: number;
      enforceRequestTimeout: boolean;
      socketFactory: (request: SocketRequest) => Socket;
      ssl: ConnectionOptions | null;
      sasl: SASLOptions | null;
    }
    interface Connection {
      requestQueue: RequestQueue;
      /** What has arrived of the next answer. */
      chunks: Buffer[];
      bytesBuffered: number;
    }
    interface RequestQueue {
      pending: unknown[];
      scheduleCheckPendingRequests(): void;
    }
    interface Message<T> {
      request: { apiKey: number; apiVersion: number; apiName: string; encode: () => Promise<Encoder> };
      response: { decode: (payload: Buffer) => Promise<T>; parse: (data: T) => Promise<T> };
      logResponseError: boolean;
    }
  }
  export = ConnectionPool;
}

declare module 'kafkajs/src/broker' {
  import type ConnectionPool from 'kafkajs/src/network/connectionPool';

  class Broker {
    constructor(options: { connectionPool: ConnectionPool; logger: ConnectionPool.Logger; nodeId: number });
    /** Filled by `connect`: API key → versions that this broker speaks. */
    readonly versions: Record<number, { minVersion: number; maxVersion: number }> | null;
    connect(): Promise<void>;
    isConnected(): boolean;
  }
  export = Broker;
}
