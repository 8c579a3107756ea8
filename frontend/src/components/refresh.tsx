import { embedded } from "../embedded";
import type { Poll } from "../poll";

/** Asks again; a report has nobody to ask. */
export function Refresh<Answer extends { ok: true }>({ poll }: { poll: Poll<Answer> }) {
  if (embedded) return null;
  return (
    <button type="button" onClick={poll.refresh}>
      Refresh
    </button>
  );
}
