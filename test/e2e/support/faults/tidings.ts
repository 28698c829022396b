/** What people are told of an upgrade while it is in trouble: by its status, and by notices. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UpgradeLook } from '../../../../src/client/upgrade-client';
import type { Stage } from '../../../../src/demo/stage';
import { NoticeReceiver } from '../../../support/notice-receiver';
import { changeDefinition } from './definition';

/** Something that was said to people. */
export interface Tiding {
  atMs: number;
  words: string;
}

/** Notices of the ordinary course of an upgrade tell nobody of trouble. */
const ordinary = ['started', 'waiting', 'finished'];

/** Collects whatever tells people of trouble, with the time at which it was seen. */
export class Tidings {
  readonly told: Tiding[] = [];

  private constructor(private readonly receiver: NoticeReceiver) {}

  /** Starts a receiver of notices and names it in the definition; the upgrade must not have begun. */
  static async open(stage: Stage): Promise<Tidings> {
    const receiver = await new NoticeReceiver().start();
    const tidings = new Tidings(receiver);
    receiver.answer = (response, index) => {
      tidings.note(receiver.received[index]?.body ?? {});
      response.end('ok');
    };
    const urlFile = join(stage.directory, 'notices-url');
    writeFileSync(urlFile, `${receiver.url}/hook`);
    changeDefinition(stage, (document) => {
      document.set('notifications', [{ name: 'test', type: 'webhook', urlFile }]);
    });
    return tidings;
  }

  look({ status }: UpgradeLook): void {
    const words = status.waitingFor?.kind === 'parked' ? status.waitingFor.question : status.trouble?.message;
    if (words !== undefined && this.told.at(-1)?.words !== words) this.told.push({ atMs: performance.now(), words });
  }

  /** The first that was told after this moment, null when nothing was. */
  firstAfter(atMs: number): Tiding | null {
    return this.told.find((tiding) => tiding.atMs > atMs) ?? null;
  }

  close(): Promise<void> {
    return this.receiver.stop();
  }

  private note({ kind, message }: Record<string, unknown>): void {
    if (typeof kind !== 'string' || ordinary.includes(kind)) return;
    this.told.push({ atMs: performance.now(), words: `notice ${kind}: ${String(message)}` });
  }
}
