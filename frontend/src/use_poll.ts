import { useEffect, useMemo } from "preact/hooks";
import { Poll } from "./poll";

/** A question that is asked as long as the component that has it stands on the page. */
export function usePoll<Answer extends { ok: true }>(
  path: string,
  period?: (answer: Answer) => number,
): Poll<Answer> {
  const poll = useMemo(() => new Poll<Answer>(path, period), [path]);
  useEffect(() => poll.start(), [poll]);
  return poll;
}
