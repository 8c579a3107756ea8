// One question asked again and again while somebody looks: the last good answer stays on the page
// whatever happens, and a failure is retried later and later.

import { type ReadonlySignal, signal } from "@preact/signals";
import { ask, Refused } from "./api";
import { embedded } from "./embedded";
import { reloads, visible } from "./host";

export interface Trouble {
  error: Refused;
  /** Milliseconds since 1970. */
  retryAt: number;
}

const PERIOD_MS = 10_000;
const RETRY_MS = 4_000;
const LONGEST_RETRY_MS = 60_000;

/** A report answers the same for ever. */
const NEVER_MS = Number.POSITIVE_INFINITY;

export class Poll<Answer extends { ok: true }> {
  readonly answer: ReadonlySignal<Answer | null>;
  readonly trouble: ReadonlySignal<Trouble | null>;
  /** When the server last confirmed the answer, in milliseconds since 1970. */
  readonly confirmedAt: ReadonlySignal<number | null>;

  private readonly latest = signal<Answer | null>(null);
  private readonly failing = signal<Trouble | null>(null);
  private readonly confirmed = signal<number | null>(null);
  private tag: string | null = null;
  private failures = 0;
  private running = false;
  private asking = false;
  private dueAt = 0;
  private timer = 0;

  /** `period`: milliseconds until the question is asked again, for answers that are soon outdated. */
  constructor(
    private readonly path: string,
    private readonly period: (answer: Answer) => number = () => PERIOD_MS,
  ) {
    this.answer = this.latest;
    this.trouble = this.failing;
    this.confirmedAt = this.confirmed;
  }

  /** Asks now and from now on, while the frame is visible; returns the function that ends it. */
  start(): () => void {
    this.running = true;
    const stopReloads = reloads.subscribe(this.refresh);
    const stopVisible = visible.subscribe(this.askWhenDue);
    return () => {
      this.running = false;
      stopReloads();
      stopVisible();
      clearTimeout(this.timer);
    };
  }

  /** Asks at once, or as soon as the frame is visible again. */
  readonly refresh = (): void => {
    this.dueAt = 0;
    this.askWhenDue();
  };

  private readonly askWhenDue = (): void => {
    if (!this.running || this.asking || !visible.peek()) return;
    clearTimeout(this.timer);
    const wait = this.dueAt - Date.now();
    if (wait === NEVER_MS) return;
    if (wait > 0) this.timer = window.setTimeout(this.askWhenDue, wait);
    else void this.askNow();
  };

  private async askNow(): Promise<void> {
    this.asking = true;
    // Whoever wants a refresh while this one is under way sets it back to 0.
    this.dueAt = Number.POSITIVE_INFINITY;
    const wait = await this.waitAfterAnswer();
    this.asking = false;
    this.dueAt = Math.min(this.dueAt, Date.now() + wait);
    this.askWhenDue();
  }

  private async waitAfterAnswer(): Promise<number> {
    try {
      const news = await ask<Answer>(this.path, this.tag);
      if (news) {
        this.tag = news.tag;
        this.latest.value = news.answer;
      }
      this.confirmed.value = Date.now();
      this.failing.value = null;
      this.failures = 0;
      if (embedded) return NEVER_MS;
      const { value } = this.latest;
      return value ? this.period(value) : PERIOD_MS;
    } catch (error) {
      const wait = embedded ? NEVER_MS : Math.min(RETRY_MS * 2 ** this.failures, LONGEST_RETRY_MS);
      this.failures += 1;
      this.failing.value = {
        error: error instanceof Refused ? error : new Refused("internal", String(error)),
        retryAt: Date.now() + wait,
      };
      return wait;
    }
  }
}
