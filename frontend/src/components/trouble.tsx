import { useComputed } from "@preact/signals";
import { clock } from "../clock";
import { embedded } from "../embedded";
import { moment } from "../format";
import type { Poll } from "../poll";

/** Says that the data on the page may be old, why, and when they are asked for again. */
export function TroubleBanner<Answer extends { ok: true }>({ poll }: { poll: Poll<Answer> }) {
  const countdown = useComputed(() => {
    void clock.now;
    const { value } = poll.trouble;
    return value ? Math.max(0, Math.ceil((value.retryAt - Date.now()) / 1000)) : 0;
  });
  const trouble = poll.trouble.value;
  if (!trouble) return null;
  const confirmedAt = poll.confirmedAt.value;
  return (
    <div class="notice warning">
      <span role="alert">
        {trouble.error.message}
        {confirmedAt !== null && ` What you see is from ${moment(confirmedAt / 1000)}.`}
      </span>
      {!embedded && (
        <>
          <span class="muted">Next try in {countdown} s</span>
          <button type="button" onClick={poll.refresh}>
            Try now
          </button>
        </>
      )}
    </div>
  );
}

/** The same for a part of a page; that the server is gone, the page says itself. */
export function PartTrouble<Answer extends { ok: true }>({ poll }: { poll: Poll<Answer> }) {
  return poll.trouble.value?.error.code === "unreachable" ? null : <TroubleBanner poll={poll} />;
}
