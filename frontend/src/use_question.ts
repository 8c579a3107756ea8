// What a panel asks the server for itself, beside what is known of the whole run.

import { useEffect, useRef } from "preact/hooks";
import type { Poll } from "./poll";
import type { DetailedRun } from "./schema";
import { usePoll } from "./use_poll";

/** A run that has not changed has nothing new to answer. */
const PERIOD_MS = 60_000;
const period = () => PERIOD_MS;

export interface Question<Answer extends { ok: true }> {
  poll: Poll<Answer>;
  /** The last answer there was, which may be that to the question before. */
  shown: Answer | null;
  /** The answer is not yet that to this question. */
  waiting: boolean;
}

/** Asks again when the run's files have changed; a new question leaves the old answer in its place. */
export function useQuestion<Answer extends { ok: true }>(
  path: string,
  run: DetailedRun,
): Question<Answer> {
  const poll = usePoll<Answer>(path, period);
  const last = useRef<Answer | null>(null);
  const asked = useRef(run.time.updated);
  useEffect(() => {
    if (asked.current !== run.time.updated) poll.refresh();
    asked.current = run.time.updated;
  }, [run.time.updated, poll]);
  const { value } = poll.answer;
  last.current = value ?? last.current;
  return { poll, shown: last.current, waiting: value === null && poll.trouble.value === null };
}
