import { signal } from "@preact/signals";

const latest = signal("");

/** Tells a screen reader what has changed elsewhere on the page. */
export function announce(text: string): void {
  latest.value = text;
}

export function Announcements() {
  return (
    <div class="unseen" aria-live="polite">
      {latest}
    </div>
  );
}
