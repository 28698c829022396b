/** What was started and has to be stopped, newest first. */
import { messageOf } from '../domain/common/message-of';
export class Cleanup {
  private readonly steps: { name: string; undo: () => Promise<void> }[] = [];
  private running: Promise<void> | null = null;

  constructor(private readonly log: (line: string) => void) {}

  add(name: string, undo: () => Promise<void>): void {
    this.steps.push({ name, undo });
  }

  /** Stops everything in reverse order, once; a step that fails is told and does not keep the others from running. */
  run(): Promise<void> {
    this.running ??= this.undoAll();
    return this.running;
  }

  private async undoAll(): Promise<void> {
    for (const { name, undo } of this.steps.splice(0).reverse()) {
      this.log(`stopping ${name}`);
      await undo().catch((error: unknown) => {
        this.log(`${name} did not stop cleanly: ${messageOf(error)}`);
      });
    }
  }
}
